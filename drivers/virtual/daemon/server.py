"""The daemon's TCP side for any number of clients in one thread, on somebody's selector."""

import errno
import selectors
import socket
from collections import deque
from collections.abc import Callable

from drivers.errors import PortInUse
from drivers.virtual.daemon.daemon import Daemon

MAX_PENDING_BYTES = 1 << 20
"""A client that leaves more than this unread is dropped."""
MAX_BACKLOG_BYTES = 1 << 18
"""A client whose commands wait longer than this many bytes is read no further for now."""
_LISTEN_BACKLOG = 100
_RECEIVE_BYTES = 1 << 16

Ready = Callable[[int], None]
"""What `SelectorKey.data` holds: called with the events that are ready."""


class DaemonServer:
    """Listens where pigpiod would. The loop calls `key.data(events)` for each ready key.

    Port 0 takes a free one, see `port`. Raises `PortInUse`. When the daemon is killed, listening
    and client sockets are closed.
    """

    def __init__(self, daemon: Daemon, host: str, port: int) -> None:
        self.daemon = daemon
        self._selector: selectors.BaseSelector | None = None
        self._clients: set[_Client] = set()
        self._listener: socket.socket | None = _listen(host, port)
        self.port: int = self._listener.getsockname()[1]
        daemon.when_killed.append(self.close)

    @property
    def clients(self) -> int:
        """Return how many clients are connected."""
        return len(self._clients)

    def register(self, selector: selectors.BaseSelector) -> None:
        """Put the listening socket on the selector; clients follow as they come."""
        self._selector = selector
        if self._listener is not None:
            selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def close(self) -> None:
        """Close the listening socket and every client; doing it twice is fine."""
        listener, self._listener = self._listener, None
        if listener is not None:
            if self._selector is not None:
                self._selector.unregister(listener)
            listener.close()
        for client in list(self._clients):
            client.close()

    def _accept(self, _: int) -> None:
        selector, listener = self._selector, self._listener
        while selector is not None and listener is not None:
            try:
                connection, _address = listener.accept()
            except (BlockingIOError, ConnectionError):
                return
            except OSError as error:
                # Out of file descriptors: the client waits in the backlog.
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    return
                raise
            self._clients.add(_Client(self.daemon, connection, selector, self._clients.discard))


class _Client:
    """One TCP connection and its session."""

    def __init__(
        self,
        daemon: Daemon,
        connection: socket.socket,
        selector: selectors.BaseSelector,
        forget: Callable[["_Client"], None],
    ) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._connection: socket.socket | None = connection
        self._selector = selector
        self._forget = forget
        self._chunks: deque[bytes] = deque()
        self._pending = 0
        self._events = selectors.EVENT_READ
        self._session = daemon.connect()
        self._session.on_output = self._flush
        selector.register(connection, self._events, self._ready)

    def close(self) -> None:
        """End the connection and the session."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._events:
            self._selector.unregister(connection)
        connection.close()
        self._forget(self)
        self._session.close()

    def _ready(self, events: int) -> None:
        if events & selectors.EVENT_WRITE:
            self._flush()
        if events & selectors.EVENT_READ and self._connection is not None:
            self._read(self._connection)

    def _read(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        self._session.feed(data)
        self._update_events()

    def _flush(self) -> None:
        """Send what waits; a chunk is one reply, or the reports of one look at the pins."""
        chunk = self._session.take_output()
        if chunk:
            self._chunks.append(chunk)
            self._pending += len(chunk)
        try:
            while self._chunks and self._connection is not None:
                self._send_first(self._connection)
        except BlockingIOError:
            if self._pending > MAX_PENDING_BYTES:
                self.close()
        except OSError:
            self.close()
        if self._session.closed:
            self.close()
        self._update_events()

    def _send_first(self, connection: socket.socket) -> None:
        chunk = self._chunks[0]
        sent = connection.send(chunk)
        self._pending -= sent
        if sent < len(chunk):
            self._chunks[0] = chunk[sent:]
            raise BlockingIOError
        self._chunks.popleft()

    def _update_events(self) -> None:
        """Ask for what is wanted: reading unless commands pile up, writing while bytes wait."""
        connection = self._connection
        if connection is None:
            return
        events = selectors.EVENT_READ if self._session.backlog < MAX_BACKLOG_BYTES else 0
        events |= selectors.EVENT_WRITE if self._chunks else 0
        if events == self._events:
            return
        if not self._events:
            self._selector.register(connection, events, self._ready)
        elif not events:
            self._selector.unregister(connection)
        else:
            self._selector.modify(connection, events, self._ready)
        self._events = events


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_LISTEN_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} on {host} is taken by another program; choose another port"
            raise PortInUse(message) from error
        if error.errno == errno.EACCES:
            message = f"port {port} is for root alone; choose one from 1024 to 65535"
            raise PermissionError(error.errno, message) from error
        raise
    listener.setblocking(False)
    return listener
