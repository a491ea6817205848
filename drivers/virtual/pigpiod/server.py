"""The daemon's TCP side: any number of clients in one thread, served by a `FairService`."""

import errno
import selectors
import socket
from collections import deque
from collections.abc import Callable

from drivers.errors import PortInUse
from drivers.virtual.host.fair_service import Enough, FairService
from drivers.virtual.host.listener import Listener
from drivers.virtual.pigpiod.daemon import Daemon

MAX_PENDING_BYTES = 1 << 20
"""A client that leaves more report bytes than this unread is disconnected."""
MAX_UNREAD_BYTES = 1 << 18
"""A client that leaves more bytes than this unread is not served until it reads."""
MAX_BACKLOG_BYTES = 1 << 18
"""A client whose waiting commands exceed this many bytes is not read from for now."""
_RECEIVE_BYTES = 1 << 16


class DaemonServer:
    """Listens where pigpiod would.

    Port 0 takes a free one, see `port`. Raises `PortInUse`. When the daemon is killed, listening
    and client sockets are closed.
    """

    def __init__(self, daemon: Daemon, host: str, port: int) -> None:
        self.daemon = daemon
        self._service: FairService | None = None
        self._clients: set[_Client] = set()
        listening = _bind(host, port)
        self.port: int = listening.getsockname()[1]
        try:
            self._listener = Listener(listening, self._welcome, daemon.notices)
        except OSError as error:
            listening.close()
            raise _unusable(host, port, error) from error
        daemon.when_killed.append(self.close)

    @property
    def clients(self) -> int:
        """Number of connected clients."""
        return len(self._clients)

    def register(self, service: FairService) -> None:
        """Listen from now on; `service` decides when each client's commands are carried out."""
        self._service = service
        self._listener.register(service)

    def close(self) -> None:
        """Close the listening socket and every client; closing twice is harmless."""
        self._listener.close()
        for client in list(self._clients):
            client.close()

    def _welcome(self, connection: socket.socket) -> None:
        if self._service is None:
            connection.close()
            return
        self._clients.add(_Client(self.daemon, connection, self._service, self._clients.discard))


class _Client:
    """One TCP connection and its session, which may outlast the client's sending and reading."""

    def __init__(
        self,
        daemon: Daemon,
        connection: socket.socket,
        service: FairService,
        forget: Callable[["_Client"], None],
    ) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.used_ns = 0
        self.queued = False
        self._connection: socket.socket | None = connection
        self._service = service
        self._forget = forget
        self._chunks: deque[bytes] = deque()
        self._pending = 0
        self._sends = self._reads = True
        self._events = selectors.EVENT_READ
        self._session = daemon.connect()
        self._session.on_output = self._flush
        if not service.stepped:
            self._session.on_ready = lambda: service.ask(self)
        service.selector.register(connection, self._events, self._ready)

    def close(self) -> None:
        """Close the connection and the session."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._events:
            self._service.selector.unregister(connection)
        connection.close()
        self._forget(self)
        self._session.close()

    def serve(self, enough: Enough) -> bool:
        """Carry out commands until `enough()`; return whether more could be done at once."""
        if self._connection is None or self._pending > MAX_UNREAD_BYTES:
            return False
        self._session.serve(enough)
        self._update_events()
        return self._session.ready and self._pending <= MAX_UNREAD_BYTES

    def _ready(self, events: int) -> None:
        if events & selectors.EVENT_WRITE:
            self._flush()
        if events & selectors.EVENT_READ and self._connection is not None and self._reads:
            self._read(self._connection)

    def _read(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._session.receive(data)
            if self._session.ready:
                self._service.ask(self)
        else:
            self._reads = False
            self._session.end_input()
        self._update_events()

    def _flush(self) -> None:
        """Send what waits; a chunk is one reply, or the reports of one run of the alert thread."""
        chunk = self._session.take_output()
        if chunk and self._sends:
            self._chunks.append(chunk)
            self._pending += len(chunk)
        try:
            while self._chunks and self._connection is not None:
                self._send_first(self._connection)
        except BlockingIOError:
            if self._pending > MAX_PENDING_BYTES:
                self.close()
        except OSError:
            self._stop_sending()
        if self._session.closed and not self._chunks:
            self.close()
        elif self._session.ready and self._pending <= MAX_UNREAD_BYTES:
            self._service.ask(self)
        self._update_events()

    def _stop_sending(self) -> None:
        """Stop sending: the client reads no more. Commands already received are carried out."""
        self._sends = False
        self._chunks.clear()
        self._pending = 0

    def _send_first(self, connection: socket.socket) -> None:
        chunk = self._chunks[0]
        sent = connection.send(chunk)
        self._pending -= sent
        if sent < len(chunk):
            self._chunks[0] = chunk[sent:]
            raise BlockingIOError
        self._chunks.popleft()

    def _update_events(self) -> None:
        """Set the wanted events: reading unless commands pile up, writing while bytes wait."""
        connection = self._connection
        if connection is None:
            return
        reads = self._reads and self._session.backlog < MAX_BACKLOG_BYTES
        events = selectors.EVENT_READ if reads else 0
        events |= selectors.EVENT_WRITE if self._chunks else 0
        if events == self._events:
            return
        self._service.watch(connection, self._events, events, self._ready)
        self._events = events


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise _unusable(host, port, error) from error
    return listening


def _unusable(host: str, port: int, error: OSError) -> OSError | PortInUse:
    """Return the error to raise for a port that cannot be listened on."""
    if error.errno == errno.EADDRINUSE:
        return PortInUse(f"port {port} on {host} is taken by another program; choose another port")
    if error.errno == errno.EACCES:
        message = f"port {port} is only for root; choose one from 1024 to 65535"
        return PermissionError(error.errno, message)
    return error
