"""Unix stream sockets of the board process: one listener, sessions that are fed bytes."""

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

READ_BYTES = 64 * 1024
MAX_UNREAD_BYTES = 1024 * 1024
"""A client that reads nothing is dropped once this much waits for it."""
BACKLOG = 100


class Session(Protocol):
    """One client's protocol: bytes in, bytes out."""

    def feed(self, received: bytes) -> bytes:
        """Return replies; raises `ValueError` where the stream makes no sense any more."""
        ...


class UnixServer:
    """Listens at `path` (mode 0600) and gives each client a session of its own.

    A socket left there by a killed board is replaced: the caller owns the board's port.
    """

    def __init__(self, path: Path, make_session: Callable[[], Session]) -> None:
        self.path = path
        self._make_session = make_session
        self._clients: dict[socket.socket, _Client] = {}
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen(BACKLOG)
        self._listener.setblocking(False)
        self._selector: selectors.BaseSelector | None = None

    def register(self, selector: selectors.BaseSelector) -> None:
        """Have `selector` watch; the data of each key is what to call with the events."""
        self._selector = selector
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def close(self) -> None:
        """Drop every client and take the socket away."""
        for connection in tuple(self._clients):
            self._drop(connection)
        if self._selector is not None:
            self._selector.unregister(self._listener)
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _accept(self, _: int) -> None:
        if self._selector is None:
            return
        with suppress(BlockingIOError, ConnectionAbortedError):
            connection, _address = self._listener.accept()
            connection.setblocking(False)
            client = _Client(connection, self._make_session(), self._selector, self._drop)
            self._clients[connection] = client
            self._selector.register(connection, selectors.EVENT_READ, client.ready)

    def _drop(self, connection: socket.socket) -> None:
        if self._clients.pop(connection, None) is not None and self._selector is not None:
            self._selector.unregister(connection)
            connection.close()


class _Client:
    """One connection: its session and what it has not read yet."""

    def __init__(
        self,
        connection: socket.socket,
        session: Session,
        selector: selectors.BaseSelector,
        drop: Callable[[socket.socket], None],
    ) -> None:
        self._connection = connection
        self._session = session
        self._selector = selector
        self._drop = drop
        self._unread = b""

    def ready(self, events: int) -> None:
        """Read and answer, or go on writing."""
        try:
            if events & selectors.EVENT_READ:
                self._read()
            elif self._unread:
                self._write()
        except BlockingIOError:
            return
        except (OSError, ValueError):
            self._drop(self._connection)

    def _read(self) -> None:
        received = self._connection.recv(READ_BYTES)
        if not received:
            self._drop(self._connection)
            return
        self._unread += self._session.feed(received)
        if len(self._unread) > MAX_UNREAD_BYTES:
            self._drop(self._connection)
        elif self._unread:
            self._write()

    def _write(self) -> None:
        with suppress(BlockingIOError):
            sent = self._connection.send(self._unread)
            self._unread = self._unread[sent:]
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unread else 0)
        if self._selector.get_key(self._connection).events != events:
            self._selector.modify(self._connection, events, self.ready)
