"""The engine: the composition root that puts rig, link, journal and control loop together.

    hosted_engine    a process of its own: threads for link and journal, the machine's clock
    stepped_engine   everything in one thread on board time, for `--fast` and tests

Only this module and the command line name a concrete rig.
"""

import gc
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from appliance.clinical.load_data import load_clinical_data
from appliance.control.commands.record_queries import RecordQueries
from appliance.control.commands.sign_in_rules import Request
from appliance.control.drills.ledger import DrillLedger
from appliance.control.loop import TICK_US, ControlLoop
from appliance.control.reporting.incidents import FlightRecorder, IncidentSealer
from appliance.control.reporting.last_session import read_last_session
from appliance.drills.schedule import Today
from appliance.errors import ApplianceError, JournalError
from appliance.instructions.topics import load_topics
from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.link.interfaces import EngineLink
from appliance.link.local import LocalLink
from appliance.link.roles import role_table
from appliance.link.server.server import LinkServer
from appliance.operators.pin_worker import PinWorker
from appliance.records.acts import load_acts
from appliance.records.drills import load_drills
from appliance.records.ended_sessions import open_missing_close_outs
from appliance.records.felt_ranges import load_ranges
from appliance.records.incidents.recovery import recover_incidents
from appliance.records.incidents.store import (
    IncidentFolder,
    IncidentWriter,
    IncidentWriterThread,
)
from appliance.records.journal.interrupted import close_interrupted
from appliance.records.journal.journal import Journal
from appliance.records.known_records import KnownRecords
from appliance.records.operator_facts import OperatorFacts
from appliance.records.patient_facts import PatientFacts
from appliance.records.patient_history import PatientRegister
from appliance.records.storage.folder_lock import FolderLock
from appliance.records.unit_facts import UnitFacts
from appliance.records.versions import PACKAGE, versions
from appliance.records.wall_clock import SteppedWallClock, SystemWallClock, WallClock, now_of
from appliance.safety.arming_policy import policy_of
from appliance.safety.state_machine.states import is_energising
from appliance.sheet.files import MOUNTS
from drivers.clock import Clock, SystemClock
from drivers.errors import DriverError
from drivers.host.service_manager import ServiceManager
from drivers.host.signals import on_ending_signal
from drivers.interfaces import Rig
from drivers.quantities import US_PER_S, Microseconds
from drivers.rigs.virtual import open_stepped_rig
from drivers.virtual.board import VirtualBoard

SWITCH_S = 0.000_5
"""How long a thread may keep the interpreter while another waits for it, in seconds."""
OWN_MODE, GROUP_MODE = 0o600, 0o660
"""Of the link's socket: for the engine's own user, or for the group of the kiosk as well."""
LAST_TICKS = 60
"""A ramp down takes 450 ms at most; then the engine may end."""


@dataclass(slots=True)
class Engine:
    """A running engine; one thread calls `step` repeatedly."""

    loop: ControlLoop
    clock: Clock
    link: EngineLink
    incidents: IncidentSealer | None = None
    manager: ServiceManager | None = None
    """Who watches this process; told of each turn that was completed."""
    _next_us: int = -1

    def step(self) -> None:
        """Run one control tick, then sleep until the next is due.

        Missed ticks are skipped, never caught up. An unexpected exception ends the output, is
        recorded and raised again: the process has to end.
        """
        if self._next_us < 0:
            self._next_us = self.clock.now_us()
        try:
            self.loop.tick()
            if self.incidents is not None:
                self.incidents.tick(self.loop.state, *self.loop.sight(), self.link.peers())
        except Exception:
            self.loop.crash(traceback.format_exc())
            raise
        if self.manager is not None:
            self.manager.turned()
        late_us = max(self.clock.now_us() - self._next_us, 0)
        self._next_us += (late_us // TICK_US + 1) * TICK_US
        self.clock.sleep_until(Microseconds(self._next_us))

    def run(self, wanted: Callable[[], bool], *, alone_for_s: float | None = None) -> None:
        """Step until `wanted` returns False.

        With `alone_for_s` also end after that many seconds without a connected client. Output is
        never left on: it is ramped down first. Raises `LinkError` if the link has failed, once
        output has ended.
        """
        alone_since_us: int | None = None
        while wanted():
            self.step()
            self._leave_dead_link()
            now_us = self.clock.now_us()
            if self.link.peers() or is_energising(self.loop.state.machine.state):
                alone_since_us = None
            elif alone_since_us is None:
                alone_since_us = now_us
            elif alone_for_s is not None and now_us - alone_since_us > alone_for_s * US_PER_S:
                return
        self.settle()

    def settle(self) -> None:
        """Ramp output down to zero, as after a person's stop, before the engine ends."""
        if self.manager is not None:
            self.manager.stopping()
        if is_energising(self.loop.state.machine.state):
            self.loop.stop()
        for _ in range(LAST_TICKS):
            if not is_energising(self.loop.state.machine.state):
                return
            self.step()

    def _leave_dead_link(self) -> None:
        if self.loop.dead_link is not None and not is_energising(self.loop.state.machine.state):
            raise self.loop.dead_link


def _leave_the_control_thread_its_time(stack: ExitStack) -> None:
    """Keep the interpreter's pauses short until the stack is left.

    Existing objects are frozen: collecting them during a treatment took 25 ms. The switch interval
    is short, because after each answer of the daemon a tick has to get the interpreter back from
    the threads of journal and incidents, eight times: at the usual 5 ms each a tick was 39 ms
    late.
    """
    stack.callback(sys.setswitchinterval, sys.getswitchinterval())
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    stack.callback(gc.unfreeze)


@contextmanager
def hosted_engine(
    open_rig: Callable[[], Rig],
    data: Path,
    mounts: Path = MOUNTS,
    kiosk_users: tuple[str, ...] = (),
) -> Iterator[Engine]:
    """Open an engine on a data folder, in a process of its own; sticks are mounted in `mounts`.

    With `kiosk_users` the socket is open to its group, too, and these users are kiosks; without
    them only the engine's own user and root can connect.

    Raises `EngineBusy` if another engine runs there, `JournalError` or `DriverError`. On exit, for
    whatever reason, the output is off and the records are on the disk.
    """
    build = version(PACKAGE)
    load_clinical_data()
    load_topics()
    # Before the rig is opened: opening switches its output off, also under another engine.
    FolderLock.acquire(data).release()
    with ExitStack() as stack:
        rig = stack.enter_context(_opened(open_rig))
        wall = _wall_for(rig.clock)
        journal = Journal.open(data, wall, rig.clock, threaded=True, facts=_boot_facts(rig))
        stack.callback(_close_journal, journal)
        incidents = _incidents(journal, rig, IncidentWriterThread)
        stack.callback(incidents.close)
        server = LinkServer(
            link_path(data),
            role_table(os.getuid(), kiosk_users),
            build,
            clock=rig.clock,
            mode=GROUP_MODE if kiosk_users else OWN_MODE,
        )
        link = stack.enter_context(server.open())
        queries = RecordQueries(data, threaded=True, mounts=mounts)
        stack.callback(queries.close)
        pins: PinWorker[Request] = PinWorker()
        stack.callback(pins.close)
        loop = _control_loop(rig, link, journal, queries, wall, data, pins)
        loop.prepare()
        stack.callback(_leave, loop)
        _leave_the_control_thread_its_time(stack)
        yield Engine(loop, rig.clock, link, incidents)


@contextmanager
def stepped_engine(
    board: VirtualBoard, data: Path, start_utc_us: int, *, trusted: bool = True
) -> Iterator[tuple[Engine, LinkClient]]:
    """Open an engine in this thread on a board's own time, with a client of its link.

    The time of day starts at `start_utc_us`; `trusted` says whether it can be trusted.
    """
    load_clinical_data()
    load_topics()
    with ExitStack() as stack:
        ended = stack.enter_context(ExitStack())
        rig = stack.enter_context(_opened(lambda: open_stepped_rig(board)))
        wall = SteppedWallClock(rig.clock, start_utc_us, trusted=trusted)
        journal = Journal.open(data, wall, rig.clock, threaded=False, facts=_boot_facts(rig))
        stack.callback(_close_journal, journal)
        incidents = _incidents(journal, rig, IncidentWriter)
        stack.callback(incidents.close)
        link = LocalLink(version(PACKAGE), now_us=rig.clock.now_us)
        client = LinkClient(link, "local")
        queries = RecordQueries(data, threaded=False, mounts=data / "usb")
        pins: PinWorker[Request] = PinWorker(waits=True)
        stack.callback(pins.close)
        loop = _control_loop(rig, link, journal, queries, wall, data, pins)
        loop.prepare()
        stack.callback(_leave, loop)
        engine = Engine(loop, rig.clock, link, incidents)
        # A signal that arrives while this engine is closing must not interrupt it.
        stack.callback(lambda: ended.enter_context(_undisturbed()))
        link.step = engine.step
        yield engine, client


@contextmanager
def until_signalled() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns False once a signal that ends a process has arrived.

    A second signal changes nothing: ramp down and closing of the records continue.
    """
    arrived: list[int] = []
    with on_ending_signal(arrived.append):
        yield lambda: not arrived


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore ending signals while closing; threads other than the main one get none."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with on_ending_signal(lambda _: None):
        yield


@contextmanager
def _opened(open_rig: Callable[[], Rig]) -> Iterator[Rig]:
    rig = open_rig()
    try:
        yield rig
    finally:
        # A lost daemon cannot cut; SUPPLY_EN and the gates were set low through the kernel.
        with suppress(DriverError):
            rig.close()


def _wall_for(clock: Clock) -> WallClock:
    """Return the wall clock that advances with an engine's clock.

    On a virtual board that waits or is stepped, the machine's clock would advance faster and look
    as if somebody had set it.
    """
    system = SystemWallClock()
    if isinstance(clock, SystemClock):
        return system
    return SteppedWallClock(clock, system.utc_us())


def _leave(loop: ControlLoop) -> None:
    """Cut the output, whatever ended the engine; the rig is closed after this."""
    with suppress(DriverError, ApplianceError):
        loop.cut_and_close()
    with suppress(ApplianceError):
        loop.close_books()


def _close_journal(journal: Journal) -> None:
    try:
        journal.close()
    except JournalError as error:
        sys.stderr.write(f"stimkiosk: {journal.unwritten} last events are lost: {error}\n")


def _control_loop(
    rig: Rig,
    link: EngineLink,
    journal: Journal,
    queries: RecordQueries,
    wall: WallClock,
    data: Path,
    pins: PinWorker[Request],
) -> ControlLoop:
    """Put a control loop together: the arming policy of its rig, and what the records know."""
    policy = policy_of(rig.kind)
    drills = load_drills(data, rig.kind)
    ledger = DrillLedger(drills, policy, lambda: Today(wall.utc_us(), wall.trusted))
    register = PatientRegister.load(data, rig.kind, lambda: now_of(wall))
    last = read_last_session(data)
    facts = PatientFacts.load(data, rig.kind)
    open_missing_close_outs(journal, facts, rig.kind)
    known = KnownRecords(
        register,
        facts,
        UnitFacts.load(data, rig.kind),
        OperatorFacts.load(data),
        last,
        load_ranges(data, rig.kind),
        load_acts(data),
    )
    return ControlLoop(rig, link, journal, queries, wall.utc_us, policy, ledger, known, pins)


def _incidents(
    journal: Journal, rig: Rig, writer: Callable[[IncidentFolder], IncidentWriter]
) -> IncidentSealer:
    """Close sessions that earlier boots left open, and start the flight recorder."""
    channels, data = tuple(range(1, rig.board.channels + 1)), journal.folder
    facts = {"device": journal.device, "boot": journal.boot, "versions": versions(rig, data)}
    folder = IncidentFolder(data)
    recover_incidents(journal, folder, close_interrupted(journal), facts)
    flight_recorder = FlightRecorder(channels)
    return IncidentSealer(journal, flight_recorder, writer(folder), rig.clock, facts)


def _boot_facts(rig: Rig) -> dict[str, object]:
    return {
        "rig": rig.kind,
        "board": rig.board.name,
        "board_digest": rig.board.digest,
        "calibration": rig.board.calibration.reference,
        "exposure": list(rig.exposure()),
    }
