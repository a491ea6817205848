"""One client's connection: frames in, replies and reports out."""

import struct
from collections.abc import Callable, Mapping

from drivers.virtual.daemon.codes import WORD_MASK, Cmd, Err, Handler, Result, Steps
from drivers.virtual.daemon.lifetime import Lifetime
from drivers.virtual.daemon.reports import Reports
from drivers.virtual.timeline import Timeline

MAX_EXTENSION = 1 << 16
"""At this size and above the daemon gives the connection up (pthSocketThreadHandler)."""
_FRAME = struct.Struct("<IIII")
_BODIES = frozenset(
    (
        Cmd.BSPIX, Cmd.FL, Cmd.FR, Cmd.I2CPK, Cmd.I2CRD, Cmd.I2CRI, Cmd.I2CRK, Cmd.I2CZ,
        Cmd.PROCP, Cmd.SERR, Cmd.SLR, Cmd.SPIX, Cmd.SPIR,
    )
)  # fmt: skip
"""Commands whose reply carries the bytes they returned."""


class Session:
    """Runs a client's commands one after another; other sessions run on meanwhile.

    `on_output` is called when bytes for the client became available and when the daemon closed
    the session; the bytes are fetched with `take_output`.
    """

    def __init__(
        self,
        timeline: Timeline,
        life: Lifetime,
        reports: Reports,
        handlers: Mapping[int, Handler],
        forget: Callable[["Session"], None],
    ) -> None:
        self.timeline = timeline
        self.life = life
        self.closed = False
        self.on_output: Callable[[], None] | None = None
        self._reports = reports
        self._handlers = handlers
        self._forget = forget
        self._input = bytearray()
        self._output = bytearray()
        self._steps: Steps | None = None
        self._asked = (0, 0, 0)

    @property
    def backlog(self) -> int:
        """Return how many bytes wait to be read as commands."""
        return len(self._input)

    @property
    def busy(self) -> bool:
        """Return whether a command takes board time and has not been answered."""
        return self._steps is not None and not self.closed and not self.life.stalled

    @property
    def has_output(self) -> bool:
        """Return whether bytes wait for the client."""
        return bool(self._output)

    def feed(self, data: bytes) -> None:
        """Take bytes from the client; nothing happens once the session is closed."""
        if self.closed:
            return
        self._input += data
        if self._steps is None and not self.life.stalled:
            self.serve()

    def take_output(self) -> bytes:
        """Return and forget the bytes for the client."""
        output = bytes(self._output)
        self._output.clear()
        return output

    def push(self, data: bytes) -> None:
        """Send reports in band."""
        self._output += data
        self._announce()

    def close(self) -> None:
        """The client went away, or the daemon gives it up.

        Its notification handles are closed; waves, PWM, scripts, watchdogs and modes stay.
        """
        if not self.closed:
            self.closed = True
            self._reports.drop(self)
            self._forget(self)
            self._announce()

    def serve(self) -> None:
        """Carry out the commands that have arrived whole."""
        data, at = self._input, 0
        while len(data) - at >= _FRAME.size and self._steps is None:
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
        del data[:at]
        if self._output:
            self._announce()

    def _carry_out(self, command: int, first: int, second: int, extension: bytes) -> None:
        self._asked = (command, first, second)
        if command == Cmd.NOIB:
            self._reply(self._reports.open(self))
            return
        handler = self._handlers.get(command)
        answer = Err.UNKNOWN_COMMAND if handler is None else handler(first, second, extension)
        if isinstance(answer, int | bytes):
            self._reply(answer)
        else:
            self._steps = answer
            self._continue()

    def _continue(self) -> None:
        """Go on with a command that takes time; this client's later ones wait."""
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

    def _resume(self) -> None:
        self._continue()
        if self._steps is None and not self.closed:
            self.serve()

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
