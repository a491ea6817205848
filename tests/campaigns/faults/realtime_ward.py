"""One board process and its engine processes, for events in real time; times are board time.

The recording is read after the board has ended. If a line of the board changes with the event, its
edge is the time of the event; otherwise it is the time just before the board received the request.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pigpio

from drivers.pigpio.client import StreamClient, TcpConnect
from tests.appliance.link.raw_peer import HELLO, RawPeer
from tests.campaigns.bench.independent_vcd import Change, read_changes, tick_ns
from tests.campaigns.bench.processes import TEST_LOADS, BoardProcess, EngineProcess
from tests.campaigns.faults.realtime_hand import Hand, NotLed

CURRENTS = ("i1_ua", "i2_ua")
LINES = ("estop_loop", "hand_switch", "heartbeat", "dac1", "supply_en")
ZERO_UA, CARRYING_UA = 100, 5_000
SIGNAL_NS = 2_000_000
"""A signal has certainly arrived this long after it was sent."""
BEFORE_NS = 60_000_000
"""Both channels must have carried 5 mA within this time before an event, or it does not count."""
SPREAD_S = 0.3
SCRIPTS = 32
POUR_S, PER_TICK = 0.010, 10
TRIES = 3
PROGRAMMES = ("conventional-tens", "brief-intense-tens")


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: what, when (in ns of board time), how long it was watched, and the trip shown.

    `edge` names a line whose next change is the exact time, `since` one whose last change is.
    """

    kind: str
    at_ns: int
    until_ns: int
    trip: str = ""
    edge: str = ""
    since: str = ""


@dataclass
class Ward:
    """A board, the current engine and the person at its link."""

    board: BoardProcess
    folder: Path
    chance: random.Random
    stack: ExitStack = field(default_factory=ExitStack)
    engines: int = 0
    engine: EngineProcess | None = None
    hand: Hand | None = None
    ahead_ns: int = 0
    happened: list[Happened] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """Return the current engine's data folder."""
        return self.folder / f"data{self.engines}"

    @property
    def person(self) -> Hand:
        """Return the person at the link; raises `RuntimeError` before an engine was started."""
        if self.hand is None:
            raise RuntimeError("no engine runs")
        return self.hand

    def now_ns(self) -> int:
        """Return the current board time in ns, from the machine's clock."""
        return time.monotonic_ns() + self.ahead_ns

    def fault(self, name: str) -> None:
        self.board.control.ask("set", fault=name)

    def clear(self, *names: str) -> None:
        """Clear faults by name."""
        for name in names:
            self.board.control.ask("clear", fault=name)

    def mend(self) -> None:
        """Clear all faults; the test loads stay."""
        faults = self.board.control.ask("list")["faults"]
        self.clear(*(name for name in faults if not name.startswith(TEST_LOADS)))

    def new_engine(self) -> None:
        """End the current engine, if there is one, and start another with its own records."""
        self.end_engine()
        self.engines += 1
        self.engine = EngineProcess(self.board, self.data)
        self.hand = Hand(self.engine.link, self.chance.choice(PROGRAMMES))

    def end_engine(self) -> None:
        """End the current engine, whether it still runs or not."""
        engine, self.engine, self.hand = self.engine, None, None
        if engine is not None:
            engine.__exit__(None, None, None)

    def signal(self, number: signal.Signals) -> None:
        if self.engine is not None:
            os.kill(self.engine.pid, number)

    def lead(self) -> bool:
        """Raise to the level; start another engine if this one does not reach it."""
        for _ in range(TRIES):
            try:
                if self.engine is None:
                    self.new_engine()
                self.person.lead()
            except (NotLed, RuntimeError, OSError) as error:
                self.failed.append(f"not led: {error}")
                self.end_engine()
                continue
            self.person.watch(self.chance.uniform(0, SPREAD_S))
            self.ahead_ns, _ = self.board.clock()
            return True
        return False

    def note(
        self,
        kind: str,
        at_ns: int,
        *,
        edge: str = "",
        since: str = "",
        trip: str = "",
        until_ns: int | None = None,
    ) -> None:
        """Add an event, watched until now unless another end is given."""
        ends_ns = self.now_ns() if until_ns is None else until_ns
        self.happened.append(Happened(kind, at_ns, ends_ns, trip, edge, since))

    @contextmanager
    def client(self) -> Iterator[StreamClient]:
        """Open a plain client of the daemon."""
        client = StreamClient(TcpConnect("127.0.0.1", self.board.port))
        try:
            yield client
        finally:
            client.stop()


def running_scripts(client: StreamClient) -> list[int]:
    """Return the scripts that run in the daemon: the guard."""
    return [
        number
        for number in range(SCRIPTS)
        if client.script_status(number)[0] == pigpio.PI_SCRIPT_RUNNING
    ]


class WardTrace:
    """What the board recorded; times in ns of board time."""

    def __init__(self, path: Path) -> None:
        self._unit = tick_ns(path)
        self._changes = read_changes(path, (*CURRENTS, *LINES))

    def onset_ns(self, event: Happened) -> int:
        """Return when an event happened: at an edge of its line, or at the time noted."""
        if event.since:
            edges = self.edges(event.since, event.at_ns - BEFORE_NS)
            return max((at for at in edges if at <= event.at_ns + SIGNAL_NS), default=event.at_ns)
        if not event.edge:
            return event.at_ns
        edges = [at for at in self.edges(event.edge, event.at_ns) if at <= event.until_ns]
        return edges[0] if edges else event.at_ns

    def edges(self, name: str, since_ns: int) -> list[int]:
        """Return when a signal changed, from a time on."""
        return [at * self._unit for at, _ in self._changes[name] if at * self._unit >= since_ns]

    def falls(self, name: str, since_ns: int) -> int | None:
        """Return when a value first decreased, from a time on, or None."""
        before = 0.0
        for at, value in self._changes[name]:
            if at * self._unit >= since_ns and value < before:
                return at * self._unit
            before = value
        return None

    def last_current_ns(self, since_ns: int, until_ns: int) -> int:
        """Return when current last flowed in either load; `since_ns` if none did."""
        return max(self._last(name, since_ns, until_ns) for name in CURRENTS)

    def carried(self, at_ns: int) -> bool:
        """Tell whether both loads carried 5 mA shortly before a time."""
        since = (at_ns - BEFORE_NS) // self._unit
        return all(
            any(
                abs(value) >= CARRYING_UA and since <= at <= at_ns // self._unit
                for at, value in self._changes[name]
            )
            for name in CURRENTS
        )

    def _last(self, name: str, since_ns: int, until_ns: int) -> int:
        changes: list[Change] = self._changes[name]
        since, until = since_ns // self._unit, until_ns // self._unit
        last = since
        for place, (at, value) in enumerate(changes):
            if at > until:
                break
            end = changes[place + 1][0] if place + 1 < len(changes) else until
            if abs(value) >= ZERO_UA and end > since:
                last = max(last, min(end, until))
        return last * self._unit


class Flood:
    """A thousand commands a second from two misbehaving clients, and invalid lines from a third.

    A client that is disconnected reconnects at once. `sent` counts the commands.
    """

    def __init__(self, path: Path, lines: tuple[bytes, ...], nonsense: tuple[bytes, ...]) -> None:
        self._path = path
        self._over = threading.Event()
        says = ((lines, PER_TICK // 2), (lines, PER_TICK // 2), (nonsense, 1))
        self._threads = [threading.Thread(target=self._pour, args=each) for each in says]
        self.sent = self.put_out = 0

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _pour(self, lines: tuple[bytes, ...], at_once: int) -> None:
        while not self._over.is_set():
            with suppress(OSError):
                self._pour_once(lines, at_once)
            self.put_out += 1

    def _pour_once(self, lines: tuple[bytes, ...], at_once: int) -> None:
        """Send what is due every 10 ms, and read the replies."""
        peer = RawPeer(self._path)
        due_s = time.monotonic()
        try:
            peer.say(HELLO)
            peer.socket.setblocking(False)
            while not self._over.is_set():
                for _ in range(at_once):
                    peer.say(lines[self.sent % len(lines)])
                    self.sent += 1
                with suppress(BlockingIOError):
                    while peer.socket.recv(1 << 16):
                        pass
                due_s += POUR_S
                self._over.wait(max(due_s - time.monotonic(), 0))
        finally:
            peer.close()
