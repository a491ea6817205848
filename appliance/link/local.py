"""Both ends of the link in one process and one thread, for stepped runs.

Messages are still encoded and decoded, so that what a stepped run proves holds over a socket.
Snapshots are encoded only when the client reads.
"""

from collections import deque
from collections.abc import Callable

from appliance.errors import LinkError
from appliance.link.codec import BadLine, LineBuffer, decode_from_client, encode
from appliance.link.inbox import Inbox, busy
from appliance.link.interfaces import Answer, Peer, Received, RefusedLines
from appliance.link.roles import Role, refuse_beyond
from appliance.messages.actions import Command, Hello, Query, Seen
from appliance.messages.replies import Event
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import PROTOCOL_VERSION

MAX_OUTBOUND = 4_096
"""Answers and events that wait for the client; beyond that the oldest are lost."""


class LocalLink:
    """An `EngineLink` for the engine, and the `Transport` of its only client.

    While the client waits, `step` is called again and again: it runs one control tick of `tick_us`,
    and timeouts count in ticks. `step` may be set later, because the engine is built with the link.
    `now_us` is the engine's clock, which stamps what arrives.
    """

    def __init__(
        self,
        build: str = "",
        *,
        role: Role = Role.OWNER,
        tick_us: int = 10_000,
        now_us: Callable[[], int] | None = None,
    ) -> None:
        self.step: Callable[[], None] | None = None
        self._build = build
        self._engine_now_us = now_us
        self._tick_us = tick_us
        self._stepped_us = 0
        self._peer = Peer(1, "local", role, -1, 0)
        self._inbox = Inbox()
        self._lines = LineBuffer()
        self._outbound: deque[bytes] = deque(maxlen=MAX_OUTBOUND)
        self._published: Snapshot | None = None
        self._seen: int | None = None
        self._is_open = False

    # --- the engine's end --------------------------------------------------------------------

    def take(self, limit: int = 32) -> tuple[Received, ...]:
        """Return what has been sent, stops first."""
        taken, void = self._inbox.take(limit)
        for received in void:
            self.reply(received, busy(received.message))
        return taken

    def publish(self, snapshot: Snapshot) -> None:
        """Make this the newest snapshot."""
        self._published = snapshot

    def reply(self, received: Received, message: Answer) -> None:
        """Answer one message."""
        del received
        self._outbound.append(encode(message))

    def event(self, message: Event) -> None:
        """Send an event to the client."""
        self._outbound.append(encode(message))

    def peers(self) -> tuple[Peer, ...]:
        """Return the one client, from its hello until it has closed."""
        return (self._peer,) if self._is_open else ()

    def seen(self, peer: Peer) -> int | None:
        """Return the control tick of the newest snapshot that the client says it has shown."""
        del peer
        return self._seen

    def keep(self, peer: Peer) -> None:
        """Do nothing: no other client can take its place."""
        del peer

    def turned_away(self) -> tuple[RefusedLines, ...]:
        """Return nothing: refusals inside one process are not counted."""
        return ()

    # --- the client's end: a transport -------------------------------------------------------

    def now_us(self) -> int:
        """Return the time that has been stepped while the client waited."""
        return self._stepped_us

    def send(self, line: bytes) -> None:
        """Hand every message to the engine at once, as the link's server would."""
        for each in self._lines.feed(line):
            message = decode_from_client(each) if isinstance(each, bytes) else each
            if isinstance(message, BadLine):
                self._outbound.append(encode(message.refusal()))
            elif isinstance(message, Hello):
                self._is_open = True
                hello = Hello(
                    version=PROTOCOL_VERSION, build=self._build, peer=self._peer.role.value
                )
                self._outbound.append(encode(hello))
            elif isinstance(message, Seen):
                self._seen = message.tick
            else:
                self._hand_on(message)

    def receive(self, timeout_us: int) -> bytes:
        """Step until something is there for the client, at most the ticks of the timeout."""
        for _ in range(timeout_us // self._tick_us):
            if self._outbound or self._published is not None:
                break
            self._step()
        if self._published is not None:
            self._outbound.append(encode(self._published))
            self._published = None
        received = b"".join(self._outbound)
        self._outbound.clear()
        return received

    def fileno(self) -> int:
        """Return that nothing can be waited for: what arrives is stepped."""
        return -1

    def close(self) -> None:
        """Leave, for either end; closing twice does nothing."""
        self._is_open = False

    def _hand_on(self, message: Command | Query) -> None:
        refused = refuse_beyond(self._peer.role, message)
        at_us = self._engine_now_us() if self._engine_now_us is not None else None
        refused = refused or self._inbox.put(Received(self._peer, message, at_us))
        if refused is not None:
            self._outbound.append(encode(refused))

    def _step(self) -> None:
        if self.step is None:
            raise LinkError("nobody steps the engine behind this link")
        self.step()
        self._stepped_us += self._tick_us
