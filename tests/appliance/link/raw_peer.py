"""A clock that stands, and a client that may be as rude as it likes."""

import socket
from pathlib import Path

import msgspec

from appliance.link.text_conversion import value_of
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName, TextValueView
from appliance.texts.english import english
from drivers.quantities import Microseconds
from tests.support.hang import HANG_S
from tests.support.snapshots import AT_REST

HELLO = b'{"type":"hello","version":2,"build":"test","peer":"raw"}\n'
Heard = dict[str, object]


def shown(heard: Heard, field: str) -> str:
    """Return a part of a refusal in English."""
    return english(value_of(msgspec.convert(heard[field], TextValueView)))


class StandingClock:
    """Time moves when a test says so, so that rates are exact."""

    def __init__(self) -> None:
        self.us = 1_000_000

    def now_us(self) -> Microseconds:
        return Microseconds(self.us)

    def sleep_until(self, at_us: Microseconds) -> None:
        self.us = max(self.us, at_us)


class RawPeer:
    """A socket that says any bytes and hears any lines."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(HANG_S)
        self.socket.connect(str(path))
        self._lines = self.socket.makefile("rb")

    def close(self) -> None:
        self._lines.close()
        self.socket.close()

    def say(self, text: bytes) -> None:
        self.socket.sendall(text)

    def hear(self) -> Heard | None:
        """Return the next message, None at the end of the stream."""
        line = self._lines.readline()
        return msgspec.json.decode(line) if line else None

    def sync(self) -> list[Heard]:
        """Return all that was said to us until everything we said has been read."""
        self.say(HELLO)
        heard: list[Heard] = []
        while (message := self.hear()) is not None:
            if message["type"] == "hello":
                return heard
            heard.append(message)
        raise AssertionError(f"dropped; heard {heard}")

    def to_the_end(self) -> list[Heard]:
        """Return all that is said to us until the other side closes."""
        heard: list[Heard] = []
        try:
            while (message := self.hear()) is not None:
                heard.append(message)
        except ConnectionResetError:
            # Closed with something of ours unread: that too is an end.
            return heard
        return heard


def command(request: int, action: str, **fields: object) -> bytes:
    body = {"type": "command", "request": request, "action": {"type": action, **fields}}
    return msgspec.json.encode(body) + b"\n"


def snapshot(tick: int = 1, *, session: str | None = "s1", state_number: int = 7) -> Snapshot:
    return msgspec.structs.replace(
        AT_REST,
        at_us=tick * 10_000,
        tick=tick,
        state=StateName.DELIVERING,
        state_number=state_number,
        session=session,
        programme="tens-conventional",
        stage="hold",
    )
