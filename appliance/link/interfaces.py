"""The two ends of the link, whether a socket lies between them or one process holds both."""

from typing import NamedTuple, Protocol

from appliance.link.roles import Role
from appliance.messages.actions import Command, Query
from appliance.messages.replies import Event, Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.texts.text import Text

Answer = Reply | Refused | Page


class Peer(NamedTuple):
    """One connection. `number` is never used twice; `role` is the ceiling of the user behind it."""

    number: int
    name: str
    role: Role
    uid: int
    pid: int


class Received(NamedTuple):
    """A command or query that has passed the role's ceiling and waits for the control thread.

    `at_us` is when its line had arrived, on the engine clock; None where nobody looked.
    """

    peer: Peer
    message: Command | Query
    at_us: int | None = None

    @property
    def role(self) -> Role:
        """Return the ceiling of the sender."""
        return self.peer.role


class RefusedLines(NamedTuple):
    """Lines of one client that the link refused by itself: how many, and why the first was."""

    peer: str
    action: str
    text: Text
    lines: int


class EngineLink(Protocol):
    """The engine's end. No method waits; all are called by the control thread alone."""

    def take(self, limit: int = 32) -> tuple[Received, ...]:
        """Return what has arrived: cuts, then stops, then what lowers, then the rest in order.

        Raises `LinkError` if the link has died: no screen could stop the output any more.
        """
        ...

    def publish(self, snapshot: Snapshot) -> None:
        """Make this the newest snapshot; a reader that is slow never sees those before it."""
        ...

    def reply(self, received: Received, message: Answer) -> None:
        """Answer one message; a sender that has gone is no matter."""
        ...

    def event(self, message: Event) -> None:
        """Tell every peer."""
        ...

    def peers(self) -> tuple[Peer, ...]:
        """Return who is connected and has said hello."""
        ...

    def seen(self, peer: Peer) -> int | None:
        """Return the control tick of the newest snapshot that a peer says it has shown."""
        ...

    def keep(self, peer: Peer) -> None:
        """Never turn this peer out for a newcomer: its screen is in charge, and no other's."""
        ...

    def turned_away(self) -> tuple[RefusedLines, ...]:
        """Return what the link refused by itself since it was last asked, counted."""
        ...

    def close(self) -> None:
        """Send what is waiting as far as it goes at once, and let everybody go."""
        ...


class Transport(Protocol):
    """Carries the bytes of one client to the engine and back; every failure is a `LinkError`."""

    def now_us(self) -> int:
        """Return the time in which this transport's timeouts count."""
        ...

    def send(self, line: bytes) -> None:
        """Send all of it."""
        ...

    def receive(self, timeout_us: int) -> bytes:
        """Return what arrives within the timeout, nothing at the timeout."""
        ...

    def close(self) -> None:
        """Disconnect; closing twice does nothing."""
        ...
