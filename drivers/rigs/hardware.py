"""The hardware rig: a Raspberry Pi with the reference board and our pigpiod."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpiozero.exc import GPIOZeroError

from drivers.board_file import BoardFile, load_board_file
from drivers.clock import Clock, SystemClock
from drivers.errors import BoardFileError, NotConnected
from drivers.gpio.last_resort_gates import KernelGates
from drivers.interfaces import Rig
from drivers.pigpio.client import TcpConnect
from drivers.rigs.assembly import Sources, assemble
from drivers.rigs.daemon_isolation import find_exposure
from drivers.rigs.pi_model import ROOT, check_machine
from drivers.spi.bus import SpiDevice

HOST = "127.0.0.1"
PORT = 8_888
MAX_CHANNELS = 2
"""Channels 3 and 4 need chip selects that the SPI0 of a Raspberry Pi does not have."""


@dataclass(frozen=True, slots=True)
class HardwareParts:
    """What the machine provides to the rig; tests provide their own."""

    prefix: Path
    clock: Clock
    make_pin_factory: Callable[[], Any]
    make_spi: Callable[[], SpiDevice]


def this_machine() -> HardwareParts:
    """Return the machine this program runs on, through lgpio and spidev."""
    return HardwareParts(ROOT, SystemClock(), _lgpio, _spidev)


def open_hardware_rig(
    board_file: str | Path = "reference",
    *,
    host: str = HOST,
    port: int = PORT,
    machine: HardwareParts | None = None,
) -> Rig:
    """Open the hardware rig with every line low; the caller then calls `PulseOutput.prepare`.

    Raises `UnsupportedMachine`, `BoardFileError` or `NotConnected`, each saying what to do.
    """
    on = machine or this_machine()
    check_machine(on.prefix)
    board = _two_channels(load_board_file(board_file))
    connect = TcpConnect(host, port)
    sources = hardware_sources(board, on, connect)
    return assemble(board, sources, lambda: find_exposure(port, connect.ports, on.prefix))


def hardware_sources(board: BoardFile, machine: HardwareParts, connect: TcpConnect) -> Sources:
    """Return where the parts of a board come from on a machine; raises `NotConnected`."""
    factory = machine.make_pin_factory()
    return Sources(
        kind="hardware",
        clock=machine.clock,
        pin_factory=factory,
        make_spi=machine.make_spi,
        connect=connect,
        clear_gates=KernelGates(factory, board.pins.gate_list(), board.pins.ldac_n).clear,
    )


def _two_channels(board: BoardFile) -> BoardFile:
    if board.channels > MAX_CHANNELS:
        raise BoardFileError(
            f"board file {board.name}: {board.channels} channels are for the virtual board only; "
            f"a Raspberry Pi has chip selects for {MAX_CHANNELS}"
        )
    return board


def _lgpio() -> Any:
    try:
        from gpiozero.pins.lgpio import LGPIOFactory

        return LGPIOFactory()
    except (ImportError, GPIOZeroError, OSError) as error:
        raise NotConnected(f"no GPIO through lgpio ({error}); install lgpio: make setup") from error


def _spidev() -> SpiDevice:
    try:
        import spidev
    except ImportError as error:
        raise NotConnected(f"no SPI library ({error}); install spidev: make setup") from error
    device: SpiDevice = spidev.SpiDev()
    return device
