"""The virtual board as a rig: the same drivers, another transport and another clock.

    open_virtual_rig   a board process: daemon over TCP, plain lines and SPI over its Unix socket;
                       on real time, on stepped time, or waiting for whoever is late
    open_stepped_rig   a board in this process, whose time is the engine's clock

A daemon without the board's own sockets beside its port is a real pigpiod, and refused: only the
hardware rig, with its checks, may drive one.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
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
from drivers.virtual.paths import BoardPaths, own_board
from drivers.virtual.pigpiod.transport import InProcessSocket
from drivers.virtual.shown_time import SeenTime

HOST = "127.0.0.1"
KIND = "virtual"
CHIP_SELECTS = 4
STEPPED_ANSWER_S = 5.0
"""Board time stands still while a stepped board process waits for the processor."""
WAITING_ANSWER_S = 2.0
"""A waiting board's answer: long for any machine, and shorter than the silence of 3 s after which a
client gives its engine up."""
CATCH_UP_S = 0.1
"""A waiting clock makes up for a lateness up to this; what is later is waited for."""


class SteppedClock:
    """Board time as the engine's clock: sleeping is what moves the board on."""

    def __init__(self, board: VirtualBoard) -> None:
        self._board = board

    def now_us(self) -> Microseconds:
        """Return board time."""
        return Microseconds(self._board.now_us)

    def sleep_until(self, at_us: Microseconds) -> None:
        """Step the board to `at_us`."""
        self._board.advance_to_us(at_us)


class SteppedSocketClock:
    """The same for a board process on stepped time, through its control socket.

    The board is asked each time: waiting for the answer to a slow command moves it on too. Other
    threads than the one that opened it are told what that one was told last, at most a tick ago.
    """

    def __init__(self, control: ControlClient) -> None:
        self._control = control
        self._owner = threading.get_ident()
        self._told_us = 0

    def now_us(self) -> Microseconds:
        """Return board time."""
        if threading.get_ident() == self._owner:
            self._told_us = self._control.ask("time")["time_us"]
        return Microseconds(self._told_us)

    def sleep_until(self, at_us: Microseconds) -> None:
        """Step the board to `at_us`; an earlier moment does nothing."""
        self._told_us = self._control.ask("advance", to_us=at_us)["time_us"]


class WaitingClock(SteppedSocketClock):
    """Board time no faster than the machine's, and slower by whatever the machine is late.

    Between two ticks board time stands still, so an engine that is held up finds its slices,
    answers and deadlines where they were. Made and used by one thread; it leads the board from
    then on. `seen` is where the board shows a time that the answer to a slow command moved on.
    """

    def __init__(self, control: ControlClient, seen: SeenTime) -> None:
        super().__init__(control)
        self._seen_us = seen.time_us
        self._zero_s = time.monotonic() - super().now_us() * 1e-6
        super().sleep_until(Microseconds(self._told_us))

    def now_us(self) -> Microseconds:
        """Return board time, without asking the board."""
        if threading.get_ident() == self._owner:
            self._told_us = max(self._told_us, self._seen_us())
        return Microseconds(self._told_us)

    def sleep_until(self, at_us: Microseconds) -> None:
        """Wait for the machine's clock to come as far, then step the board to `at_us`."""
        early_s = self._zero_s + at_us * 1e-6 - time.monotonic()
        if early_s > 0:
            time.sleep(early_s)
        elif early_s < -CATCH_UP_S:
            self._zero_s -= early_s
        super().sleep_until(at_us)


def open_stepped_rig(board: VirtualBoard) -> Rig:
    """Open a board in this process on stepped time; the board stays the caller's to close."""
    client = KernelClient(InProcessTransport(board.kernel.connect()))

    def connect() -> ClientSocket:
        return InProcessSocket(board.daemon.connect())

    sources = _sources(SteppedClock(board), client, connect)
    return assemble(board.board_file, sources, lambda: ())


def open_virtual_rig(
    port: int, *, host: str = HOST, board_file: str | Path | BoardFile = "reference"
) -> Rig:
    """Open the board process on `port`; a stepped or waiting board brings its own clock.

    Raises `NotConnected` where no board answers or a foreign daemon does, `BoardBusy` where
    another rig is open on it, `BoardFileError` where it was started with another board file.
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
        return replace(rig, release=stack.pop_all().close)


def _clock_of(control: ControlClient, paths: BoardPaths, stack: ExitStack) -> Clock:
    """Return the clock that goes with the board's own time."""
    mode = control.ask("time")["mode"]
    if mode == WAITING:
        seen = SeenTime(paths.clock)
        stack.callback(seen.close)
        return WaitingClock(control, seen)
    return SteppedSocketClock(control) if mode == STEPPED else SystemClock()


def _answer_s(clock: Clock) -> float | None:
    """Return how long an answer may take, None for the rule of real time."""
    if isinstance(clock, WaitingClock):
        return WAITING_ANSWER_S
    return STEPPED_ANSWER_S if isinstance(clock, SteppedSocketClock) else None


def _claim(path: Path, port: int) -> int:
    """Lock the board for this rig before anything of it is touched; return the open file."""
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
