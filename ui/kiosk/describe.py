"""Tells what the screen shows, as one JSON object for each line asked on a socket; read only.

For tests and screen readers, on a virtual board only. Touches stay real touches.
"""

import errno
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

WAIT_S = 2.0
"""How long the screen's thread may take for an answer."""


class DescribeServer:
    """A thread for each who asks; `in_screen` runs `describe` in the screen's thread.

    Raises `OSError` where the socket cannot be made; a file that is none is never replaced.
    """

    def __init__(
        self,
        path: Path,
        in_screen: Callable[[Callable[[], None]], None],
        describe: Callable[[], dict[str, Any]],
    ) -> None:
        self._path, self._in_screen, self._describe = path, in_screen, describe
        if path.exists() and not path.is_socket():
            raise FileExistsError(errno.EEXIST, "not a socket, so it is left alone", str(path))
        path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._server.bind(str(path))
        except OSError:
            self._server.close()
            raise
        path.chmod(0o600)
        self._server.listen(4)
        self._thread = threading.Thread(target=self._run, name="describe", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """End; closing twice does nothing."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError), client.makefile("rb") as lines:
            for _ in lines:
                client.sendall(msgspec.json.encode(self._ask()) + b"\n")

    def _ask(self) -> dict[str, Any]:
        """Return the description as the screen's thread makes it."""
        answered = threading.Event()
        found: dict[str, Any] = {}

        def look() -> None:
            found.update(self._describe())
            answered.set()

        self._in_screen(look)
        if not answered.wait(WAIT_S):
            return {"problem": "the screen does not answer"}
        return found
