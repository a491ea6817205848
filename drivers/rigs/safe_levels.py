"""Bring a board to its safe levels without an engine, and prove it: for the service manager.

    through the daemon   gates low, waves stopped and deleted, gates low, LDAC low
    through the kernel   DAC codes 0, SUPPLY_EN and every other plain line low; and the gates, where
                         the daemon did not do it

Whatever fails, every later step is still tried. Nothing here can switch anything on.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gpiozero import InputDevice

from drivers.board_file import BoardFile, load_board_file
from drivers.clock import Clock, SystemClock
from drivers.errors import DriverError, LineFailed, NotConnected
from drivers.gpio.lines import GpioLines, library_errors
from drivers.pigpio.client import IDLE, OUTPUT, Connect, StreamClient, TcpConnect
from drivers.quantities import DacCode, Microseconds
from drivers.rigs.assembly import Sources, open_chips
from drivers.rigs.hardware import HOST, HardwareParts, hardware_sources, this_machine
from drivers.rigs.virtual import virtual_sources
from drivers.spi.current_source import SpiCurrentSource

LOOK_AGAIN_US = 50_000
"""How often a daemon that has only just been started is looked for."""
KERNEL_TRIES = 3
"""A running engine may hold a gate for a moment, because it clears it in the same way."""


@dataclass(frozen=True, slots=True)
class BoardToCalm:
    """A board, the way to its daemon, and its kernel side, which may fail to open."""

    board: BoardFile
    clock: Clock
    connect: Connect
    kernel: Callable[[], Sources]
    answer_s: float | None = None


@contextmanager
def hardware_board(
    board_file: str | Path, port: int, machine: HardwareParts | None = None
) -> Iterator[BoardToCalm]:
    """Yield the real board of this machine; raises `BoardFileError`."""
    board, on = load_board_file(board_file), machine or this_machine()
    connect = TcpConnect(HOST, port)
    yield BoardToCalm(board, on.clock, connect, lambda: hardware_sources(board, on, connect))


@contextmanager
def virtual_board(board_file: str | Path, port: int) -> Iterator[BoardToCalm]:
    """Yield the virtual board on a port; raises `BoardFileError` or `NotConnected`."""
    board = load_board_file(board_file)
    with virtual_sources(port) as sources:
        yield BoardToCalm(board, SystemClock(), sources.connect, lambda: sources, sources.answer_s)


def make_safe(on: BoardToCalm, *, wait_s: float = 0.0, only_gates: bool = False) -> tuple[str, ...]:
    """Drive everything to its safe level; return what could not be done or proven.

    `wait_s` is how long to look for a daemon that has just been started. With `only_gates` the
    plain lines and the DAC are left alone: an engine may hold them.
    """
    problems: list[str] = []
    daemon = _calm_by_daemon(on, wait_s)
    problems += [f"through the daemon: {daemon}"] if daemon else []
    if only_gates and not daemon:
        return ()
    try:
        kernel = on.kernel()
    except DriverError as error:
        return (*problems, f"through the kernel: {error}")
    failures = []
    if daemon:
        failures.append(_failure(lambda: _clear_by_kernel(on.board, kernel)))
        if failures == [""] and not wait_s:
            problems.clear()  # a daemon that is not there cannot be asked; the gates are proven low
    if not only_gates:
        failures.append(_failure(lambda: _codes_to_zero(on.board, kernel)))
        failures.append(_failure(lambda: _lines_low(on.board, kernel)))
    return (*problems, *(f"through the kernel: {failure}" for failure in failures if failure))


def _failure(step: Callable[[], None]) -> str:
    try:
        step()
    except DriverError as error:
        return str(error)
    return ""


def _calm_by_daemon(on: BoardToCalm, wait_s: float) -> str:
    """Switch everything off that belongs to the daemon and read it back; return what failed."""
    try:
        with closing(_Daemon(_client(on, wait_s), on.board)) as daemon:
            daemon.calm()
            return daemon.still_on()
    except DriverError as error:
        return str(error)


class _Daemon:
    """A connection that only switches off; `PigpioOutput` would also ask for reports of edges."""

    def __init__(self, client: StreamClient, board: BoardFile) -> None:
        self._client = client
        self._pins = (*board.pins.gate_list(), board.pins.ldac_n)
        self.close = client.stop

    def calm(self) -> None:
        """Switch off what belongs to the daemon, in the order of a cut; raises `DriverError`."""
        low = sum(1 << pin for pin in self._pins)
        self._client.clear_bank_1(low)
        self._client.wave_tx_stop()
        self._client.clear_bank_1(low)
        for pin in self._pins:
            self._client.set_mode(pin, OUTPUT)
        self._client.clear_bank_1(low)
        self._client.wave_clear()

    def still_on(self) -> str:
        """Read back; return what is not off, "" if all is."""
        levels = self._client.read_bank_1()
        high = [f"BCM {pin}" for pin in self._pins if levels >> pin & 1]
        if high:
            return f"still high: {', '.join(high)}"
        playing = self._client.wave_tx_at()
        return "" if playing == IDLE else f"wave {playing} still plays"


def _client(on: BoardToCalm, wait_s: float) -> StreamClient:
    ends_us = on.clock.now_us() + round(wait_s * 1e6)
    while True:
        try:
            return StreamClient(on.connect, on.answer_s)
        except NotConnected:
            if on.clock.now_us() >= ends_us:
                raise
        on.clock.sleep_until(Microseconds(on.clock.now_us() + LOOK_AGAIN_US))


def _clear_by_kernel(board: BoardFile, kernel: Sources) -> None:
    for left in reversed(range(KERNEL_TRIES)):
        try:
            kernel.clear_gates()
            break
        except DriverError:
            if not left:
                raise
    high = [pin for pin in board.pins.gate_list() if _level(pin, kernel)]
    if high:
        raise LineFailed("still high: " + ", ".join(f"BCM {pin}" for pin in high))


def _level(pin: int, kernel: Sources) -> bool:
    if kernel.read_levels is not None:
        return bool(kernel.read_levels() >> pin & 1)
    try:
        with InputDevice(
            pin, pull_up=None, active_state=True, pin_factory=kernel.pin_factory
        ) as at:
            return bool(at.value)
    except library_errors() as error:
        raise LineFailed(f"BCM {pin} cannot be read: {error}") from error


def _codes_to_zero(board: BoardFile, kernel: Sources) -> None:
    with ExitStack() as stack:
        dacs, _ = open_chips(board, kernel, stack)
        SpiCurrentSource(dacs, board.channels).write_codes((DacCode(0),) * board.channels)


def _lines_low(board: BoardFile, kernel: Sources) -> None:
    GpioLines(board, kernel.pin_factory, kernel.clear_gates, kernel.read_levels).close()
    if _level(board.pins.supply_en, kernel):
        raise LineFailed(f"SUPPLY_EN (BCM {board.pins.supply_en}) is still high")
