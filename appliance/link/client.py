"""The client of the engine, over a socket or inside one process.

Every wait has a timeout and every failure is a `LinkError`. What arrived before a connection broke
is still given to the caller; the loss is raised only after that. It never reconnects by itself: a
caller who lost the engine must first look at what the engine does now.
"""

from contextlib import suppress
from pathlib import Path
from typing import Self

from appliance.errors import LinkError
from appliance.link.client_core import ClientCore
from appliance.link.interfaces import Answer, Transport
from appliance.link.text_conversion import text_of_turned_away
from appliance.link.transport import SocketTransport
from appliance.messages.actions import Action
from appliance.messages.replies import FromEngine, Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.texts.english import english
from drivers.quantities import US_PER_S

FIRST = 1
"""The request number of what is sent with the hello."""


class LinkClient:
    """One connection to the engine. For one thread."""

    def __init__(
        self,
        transport: Transport,
        peer: str,
        *,
        build: str = "",
        timeout_s: float = 2.0,
        first: Action | None = None,
    ) -> None:
        """Say hello and wait for the engine's; see `connect`."""
        self._transport = transport
        self._core = ClientCore(peer, build)
        self._is_open = True
        self._lost: LinkError | None = None
        """Why nothing more will arrive."""
        self._looked_at: Snapshot | None = None
        """What `snapshot` returned last."""
        self.token = ""
        """Of the operator who signed in through this client; goes with all that is sent."""
        try:
            self._greet(timeout_s, first)
        except LinkError:
            self.close()
            raise

    @classmethod
    def connect(
        cls,
        path: Path,
        peer: str,
        *,
        build: str = "",
        timeout_s: float = 2.0,
        first: Action | None = None,
    ) -> Self:
        """Connect to the socket at `path`, say hello and wait for the engine's.

        `first` is sent together with the hello, before the engine has answered; `FIRST` is its
        request number. Raises `LinkError` if no engine answers, or the engine refuses this client.
        """
        transport = SocketTransport(path, timeout_s)
        return cls(transport, peer, build=build, timeout_s=timeout_s, first=first)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def first(self) -> Snapshot | None:
        """Return the first snapshot that arrived."""
        return self._core.first

    @property
    def role(self) -> str:
        """Return the role the engine has given this client."""
        return self._core.engine.peer if self._core.engine else ""

    @property
    def engine_build(self) -> str:
        """Return the build of the engine."""
        return self._core.engine.build if self._core.engine else ""

    def send(self, action: Action, *, token: str = "", act: str = "") -> int:
        """Send one action and return its request number.

        It is based on the snapshot that `snapshot` or `next_message` returned last. `act` is as in
        `Command`.
        """
        request, line = self._core.command(action, token or self.token, act)
        self._write(line)
        return request

    def wait_reply(self, request: int, timeout_s: float = 1.0) -> Reply | Refused:
        """Return the answer to a request; `LinkError` if none comes in time."""
        answer = self._wait(request, timeout_s)
        if isinstance(answer, Page):
            raise LinkError(f"request {request} was a query; its answer is a page")
        return answer

    def ask(self, action: Action, timeout_s: float = 1.0) -> Reply | Refused:
        """Send one action and return the answer."""
        return self.wait_reply(self.send(action), timeout_s)

    def snapshot(self) -> Snapshot | None:
        """Return the newest snapshot that has arrived, without waiting.

        Raises `LinkError` if the engine has gone and neither this snapshot nor a message is new.
        """
        self._read_waiting()
        if self._core.newest is self._looked_at and not self._core.has_unread:
            self._raise_if_lost()
        self._looked_at = self._core.give_newest()
        return self._looked_at

    def next_message(self, timeout_s: float) -> FromEngine | None:
        """Return the next event, answer nobody waited for, or new snapshot; None at the timeout.

        Raises `LinkError` if the engine has gone and everything that arrived has been returned.
        """
        until_us = self._until_us(timeout_s)
        self._read_waiting()
        while True:
            message = self._core.next_unread()
            if message is not None:
                return message
            if not self._read(until_us):
                self._raise_if_lost()
                return None

    def fileno(self) -> int:
        """Return what `select` waits for; first take what `next_message(0)` has, until None."""
        return self._transport.fileno()

    def shown(self) -> None:
        """Tell the engine that the snapshot returned last has been shown.

        Call it at least every second, and every 200 ms while a rise key is pressed: the engine
        releases the key 300 ms after the last call. An engine that has gone is no error here: the
        next read reports it, after what arrived before.
        """
        self._check_open()
        line = self._core.shown()
        if line:
            with suppress(LinkError):
                self._write(line)

    def send_query(self, what: str, *, after: int = 0, limit: int = 100, token: str = "") -> int:
        """Ask for a page of records and return the request number: `next_message` brings it."""
        request, line = self._core.query(what, after, limit, token or self.token)
        self._write(line)
        return request

    def query(
        self, what: str, *, after: int = 0, limit: int = 100, timeout_s: float = 2.0
    ) -> Page | Refused:
        """Ask for a page of records and return it; `LinkError` if none comes in time."""
        request, line = self._core.query(what, after, limit, self.token)
        self._write(line)
        answer = self._wait(request, timeout_s)
        if isinstance(answer, Reply):
            raise LinkError(f"the engine answered query {request} as if it were a command")
        return answer

    def close(self) -> None:
        """Disconnect; closing twice does nothing."""
        self._is_open = False
        self._transport.close()

    def _greet(self, timeout_s: float, first: Action | None) -> None:
        until_us = self._until_us(timeout_s)
        line = self._core.command(first)[1] if first is not None else b""
        self._write(self._core.hello() + line)
        while self._core.engine is None:
            refused = self._core.turned_away
            if refused is not None:
                raise LinkError(english(text_of_turned_away(refused)))
            if not self._read(until_us):
                self._raise_if_lost()
                raise LinkError(f"the engine did not say hello within {timeout_s} s")

    def _wait(self, request: int, timeout_s: float) -> Answer:
        until_us = self._until_us(timeout_s)
        while True:
            answer = self._core.answer_to(request)
            if answer is not None:
                return answer
            if not self._read(until_us):
                self._raise_if_lost()
                raise LinkError(f"the engine did not answer request {request} in {timeout_s} s")

    def _until_us(self, timeout_s: float) -> int:
        return self._transport.now_us() + int(timeout_s * US_PER_S)

    def _write(self, line: bytes) -> None:
        self._check_open()
        self._transport.send(line)

    def _read_waiting(self) -> None:
        while self._read(0):
            pass

    def _read(self, until_us: int) -> bool:
        """Take in what arrives until then; return False if nothing did, or never will again."""
        self._check_open()
        if self._lost is not None:
            return False
        try:
            received = self._transport.receive(until_us - self._transport.now_us())
            self._core.feed(received)
        except LinkError as error:
            self._lost = error
            return False
        return bool(received)

    def _raise_if_lost(self) -> None:
        if self._lost is not None:
            raise LinkError(str(self._lost)) from self._lost

    def _check_open(self) -> None:
        if not self._is_open:
            raise LinkError("this connection is closed")
