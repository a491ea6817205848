"""The link between one kiosk and its engine, on which replies to commands can be lost."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

REPLY = b'"type":"reply"'


class DeafLink:
    """Passes lines on in both directions; while `loses_replies` no reply reaches the kiosk."""

    def __init__(self, path: Path, engine: Path) -> None:
        self.path = path
        self.loses_replies = False
        self.lost = 0
        self._engine = socket.socket(socket.AF_UNIX)
        self._engine.connect(str(engine))
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(1)

    def run(self) -> None:
        """Take the kiosk's connection and serve it to its end."""
        with suppress(OSError):
            kiosk, _ = self._server.accept()
            asking = _thread(lambda: self._pass_on(kiosk, self._engine, lambda line: False))
            with kiosk:
                self._pass_on(self._engine, kiosk, self._is_lost)
                asking.join()

    def close(self) -> None:
        """End the connection."""
        for end in (self._server, self._engine):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def forget(self) -> None:
        """Close both sockets, once nothing uses them."""
        self._server.close()
        self._engine.close()

    def _is_lost(self, line: bytes) -> bool:
        lost = self.loses_replies and REPLY in line
        self.lost += lost
        return lost

    @staticmethod
    def _pass_on(
        source: socket.socket, sink: socket.socket, is_lost: Callable[[bytes], bool]
    ) -> None:
        with suppress(OSError), source.makefile("rb") as lines:
            for line in lines:
                if not is_lost(line):
                    sink.sendall(line)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def a_deaf_link(folder: Path, engine: Path) -> Iterator[DeafLink]:
    """Open a link for one kiosk in a folder with a short path."""
    link = DeafLink(folder / "deaf", engine)
    serving = _thread(link.run)
    try:
        yield link
    finally:
        link.close()
        serving.join()
        link.forget()


def _thread(target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread
