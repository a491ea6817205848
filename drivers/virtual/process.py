"""The board as a process: sockets, time, and an orderly end.

It has one thread. Whenever something arrives, board time is first advanced to the present, then the
bytes are answered; otherwise the board's own events run at most 1 ms late. Advancing time takes at
most `CATCH_UP_NS` of processor time: what cannot be done in that slips, so that no wave and no
script delays the answer to a client.
"""

import gc
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from drivers.host.signals import on_ending_signal
from drivers.quantities import NS_PER_US
from drivers.virtual.board import VirtualBoard
from drivers.virtual.board_sockets import board_paths, make_runtime_dir
from drivers.virtual.control_socket import ControlSession, ControlSide
from drivers.virtual.host.fair_service import FairService
from drivers.virtual.host.unix_server import UnixServer
from drivers.virtual.pace import Pace
from drivers.virtual.pigpiod.server import DaemonServer
from drivers.virtual.shared_time import ShownTime

FLUSH_S = 0.1
"""Real time between flushes of a recording. A killed board may lose 1 s of it; flushing this often
keeps one flush at some ms, short compared with the 20 ms that a client waits for an answer."""
CATCH_UP_NS = 20_000_000
"""Maximum processor time for advancing board time in one turn; well below the 45 ms after which a
client of the kernel side gives up. A busy board needs some 2 % to 5 % of real time (M)."""
LOOPBACK = "127.0.0.1"


class BoardProcess:
    """Serves one board on its port and its two Unix sockets.

    Raises `PortInUse` if another program listens on the port. `port` 0 takes a free one.
    """

    def __init__(self, board: VirtualBoard, pace: Pace, port: int) -> None:
        self._board = board
        self._pace = pace
        self._stopping = False
        self._flushed_s = time.monotonic()
        self._open = ExitStack()
        with ExitStack() as opening:
            service = opening.enter_context(closing(FairService(stepped=pace.stepped)))
            self._server = DaemonServer(board.daemon, LOOPBACK, port)
            opening.callback(self._close_server)
            self.port = self._server.port
            make_runtime_dir()
            paths = board_paths(self.port)
            control = ControlSide(board, pace)
            unix = (
                UnixServer(paths.control, lambda: ControlSession(control), board.notices),
                UnixServer(paths.kernel, board.kernel.connect, board.notices),
            )
            for server in (self._server, *unix):
                server.register(service)
            for listener in unix:
                opening.callback(listener.close)
            self._shown = self._show_time(paths.clock, opening)
            self._service = service
            board.when_restarted.append(self._listen_again)
            self._wake = self._waker(opening)
            self._open = opening.pop_all()

    def run(self, on_ready: Callable[[int], None]) -> None:
        """Serve until a signal asks for the end, then close the recording properly.

        `on_ready(port)` is called once all sockets listen.
        """
        # The handler of a signal that arrives just before the selector sleeps would run only after
        # that sleep; a byte written by the signal wakes the selector.
        woken = signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        gc.collect()
        gc.freeze()  # a later full collection would delay an answer by 20 ms
        with on_ending_signal(self._stop):
            try:
                on_ready(self.port)
                while not self._stopping:
                    self._turn()
            finally:
                if not self._pace.stepped:
                    self._catch_up()
                signal.set_wakeup_fd(woken)  # before the socket it writes to is closed
                self.close()
                gc.unfreeze()

    def close(self) -> None:
        """Close the sockets, then the recording; closing twice is harmless."""
        self._open.close()
        self._board.close()

    def _turn(self) -> None:
        arrived = self._service.wait(self._wait_s())
        if not self._pace.stepped:  # in stepped time even events due now run only in a step
            self._catch_up()
        self._service.handle(arrived)
        if self._pace.stepped:
            self._finish_commands()
        self._flush()

    def _catch_up(self) -> None:
        """Advance board time to the present; what exceeds the limit slips."""
        board, pace = self._board, self._pace
        if board.advance_within(pace.board_us(board.now_us), _spent(CATCH_UP_NS)):
            return
        board.slip(pace.slip_to(board.timeline.now_ns))
        board.notices.once(
            "board: the machine cannot keep up, board time slips; "
            "`stimkiosk fault status` says by how much",
            "slip",
        )

    def _finish_commands(self) -> None:
        """Advance stepped time while a client waits for its answer, as `InProcessSocket` does.

        If that takes long, other clients are answered in between.
        """
        timeline, enough = self._board.timeline, _spent(CATCH_UP_NS)
        while self._unfinished and not enough():
            due_ns = timeline.next_ns() or 0
            if self._shown is not None:
                self._shown.show(due_ns // NS_PER_US)
            timeline.advance_to(due_ns)

    @property
    def _unfinished(self) -> bool:
        """Whether stepped time must advance without being asked, because a client waits."""
        board = self._board
        return self._pace.stepped and board.daemon.busy and board.timeline.next_ns() is not None

    def _wait_s(self) -> float | None:
        wait_s = 0 if self._unfinished else self._pace.wait_s(self._board.timeline.next_ns())
        if self._board.recorder is None:
            return wait_s
        return FLUSH_S if wait_s is None else min(wait_s, FLUSH_S)

    def _flush(self) -> None:
        recorder = self._board.recorder
        now_s = time.monotonic()
        if recorder is not None and now_s - self._flushed_s >= FLUSH_S:
            self._flushed_s = now_s
            recorder.flush()

    def _close_server(self) -> None:
        self._server.close()

    def _listen_again(self) -> None:
        self._server.close()
        self._server = DaemonServer(self._board.daemon, LOOPBACK, self.port)
        self._server.register(self._service)

    def _show_time(self, path: Path, opening: ExitStack) -> ShownTime | None:
        if not self._pace.waiting:
            return None
        shown = ShownTime(path)
        opening.callback(shown.close)
        return shown

    # --- the end ----------------------------------------------------------------------------

    def _waker(self, opening: ExitStack) -> socket.socket:
        """Return the socket that a signal writes to; its other end wakes the selector."""
        near, far = socket.socketpair()
        opening.callback(near.close)
        opening.callback(far.close)
        near.setblocking(False)
        far.setblocking(False)
        self._service.selector.register(far, selectors.EVENT_READ, lambda _: far.recv(1))
        return near

    def _stop(self, _number: int) -> None:
        self._stopping = True


def _spent(limit_ns: int) -> Callable[[], bool]:
    """Return a function: whether this thread has used `limit_ns` of processor time since now."""
    end_ns = time.thread_time_ns() + limit_ns
    return lambda: time.thread_time_ns() >= end_ns
