"""Both ends of the link in one process and one thread, for stepped runs.

Messages are still encoded and decoded, so that what a stepped run proves holds over a socket.
Snapshots are encoded only when the client looks.
"""

from collections.abc import Callable

from appliance.errors import LinkError
from appliance.link.client_core import ClientCore
from appliance.link.codec import BadLine, decode_from_client, encode
from appliance.link.inbox import Inbox, busy
from appliance.link.interfaces import Answer, Peer, Received, RefusedLines
from appliance.link.roles import Role, refuse_beyond
from appliance.messages.actions import Action, Command, Hello, Query
from appliance.messages.replies import Event, FromEngine, Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import PROTOCOL_VERSION


class LocalLink:
    """An `EngineLink` and a `ClientLink` at once.

    While the client waits, `step` is called over and over: it runs one control tick of `tick_us`,
    and timeouts count in those. `step` may be set later, for the engine is built with the link.
    `now_us` is the engine's clock, which stamps what arrives.
    """

    def __init__(
        self,
        build: str = "",
        *,
        role: Role = Role.OWNER,
        step: Callable[[], None] | None = None,
        tick_us: int = 10_000,
        now_us: Callable[[], int] | None = None,
    ) -> None:
        self.step = step
        self._now_us = now_us
        self._tick_us = tick_us
        self._peer = Peer(1, "local", role, -1, 0)
        self._inbox = Inbox()
        self._core = ClientCore("local", build)
        self._core.accept(Hello(version=PROTOCOL_VERSION, build=build, peer=role.value))
        self._published: Snapshot | None = None
        self._seen: int | None = None
        self._is_open = True

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
        self._core.feed(encode(message))

    def event(self, message: Event) -> None:
        """Tell the client."""
        self._core.feed(encode(message))

    def peers(self) -> tuple[Peer, ...]:
        """Return the one client, until it has closed."""
        return (self._peer,) if self._is_open else ()

    def seen(self, peer: Peer) -> int | None:
        """Return the control tick of the newest snapshot that the client says it has shown."""
        del peer
        return self._seen

    def keep(self, peer: Peer) -> None:
        """Nothing to do: nobody else can come."""
        del peer

    def turned_away(self) -> tuple[RefusedLines, ...]:
        """Return nothing: what one process sends itself is not counted."""
        return ()

    # --- the client's end --------------------------------------------------------------------

    def send(self, action: Action, *, token: str = "") -> int:
        """Send one action, based on the newest snapshot, and return its request number."""
        self._look()
        request, line = self._core.command(action, token)
        self._hand_on(line)
        return request

    def wait_reply(self, request: int, timeout_s: float = 1.0) -> Reply | Refused:
        """Step until the answer to a request is there; `LinkError` after `timeout_s` of steps."""
        answer = self._wait(request, timeout_s)
        if isinstance(answer, Page):
            raise LinkError(f"request {request} was a query; its answer is a page")
        return answer

    def ask(self, action: Action, timeout_s: float = 1.0) -> Reply | Refused:
        """Send one action and return the answer."""
        return self.wait_reply(self.send(action), timeout_s)

    def snapshot(self) -> Snapshot | None:
        """Return the newest snapshot."""
        self._look()
        return self._core.newest

    def next_message(self, timeout_s: float) -> FromEngine | None:
        """Step until there is an event, an answer or a new snapshot; None at the timeout."""
        for _ in range(self._steps(timeout_s)):
            message = self._core.next_unread()
            if message is None and self._look():
                message = self._core.next_unread()
            if message is not None:
                return message
            self._step()
        self._look()
        return self._core.next_unread()

    def shown(self) -> None:
        """Tell the engine that the newest snapshot has been shown."""
        self._seen = self._core.newest.tick if self._core.newest else None

    def query(
        self, what: str, *, after: int = 0, limit: int = 100, timeout_s: float = 2.0
    ) -> Page | Refused:
        """Ask for a page of records and step until it is there."""
        request, line = self._core.query(what, after, limit)
        self._hand_on(line)
        answer = self._wait(request, timeout_s)
        if isinstance(answer, Reply):
            raise LinkError(f"the engine answered query {request} as if it were a command")
        return answer

    def close(self) -> None:
        """Let the other end go; closing twice is no matter."""
        self._is_open = False

    def _hand_on(self, line: bytes) -> None:
        message = decode_from_client(line.rstrip(b"\n"))
        if isinstance(message, BadLine):
            self._core.accept(message.refusal())
            return
        if not isinstance(message, Command | Query):
            return
        refused = refuse_beyond(self._peer.role, message)
        at_us = self._now_us() if self._now_us is not None else None
        refused = refused or self._inbox.put(Received(self._peer, message, at_us))
        if refused is not None:
            self._core.feed(encode(refused))

    def _look(self) -> bool:
        """Hand a published snapshot over, if there is a new one."""
        published, self._published = self._published, None
        if published is None:
            return False
        self._core.feed(encode(published))
        return True

    def _wait(self, request: int, timeout_s: float) -> Answer:
        for _ in range(self._steps(timeout_s)):
            answer = self._core.answer_to(request)
            if answer is not None:
                return answer
            self._step()
        answer = self._core.answer_to(request)
        if answer is None:
            raise LinkError(f"the engine did not answer request {request} in {timeout_s} s")
        return answer

    def _steps(self, timeout_s: float) -> int:
        return int(timeout_s * 1_000_000) // self._tick_us

    def _step(self) -> None:
        if self.step is None:
            raise LinkError("nobody steps the engine behind this link")
        self.step()
