"""A daemon behind a real socket: a thread runs selector and timeline in real time."""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import TypeVar

from drivers.virtual.host.fair_service import FairService
from drivers.virtual.pigpiod.daemon import Daemon
from drivers.virtual.pigpiod.server import DaemonServer
from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Timeline
from tests.support.hang import HANG_S

T = TypeVar("T")


class Mcp3208Chip:
    """Answers like an MCP3208 whose channel n reads 500 * n; on the other chip select, echoes."""

    def transfer(self, chip_select: int, mosi: bytes) -> bytes:
        if chip_select == 1:
            return mosi
        channel = (mosi[0] & 1) << 2 | mosi[1] >> 6
        code = 500 * channel
        return bytes([0, code >> 8, code & 0xFF])


class LiveDaemon:
    """Runs the whole board in one thread; `do` runs a function there."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.pins = PinBank()
        self.daemon = Daemon(self.timeline, self.pins, Mcp3208Chip())
        self.server = DaemonServer(self.daemon, "127.0.0.1", 0)
        self.port = self.server.port
        self._wishes: queue.Queue[Callable[[], None]] = queue.Queue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="live daemon")
        self._thread.start()

    def do(self, action: Callable[[], T]) -> T:
        """Run `action` in the board's thread and return what it returned."""
        answers: queue.Queue[T] = queue.Queue()
        self._wishes.put(lambda: answers.put(action()))
        return answers.get(timeout=HANG_S)

    def until(self, holds: Callable[[], bool], limit_s: float = HANG_S) -> bool:
        """Wait until `holds()` is true in the board's thread."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            if self.do(holds):
                return True
        return False

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=HANG_S)
        assert not self._thread.is_alive()
        self.server.close()

    def _loop(self) -> None:
        start_ns = time.monotonic_ns()
        with closing(FairService()) as service:
            self.server.register(service)
            while not self._stop.is_set():
                arrived = service.wait(0.001)
                self.timeline.advance_to(time.monotonic_ns() - start_ns)
                while not self._wishes.empty():
                    self._wishes.get()()
                service.handle(arrived)
            self.server.close()
