"""One client's socket as the link thread sees it: bytes in and out, never waiting."""

import fcntl
import socket
import struct
import termios

from appliance.link.interfaces import Peer
from appliance.link.roles import Role
from appliance.link.server.rate_limit import RateLimit
from appliance.link.server.received_lines import Backlog

READ_BYTES = 32 * 1024
MAX_UNSENT_BYTES = 512 * 1024
"""A reader this far behind is dropped."""
EXPENDABLE_BYTES = 256 * 1024
"""Answers "busy" are left out for a reader this far behind."""
_CREDENTIALS = struct.Struct("3i")
_INT = struct.Struct("i")


class Connection:
    """A non-blocking socket with its buffers and rate limits."""

    def __init__(self, number: int, connected: socket.socket, now_us: int) -> None:
        connected.setblocking(False)
        self.number = number
        self.socket = connected
        self.since_us = now_us
        self.heard_us = now_us
        """When it last sent anything."""
        self.waiting_since_us = now_us
        """When the oldest line in the backlog arrived, or earlier."""
        self.role: Role | None = None
        """The role of its user; None is disconnected."""
        self.sender: Peer | None = None
        """The peer that may stop before its hello; None for a user without a role."""
        self.peer: Peer | None = None
        """Set once the hello was accepted."""
        self.last_turn = 0
        """Serial number of the last turn in which its lines were processed."""
        self.has_asked = False
        """It has sent a command or a query that its role allows."""
        self.bad_lines = 0
        self.shown = 0
        """Serial number of the last snapshot put into the buffer."""
        self.commands = RateLimit(50, 50, now_us)
        self.lines = RateLimit(5_000, 5_000, now_us)
        self.is_ending = False
        """It is closed at the end of the round; urgent messages it still sends count."""
        self.has_left = False
        """Nothing more will arrive; what it sent before is still read in its turn."""
        self.awaits_room = False
        """The selector reports when it can be written to."""
        self.backlog = Backlog()
        self._unsent = bytearray()

    def credentials(self) -> tuple[int, int]:
        """Return process id and user id of the peer, from the kernel."""
        raw = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        pid, uid, _ = _CREDENTIALS.unpack(raw)
        return pid, uid

    def receive(self, now_us: int) -> bool:
        """Read once; say whether anything arrived.

        Nothing is read while the backlog is full: a client that sends too fast has to wait.
        """
        if self.has_left or not self.backlog.has_room:
            return False
        try:
            received = self.socket.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            received = b""
        if not received:
            self.has_left = True
            return False
        self.heard_us = now_us
        if not len(self.backlog):
            self.waiting_since_us = now_us
        self.backlog.add(received)
        return True

    def receive_last(self) -> None:
        """Read all that waits now, for a last search; what is sent meanwhile is too late."""
        try:
            left = self._waiting_bytes()
            while left > 0:
                received = self.socket.recv(left)
                if not received:
                    return
                self.backlog.add(received)
                left -= len(received)
        except OSError:
            return

    def _waiting_bytes(self) -> int:
        """Return the bytes in the socket's buffer, which the kernel limits (unix(7), SIOCINQ)."""
        found = fcntl.ioctl(self.socket, termios.FIONREAD, _INT.pack(0))
        waiting: int = _INT.unpack(found)[0]
        return waiting

    @property
    def unsent_bytes(self) -> int:
        """Return how many bytes the reader is behind."""
        return len(self._unsent)

    def write(self, line: bytes) -> bool:
        """Send what fits of a line and keep the rest; False if the peer must be dropped."""
        self._unsent += line
        return self.flush() and len(self._unsent) <= MAX_UNSENT_BYTES

    def flush(self) -> bool:
        """Send what fits of the waiting bytes; False if the peer has left."""
        while self._unsent:
            try:
                sent = self.socket.send(self._unsent)
            except (BlockingIOError, InterruptedError):
                return True
            except OSError:
                return False
            del self._unsent[:sent]
        return True
