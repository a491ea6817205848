"""Bytes to the engine and back over its Unix socket. Only here does a client touch the socket."""

import socket
import time
from contextlib import suppress
from pathlib import Path

from appliance.errors import LinkError
from drivers.quantities import US_PER_S

_READ_BYTES = 64 * 1024
_AGAIN_S = 0.01


class SocketTransport:
    """A connected socket; a `Transport`. Raises `LinkError` when no engine answers at `path`."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _reach(self._socket, path, timeout_s)
            self._socket.settimeout(timeout_s)
        except OSError as error:
            self._socket.close()
            if isinstance(error, PermissionError):
                message = (
                    f"the engine's socket {path} is another user's: use the engine as its user"
                )
                raise LinkError(f"{message}; in doubt press the emergency stop") from error
            raise LinkError(f"no engine answers at {path}; start `stimkiosk engine`") from error

    def now_us(self) -> int:
        """Return the machine's monotonic time."""
        return time.monotonic_ns() // 1_000

    def send(self, line: bytes) -> None:
        """Send all of it, waiting at most the timeout of the connection.

        After a failure nothing more is sent, so that no line continues one that is sent in part.
        """
        try:
            self._socket.settimeout(self._timeout_s)
            self._socket.sendall(line)
        except OSError as error:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)
            if isinstance(error, TimeoutError):
                raise LinkError("the engine does not read: what was sent may be lost") from error
            raise LinkError("the engine has gone; nothing was sent") from error

    def receive(self, timeout_us: int) -> bytes:
        """Return what arrives within the timeout, nothing at the timeout."""
        try:
            self._socket.settimeout(max(timeout_us, 0) / US_PER_S)
            received = self._socket.recv(_READ_BYTES)
        except (BlockingIOError, TimeoutError):
            return b""
        except OSError as error:
            raise LinkError("the connection to the engine broke") from error
        if not received:
            raise LinkError("the engine has closed the connection")
        return received

    def fileno(self) -> int:
        """Return the file of the socket."""
        return self._socket.fileno()

    def close(self) -> None:
        """Disconnect; closing twice does nothing."""
        self._socket.close()


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
