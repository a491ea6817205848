"""The control loop: read, judge, answer, act, report, once every 10 ms, in one thread.

    read      inputs, markers, held readings, one slow reading
    judge     every interlock; a trip steps the state machine before anything else is done
    answer    commands, stops first
    act       resume the procedure; feed the stream; begin or end the fall
    report    snapshot, journal, lamps
    live      refresh the guard; then, last of all and only if all is well, toggle the heartbeat

A tick that fails anywhere skips the rest: no guard refresh, no heartbeat, so the layers below end
the output by themselves even if the cut that follows should fail too. Nothing is sent in a tripped
state: the guard, no longer refreshed, then holds the gates off as well.
"""

from collections.abc import Callable
from dataclasses import replace

from appliance.control.commands.answer_book import AnswerBook
from appliance.control.commands.confirmations import Confirmations
from appliance.control.commands.felt_marks import FeltMarks
from appliance.control.commands.output_permission import (
    allowed_loads,
    refuse_bystander,
    refuse_exposed,
)
from appliance.control.commands.patient_ceiling import PatientCeilings
from appliance.control.commands.prescribe import AcceptedPrescription
from appliance.control.commands.record_queries import RecordQueries
from appliance.control.commands.screen_watch import ScreenWatch
from appliance.control.dispatcher import CommandDispatcher
from appliance.control.drills.actions import DrillActions
from appliance.control.drills.ledger import DrillLedger
from appliance.control.drills.runner import DrillRunner
from appliance.control.effects import EffectRunner
from appliance.control.engine_state import ChannelState, EngineState
from appliance.control.output.handle import OutputHandle
from appliance.control.output.observation import Observation, Observer
from appliance.control.procedure_runner import ProcedureRunner
from appliance.control.reporting.indicators import Indicators
from appliance.control.reporting.journal_writer import EngineJournal, JournalPort
from appliance.control.reporting.snapshots import SNAPSHOT_PERIOD_US, make_snapshot
from appliance.control.state_runner import StateRunner
from appliance.control.stops.error_trips import LATE_SLICE_REASONS, trip_for
from appliance.control.stops.every_step import first_failure
from appliance.control.stops.onset import Onset, OnsetEvidence, OnsetTracker
from appliance.control.tick.active_cautions import ActiveCautions
from appliance.control.tick.cues import CueAnnouncer
from appliance.control.tick.feeder import Feeder
from appliance.control.tick.interlock_inputs import InterlockInputs
from appliance.control.tick.measurements import ChannelMeasurements
from appliance.control.treatment.treatment import Treatment
from appliance.core.refusal import Refusal
from appliance.drills.schedule import Today
from appliance.errors import ApplianceError, LinkError
from appliance.link.interfaces import EngineLink, Peer, Received
from appliance.records.patients import PatientRegister
from appliance.safety.gate import Gate
from appliance.safety.interlocks.judge import InterlockMemory, judge
from appliance.safety.interlocks.rule import Caution
from appliance.safety.levels import Moment
from appliance.safety.state_machine import events, states
from appliance.safety.state_machine.states import Armed, Paused, Tripped
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from drivers.errors import DriverError, SliceRejected
from drivers.interfaces import Rig
from drivers.quantities import US_PER_S, Microseconds

TICK_US = 10_000
ARMED_FOR_US = 5 * 60 * US_PER_S
"""After this long, armed or paused, the contact that was checked may no longer hold (D)."""


class ControlLoop:
    """One engine's loop: `tick` is called every `TICK_US`, by one thread."""

    def __init__(
        self,
        rig: Rig,
        link: EngineLink,
        records: JournalPort,
        archive: RecordQueries,
        utc_us: Callable[[], int],
        register: PatientRegister | None = None,
        book: DrillLedger | None = None,
    ) -> None:
        register = register or PatientRegister("no records of patients were opened")
        channels = range(1, rig.board.channels + 1)
        self.present = EngineState(channels={n: ChannelState() for n in channels})
        self._rig, self._link, self._utc_us = rig, link, utc_us
        self._gate = Gate(rig)
        self._hands = OutputHandle(rig, self._gate)
        self._observer = Observer(rig)
        self._hands.on_guard_started = self._guard_started
        self._log = EngineJournal(records, rig, self.present, register)
        self._witness = OnsetTracker(tuple(channels))
        self._executor = EffectRunner(self._hands, self._log, self.present, self._witness)
        self._feeder = Feeder(self._hands, self._gate, self._log, self.present)
        self._machine = self._machine_for(link)
        self._readings = InterlockInputs(self._hands)
        self._measurer = ChannelMeasurements(self.present)
        self._lamps = Indicators(rig.lines)
        self._screen = ScreenWatch(link)
        self._book = book or DrillLedger({}, rig.kind, lambda: Today(utc_us(), trusted=False))
        wants = DrillActions(self._hands, self.present, self._executor, self._machine, self)
        self._drills = DrillRunner(self._hands, self.present, self._log, self._book, wants)
        self._answers = AnswerBook(self._log, link)
        self._desk = self._desk_for(link, archive, register)
        self._procedures = ProcedureRunner(self.present, self._executor, self._machine, self._log)
        self._announcer = CueAnnouncer(self.present, link)
        self._memory = InterlockMemory()
        self._cautions = ActiveCautions()
        self._found: tuple[Trip, ...] = ()
        self._snapshot_at_us = 0
        self.dead_link: LinkError | None = None
        """Why no screen can reach this engine any more; it should end once output has."""

    def _machine_for(self, link: EngineLink) -> StateRunner:
        """Return the state machine at work, on the parts made so far."""
        present, executor = self.present, self._executor
        parts = (present, self._gate, executor, self._feeder, self._log, link, self._witness)
        return StateRunner(*parts)

    def _desk_for(
        self, link: EngineLink, archive: RecordQueries, register: PatientRegister
    ) -> CommandDispatcher:
        """Return the desk, with those it hands commands on to."""
        ceilings = PatientCeilings(self.present, register, self._log)
        felt, confirmations = FeltMarks(self.present, self._log), Confirmations(link, self._log)
        further = (register, ceilings, self._drills, felt, confirmations)
        return CommandDispatcher(link, self.present, self, self._answered, archive, *further)

    def prepare(self) -> None:
        """Bring the output to rest before the first tick: stop, clear, codes zero, supply off."""
        self._rig.lines.set_supply(on=False)
        self._rig.pulses.prepare()
        self._gate.zero()

    def tick(self) -> None:
        """Run one control tick. A failure of rig or program is a trip; nothing is raised for it."""
        self.present.now_us = self._rig.clock.now_us()
        self.present.tick += 1
        try:
            seen = self._look()
            self._attend()
            self._act(seen)
            self._report(seen)
            self._live(seen)
        except (DriverError, ApplianceError) as error:
            self._fail(error)

    def sight(self) -> tuple[Observation | None, dict[int, int]]:
        """Return what the last tick saw, and the amplitude set on each channel."""
        return self._executor.seen, self._feeder.amplitudes()

    def stop(self) -> None:
        """Let the output fall as if a person had asked: the engine is going to end."""
        self._machine.apply(events.StopAsked())

    def close_books(self) -> None:
        """Record the count of what was not recorded one by one; the engine is going away."""
        self._answers.tell_left_out()

    def cut_and_close(self) -> None:
        """End output at once and close an open session; the engine is going away.

        The cut comes first and does not depend on anything that comes after it.
        """
        asked = events.StopAsked(cut=True)
        self._executor.cut()
        failed = first_failure(
            lambda: self._begin_ending("engine_stopped", OnsetEvidence.COMMAND),
            self._executor.settle_cut,
            lambda: self._machine.apply(asked, cause="engine_stopped"),
        )
        if isinstance(failed, DriverError | ApplianceError):
            self._fail(failed)
        elif failed is not None:
            raise failed

    def crash(self, text: str) -> None:
        """Cut for an error nobody expected, then record it; `text` is its traceback."""
        self._executor.cut()
        last_line = text.strip().rpartition("\n")[2]
        failed = first_failure(
            lambda: self._begin_ending("crash", OnsetEvidence.JUDGED),
            self._executor.settle_cut,
            lambda: self._log.crash(text),
            lambda: self._machine.trip(trip(TripCode.INTERNAL_FAULT, last_line)),
        )
        if failed is not None:
            raise failed

    def _begin_ending(self, cause: str, known_by: OnsetEvidence) -> None:
        since = Onset(self._rig.clock.now_us(), known_by)
        self._executor.begin_ending(cause, since, self._feeder.amplitudes(), anew=True)

    # --- read and judge ----------------------------------------------------------------------

    def _look(self, *, behind_cut: bool = False) -> Observation:
        """Read and judge; behind a late slice's cut only what may have made it late counts."""
        present = self.present
        seen = self._executor.seen = self._observer.observe(present.now_us)
        if seen.stream is not None:
            self._feeder.take(seen.stream)
        readings = self._readings.make(
            seen,
            present.state,
            wall_us=Microseconds(self._utc_us()),
            journal_ok=self._log.fault is None,
            screen_at_us=self._screen.look(present.now_us),
        )
        self._witness.look(seen, readings, self._hands.trackers)
        self._memory, trips, cautions = judge(self._memory, readings)
        if behind_cut:
            trips = tuple(each for each in trips if each.code in LATE_SLICE_REASONS)
        found = (*(trip_for(error) for error in seen.errors), *trips)
        self._machine.cut_for(found)
        self._measurer.take(readings)
        self._note_cautions(cautions, energising=readings.energising)
        found = self._found = tuple(self._with_reason(each) for each in found)
        for each in found:
            self._machine.trip(each)
        self._follow_causes(found)
        return seen

    def _with_reason(self, found: Trip) -> Trip:
        """Say why the journal failed; its interlock knows only that it did."""
        if found.code is not TripCode.JOURNAL_FAULT or self._log.fault is None:
            return found
        return replace(found, detail=self._log.fault)

    def _guard_started(self) -> None:
        """Believe the daemon again: it has taken, run and shown a fresh guard."""
        self._executor.daemon_lost = self._executor.cut_since_guard = False
        self._observer.forget_guard()

    def _fail(self, error: DriverError | ApplianceError) -> None:
        """Trip on an exception; should even that fail, cut once more and let it be seen.

        A slice may be too late because the guard has ended the stream: its reason is named first.
        """
        failure = trip_for(error)
        self._machine.cut_for((failure,))
        try:
            try:
                if isinstance(error, SliceRejected):
                    before_us, now_us = self.present.now_us, self._rig.clock.now_us()
                    self.present.now_us = now_us
                    self._memory = self._memory.again(before_us, now_us)
                    self._observer.forget_guard()
                    self._look(behind_cut=True)
            finally:
                self._machine.trip(failure)
        except (DriverError, ApplianceError):
            self._executor.cut()
            self._executor.settle_cut()
        if self._executor.seen is not None:
            self._publish(self._executor.seen)

    def _follow_causes(self, found: tuple[Trip, ...]) -> None:
        state = self.present.state
        if not isinstance(state, Tripped):
            return
        if state.cause_present and not found:
            self._machine.apply(events.CauseGone())
        elif found and not state.cause_present:
            self._machine.apply(events.CauseBack())

    def _note_cautions(self, cautions: tuple[Caution, ...], *, energising: bool) -> None:
        for each in self._cautions.take(cautions, self.present.now_us, energising=energising):
            self._log.caution(each)
        self.present.cautions = self._cautions.standing
        if self.present.treatment is not None:
            self.present.treatment.fade_for(cautions, self.present.now_us)

    # --- answer ------------------------------------------------------------------------------

    def _attend(self) -> None:
        """Answer; with a dead link nobody could stop the output, as with a silent screen."""
        try:
            self._desk.attend()
            self._desk.release_orphans(self.present.now_us)
            self._answers.attend(self.present.state_number, self.present.now_us)
        except LinkError as error:
            self.dead_link = error
            self._machine.trip(trip(TripCode.SCREEN_SILENT, str(error)))

    def raise_event(self, event: events.Event) -> Refusal | None:
        """Step the state machine by an event a person asked for."""
        return self._machine.apply(event)

    def acknowledge(self) -> Refusal | None:
        """Let go of a trip; only of one that has been shown, for a tap may come just before it."""
        present = self.present
        if isinstance(present.state, Tripped) and present.shown_number != present.state_number:
            return Refusal("state", "Acknowledged", "what has been shown", "look, then acknowledge")
        only_journal = {each.code for each in self._found} <= {TripCode.JOURNAL_FAULT}
        if self._log.fault is not None and self._log.clear_fault() and only_journal:
            self._machine.apply(events.CauseGone())
        return self._machine.apply(events.Acknowledged())

    def arm(self, received: Received, event: events.Event) -> Refusal | None:
        """Step towards output, unless others reach the daemon; remember whose screen it is."""
        refusal = refuse_exposed(self._rig)
        if refusal is None:
            checks = isinstance(event, events.ContactAsked)
            refusal = self._drills.refuse_arming() if checks else self.bystander(received)
        refusal = refusal or self._machine.apply(event)
        if refusal is None:
            loads = allowed_loads(self._rig, received.role, self.present.contact)
            self._readings.expect(event, loads)
            self.watch(received.peer)
        return refusal

    def watch(self, peer: Peer) -> None:
        """Trip when this peer's screen falls silent, from now on."""
        self._screen.take(peer, self.present.now_us)

    def bystander(self, received: Received) -> Refusal | None:
        """Refuse whoever may not give current to whoever is on the pads."""
        return refuse_bystander(self._rig, received.role, self.present.contact)

    def prescribe(self, prescribed: AcceptedPrescription) -> None:
        """Lay out a treatment; the one before it is forgotten."""
        present = self.present
        parts = (prescribed.prescription, self._gate, self._rig.board.channels)
        patient, bounds = prescribed.patient, prescribed.bounds
        present.forget_treatment()
        treatment = present.treatment = Treatment(
            *parts, patient=patient, bounds=bounds, rested_from_us=present.rested_from_us
        )
        present.state_number += 1  # whoever decided on what stood there before has to look again
        self._readings.mean_period_us = treatment.mean_period_us
        present.contact, present.notes = (), ()
        self._gate.doses = {}

    def moment(self, channel: int) -> Moment:
        """Return what the level rules want to know of a channel now."""
        return self._feeder.moment(channel)

    def _answered(self, received: Received, refusal: Refusal | None) -> None:
        present = self.present
        self._answers.answered(received, refusal, present.state_number, present.now_us)

    # --- act ---------------------------------------------------------------------------------

    def _act(self, seen: Observation) -> None:
        present = self.present
        self._drills.attend(seen)
        self._procedures.attend(seen)
        event = self._feeder.feed()
        if event is not None:
            self._machine.apply(event)
        if self._announcer.attend():
            self._lamps.cue(present.now_us)
        if present.now_us - present.entered_at_us > ARMED_FOR_US:
            if isinstance(present.state, Armed):
                self._machine.apply(events.ArmedTooLong())
            elif isinstance(present.state, Paused):
                self._machine.apply(events.StopAsked(), cause="paused_too_long")

    # --- report and live ---------------------------------------------------------------------

    def _report(self, seen: Observation) -> None:
        present = self.present
        self._log.measure(self._feeder.amplitudes(), self._gate.doses)
        self._publish(seen)
        self._lamps.show(present.state, present.now_us, live=self._feeder.is_live())

    def _publish(self, seen: Observation) -> None:
        """Show the whole state, 20 times a second and whatever else fails."""
        present = self.present
        if present.now_us - self._snapshot_at_us < SNAPSHOT_PERIOD_US:
            return
        self._snapshot_at_us = present.now_us
        present.shown_number = present.state_number
        present.drill_notes = self._book.notes(present.now_us)
        amplitudes, doses = self._feeder.amplitudes(), self._gate.doses
        self._link.publish(make_snapshot(present, seen, self._rig, amplitudes, doses))

    def _live(self, seen: Observation) -> None:
        """Refresh the guard; then, last of all, give the heartbeat. Nothing once tripped."""
        state = self.present.state
        if isinstance(state, Tripped):
            self._executor.stay_off()
            return
        if self._hands.refresh:
            asked_us = self._hands.refreshed_at_us = self._rig.clock.now_us()
            self._rig.pulses.refresh_guard()
            self._witness.refreshed(asked_us, self._rig.clock.now_us())
        if seen.errors or not states.heartbeat_runs(state) or not self._hands.beat:
            return
        self._rig.lines.toggle_heartbeat()
        self._hands.beat_at_us = self._rig.clock.now_us()
