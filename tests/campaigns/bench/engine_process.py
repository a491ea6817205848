"""An engine process that records its own costs, for figures that need data from inside it.

    python -m tests.campaigns.bench.engine_process engine --port 8889 --data DIR --counters FILE

It is the engine of `stimkiosk engine`, with the same rig, loop and helpers. Once a second it
appends a line of JSON to the file: control ticks, by how much the longest gap between two ticks
exceeded 10 ms, processor time (also of the control thread per tick), stops received, requests to
the daemon by kind and to the kernel side, slices started, memory. The catalogue here has one more
programme, `bench-150` with 150 pulses per second, a rate that no other programme has.
"""

import argparse
import json
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from appliance.clinical import catalogue
from appliance.engine import Engine, hosted_engine, until_signalled
from appliance.link.interfaces import EngineLink, Received
from appliance.messages.actions import Command, Stop
from drivers.interfaces import Rig
from drivers.rigs.virtual import open_virtual_rig
from drivers.virtual.host.kernel_client import SocketTransport
from drivers.virtual.host.kernel_side import Operation
from ui.cli.engine.priority import ask_for_real_time

TICK_US = 10_000
TICKS_A_LINE = 100
FASTER = "bench-150"
RATE_HZ = 150
HEARTBEAT = 20
"""GPIO of the heartbeat on the reference board (docs/design.md section 4)."""


@dataclass(slots=True)
class Counters:
    """What one engine has used and done so far."""

    out: IO[str]
    rig: Rig | None = None
    kernel: Counter[str] = field(default_factory=Counter)
    ticks: int = 0
    worst_late_us: int = 0
    tick_us: list[int] = field(default_factory=list)
    stops: int = 0

    def tick(self, engine: Engine) -> None:
        """Step the engine once and update the counters."""
        before_us = engine.loop.state.tick.now_us
        began_ns = time.thread_time_ns()
        engine.step()
        self.tick_us.append((time.thread_time_ns() - began_ns) // 1_000)
        # A long tick skips those it overlaps, so the gap between ticks shows it, not their number.
        if self.ticks:
            gap_us = engine.loop.state.tick.now_us - before_us
            self.worst_late_us = max(self.worst_late_us, gap_us - TICK_US)
        self.ticks += 1
        if self.ticks % TICKS_A_LINE == 0:
            self._write(engine)

    def _write(self, engine: Engine) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        trip = getattr(engine.loop.state.machine.state, "trip", None)
        line = {
            "at_us": engine.loop.state.tick.now_us,
            "ticks": self.ticks,
            "worst_late_us": self.worst_late_us,
            "tick_us": self.tick_us,
            "stops": self.stops,
            "cpu_s": used.ru_utime + used.ru_stime,
            "rss_kb": resident_kb(),
            "slices": engine.loop.state.played.slices,
            "state": type(engine.loop.state.machine.state).__name__,
            "trip": trip.code.name if trip else None,
            "kernel": dict(self.kernel),
            "daemon": round_trips(self.rig),
        }
        self.out.write(json.dumps(line) + "\n")
        self.out.flush()
        self.worst_late_us = 0
        self.tick_us = []

    def count_stops(self, link: EngineLink) -> None:
        """Count the stops that the control loop receives from now on."""
        take = link.take

        def counting(limit: int = 32) -> tuple[Received, ...]:
            taken = take(limit)
            self.stops += sum(_is_stop(command) for command in taken)
            return taken

        link.take = counting  # type: ignore[method-assign]


def _is_stop(received: Received) -> bool:
    message = received.message
    return isinstance(message, Command) and isinstance(message.action, Stop)


def resident_kb() -> int:
    """Return the resident memory of this process in KiB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def round_trips(rig: Rig | None) -> dict[str, int]:
    """Return the number of requests to the daemon by kind."""
    counted = getattr(rig.pulses, "round_trips", None) if rig is not None else None
    return dict(counted()) if counted is not None else {}


def add_programme() -> None:
    """Add the faster programme to this process's catalogue."""
    known = catalogue._catalogue()
    known[FASTER] = replace(known["conventional-tens"], name=FASTER, rate_hz=RATE_HZ)


@contextmanager
def counted_transfers(kernel: Counter[str]) -> Iterator[None]:
    """Count SPI transfers and line requests sent to the board's kernel side."""
    exchange: Callable[[SocketTransport, bytes], bytes] = SocketTransport.exchange

    def counting(self: SocketTransport, request: bytes) -> bytes:
        kernel[kind_of(request)] += 1
        return exchange(self, request)

    SocketTransport.exchange = counting  # type: ignore[method-assign]
    try:
        yield
    finally:
        SocketTransport.exchange = exchange  # type: ignore[method-assign, assignment]


def kind_of(request: bytes) -> str:
    """Return the kind of a request: "spi", "heartbeat" or "line"."""
    operation, argument = request[:2]
    if operation == Operation.TRANSFER:
        return "spi"
    writes = operation in {Operation.WRITE_LOW, Operation.WRITE_HIGH}
    return "heartbeat" if writes and argument == HEARTBEAT else "line"


def main() -> None:
    """Run until SIGTERM."""
    asked = _parse()
    add_programme()
    if not asked.normal:
        ask_for_real_time()
    asked.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with asked.counters.open("a", encoding="ascii") as out:
        counters = Counters(out)

        def open_rig() -> Rig:
            counters.rig = open_virtual_rig(asked.port)
            return counters.rig

        with (
            counted_transfers(counters.kernel),
            until_signalled() as wanted,
            hosted_engine(open_rig, asked.data) as engine,
        ):
            counters.count_stops(engine.link)
            print("ready", flush=True)
            while wanted():
                counters.tick(engine)
            engine.settle()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="engine_process")
    parser.add_argument("command", choices=["engine"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--counters", type=Path, required=True)
    parser.add_argument("--normal", action="store_true", help="never ask for real-time priority")
    return parser.parse_args()


if __name__ == "__main__":
    main()
