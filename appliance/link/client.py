"""A blocking client of the engine. Every wait has a timeout; every failure is a `LinkError`.

It never connects again by itself: who lost the engine must look at what it does now first.
"""

import socket
import time
from pathlib import Path
from typing import Self

from appliance.errors import LinkError
from appliance.link.client_core import ClientCore
from appliance.link.interfaces import Answer
from appliance.link.text_views import text_of_turned_away
from appliance.messages.actions import Action
from appliance.messages.replies import FromEngine, Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.texts.english import english

_READ_BYTES = 64 * 1024
_AGAIN_S = 0.01
FIRST = 1
"""The request number of what is sent with the hello."""


class LinkClient:
    """A connection to the engine; a `ClientLink`. For one thread."""

    def __init__(self, connected: socket.socket, core: ClientCore) -> None:
        self._socket = connected
        self._core = core
        self._is_open = True

    @classmethod
    def connect(
        cls,
        path: Path,
        peer: str,
        *,
        build: str = "",
        timeout_s: float = 2.0,
        first: Action | None = None,
    ) -> "LinkClient":
        """Connect, say hello and wait for the engine's.

        `first` is sent together with the hello, before anything is waited for; `FIRST` is its
        request. Raises `LinkError` when no engine answers there, or it turns us away.
        """
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client = cls(connected, ClientCore(peer, build))
        try:
            _reach(connected, path, timeout_s)
            connected.settimeout(timeout_s)
            client._greet(timeout_s, first)
        except (LinkError, OSError) as error:
            connected.close()
            if isinstance(error, LinkError):
                raise
            if isinstance(error, PermissionError):
                message = (
                    f"the engine's socket {path} is another user's: use the engine as its user"
                )
                raise LinkError(f"{message}; in doubt press the emergency stop") from error
            raise LinkError(f"no engine answers at {path}; start `stimkiosk engine`") from error
        return client

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

    def fileno(self) -> int:
        """Return the descriptor, for a caller with a selector of its own."""
        return self._socket.fileno()

    def send(self, action: Action, *, token: str = "") -> int:
        """Send one action, based on the newest snapshot seen, and return its request number."""
        self._read_waiting()
        request, line = self._core.command(action, token)
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
        """Return the newest snapshot that has arrived, without waiting."""
        self._read_waiting()
        return self._core.newest

    def next_message(self, timeout_s: float) -> FromEngine | None:
        """Return the next event, answer nobody waited for, or new snapshot; None at the timeout."""
        until_s = time.monotonic() + timeout_s
        self._read_waiting()
        while True:
            message = self._core.next_unread()
            if message is not None or not self._read(until_s - time.monotonic()):
                return message

    def shown(self) -> None:
        """Tell the engine that the newest snapshot has been shown; at least every second."""
        line = self._core.shown()
        if line:
            self._write(line)

    def query(
        self, what: str, *, after: int = 0, limit: int = 100, timeout_s: float = 2.0
    ) -> Page | Refused:
        """Ask for a page of records and return it; `LinkError` if none comes in time."""
        request, line = self._core.query(what, after, limit)
        self._write(line)
        answer = self._wait(request, timeout_s)
        if isinstance(answer, Reply):
            raise LinkError(f"the engine answered query {request} as if it were a command")
        return answer

    def close(self) -> None:
        """Let the engine go; closing twice is no matter."""
        self._is_open = False
        self._socket.close()

    def _greet(self, timeout_s: float, first: Action | None) -> None:
        until_s = time.monotonic() + timeout_s
        line = self._core.command(first)[1] if first is not None else b""
        self._write(self._core.hello() + line)
        while self._core.engine is None:
            refused = self._core.next_unread()
            if isinstance(refused, Refused):
                raise LinkError(english(text_of_turned_away(refused)))
            if not self._read(until_s - time.monotonic()):
                raise LinkError(f"the engine did not say hello within {timeout_s} s")

    def _wait(self, request: int, timeout_s: float) -> Answer:
        until_s = time.monotonic() + timeout_s
        while True:
            answer = self._core.answer_to(request)
            if answer is not None:
                return answer
            if not self._read(until_s - time.monotonic()):
                raise LinkError(f"the engine did not answer request {request} in {timeout_s} s")

    def _write(self, line: bytes) -> None:
        self._check_open()
        try:
            self._socket.sendall(line)
        except OSError as error:
            raise LinkError("the engine has gone; nothing was sent") from error

    def _read_waiting(self) -> None:
        while self._read(0.0):
            pass

    def _read(self, timeout_s: float) -> bool:
        """Take in what comes within `timeout_s`; False if nothing did."""
        self._check_open()
        before_s = self._socket.gettimeout()
        try:
            self._socket.settimeout(max(timeout_s, 0.0))
            received = self._socket.recv(_READ_BYTES)
        except (BlockingIOError, TimeoutError):
            return False
        except OSError as error:
            raise LinkError("the connection to the engine broke") from error
        finally:
            self._socket.settimeout(before_s)
        if not received:
            raise LinkError("the engine has closed the connection")
        self._core.feed(received)
        return True

    def _check_open(self) -> None:
        if not self._is_open:
            raise LinkError("this connection is closed")


def _reach(unconnected: socket.socket, path: Path, timeout_s: float) -> None:
    """Connect, again and again while too many others wait to be let in; raises `OSError`."""
    until_s = time.monotonic() + timeout_s
    unconnected.setblocking(False)
    while True:
        try:
            unconnected.connect(str(path))
        except BlockingIOError:
            if time.monotonic() > until_s:
                raise
            time.sleep(_AGAIN_S)
        else:
            return
