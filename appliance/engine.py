"""The engine: the composition root that puts rig, link, journal and control loop together.

    hosted_engine    a process of its own: threads for link and journal, the machine's clock
    stepped_engine   everything in one thread on board time, for `--fast` and tests

Only this module and the command line name a concrete rig.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from appliance.control.loop import TICK_US, ControlLoop
from appliance.errors import JournalError
from appliance.link.address import link_path
from appliance.link.interfaces import EngineLink
from appliance.link.local import LocalLink
from appliance.link.roles import role_table
from appliance.link.server import LinkServer
from appliance.records.journal import Journal
from appliance.records.sessions import close_interrupted
from appliance.records.wall_clock import SteppedWallClock, SystemWallClock
from appliance.safety.states import is_energising
from drivers.clock import Clock
from drivers.errors import DriverError
from drivers.interfaces import Rig
from drivers.quantities import US_PER_S, Microseconds
from drivers.virtual.board import VirtualBoard
from drivers.virtual_rig import open_stepped_rig

PACKAGE = "stimkiosk"
LATE_US = 4 * TICK_US
"""A tick this late is not made up for: the next one is planned from now."""


@dataclass(slots=True)
class Engine:
    """A running engine; one thread calls `step`, over and over."""

    loop: ControlLoop
    clock: Clock
    link: EngineLink
    _next_us: int = -1

    def step(self) -> None:
        """Run one control tick, then sleep until the next is due."""
        now_us = self.clock.now_us()
        if self._next_us < 0 or now_us - self._next_us > LATE_US:
            self._next_us = now_us
        self.loop.tick()
        self._next_us += TICK_US
        self.clock.sleep_until(Microseconds(self._next_us))

    def run(self, wanted: Callable[[], bool], *, alone_for_s: float | None = None) -> None:
        """Step until `wanted` says no.

        With `alone_for_s` also end once nobody has been connected for so long. Output is never
        left on: what plays is ramped down by the silent screen first.
        """
        alone_since_us: int | None = None
        while wanted():
            self.step()
            now_us = self.clock.now_us()
            if self.link.peers() or is_energising(self.loop.present.state):
                alone_since_us = None
            elif alone_since_us is None:
                alone_since_us = now_us
            elif alone_for_s is not None and now_us - alone_since_us > alone_for_s * US_PER_S:
                return


@contextmanager
def hosted_engine(open_rig: Callable[[], Rig], data: Path) -> Iterator[Engine]:
    """Open an engine on a data folder, as a process of its own.

    Raises `EngineBusy` where another runs there, `JournalError` or `DriverError`. On leaving, for
    whatever reason, the output is off and the records are on the disk.
    """
    build = version(PACKAGE)
    with ExitStack() as stack:
        wall = SystemWallClock()
        rig = stack.enter_context(_opened(open_rig))
        journal = Journal.open(data, wall, rig.clock, threaded=True, facts=_boot_facts(rig))
        stack.callback(_close_journal, journal)
        close_interrupted(journal)
        server = LinkServer(link_path(data), role_table(os.getuid()), build, clock=rig.clock)
        link = stack.enter_context(server.open())
        loop = ControlLoop(rig, link, journal, wall.utc_us)
        loop.prepare()
        stack.callback(_leave, loop)
        yield Engine(loop, rig.clock, link)


@contextmanager
def stepped_engine(
    board: VirtualBoard, data: Path, start_utc_us: int
) -> Iterator[tuple[Engine, LocalLink]]:
    """Open an engine in this thread on a board's own time; the link's client end comes with it."""
    with ExitStack() as stack:
        rig = stack.enter_context(_opened(lambda: open_stepped_rig(board)))
        wall = SteppedWallClock(rig.clock, start_utc_us)
        journal = Journal.open(data, wall, rig.clock, threaded=False, facts=_boot_facts(rig))
        stack.callback(_close_journal, journal)
        close_interrupted(journal)
        link = LocalLink(version(PACKAGE))
        loop = ControlLoop(rig, link, journal, wall.utc_us)
        loop.prepare()
        stack.callback(_leave, loop)
        engine = Engine(loop, rig.clock, link)
        link.step = engine.step
        yield engine, link


@contextmanager
def until_signalled() -> Iterator[Callable[[], bool]]:
    """Give a question that answers no once SIGTERM or SIGINT has arrived."""
    arrived: list[int] = []
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = {
        sort: signal.signal(sort, lambda number, _: arrived.append(number)) for sort in wanted
    }
    try:
        yield lambda: not arrived
    finally:
        for sort, handler in before.items():
            signal.signal(sort, handler)


@contextmanager
def _opened(open_rig: Callable[[], Rig]) -> Iterator[Rig]:
    rig = open_rig()
    try:
        yield rig
    finally:
        # A daemon that is lost cannot be cut; SUPPLY_EN and the gates went low through the kernel.
        with suppress(DriverError):
            rig.close()


def _leave(loop: ControlLoop) -> None:
    """End output the hard way; called last, whatever ended the engine."""
    loop.cut_and_close()


def _close_journal(journal: Journal) -> None:
    with suppress(JournalError):
        journal.close()


def _boot_facts(rig: Rig) -> dict[str, object]:
    return {
        "rig": rig.kind,
        "board": rig.board.name,
        "board_digest": rig.board.digest,
        "calibration": rig.board.calibration.reference,
        "exposure": list(rig.exposure),
    }
