"""A daemon behind a real socket; board time and service advance only when the test says so."""

import socket
import struct
from collections.abc import Callable
from contextlib import suppress

from drivers.virtual.host.fair_service import FairService
from drivers.virtual.pigpiod.daemon import Daemon
from drivers.virtual.pigpiod.server import DaemonServer
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline

LOOK_NS = 100_000
"""By how much the machine's clock advances at each reading: five readings are a piece."""
TURNS = 100_000
"""A bound that keeps a failing test from hanging."""


def frame(command: int, first: int = 0, second: int = 0, extension: bytes = b"") -> bytes:
    return struct.pack("<IIII", command, first, second, len(extension)) + extension


class DrivenDaemon:
    """The board side runs in `turn`, in the thread of the test."""

    def __init__(self, *, stepped: bool = False) -> None:
        self.timeline = Timeline()
        self.pins = PinBank()
        self.daemon = Daemon(self.timeline, self.pins)
        self.server = DaemonServer(self.daemon, "127.0.0.1", 0)
        self.clock_ns = 0
        self.service = FairService(stepped=stepped, monotonic_ns=self._look)
        self.server.register(self.service)
        self._open: list[socket.socket] = []

    def _look(self) -> int:
        self.clock_ns += LOOK_NS
        return self.clock_ns

    def connect(self) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.server.port), 60)
        self._open.append(client)
        taken = self.server.clients
        self.until(lambda: self.server.clients > taken)
        return client

    def turn(self, length_us: int = 0) -> None:
        """Run one turn of the board process, advancing board time by `length_us` first."""
        arrived = self.service.wait(0)
        self.timeline.advance_to(self.timeline.now_ns + length_us * 1_000)
        self.service.handle(arrived)

    def until(self, holds: Callable[[], bool], length_us: int = 0) -> None:
        for _ in range(TURNS):
            if holds():
                return
            self.turn(length_us)
        raise AssertionError("it never came")

    def answer(self, client: socket.socket, size: int = 16, length_us: int = 0) -> bytes:
        """Run turns until the client has `size` bytes, and return them."""
        client.setblocking(False)
        answer = bytearray()

        def come() -> bool:
            with suppress(BlockingIOError):
                answer.extend(client.recv(size - len(answer)))
            return len(answer) >= size

        self.until(come, length_us)
        return bytes(answer)

    def close(self) -> None:
        for client in self._open:
            client.close()
        self.server.close()
        self.service.close()
