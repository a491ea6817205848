"""The control loop: read, judge, answer, act, report, once every 10 ms, in one thread.

    read      inputs, markers, held readings, one slow reading
    judge     every interlock; a trip steps the state machine before anything else is done
    answer    commands, stops first
    act       resume the procedure; feed the stream; begin or end the fall
    report    snapshot, journal
    live      refresh the guard; then, last of all and only if all is well, toggle the heartbeat

A tick that fails anywhere skips the rest: no guard refresh, no heartbeat, so the layers below end
the output by themselves even if the cut that follows should fail too.
"""

from collections.abc import Callable

from appliance.control.contact_check import ContactCheck
from appliance.control.desk import Desk
from appliance.control.effects import Executor
from appliance.control.feed import Feeder
from appliance.control.hands import Hands
from appliance.control.log import Log, Records
from appliance.control.measure import Measurer
from appliance.control.observe import Observation, Observer
from appliance.control.present import ChannelPresent, Present
from appliance.control.readings import ReadingsMaker
from appliance.control.self_test import SelfTest
from appliance.control.snapshots import SNAPSHOT_PERIOD_US, make_snapshot
from appliance.control.treatment import Treatment
from appliance.core.prescription import Prescription
from appliance.core.refusal import Refusal
from appliance.errors import ApplianceError
from appliance.link.interfaces import EngineLink, Peer, Received
from appliance.messages import Command, Event
from appliance.records.sessions import EventName
from appliance.safety import events, states
from appliance.safety.gate import Gate, GateRefused
from appliance.safety.interlocks.findings import Caution
from appliance.safety.interlocks.judge import InterlockMemory, judge
from appliance.safety.levels import Moment
from appliance.safety.states import Armed, Tripped
from appliance.safety.trips import Trip, TripCode, trip
from drivers.errors import DaemonLost, DriverError, StopFailed, TransferFailed
from drivers.interfaces import Rig
from drivers.quantities import US_PER_S, Microseconds

TICK_US = 10_000
ARMED_FOR_US = 5 * 60 * US_PER_S
"""After this long the contact that was checked may no longer hold (D)."""
DRIVER_TRIPS: tuple[tuple[type[Exception], TripCode], ...] = (
    (DaemonLost, TripCode.DAEMON_LOST),
    (TransferFailed, TripCode.SPI_LOST),
    (StopFailed, TripCode.STOP_FAILED),
    (DriverError, TripCode.DRIVER_FAULT),
    (GateRefused, TripCode.GATE_REFUSED),
    (ApplianceError, TripCode.INTERNAL_FAULT),
)


class ControlLoop:
    """One engine's loop: `tick` is called every `TICK_US`, by one thread."""

    def __init__(
        self, rig: Rig, link: EngineLink, records: Records, utc_us: Callable[[], int]
    ) -> None:
        channels = range(1, rig.board.channels + 1)
        self.present = Present(channels={n: ChannelPresent() for n in channels})
        self._rig, self._link, self._utc_us = rig, link, utc_us
        self._gate = Gate(rig)
        self._hands = Hands(rig, self._gate)
        self._observer = Observer(rig)
        self._hands.on_guard_started = self._observer.forget_guard
        self._log = Log(records, rig, self.present)
        self._executor = Executor(self._hands, self._log, self.present)
        self._feeder = Feeder(self._hands, self._gate, self._log, self.present)
        self._readings = ReadingsMaker(self._hands)
        self._measurer = Measurer(self.present)
        self._desk = Desk(link, self.present, self, self._answered, may_arm=self._may_arm)
        self._memory = InterlockMemory()
        self._screen: Peer | None = None
        self._screen_seen: int | None = None
        self._screen_at_us: Microseconds | None = None
        self._snapshot_at_us = 0

    def prepare(self) -> None:
        """Bring the output to rest before the first tick: stop, clear, codes zero, supply off."""
        self._rig.pulses.prepare()
        self._gate.zero()
        self._rig.lines.set_supply(on=False)

    def tick(self) -> None:
        """Run one control tick. A failure of rig or program is a trip; nothing is raised for it."""
        self.present.now_us = self._rig.clock.now_us()
        self.present.tick += 1
        try:
            seen = self._look()
            self._desk.attend()
            self._act(seen)
            self._report(seen)
            self._live(seen)
        except (DriverError, ApplianceError) as error:
            self._fail(error)

    def cut_and_close(self) -> None:
        """End output at once and close an open session; the engine is going away."""
        if states.in_session(self.present.state):
            self.present.cause = "engine stopped"
        self._apply(events.StopAsked(cut=True))
        self._executor.cut()

    # --- read and judge ----------------------------------------------------------------------

    def _look(self) -> Observation:
        present = self.present
        seen = self._observer.observe(present.now_us)
        if seen.stream.markers:
            self._feeder.take(seen.stream)
        self._note_screen()
        readings = self._readings.make(
            seen,
            present.state,
            wall_us=Microseconds(self._utc_us()),
            journal_ok=self._log.fault is None,
            screen_at_us=self._screen_at_us,
        )
        self._memory, trips, cautions = judge(self._memory, readings)
        self._measurer.take(readings)
        self._note_cautions(cautions)
        found = (*(trip_for(error) for error in seen.errors), *trips)
        for each in found:
            self._trip(each)
        self._follow_causes(found)
        return seen

    def _trip(self, found: Trip) -> None:
        if found.code is TripCode.DAEMON_LOST:
            self._executor.daemon_lost = True
        self._apply(events.TripRaised(found))

    def _fail(self, error: Exception) -> None:
        """Trip on an exception; should even that fail, cut once more and let it be seen."""
        try:
            self._trip(trip_for(error))
        except (DriverError, ApplianceError):
            self._executor.cut()

    def _follow_causes(self, found: tuple[Trip, ...]) -> None:
        state = self.present.state
        if not isinstance(state, Tripped):
            return
        if state.cause_present and not found:
            self._apply(events.CauseGone())
        elif found and not state.cause_present:
            self._apply(events.CauseBack())

    def _note_cautions(self, cautions: tuple[Caution, ...]) -> None:
        known = {(each.code, each.channel) for each in self.present.cautions}
        for each in cautions:
            if (each.code, each.channel) not in known:
                self._log.caution(each)
        self.present.cautions = cautions

    def _note_screen(self) -> None:
        if self._screen is None:
            return
        seen = self._link.seen(self._screen)
        if seen is not None and seen != self._screen_seen:
            self._screen_seen, self._screen_at_us = seen, self.present.now_us

    # --- answer ------------------------------------------------------------------------------

    def raise_event(self, event: events.Event) -> Refusal | None:
        """Step the state machine by an event a person asked for."""
        return self._apply(event)

    def prescribe(self, prescription: Prescription) -> None:
        """Lay out a treatment; the one before it is forgotten."""
        present = self.present
        present.treatment = Treatment(prescription, self._gate, self._rig.board.channels)
        present.contact, present.notes = (), ()
        self._gate.doses = {}

    def moment(self, channel: int) -> Moment:
        """Return what the level rules want to know of a channel now."""
        return self._feeder.moment(channel)

    def _may_arm(self, received: Received) -> Refusal | None:
        """Refuse to energise hardware that others can reach; remember whose screen it is."""
        if self._rig.kind != "virtual" and self._rig.exposure:
            found = "; ".join(self._rig.exposure)
            return Refusal(
                "daemon isolation", found, "nobody else reaches the daemon", "see deploy"
            )
        self._screen = received.peer
        self._screen_seen = self._link.seen(received.peer)
        self._screen_at_us = self.present.now_us
        return None

    def _answered(self, received: Received, refusal: Refusal | None) -> None:
        message = received.message
        if not isinstance(message, Command):
            return
        asked = {"action": type(message.action).__name__, "peer": received.peer.name}
        if refusal is None:
            self._log.note(EventName.COMMAND, **asked)
        else:
            self._log.note(EventName.REFUSAL, **asked, refusal=refusal.text())

    def _apply(self, event: events.Event) -> Refusal | None:
        """Step the state machine and carry out what it asks for."""
        present, was = self.present, self.present.state
        state, effects = states.step(was, event)
        if state != was:
            present.state = state
            present.state_number += 1
            present.armed_at_us = present.now_us
            self._gate.enter(state)
            self._log.state(type(was).__name__, type(state).__name__, type(event).__name__)
        if isinstance(event, events.TripRaised) and state != was:
            self._announce_trip(event.trip)
        for effect in effects:
            self._executor.carry_out(effect)
        refused = [each for each in effects if isinstance(each, events.Refuse)]
        if not refused:
            return None
        return Refusal("state", refused[0].reason, refused[0].accepted, refused[0].accepted)

    def _announce_trip(self, found: Trip) -> None:
        self._log.trip(found)
        facts: dict[str, object] = {
            "code": found.code.value,
            "detail": found.detail,
            "text": found.kind.text,
        }
        self._link.event(Event(name="trip", session=self.present.session, facts=facts))

    # --- act ---------------------------------------------------------------------------------

    def _act(self, seen: Observation) -> None:
        present = self.present
        if present.procedure is not None:
            self._resume(seen)
        event = self._feeder.feed()
        if event is not None:
            self._apply(event)
        armed_for_us = present.now_us - present.armed_at_us
        if isinstance(present.state, Armed) and armed_for_us > ARMED_FOR_US:
            self._apply(events.ArmedTooLong())

    def _resume(self, seen: Observation) -> None:
        procedure = self.present.procedure
        try:
            if procedure is not None:
                procedure.send(seen)
        except StopIteration as ended:
            self._executor.end_procedure()
            self._conclude(ended.value)

    def _conclude(self, result: SelfTest | ContactCheck) -> None:
        if isinstance(result, SelfTest):
            self._log.self_test(result)
            self.present.notes = result.failures
            failed = trip(TripCode.SELF_TEST_FAILED, "; ".join(result.failures))
            event = events.SelfTestPassed() if result.passed else events.SelfTestFailed(failed)
            self._apply(event)
            return
        self._log.contact_check(result)
        self.present.contact = result.channels
        self.present.notes = () if result.passed else (result.text,)
        for found in result.channels:
            self.present.channels[found.channel].contact_ohm = found.ohm
        self._apply(events.ContactPassed() if result.passed else events.ContactFailed(result.text))

    # --- report and live ---------------------------------------------------------------------

    def _report(self, seen: Observation) -> None:
        present = self.present
        amplitudes = self._feeder.amplitudes()
        self._log.measure(amplitudes, self._gate.doses)
        if present.now_us - self._snapshot_at_us < SNAPSHOT_PERIOD_US:
            return
        self._snapshot_at_us = present.now_us
        doses = self._gate.doses
        self._link.publish(make_snapshot(present, seen, self._rig.kind, amplitudes, doses))

    def _live(self, seen: Observation) -> None:
        """Refresh the guard; then, last of all, give the heartbeat."""
        if not self._executor.daemon_lost:
            self._rig.pulses.refresh_guard()
        if seen.errors or not states.heartbeat_runs(self.present.state) or not self._hands.beat:
            return
        self._rig.lines.toggle_heartbeat()


def trip_for(error: Exception) -> Trip:
    """Return the trip that stands for a failure."""
    code = next(code for kind, code in DRIVER_TRIPS if isinstance(error, kind))
    return trip(code, f"{getattr(error, 'code', '')} {error}".strip())
