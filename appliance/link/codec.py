"""Messages to lines and back: JSON, one message per line, at most 64 KiB with its newline.

Nothing from another process is trusted: a line that cannot be used becomes a value, a `BadLine`, so
that no text from outside can raise an exception in the engine.
"""

from typing import NamedTuple

import msgspec

from appliance.errors import LinkError
from appliance.link.text_conversion import refused
from appliance.messages.actions import FromClient
from appliance.messages.replies import FromEngine, Refused
from appliance.messages.wire import MAX_LINE_BYTES, Count
from appliance.texts.text import text
from appliance.texts.untrusted import shortened

_ENCODER = msgspec.json.Encoder()
_FROM_CLIENT: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)
_FROM_ENGINE: msgspec.json.Decoder[FromEngine] = msgspec.json.Decoder(FromEngine)


class _Numbered(msgspec.Struct, frozen=True):
    """The request number of a message that is otherwise unusable."""

    request: Count = 0


_NUMBERED = msgspec.json.Decoder(_Numbered)
_UNUSABLE = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
_UNSENDABLE = (TypeError, ValueError, OverflowError, RecursionError)


MAX_PROBLEM = 200
"""Length of the text about a bad line, in characters: it may quote a name from the line."""


class BadLine(NamedTuple):
    """A line that is no message: its request number, else 0, and what is wrong with it."""

    request: int
    problem: str

    def refusal(self) -> Refused:
        """Return the answer to the sender."""
        allowed = text("protocol.line", most=MAX_LINE_BYTES)
        nearest = text("protocol.schema")
        return refused(self.request, "refusal.protocol", self.problem, allowed, nearest)


TOO_LONG = BadLine(0, f"a line longer than {MAX_LINE_BYTES} bytes")


def encode(message: FromClient | FromEngine) -> bytes:
    """Return the line of a message; `LinkError` if it is too long or holds what JSON cannot."""
    try:
        line = _ENCODER.encode(message) + b"\n"
    except _UNSENDABLE as error:
        raise LinkError(f"{type(message).__name__} cannot be sent: {error}") from error
    if len(line) > MAX_LINE_BYTES:
        raise LinkError(
            f"{type(message).__name__} of {len(line)} bytes cannot be sent: "
            f"a line has at most {MAX_LINE_BYTES}"
        )
    return line


def decode_from_client(line: bytes) -> FromClient | BadLine:
    """Return the message of a client's line, or what is wrong with it."""
    try:
        return _FROM_CLIENT.decode(line)
    except _UNUSABLE as error:
        return BadLine(_request_of(line), shortened(str(error), MAX_PROBLEM))


def decode_from_engine(line: bytes) -> FromEngine | BadLine:
    """Return the message of the engine's line, or what is wrong with it."""
    try:
        return _FROM_ENGINE.decode(line)
    except _UNUSABLE as error:
        return BadLine(_request_of(line), shortened(str(error), MAX_PROBLEM))


def _request_of(line: bytes) -> int:
    try:
        return _NUMBERED.decode(line).request
    except _UNUSABLE:
        return 0


class LineBuffer:
    """Splits a stream of bytes into lines; never holds more than one line and one read."""

    def __init__(self) -> None:
        self._rest = b""
        self._skipping = False

    def feed(self, received: bytes) -> list[bytes | BadLine]:
        """Add bytes and return the lines they complete, without newline.

        A line that grows too long is reported once and skipped up to its newline.
        """
        *whole, self._rest = (self._rest + received).split(b"\n")
        lines: list[bytes | BadLine] = []
        for line in whole:
            if self._skipping:
                self._skipping = False
            elif len(line) >= MAX_LINE_BYTES:
                lines.append(TOO_LONG)
            else:
                lines.append(line)
        if len(self._rest) >= MAX_LINE_BYTES:
            if not self._skipping:
                lines.append(TOO_LONG)
            self._skipping = True
            self._rest = b""
        return lines
