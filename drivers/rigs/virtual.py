"""The virtual board as a rig: the same drivers over another transport and another clock.

    open_virtual_rig   a board process: daemon over TCP, plain lines and SPI over its Unix socket;
                       in real time, in stepped time, or in board time that waits for a late engine
    open_stepped_rig   a board in this process; the engine's clock is the board's time

A daemon without the virtual board's own sockets for its port is a real pigpiod and is refused: only
the hardware rig, with its checks, may drive one.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from drivers.board_file import BoardFile, load_board_file
from drivers.clock import Clock, SystemClock
from drivers.errors import BoardBusy, BoardFileError, NotConnected
from drivers.host.regular_files import open_regular
from drivers.interfaces import Rig
from drivers.pigpio.client import ClientSocket, TcpConnect
from drivers.quantities import Microseconds
from drivers.rigs.assembly import Sources, assemble
from drivers.rigs.daemon_isolation import find_exposure
from drivers.virtual.board import VirtualBoard
from drivers.virtual.board_sockets import BoardPaths, own_board
from drivers.virtual.control_socket import ControlClient
from drivers.virtual.host.kernel_client import (
    TIMEOUT_S,
    InProcessTransport,
    KernelClient,
    SocketTransport,
)
from drivers.virtual.host.pin_factory import BoardPinFactory
from drivers.virtual.host.spidev_double import VirtualSpiDev
from drivers.virtual.pace import STEPPED, WAITING
from drivers.virtual.pigpiod.in_process_socket import InProcessSocket
from drivers.virtual.shared_time import SeenTime

HOST = "127.0.0.1"
KIND = "virtual"
CHIP_SELECTS = 4
STEPPED_ANSWER_S = 5.0
"""In seconds of real time: board time does not pass while the board waits for the processor."""
WAITING_ANSWER_S = 2.0
"""How long a waiting board may take to answer, in seconds: long enough for any machine, and shorter
than the 3 s of silence after which a client gives up on its engine."""
CATCH_UP_S = 0.1
"""In seconds. A waiting clock catches up lateness up to this; beyond it, board time is delayed."""


class SteppedClock:
    """Board time as the engine's clock: sleeping advances the board."""

    def __init__(self, board: VirtualBoard) -> None:
        self._board = board

    def now_us(self) -> Microseconds:
        """Return board time."""
        return Microseconds(self._board.now_us)

    def sleep_until(self, at_us: Microseconds) -> None:
        """Advance the board to `at_us`."""
        self._board.advance_to_us(at_us)


class SteppedSocketClock:
    """Board time of a board process in stepped time, through its control socket.

    The time is requested on each call, because it also advances while the board answers a slow
    command. Only the thread that opened this requests it; other threads get the last value, at most
    one tick old.
    """

    def __init__(self, control: ControlClient) -> None:
        self._control = control
        self._owner = threading.get_ident()
        self._last_us = 0

    def now_us(self) -> Microseconds:
        """Return board time."""
        if threading.get_ident() == self._owner:
            self._last_us = self._control.ask("time")["time_us"]
        return Microseconds(self._last_us)

    def sleep_until(self, at_us: Microseconds) -> None:
        """Advance the board to `at_us`; does nothing if that time has passed."""
        self._last_us = self._control.ask("advance", to_us=at_us)["time_us"]


class WaitingClock(SteppedSocketClock):
    """Board time that follows the machine's clock and waits for a late engine.

    Board time never runs faster than the machine's. Between two ticks it does not advance, so that
    slices, answers and deadlines are not late for a delayed engine. Created and used by one thread,
    the only one that advances the board. `seen` gives the board time, also when the answer to a
    slow command has advanced it.
    """

    def __init__(self, control: ControlClient, seen: SeenTime) -> None:
        super().__init__(control)
        self._seen_us = seen.time_us
        self._zero_s = time.monotonic() - super().now_us() * 1e-6
        super().sleep_until(Microseconds(self._last_us))

    def now_us(self) -> Microseconds:
        """Return board time, without asking the board."""
        if threading.get_ident() == self._owner:
            self._last_us = max(self._last_us, self._seen_us())
        return Microseconds(self._last_us)

    def sleep_until(self, at_us: Microseconds) -> None:
        """Wait for the machine's clock to reach `at_us`, then advance the board to it."""
        early_s = self._zero_s + at_us * 1e-6 - time.monotonic()
        if early_s > 0:
            time.sleep(early_s)
        elif early_s < -CATCH_UP_S:
            self._zero_s -= early_s
        super().sleep_until(at_us)


def open_stepped_rig(board: VirtualBoard) -> Rig:
    """Open a board in this process in stepped time; the caller closes the board."""
    client = KernelClient(InProcessTransport(board.kernel.connect()))

    def connect() -> ClientSocket:
        return InProcessSocket(board.daemon.connect())

    sources = _sources(SteppedClock(board), client, connect)
    rig = assemble(board.board_file, sources, lambda: ())
    return replace(rig, simulated_time=True)


def open_virtual_rig(
    port: int, *, host: str = HOST, board_file: str | Path | BoardFile = "reference"
) -> Rig:
    """Open the board process on `port`; a stepped or waiting board provides the clock.

    Raises `NotConnected` if no board or a foreign daemon answers, `BoardBusy` if another rig is
    open on it, `BoardFileError` if the board was started with another board file.
    """
    board = board_file if isinstance(board_file, BoardFile) else load_board_file(board_file)
    paths = _own_board(port)
    connect = TcpConnect(host, port)
    with ExitStack() as stack:
        stack.callback(os.close, _claim(paths.claim, port))
        control = ControlClient(paths.control)
        stack.callback(control.close)
        _check_same_board(board, control)
        clock = _clock_of(control, paths, stack)
        answer_s = _answer_s(clock)
        kernel = KernelClient(SocketTransport(paths.kernel, answer_s or TIMEOUT_S))
        stack.callback(kernel.close)
        rig = assemble(
            board,
            replace(_sources(clock, kernel, connect), answer_s=answer_s),
            lambda: find_exposure(port, connect.ports),
        )
        stack.callback(rig.close)
        simulated = not isinstance(clock, SystemClock)
        return replace(rig, release=stack.pop_all().close, simulated_time=simulated)


@contextmanager
def virtual_sources(port: int) -> Iterator[Sources]:
    """Yield the parts of the board process on `port` without claiming it, to switch it off.

    Raises `NotConnected` if no board answers.
    """
    paths = _own_board(port)
    with ExitStack() as stack:
        control = ControlClient(paths.control)
        stack.callback(control.close)
        answer_s = _answer_s(_clock_of(control, paths, stack))
        kernel = KernelClient(SocketTransport(paths.kernel, answer_s or TIMEOUT_S))
        stack.callback(kernel.close)
        connect = TcpConnect(HOST, port)
        yield replace(_sources(SystemClock(), kernel, connect), answer_s=answer_s)


def _clock_of(control: ControlClient, paths: BoardPaths, stack: ExitStack) -> Clock:
    """Return the clock for the board's time mode."""
    mode = control.ask("time")["mode"]
    if mode == WAITING:
        seen = SeenTime(paths.clock)
        stack.callback(seen.close)
        return WaitingClock(control, seen)
    return SteppedSocketClock(control) if mode == STEPPED else SystemClock()


def _answer_s(clock: Clock) -> float | None:
    """Return the time limit of an answer in seconds, None for the limit of real time."""
    if isinstance(clock, WaitingClock):
        return WAITING_ANSWER_S
    return STEPPED_ANSWER_S if isinstance(clock, SteppedSocketClock) else None


def _claim(path: Path, port: int) -> int:
    """Lock the board for this rig before using it; return the open lock file."""
    claimed = open_regular(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(claimed)
        raise BoardBusy(f"another engine drives the board on port {port}; stop it first") from error
    return claimed


def _sources(clock: Clock, client: KernelClient, connect: Callable[[], ClientSocket]) -> Sources:
    return Sources(
        kind=KIND,
        clock=clock,
        pin_factory=BoardPinFactory(client),
        make_spi=lambda: VirtualSpiDev(client, CHIP_SELECTS),
        connect=connect,
        clear_gates=client.clear_gates,
        read_levels=client.read_levels,
    )


def _own_board(port: int) -> BoardPaths:
    return own_board(
        port,
        f"start one with `stimkiosk board --port {port}` "
        "(a real pigpiod is driven with --rig hardware only)",
    )


def _check_same_board(board: BoardFile, control: ControlClient) -> None:
    status = control.ask("status")["status"]
    if status["kind"] == "bare":
        raise NotConnected(
            "that virtual board is bare, without output stage; start one without --bare"
        )
    if status["board"] != board.name:
        raise BoardFileError(
            f"the virtual board is {status['board']}, not {board.name}; "
            "give both the same board file"
        )
    if status["board_digest"] != board.digest:
        raise BoardFileError(
            f"the virtual board was started with another content of {board.name}: "
            "start it again, or give both the same board file"
        )
