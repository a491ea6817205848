"""A socket for pigpio.pi that reaches a daemon in the same process, without threads.

    class Board(pigpio.pi):
        def __init__(self, daemon):
            self.connected = True
            self.sl = pigpio._socklock()
            self.sl.s = InProcessSocket(daemon.connect())

Waiting for an answer makes board time pass: a blocked `recv` advances the timeline.
"""

from drivers.virtual.pigpiod.session import ClientSession

LONGEST_WAIT_NS = 120_000_000_000
"""Without a timeout, the longest wait for a stopped daemon."""


class InProcessSocket:
    """The socket methods that pigpio.py uses, on a session; timeouts are in board time."""

    def __init__(self, session: ClientSession) -> None:
        self.session = session
        self._buffer = b""
        self._timeout_s: float | None = None

    def settimeout(self, timeout_s: float | None) -> None:
        """Set how long `recv` waits in seconds: None means no limit, 0 means it does not wait."""
        self._timeout_s = timeout_s

    def setblocking(self, flag: bool) -> None:
        """Wait without limit (True), or do not wait."""
        self._timeout_s = None if flag else 0.0

    def setsockopt(self, *_: object) -> None:
        """Accept any option and ignore it."""

    def send(self, data: bytes) -> int:
        """Pass all of `data` to the daemon; raises `BrokenPipeError` if it is gone."""
        self.sendall(data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Pass all of `data` to the daemon; raises `BrokenPipeError` if it is gone."""
        if self.session.closed:
            raise BrokenPipeError("the daemon has closed the connection")
        self.session.feed(bytes(data))

    def recv(self, size: int, _flags: int = 0) -> bytes:
        """Return up to `size` bytes, b"" at the end of the connection.

        Raises `TimeoutError` when the timeout passes in board time, `BlockingIOError` when nothing
        is there and `recv` must not wait.
        """
        if not self._buffer:
            self._buffer = self._wait()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def close(self) -> None:
        """Disconnect; what was sent is carried out, and notification handles are closed."""
        self.session.end_input()

    def _wait(self) -> bytes:
        session = self.session
        if session.has_output or session.closed:
            return session.take_output()
        if self._timeout_s == 0:
            raise BlockingIOError("nothing has arrived")
        self._let_time_pass(session)
        return session.take_output()

    def _let_time_pass(self, session: ClientSession) -> None:
        """Advance board time until bytes arrive or the timeout has passed."""
        timeline = session.timeline
        limit_ns = LONGEST_WAIT_NS if self._timeout_s is None else int(self._timeout_s * 1e9)
        deadline_ns = timeline.now_ns + limit_ns
        while not (session.has_output or session.closed):
            due_ns = timeline.next_ns()
            if due_ns is None or due_ns > deadline_ns:
                # If no event is left, time passes only for a caller with a deadline.
                timeline.advance_to(deadline_ns if self._timeout_s else timeline.now_ns)
                raise TimeoutError("the daemon did not answer")
            timeline.advance_to(due_ns)
