"""One client's connection: frames in, replies and reports out.

Everything a client has sent is carried out, even if the client has disconnected meanwhile.
"""

import struct
from collections.abc import Callable, Mapping

from drivers.virtual.host.stderr_notices import BoardNotices
from drivers.virtual.pigpiod.codes import WORD_MASK, Cmd, Err, Handler, Result, Steps
from drivers.virtual.pigpiod.notification_handles import Reports
from drivers.virtual.pigpiod.process_signals import Lifetime
from drivers.virtual.timeline import Timeline

MAX_EXTENSION = 1 << 16
"""At this size and above the daemon closes the connection (pthSocketThreadHandler)."""
_FRAME = struct.Struct("<IIII")
_BODIES = frozenset(
    (
        Cmd.BSPIX, Cmd.FL, Cmd.FR, Cmd.I2CPK, Cmd.I2CRD, Cmd.I2CRI, Cmd.I2CRK, Cmd.I2CZ,
        Cmd.PROCP, Cmd.SERR, Cmd.SLR, Cmd.SPIX, Cmd.SPIR,
    )
)  # fmt: skip
"""Commands whose reply carries the bytes they returned."""


class ClientSession:
    """Runs a client's commands one after another; other sessions run meanwhile.

    `on_output` is called when there are new bytes for the client and when the session has ended;
    the bytes are fetched with `take_output`. `on_ready` is called when commands may be served again
    after one that took time; without it they are served at once.
    """

    def __init__(
        self,
        timeline: Timeline,
        life: Lifetime,
        reports: Reports,
        handlers: Mapping[int, Handler],
        forget: Callable[["ClientSession"], None],
        notices: BoardNotices,
    ) -> None:
        self.timeline = timeline
        self.life = life
        self.closed = False
        self.on_output: Callable[[], None] | None = None
        self.on_ready: Callable[[], None] | None = None
        self._reports = reports
        self._handlers = handlers
        self._forget = forget
        self._notices = notices
        self._input = bytearray()
        self._output = bytearray()
        self._steps: Steps | None = None
        self._asked = (0, 0, 0)
        self._ended = False

    @property
    def backlog(self) -> int:
        """Number of received bytes not yet read as commands."""
        return len(self._input)

    @property
    def busy(self) -> bool:
        """Whether a command takes board time and has not been answered."""
        return self._steps is not None and not self.closed and not self.life.stalled

    @property
    def ready(self) -> bool:
        """Whether `serve` would do something now."""
        idle = self._steps is None and not self.closed and not self.life.stalled
        return idle and (self._has_command() or self._ended)

    @property
    def has_output(self) -> bool:
        """Whether bytes wait for the client."""
        return bool(self._output)

    def receive(self, data: bytes) -> None:
        """Add bytes from the client for a later `serve`; a closed session ignores them."""
        if not self.closed:
            self._input += data

    def feed(self, data: bytes) -> None:
        """Add bytes from the client and carry out the commands they complete."""
        self.receive(data)
        self.serve()

    def end_input(self) -> None:
        """The client sends no more: end the session when all it has sent is carried out.

        pigpiod reads to the end of its socket, then closes it (pthSocketThreadHandler).
        """
        self._ended = True
        self.go_on()

    def go_on(self) -> None:
        """Serve waiting commands, or call `on_ready`."""
        if self.on_ready is not None:
            self.on_ready()
        else:
            self.serve()

    def take_output(self) -> bytes:
        """Remove and return the bytes for the client."""
        output = bytes(self._output)
        self._output.clear()
        return output

    def push(self, data: bytes) -> None:
        """Send reports in band."""
        self._output += data
        self._announce()

    def close(self) -> None:
        """End now, discarding commands: the daemon was killed or closes the connection.

        Its notification handles are closed; waves, PWM, scripts, watchdogs and modes stay.
        """
        if not self.closed:
            self.closed = True
            self._reports.drop(self)
            self._forget(self)
            self._announce()

    def serve(self, enough: Callable[[], bool] | None = None) -> None:
        """Carry out the commands received completely; stop when `enough()` is true after one."""
        data, at = self._input, 0
        while self._idle() and len(data) - at >= _FRAME.size:
            command, first, second, size = _FRAME.unpack_from(data, at)
            if size >= MAX_EXTENSION:
                self.close()
                return
            end = at + _FRAME.size + size
            if len(data) < end:
                break
            extension = bytes(data[at + _FRAME.size : end]) if size else b""
            at = end
            self._carry_out(command, first, second, extension)
            if enough is not None and enough():
                break
        del data[:at]
        if self._output:
            self._announce()
        if self._ended and self._idle() and not self._has_command():
            self.close()

    def _idle(self) -> bool:
        return self._steps is None and not self.closed and not self.life.stalled

    def _has_command(self) -> bool:
        """Whether a complete command waits, or one too long to be read."""
        data = self._input
        if len(data) < _FRAME.size:
            return False
        size: int = _FRAME.unpack_from(data)[3]
        return size >= MAX_EXTENSION or len(data) >= _FRAME.size + size

    def _carry_out(self, command: int, first: int, second: int, extension: bytes) -> None:
        self._asked = (command, first, second)
        if command == Cmd.NOIB:
            self._reply(self._reports.open(self))
            return
        handler = self._handlers.get(command)
        if handler is None:
            self._reply(Err.UNKNOWN_COMMAND)
            return
        try:
            answer = handler(first, second, extension)
        except Exception as error:  # noqa: BLE001 - a mistake in one command is no end for all
            answer = self._interrupted(error)
        if isinstance(answer, int | bytes):
            self._reply(answer)
        else:
            self._steps = answer
            self._continue()

    def _continue(self) -> None:
        """Continue a command that takes time; this client's later commands wait."""
        if self.closed or not self.life.alive or self._steps is None:
            return
        if self.life.stalled:
            self.life.held.append(self._continue)
            return
        try:
            self.timeline.after(next(self._steps), self._resume)
        except StopIteration as ended:
            self._steps = None
            self._reply(ended.value)
        except Exception as error:  # noqa: BLE001 - as above
            self._steps = None
            self._reply(self._interrupted(error))

    def _interrupted(self, error: Exception) -> Err:
        self._notices.failed(f"command {self._asked}", error)
        return Err.CMD_INTERRUPTED

    def _resume(self) -> None:
        self._continue()
        if self._steps is None and not self.closed:
            # Report the reply at once, whoever serves the commands after it.
            if self._output:
                self._announce()
            self.go_on()

    def _reply(self, result: Result) -> None:
        command, first, second = self._asked
        if isinstance(result, int):
            self._output += _FRAME.pack(command, first, second, result & WORD_MASK)
            return
        self._output += _FRAME.pack(command, first, second, len(result))
        if command in _BODIES:
            self._output += result

    def _announce(self) -> None:
        if self.on_output is not None:
            self.on_output()
