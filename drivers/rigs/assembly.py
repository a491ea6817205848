"""What every rig has in common: the order of opening, and closing in reverse.

opened   lines (all low), SPI chips, daemon        closed   supply off, daemon (cut), codes 0,
                                                            SPI chips, lines (all low)
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from drivers.board_file import BoardFile
from drivers.clock import Clock
from drivers.gpio.lines import GpioLines
from drivers.interfaces import Rig
from drivers.pigpio.client import Connect, StreamClient
from drivers.pigpio.output import PigpioOutput
from drivers.quantities import DacCode
from drivers.spi.bus import SpiDevice, SpiPort, open_port
from drivers.spi.current_source import OUTPUTS_PER_DAC, SpiCurrentSource
from drivers.spi.sense_input import SpiSenseInput

DAC_SPEED_HZ = 4_000_000
"""A fifth of what the MCP4922 allows, because of the isolator in between."""
ADC_SPEED_HZ = 1_000_000
"""The MCP3208's limit at 2.7 V (DS21298); its 3.3 V supply is closer to that than to 5 V."""
# Chip selects: 0 and 1 are the reference board's DAC and ADC, 2 and 3 a second pair.
CHIP_SELECTS = ((0, 1), (2, 3))


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a rig gets its parts from.

    `read_levels`, if given, reads GPIO 0 to 31 in one call. `answer_s` replaces the time limit of
    the daemon's answers on a stepped board process, where real time means nothing.
    """

    kind: str
    clock: Clock
    pin_factory: Any
    make_spi: Callable[[], SpiDevice]
    connect: Connect
    clear_gates: Callable[[], None]
    read_levels: Callable[[], int] | None = None
    answer_s: float | None = None


def assemble(board: BoardFile, sources: Sources, exposure: Callable[[], tuple[str, ...]]) -> Rig:
    """Open everything in order; if a later part fails, close what was opened.

    `exposure` is the rig's check of who else can reach the daemon. Raises `DriverError`.
    """
    with ExitStack() as stack:
        lines = GpioLines(board, sources.pin_factory, sources.clear_gates, sources.read_levels)
        stack.callback(lines.close)
        dacs, adcs = open_chips(board, sources, stack)
        currents = SpiCurrentSource(dacs, board.channels)
        client = StreamClient(sources.connect, sources.answer_s)
        stack.callback(client.stop)
        pulses = PigpioOutput(client, board, sources.clock)
        stack.callback(currents.write_codes, (DacCode(0),) * board.channels)
        stack.callback(pulses.close)
        stack.callback(lambda: lines.set_supply(on=False))
        return Rig(
            kind=sources.kind,
            board=board,
            clock=sources.clock,
            pulses=pulses,
            currents=currents,
            sense=SpiSenseInput(adcs, board),
            lines=lines,
            exposure=exposure,
            daemon_version=client.get_pigpio_version(),
            release=stack.pop_all().close,
        )


def open_chips(
    board: BoardFile, sources: Sources, stack: ExitStack
) -> tuple[list[SpiPort], list[SpiPort]]:
    """Open the converters and return the DACs and the ADCs; the stack closes them.

    Raises `NotConnected` if one is missing.
    """
    dacs, adcs = [], []
    pairs = -(-board.channels // OUTPUTS_PER_DAC)
    for dac_select, adc_select in CHIP_SELECTS[:pairs]:
        dacs.append(open_port(sources.make_spi, dac_select, DAC_SPEED_HZ, "DAC"))
        stack.callback(dacs[-1].close)
        adcs.append(open_port(sources.make_spi, adc_select, ADC_SPEED_HZ, "ADC"))
        stack.callback(adcs[-1].close)
    return dacs, adcs
