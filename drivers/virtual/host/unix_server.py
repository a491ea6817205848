"""Unix stream sockets of the board process: one listener, and a session per client.

Everything a client has sent is carried out, even if the client has disconnected meanwhile.
"""

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from drivers.virtual.host.fair_service import Enough, FairService
from drivers.virtual.host.listener import Listener
from drivers.virtual.host.stderr_notices import BoardNotices

READ_BYTES = 64 * 1024
MAX_UNREAD_BYTES = 1024 * 1024
"""A client that leaves this many bytes unread is not served until it reads."""


class UnixSession(Protocol):
    """The protocol of one client: bytes in, bytes out."""

    def receive(self, received: bytes) -> None:
        """Add received bytes; requests may arrive in any number of parts."""
        ...

    def next_reply(self) -> bytes | None:
        """Carry out the next complete request; None if there is none.

        Raises `ValueError` if the stream cannot be understood any more.
        """
        ...

    def ended(self) -> None:
        """Called when the client has disconnected."""
        ...


class UnixServer:
    """Listens at `path` (mode 0600) and gives each client a session of its own.

    A socket that a killed board left there is replaced, because the caller owns the board's port.
    """

    def __init__(
        self,
        path: Path,
        make_session: Callable[[], UnixSession],
        notices: BoardNotices | None = None,
    ) -> None:
        self.path = path
        self._make_session = make_session
        self._clients: set[_Client] = set()
        path.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(str(path))
        path.chmod(0o600)
        self._listener = Listener(listening, self._welcome, notices or BoardNotices())
        self._service: FairService | None = None

    def register(self, service: FairService) -> None:
        """Listen from now on; `service` decides when each client's requests are carried out."""
        self._service = service
        self._listener.register(service)

    def close(self) -> None:
        """Disconnect every client and remove the socket."""
        for client in tuple(self._clients):
            client.close()
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _welcome(self, connection: socket.socket) -> None:
        if self._service is None:
            connection.close()
            return
        session = self._make_session()
        self._clients.add(_Client(connection, session, self._service, self._clients.discard))


class _Client:
    """One connection: its session and the bytes not yet sent to it."""

    def __init__(
        self,
        connection: socket.socket,
        session: UnixSession,
        service: FairService,
        forget: Callable[["_Client"], None],
    ) -> None:
        self.used_ns = 0
        self.queued = False
        self._connection: socket.socket | None = connection
        self._session = session
        self._service = service
        self._forget = forget
        self._unread = bytearray()
        self._sends = self._reads = True
        self._more = False
        self._events = selectors.EVENT_READ
        service.selector.register(connection, self._events, self._ready)

    def close(self) -> None:
        """Disconnect the client."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if self._events:
                self._service.selector.unregister(connection)
            connection.close()
            self._forget(self)
            self._session.ended()

    def serve(self, enough: Enough) -> bool:
        """Carry out requests until `enough()`; return whether more could be done at once."""
        if self._connection is None:
            return False
        try:
            self._more = self._carry_out(enough)
        except ValueError:
            self.close()
            return False
        self._write()
        if not self._more and not self._reads and not self._unread:
            self.close()
        self._update_events()
        return self._more and len(self._unread) <= MAX_UNREAD_BYTES

    def _carry_out(self, enough: Enough) -> bool:
        while len(self._unread) <= MAX_UNREAD_BYTES:
            reply = self._session.next_reply()
            if reply is None:
                return False
            if self._sends:
                self._unread += reply
            if enough():
                break
        return True

    def _ready(self, events: int) -> None:
        if events & selectors.EVENT_READ:
            self._read()
        elif events & selectors.EVENT_WRITE:
            self._service.ask(self)

    def _read(self) -> None:
        if self._connection is None:
            return
        try:
            received = self._connection.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if received:
            self._session.receive(received)
        else:
            self._reads = False
        self._more = True
        self._update_events()
        self._service.ask(self)

    def _write(self) -> None:
        if self._connection is None or not self._unread:
            return
        try:
            with suppress(BlockingIOError):
                del self._unread[: self._connection.send(self._unread)]
        except OSError:
            self._sends = False
            self._unread.clear()

    def _update_events(self) -> None:
        """Set the wanted events: reading once all is carried out, writing while bytes wait."""
        connection = self._connection
        if connection is None:
            return
        events = selectors.EVENT_READ if self._reads and not self._more else 0
        events |= selectors.EVENT_WRITE if self._unread else 0
        if events == self._events:
            return
        self._service.watch(connection, self._events, events, self._ready)
        self._events = events
