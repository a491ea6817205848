"""The client's side of the protocol: bytes in, bytes out, without waiting or threads.

The command line drives it over a blocking socket, a kiosk may drive it from its own loop, and a
stepped run drives it in the engine's process.
"""

from collections import deque

from appliance.errors import LinkError
from appliance.link import version_one_refusal
from appliance.link.codec import BadLine, LineBuffer, decode_from_engine, encode
from appliance.link.interfaces import Answer
from appliance.link.stale_commands import is_never_stale, needs_session
from appliance.messages.actions import Action, Command, Hello, Query, Seen
from appliance.messages.replies import Event, FromEngine, Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import PROTOCOL_VERSION
from appliance.texts.english import english

MAX_UNREAD = 1_000
"""Events and answers kept until the caller reads them; older ones are lost."""


class ClientCore:
    """Numbers requests, keeps the newest snapshot, and sorts what comes in."""

    def __init__(self, peer: str, build: str) -> None:
        self.first: Snapshot | None = None
        """The first snapshot: the state before this client asked for anything."""
        self.newest: Snapshot | None = None
        self.given: Snapshot | None = None
        """The newest snapshot that the caller has been given: what it decides on and shows."""
        self.engine: Hello | None = None
        """The engine's hello; its `peer` is the role of this client."""
        self._peer = peer
        self._build = build
        self._cutter = LineBuffer()
        self._last_request = 0
        self._answers: dict[int, Answer] = {}
        self._unread: deque[Event | Refused] = deque(maxlen=MAX_UNREAD)
        self._unseen = False

    def hello(self) -> bytes:
        """Return the first line to send."""
        return encode(Hello(version=PROTOCOL_VERSION, build=self._build, peer=self._peer))

    def command(self, action: Action, token: str = "", act: str = "") -> tuple[int, bytes]:
        """Return the request number and line of an action, based on the snapshot given last.

        One that has arrived since is not what the action was decided on: the engine must be able to
        refuse it as stale.
        """
        self._last_request += 1
        seen = self.given
        timeless = seen is None or is_never_stale(action)
        command = Command(
            request=self._last_request,
            action=action,
            session=seen.session if seen and needs_session(action) else None,
            state_number=None if timeless or seen is None else seen.state_number,
            token=token,
            act=act,
        )
        return command.request, encode(command)

    def query(self, what: str, after: int, limit: int, token: str = "") -> tuple[int, bytes]:
        """Return the request number and line of a query."""
        self._last_request += 1
        number = self._last_request
        query = Query(request=number, what=what, after=after, limit=limit, token=token)
        return query.request, encode(query)

    def shown(self) -> bytes:
        """Return the line that says the snapshot given last was shown; empty without a snapshot."""
        return encode(Seen(tick=self.given.tick)) if self.given else b""

    def feed(self, received: bytes) -> None:
        """Decode bytes of the engine; `LinkError` if they are no messages of this protocol."""
        for line in self._cutter.feed(received):
            message = line if isinstance(line, BadLine) else decode_from_engine(line)
            if isinstance(message, BadLine):
                old = None if isinstance(line, BadLine) else version_one_refusal.refusal_in(line)
                if old is not None:
                    raise LinkError(english(old.text()))
                raise LinkError(f"the engine sent something unusable: {message.problem}")
            self.accept(message)

    def accept(self, message: FromEngine) -> None:
        """Sort in one message of the engine."""
        match message:
            case Snapshot():
                self.first = self.first or message
                self.newest = message
                self._unseen = True
            case Hello():
                self.engine = message
            case Refused(request=0) | Event():
                self._unread.append(message)
            case Reply() | Refused() | Page():
                self._answers[message.request] = message
                if len(self._answers) > MAX_UNREAD:
                    del self._answers[next(iter(self._answers))]

    def give_newest(self) -> Snapshot | None:
        """Return the newest snapshot for the caller to look at."""
        self.given = self.newest
        return self.newest

    @property
    def has_unread(self) -> bool:
        """Tell whether `next_unread` would return a message."""
        return bool(self._unread or self._answers or self._unseen)

    @property
    def turned_away(self) -> Refused | None:
        """Return why the engine refuses this client; None if it has not said so."""
        return next((each for each in self._unread if isinstance(each, Refused)), None)

    def answer_to(self, request: int) -> Answer | None:
        """Return the answer to a request and forget it; None if it has not arrived."""
        return self._answers.pop(request, None)

    def next_unread(self) -> FromEngine | None:
        """Return the next unread event, answer or newest snapshot, in this order."""
        if self._unread:
            return self._unread.popleft()
        if self._answers:
            return self._answers.pop(next(iter(self._answers)))
        if self._unseen:
            self._unseen = False
            return self.give_newest()
        return None
