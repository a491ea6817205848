"""The interfaces of the link: the engine's end, and the transport of a client."""

from typing import NamedTuple, Protocol

from appliance.link.roles import Role
from appliance.messages.actions import Command, Query
from appliance.messages.replies import Event, Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.texts.text import Text

Answer = Reply | Refused | Page


class Peer(NamedTuple):
    """One connection. `number` is never used twice; `role` is the ceiling of the user behind it.

    `name` is what the client calls itself, `user` the name of that user on this machine.
    """

    number: int
    name: str
    role: Role
    uid: int
    pid: int
    user: str = ""


class Received(NamedTuple):
    """A command or query that its role allows and that waits for the control thread.

    `at_us` is when its line arrived, on the engine clock; None if unknown.
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
    """The engine's end. No method waits; only the control thread calls them."""

    def take(self, limit: int = 32) -> tuple[Received, ...]:
        """Return the messages that arrived: cuts, then stops, then what lowers, then the rest.

        Raises `LinkError` if the link has failed: no client could stop the output any more.
        """
        ...

    def publish(self, snapshot: Snapshot) -> None:
        """Make this the newest snapshot; a slow reader never sees the ones before it."""
        ...

    def reply(self, received: Received, message: Answer) -> None:
        """Answer one message. Ignored if the sender has disconnected."""
        ...

    def event(self, message: Event) -> None:
        """Send an event to every peer."""
        ...

    def peers(self) -> tuple[Peer, ...]:
        """Return who is connected and has said hello."""
        ...

    def seen(self, peer: Peer) -> int | None:
        """Return the control tick of the newest snapshot that a peer says it has shown."""
        ...

    def keep(self, peer: Peer) -> None:
        """Never disconnect this peer in favour of a new one: its screen is in charge."""
        ...

    def turned_away(self) -> tuple[RefusedLines, ...]:
        """Return the refusals that the link itself gave since the last call, counted."""
        ...

    def close(self) -> None:
        """Send what can be sent without waiting, and disconnect everybody."""
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

    def fileno(self) -> int:
        """Return a file that can be read once something has arrived, -1 where there is none."""
        ...

    def close(self) -> None:
        """Disconnect; closing twice does nothing."""
        ...
