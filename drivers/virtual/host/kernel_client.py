"""The client of the kernel side: lines and SPI of the virtual board, for use by a program.

Failures are the `OSError`s that the kernel would give. Over a socket nothing waits longer than 45
ms.
"""

import errno
import os
from pathlib import Path
from typing import Protocol

from drivers.errors import NotConnected
from drivers.virtual.board_sockets import connect_to_board
from drivers.virtual.host.kernel_side import HEADER, LEVELS, VERSION, KernelSession, Operation

TIMEOUT_S = 0.045
"""A real kernel never times out, so this models nothing on the device; it only bounds the wait for
a board on a busy machine. Just under the 50 ms after which the control loop trips by itself (D)."""


class KernelTransport(Protocol):
    """Carries one request and returns its reply."""

    def exchange(self, request: bytes) -> bytes:
        """Send a complete request and return the complete reply; raises `OSError`."""
        ...

    def close(self) -> None:
        """Close the connection to the board."""
        ...


class InProcessTransport:
    """Passes frames to a board in this process."""

    def __init__(self, session: KernelSession) -> None:
        self.exchange = session.feed

    def close(self) -> None:
        """Do nothing: there is no connection."""


class SocketTransport:
    """Passes frames to a board process through its Unix socket."""

    def __init__(self, path: Path, timeout_s: float = TIMEOUT_S) -> None:
        self._socket = connect_to_board(path, timeout_s)

    def exchange(self, request: bytes) -> bytes:
        """Send a complete request and return the complete reply; raises `OSError`."""
        self._socket.sendall(request)
        reply = self._receive(b"", HEADER.size)
        length = HEADER.unpack_from(reply)[2]
        return self._receive(reply, HEADER.size + length)

    def close(self) -> None:
        """Close the connection; closing twice is harmless."""
        self._socket.close()

    def _receive(self, reply: bytes, length: int) -> bytes:
        while len(reply) < length:
            received = self._socket.recv(length + 4_096)
            if not received:
                raise ConnectionResetError(errno.ECONNRESET, "the virtual board went away")
            reply += received
        return reply


class KernelClient:
    """Plain lines and SPI transfers over any transport."""

    def __init__(self, transport: KernelTransport) -> None:
        self._exchange = transport.exchange
        self.close = transport.close
        self._writes = {
            (gpio, level): HEADER.pack(Operation.WRITE_LOW + level, gpio, 0)
            for gpio in range(54)
            for level in (0, 1)
        }

    def hello(self) -> int:
        """Return the number of channels; raises `NotConnected` for another protocol version."""
        version, channels = self._call(Operation.HELLO, VERSION)
        if version != VERSION:
            raise NotConnected(f"the virtual board speaks version {version}, not {VERSION}")
        return channels

    def transfer(self, chip_select: int, sent: bytes) -> bytes:
        """Exchange bytes with chip select held low; raises `OSError` (EIO, ENXIO)."""
        return self._call(Operation.TRANSFER, chip_select, sent)

    def write(self, gpio: int, level: int) -> None:
        """Write the output latch of one pin."""
        self._check(self._exchange(self._writes[gpio, level]))

    def read(self, gpio: int) -> int:
        """Return the level of one pin."""
        return self._call(Operation.READ, gpio)[0]

    def read_levels(self) -> int:
        """Return the levels of all pins; bit n is GPIO n."""
        levels: int = LEVELS.unpack(self._call(Operation.READ_LEVELS, 0))[0]
        return levels

    def set_mode(self, gpio: int, mode: int, pull: int) -> None:
        """Set mode (`pins.MODE_...`) and pull (`pins.PULL_...`) of one pin."""
        self._call(Operation.SET_MODE, gpio, bytes((mode, pull)))

    def get_mode(self, gpio: int) -> tuple[int, int]:
        """Return mode and pull of one pin."""
        mode, pull = self._call(Operation.GET_MODE, gpio)
        return mode, pull

    def clear_gates(self) -> None:
        """Make every gate and LDAC outputs at low: the last resort without a daemon."""
        self._call(Operation.CLEAR_GATES, 0)

    def _call(self, operation: int, argument: int, payload: bytes = b"") -> bytes:
        request = HEADER.pack(operation, argument, len(payload)) + payload
        return self._check(self._exchange(request))

    @staticmethod
    def _check(reply: bytes) -> bytes:
        if reply[0]:
            raise OSError(reply[0], os.strerror(reply[0]))
        return reply[HEADER.size :]
