"""The board's trace: a VCD file of every line and of the true current through each load.

Signals are in scope `board`, one tick is 100 ns, the file has no date. Lines are wires of one bit.
The DAC codes are real numbers like the currents, because libsigrok 0.5.2 (Debian 12 and 13) stops
reading at a vector of several bits but skips reals. Changes are kept in memory until `flush`,
because the current of an interval is known only when it ends. What has been written is final, and
the file does not depend on when flushes happened. On a board whose time follows the machine's, the
signal `slipped_us` is how far it has permanently fallen behind.
"""

import os
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import IO

from vcd import VCDWriter
from vcd.writer import RealVariable, Variable

from drivers.virtual.bench.spi_trace import SpiTrace
from drivers.virtual.output_stage.stage import OutputStage
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline

TICK_NS = 100
HEADER_PINS = 28
CHIP_SELECTS = ("cs_dac", "cs_adc", "cs_dac2", "cs_adc2")
FLUSH_CHANGES = 20_000
"""Maximum number of changes kept in memory, whatever the time since the last flush."""

Change = tuple[int, int, int | float]
"""(board time in ns, signal number, value); the first two give the order in the file."""
_ORDER = itemgetter(0, 1)
_WHEN = itemgetter(0)


class TraceRecorder:
    """Writes one new file until `close`; raises `OSError` if it cannot.

    An existing file raises `FileExistsError`: an earlier recording is never overwritten. Without an
    output stage (a bare Pi) the signals are gpio0 to gpio27. `slips` adds slipped_us.
    """

    def __init__(
        self,
        path: Path,
        timeline: Timeline,
        pins: PinBank,
        stage: OutputStage | None,
        *,
        spi: bool = False,
        slips: bool = False,
    ) -> None:
        # A pipe or a device is opened as it is; a regular file must be new.
        mode = "w" if path.exists() and not path.is_file() else "x"
        self._file: IO[str] = path.open(mode, encoding="ascii", newline="\n")
        self._timeline = timeline
        self._stage = stage
        self._slips = slips
        self._changes: list[Change] = []
        self._append = self._changes.append
        self._variables: list[Variable[object]] = []
        self._numbers: dict[str, int] = {}
        self._pins: list[tuple[int, int]] = []
        self._writer = VCDWriter(
            self._file, timescale=f"{TICK_NS} ns", date="", version="stimkiosk virtual board"
        )
        self._spi: SpiTrace | None = None
        if stage is None:
            self._declare_bare(pins)
        else:
            self._declare(stage, pins)
            self._spi = self._declare_spi(stage.chip_selects) if spi else None
            stage.follow(self, self._current)
        self._subscribe(pins)
        with self._given_up_when_full():
            self.flush()

    # --- reported by the output stage --------------------------------------------------------

    def bit(self, name: str, level: int) -> None:
        """Record a one-bit signal that is not a pin."""
        self._append((self._timeline.now_ns, self._numbers[name], level))

    def code(self, index: int, code: int) -> None:
        """Record the latched code of a channel; `index` counts from 0."""
        self._append((self._timeline.now_ns, self._numbers[f"dac{index + 1}"], code))

    def transfer(self, chip_select: int, sent: bytes, received: bytes) -> None:
        """Record an SPI exchange, if the recording includes the bus."""
        if self._spi is not None:
            self._spi.transfer(self._timeline.now_ns, chip_select, sent, received)

    def slipped(self, total_us: int) -> None:
        """Record how far board time is behind the machine's, if the recording includes that."""
        if self._slips:
            self._append((self._timeline.now_ns, self._numbers["slipped_us"], float(total_us)))

    # --- the file ---------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """Number of changes kept in memory."""
        return len(self._changes)

    def flush(self) -> None:
        """Write everything that is final by now; a killed process loses only the rest."""
        now_ns = self._timeline.now_ns
        final_ns = now_ns
        for channel in () if self._stage is None else self._stage.channels:
            final_ns = min(final_ns, channel.circuit.sample_until(now_ns))
        self._write_before(final_ns)
        self._writer.flush()
        self._file.flush()

    def close(self) -> None:
        """Write the rest and close the file; closing twice is harmless."""
        if self._file.closed:
            return
        with self._given_up_when_full():
            self.flush()
            changes = self._changes
            end_ns = max(self._timeline.now_ns, max(map(_WHEN, changes), default=0))
            self._write_before(end_ns + 1)
            self._writer.close(end_ns // TICK_NS)
            self._file.close()

    @contextmanager
    def _given_up_when_full(self) -> Iterator[None]:
        """Close the file if it cannot be written: else the rest would be tried again at exit."""
        try:
            yield
        except OSError:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._file.fileno(), inheritable=False)
            os.close(nothing)
            self._file.close()
            raise

    def _write_before(self, end_ns: int) -> None:
        changes = self._changes
        # The sort is stable: changes of one signal at one instant keep their order.
        changes.sort(key=_ORDER)
        final = changes[: bisect_left(changes, end_ns, key=_WHEN)]
        del changes[: len(final)]
        change, variables, reals = self._writer.change, self._variables, self._first_current
        last = len(final) - 1
        for place, (at_ns, number, value) in enumerate(final):
            # Of several currents at one instant only the last ever flowed.
            if number >= reals and place < last and final[place + 1][:2] == (at_ns, number):
                continue
            change(variables[number], at_ns // TICK_NS, value)

    # --- declaring --------------------------------------------------------------------------

    def _declare_bare(self, pins: PinBank) -> None:
        for gpio in range(HEADER_PINS):
            self._pin(f"gpio{gpio}", gpio, pins)
        self._declare_slips()
        self._first_current = len(self._variables)

    def _declare(self, stage: OutputStage, pins: PinBank) -> None:
        lines = stage.board.pins
        for number, (high, low) in enumerate(lines.gates, 1):
            self._pin(f"gate{number}_pos", high, pins)
            self._pin(f"gate{number}_neg", low, pins)
        self._pin("ldac_n", lines.ldac_n, pins)
        for number, channel in enumerate(stage.channels, 1):
            self._wire(f"shunt{number}", int(channel.shunt_closed))
        self._pin("heartbeat", lines.heartbeat, pins)
        self._pin("supply_en", lines.supply_en, pins)
        self._wire("supply", int(stage.supply.good))
        self._wire("fault_latch", int(stage.latch.is_set))
        self._pin("estop_loop", lines.estop_loop, pins)
        self._pin("hand_switch", lines.hand_switch, pins)
        self._pin("buzzer", lines.buzzer, pins)
        for index in range(len(stage.channels)):
            dac, place = stage.converters.dac_of(index)
            self._real(f"dac{index + 1}", dac.latched[place] & 0xFFF)
        self._declare_slips()
        self._first_current = len(self._variables)
        for index in range(len(stage.channels)):
            self._real(f"i{index + 1}_ua", 0)

    def _declare_slips(self) -> None:
        if self._slips:
            self._real("slipped_us", 0)

    def _declare_spi(self, chip_selects: int) -> SpiTrace:
        selects = CHIP_SELECTS[:chip_selects]
        for name in ("sclk", "mosi", "miso"):
            self._wire(name, 0)
        for name in selects:
            self._wire(name, 1)
        numbers = self._numbers
        bus = (numbers["sclk"], numbers["mosi"], numbers["miso"])
        return SpiTrace(self._append, bus, tuple(numbers[name] for name in selects))

    def _pin(self, name: str, gpio: int, pins: PinBank) -> None:
        self._wire(name, pins.level(gpio))
        self._pins.append((gpio, self._numbers[name]))

    def _wire(self, name: str, value: int) -> None:
        self._add(name, self._writer.register_var("board", name, "wire", size=1, init=value))

    def _real(self, name: str, value: float) -> None:
        self._add(name, self._writer.register_var("board", name, "real", init=float(value)))

    def _add(self, name: str, variable: "Variable[object] | RealVariable") -> None:
        self._numbers[name] = len(self._variables)
        self._variables.append(variable)  # type: ignore[arg-type] # pyvcd's types are invariant

    def _subscribe(self, pins: PinBank) -> None:
        """Subscribe to each pin of the trace; a closure, as the listener runs at every edge."""
        mask = sum(1 << gpio for gpio, _ in self._pins)
        timeline, append = self._timeline, self._append
        table = {1 << gpio: (gpio, number) for gpio, number in self._pins}

        def note(changed: int, levels: int) -> None:
            now_ns = timeline.now_ns
            left = changed & mask
            while left:
                bit = left & -left
                left ^= bit
                gpio, number = table[bit]
                append((now_ns, number, levels >> gpio & 1))

        pins.subscribe(mask, note)

    def _current(self, index: int, at_ns: int, current_ua: float) -> None:
        self._append((at_ns, self._first_current + index, round(current_ua, 3)))
