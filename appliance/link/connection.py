"""One client's socket as the link thread sees it: bytes in and out, never waiting."""

import socket
import struct

from appliance.link.codec import BadLine, LineBuffer
from appliance.link.interfaces import Peer

READ_BYTES = 64 * 1024
MAX_UNSENT_BYTES = 512 * 1024
"""A reader this far behind is dropped."""
EXPENDABLE_BYTES = 256 * 1024
"""Answers "busy" are left out for a reader this far behind."""
_CREDENTIALS = struct.Struct("3i")


class Allowance:
    """A token bucket: `rate_per_s` on average, up to `burst` at once."""

    def __init__(self, rate_per_s: int, burst: int, now_us: int) -> None:
        self._rate_per_s = rate_per_s
        self._burst_micro = burst * 1_000_000
        self._left_micro = self._burst_micro
        self._at_us = now_us

    def spend(self, now_us: int) -> bool:
        """Take one token; False if there is none."""
        gained = (now_us - self._at_us) * self._rate_per_s
        self._at_us = now_us
        self._left_micro = min(self._burst_micro, self._left_micro + max(gained, 0))
        if self._left_micro < 1_000_000:  # noqa: PLR2004 - one token in millionths
            return False
        self._left_micro -= 1_000_000
        return True


class Connection:
    """A non-blocking socket with its buffers and its allowances."""

    def __init__(self, connected: socket.socket, now_us: int) -> None:
        connected.setblocking(False)
        self.socket = connected
        self.since_us = now_us
        self.peer: Peer | None = None
        """Known once the hello was good."""
        self.bad_lines = 0
        self.shown = 0
        """Serial number of the last snapshot put into the buffer."""
        self.commands = Allowance(50, 50, now_us)
        self.lines = Allowance(5_000, 5_000, now_us)
        self.is_ending = False
        """Set by a farewell: of what it still says, only stops and their like are taken."""
        self.awaits_room = False
        """The selector reports when it can be written to."""
        self._unsent = bytearray()
        self._cutter = LineBuffer()

    def credentials(self) -> tuple[int, int]:
        """Return process id and user id of the peer, from the kernel."""
        raw = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        pid, uid, _ = _CREDENTIALS.unpack(raw)
        return pid, uid

    def read(self) -> list[bytes | BadLine] | None:
        """Return the lines that have come in; None when the peer has gone."""
        try:
            received = self.socket.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError:
            return None
        return self._cutter.feed(received) if received else None

    @property
    def unsent_bytes(self) -> int:
        """Return how far behind the reader is."""
        return len(self._unsent)

    def write(self, line: bytes) -> bool:
        """Send a line as far as it goes and keep the rest; False when the peer must be dropped."""
        self._unsent += line
        return self.flush() and len(self._unsent) <= MAX_UNSENT_BYTES

    def flush(self) -> bool:
        """Send what is waiting as far as it goes; False when the peer has gone."""
        while self._unsent:
            try:
                sent = self.socket.send(self._unsent)
            except (BlockingIOError, InterruptedError):
                return True
            except OSError:
                return False
            del self._unsent[:sent]
        return True
