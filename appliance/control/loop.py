"""The control loop: read, judge, answer, act, report, once every 10 ms, in one thread.

    read      inputs, markers, held readings, one slow reading
    judge     every interlock; a trip steps the state machine before anything else is done
    answer    commands, stops first
    act       resume the procedure; feed the stream; begin or end the fall
    report    snapshot, journal, indicators
    live      refresh the guard; then, last of all and only if all is well, toggle the heartbeat

A tick that fails anywhere skips the rest: no guard refresh, no heartbeat, so the layers below end
the output by themselves even if the cut that follows should fail too. Nothing is sent in a tripped
state: the guard, no longer refreshed, then holds the gates off as well.
"""

from collections.abc import Callable

from appliance.clinical.placement.personal_range import PersonalRanges
from appliance.control.bedside.all_rules import Bedside
from appliance.control.bedside.charge import Charge
from appliance.control.bedside.close_out_rule import CloseOutRule
from appliance.control.commands.clinical_facts import ClinicalFacts
from appliance.control.commands.fact_recorder import FactRecorder
from appliance.control.commands.felt_marks import FeltMarks
from appliance.control.commands.level_keys import LevelKeys
from appliance.control.commands.patient_ceiling import PatientCeilings
from appliance.control.commands.record_queries import RecordQueries
from appliance.control.commands.recorded_replies import AnswerBook, Confirmations
from appliance.control.commands.screen_liveness import ScreenWatch
from appliance.control.commands.sign_in_rules import Request
from appliance.control.commands.sign_ins import SignIns
from appliance.control.commands.unit_register import UnitRegister
from appliance.control.dispatcher import CommandDispatcher
from appliance.control.drills.actions import DrillActions
from appliance.control.drills.ledger import DrillLedger
from appliance.control.drills.runner import DrillRunner
from appliance.control.effects import EffectRunner, RunningProcedure, first_failure
from appliance.control.engine_state import CautionState, EngineState, TickState
from appliance.control.output.handle import OutputHandle
from appliance.control.output.rig_observation import Observation, Observer
from appliance.control.procedure_runner import ProcedureRunner
from appliance.control.reporting.indicators import Indicators
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.reporting.snapshots import SNAPSHOT_PERIOD_US, ShownBefore, make_snapshot
from appliance.control.sounds.sounds import Sounds
from appliance.control.state_runner import StateRunner
from appliance.control.stops.error_trips import LATE_SLICE_REASONS, trip_for
from appliance.control.stops.onset import Onset, OnsetEvidence, OnsetTracker
from appliance.control.stops.recorder import StopRecorder, StopState
from appliance.control.tick.contraction_cues import CueAnnouncer
from appliance.control.tick.feeder import Feeder
from appliance.control.tick.interlock_inputs import InterlockInputs
from appliance.control.tick.last_measurements import ChannelMeasurements
from appliance.control.treatment.cautions import ActiveCautions
from appliance.control.treatment_setup import TreatmentSetup
from appliance.errors import ApplianceError, LinkError
from appliance.link.interfaces import EngineLink
from appliance.operators.pin_worker import PinWorker
from appliance.records.journal.journal import Journal
from appliance.records.known_records import KnownRecords
from appliance.records.session_events import PAUSED_TOO_LONG
from appliance.safety.arming_policy import ArmingPolicy
from appliance.safety.gate import Gate
from appliance.safety.interlocks.judge import InterlockMemory, judge
from appliance.safety.interlocks.rule import Caution
from appliance.safety.state_machine import events, states
from appliance.safety.state_machine.states import Armed, Paused, Tripped
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import text
from drivers.errors import DriverError, SliceRejected
from drivers.interfaces import Rig
from drivers.quantities import US_PER_S, Microseconds

TICK_US = 10_000
ARMED_FOR_US = 5 * 60 * US_PER_S
"""After this long the contact that was checked may no longer hold (D)."""
PAUSED_FOR_US = 10 * 60 * US_PER_S
"""A longer pause is no part of the session (D). Contact goes on being judged against what it was
before the pause, which a new check would forget."""


class ControlLoop:
    """One engine's loop: `tick` is called every `TICK_US`, by one thread."""

    def __init__(
        self,
        rig: Rig,
        link: EngineLink,
        records: Journal,
        queries: RecordQueries,
        utc_us: Callable[[], int],
        policy: ArmingPolicy,
        ledger: DrillLedger,
        known: KnownRecords,
        pins: PinWorker[Request],
    ) -> None:
        state = self.state = EngineState.for_channels(rig.board.channels)
        self._write_tick = state.claim(TickState)
        self._write_cautions = state.claim(CautionState)
        self._rig, self._link, self._utc_us = rig, link, utc_us
        self._gate = Gate(rig)
        self._output, self._observer = OutputHandle(rig, self._gate), Observer(rig)
        self._output.on_guard_started = self._guard_started
        self._journal = EngineJournal(records, rig, state, *known.of_journal)
        self._onset, self._sounds = OnsetTracker(), Sounds(state, self._journal)
        self._measurements = ChannelMeasurements(state)
        self._feeder = Feeder(self._output, self._gate, self._journal, state)
        self._cues, self._indicators = CueAnnouncer(state, link), Indicators(rig.lines)
        self._make_runners()
        self._interlock_inputs = InterlockInputs(self._output, state)
        self._screen, self._answers = ScreenWatch(link), AnswerBook(self._journal, link)
        self._ledger = ledger
        self._drills = self._make_drills(policy)
        self._make_recorders(known, pins)
        self._dispatcher = self._make_dispatcher(queries, known, policy)
        self._memory, self._cautions = InterlockMemory(), ActiveCautions()
        self._snapshot_at_us = 0
        self._shown = ShownBefore(state, self._journal.fact_time)
        self.dead_link: LinkError | None = None
        """Why no screen can reach this engine any more; it should end once output has."""

    def _make_recorders(self, known: KnownRecords, pins: PinWorker[Request]) -> None:
        """Make what records facts about patients and people."""
        state, journal, digest = self.state, self._journal, self._rig.board.digest
        self._recorder = FactRecorder(state, journal)
        self._people = SignIns(state, known.operators, journal, pins)
        known_of_unit = (journal, digest, self._ledger.is_begun)
        self._charge = Charge(state, self._people, self._state_runner, *known_of_unit)
        taking = (self._recorder, known.patients, known.register, journal)
        self._facts = ClinicalFacts(*taking, known.operators.is_lead)
        self._unit = UnitRegister(state, self._recorder, known.unit, journal)
        self._close_outs = CloseOutRule(state, self._facts)
        journal.on_ended = self._close_outs.ended
        self._keys = LevelKeys(state, self._link, self._feeder.moment)

    def _make_runners(self) -> None:
        """Make what acts on the state machine's effects."""
        state, output, journal = self.state, self._output, self._journal
        write = state.claim(StopState)
        self._stops = StopRecorder(output, self._onset, write, journal.note)
        self._procedure = RunningProcedure(output)
        self._setup = TreatmentSetup(state, self._gate)
        acting = (output, state, journal, self._stops, self._procedure)
        self._effects = EffectRunner(*acting, self._feeder, self._cues, self._measurements)
        recording = (self._stops, self._setup, self._feeder, journal, self._link, self._onset)
        self._state_runner = StateRunner(state, self._gate, self._effects, *recording)
        concluding = (self._procedure, self._setup, self._measurements)
        self._procedures = ProcedureRunner(*concluding, self._state_runner, journal)

    def _make_drills(self, policy: ArmingPolicy) -> DrillRunner:
        output, state, procedure = self._output, self.state, self._procedure
        acting = (output, state, self._effects, self._state_runner, self._setup, self._feeder)
        actions = DrillActions(*acting, procedure, self._screen)
        judging = (self._journal, self._ledger, policy)
        return DrillRunner(output, state, *judging, actions, procedure)

    def _make_dispatcher(
        self, queries: RecordQueries, known: KnownRecords, policy: ArmingPolicy
    ) -> CommandDispatcher:
        state, journal, register = self.state, self._journal, known.register
        acting = (self._state_runner, self._stops, self._link, self._close_outs, self._people)
        about = (register, known.ranges or PersonalRanges())
        bedside = Bedside(state, self._facts, self._unit, journal, *acting, *about)
        self._procedures.on_contact = bedside.left_load.attend
        return CommandDispatcher(
            link=self._link,
            engine=state,
            state_runner=self._state_runner,
            feeder=self._feeder,
            journal=journal,
            inputs=self._interlock_inputs,
            screen=self._screen,
            keys=self._keys,
            rig=self._rig,
            policy=policy,
            answers=self._answers,
            queries=queries,
            register=register,
            ceilings=PatientCeilings(state, register, journal),
            drills=self._drills,
            charge=self._charge.with_sheets(queries.sheets),
            felt=FeltMarks(state, journal, bedside.ranges.take, self._close_outs.told),
            recorder=self._recorder,
            facts=self._facts,
            unit=self._unit,
            bedside=bedside.rules,
            feeling=bedside.feeling,
            presence=bedside.presence,
            sounds=self._sounds,
            confirmations=Confirmations(self._link, journal),
        )

    def prepare(self) -> None:
        """Bring the output to rest before the first tick: stop, clear, codes zero, supply off."""
        self._rig.lines.set_supply(on=False)
        self._rig.pulses.prepare()
        self._gate.zero()
        if self.state.session.last is not None:
            self._setup.owe_rest(self._rig.clock.now_us())

    def tick(self) -> None:
        """Run one control tick. A failure of rig or program is a trip; nothing is raised for it."""
        tick, now_us = self.state.tick, self._rig.clock.now_us()
        self._write_tick(TickState(tick.number + 1, now_us, tick.trips, tick.shown_number))
        try:
            observation = self._look()
            self._attend()
            self._act(observation)
            self._report(observation)
            self._live(observation)
        except (DriverError, ApplianceError) as error:
            self._fail(error)

    def sight(self) -> tuple[Observation | None, dict[int, int]]:
        """Return what the last tick saw, and the amplitude set on each channel."""
        return self._stops.newest, self._feeder.amplitudes()

    def stop(self) -> None:
        """Ramp the output down as for a person's stop: the engine is going to end."""
        self._state_runner.apply(events.StopAsked())

    def close_books(self) -> None:
        """Record the count of what was not recorded one by one; the engine is going away."""
        self._answers.tell_left_out()

    def cut_and_close(self) -> None:
        """End output at once and close an open session; the engine is going away.

        The cut comes first and does not depend on anything that comes after it.
        """
        stop = events.StopAsked(cut=True)
        self._effects.cut()
        failed = first_failure(
            lambda: self._begin_ending("engine_stopped", OnsetEvidence.COMMAND),
            self._effects.settle_cut,
            lambda: self._state_runner.apply(stop, cause="engine_stopped"),
        )
        if isinstance(failed, DriverError | ApplianceError):
            self._fail(failed)
        elif failed is not None:
            raise failed

    def crash(self, traceback: str) -> None:
        """Cut for an unexpected error, then record it with its traceback."""
        self._effects.cut()
        last_line = traceback.strip().rpartition("\n")[2]
        detail = text("trip.detail.message", message=last_line)
        failed = first_failure(
            lambda: self._begin_ending("crash", OnsetEvidence.JUDGED),
            self._effects.settle_cut,
            lambda: self._journal.crash(traceback),
            lambda: self._state_runner.trip(trip(TripCode.INTERNAL_FAULT, detail)),
        )
        if failed is not None:
            raise failed

    def _begin_ending(self, cause: str, known_by: OnsetEvidence) -> None:
        self._state_runner.begin_ending(cause, Onset(self._rig.clock.now_us(), known_by))

    # --- read and judge ----------------------------------------------------------------------

    def _look(self, *, behind_cut: bool = False) -> Observation:
        """Read and judge; behind a late slice's cut only what may have made it late counts."""
        engine = self.state
        observation = self._observer.observe(engine.tick.now_us)
        self._stops.look(observation)
        if observation.stream is not None:
            self._feeder.take(observation.stream)
        readings = self._interlock_inputs.make(
            observation,
            engine.machine.state,
            wall_us=Microseconds(self._utc_us()),
            journal_ok=self._journal.fault is None,
            screen_at_us=self._screen.look(engine.tick.now_us),
        )
        judgement = judge(self._memory, readings)
        self._memory, trips, cautions = judgement
        if behind_cut:
            trips = tuple(trip for trip in trips if trip.code in LATE_SLICE_REASONS)
        all_trips = (*(trip_for(error) for error in observation.errors), *trips)
        self._state_runner.cut_for(all_trips)
        self._onset.look(observation, judgement.good)
        self._measurements.take(readings)
        self._note_cautions(cautions, energising=readings.energising)
        all_trips = tuple(self._journal.explain(trip) for trip in all_trips)
        if all_trips != engine.tick.trips:
            self._write_tick(engine.tick._replace(trips=all_trips))
        for raised in all_trips:
            self._state_runner.trip(raised)
        self._follow_causes(all_trips)
        return observation

    def _guard_started(self) -> None:
        """Use the daemon again: it has stored, run and reported a new guard."""
        self._effects.daemon_lost = self._effects.cut_since_guard = False
        self._observer.forget_guard()

    def _fail(self, error: DriverError | ApplianceError) -> None:
        """Trip on an exception; should even that fail, cut once more and let it be seen.

        A slice may be too late because the guard has ended the stream: its reason is named first.
        """
        failure = trip_for(error)
        self._state_runner.cut_for((failure,))
        try:
            try:
                if isinstance(error, SliceRejected):
                    before_us, now_us = self.state.tick.now_us, self._rig.clock.now_us()
                    self._write_tick(self.state.tick._replace(now_us=now_us))
                    self._memory = self._memory.again(before_us, now_us)
                    self._observer.forget_guard()
                    self._look(behind_cut=True)
            finally:
                self._state_runner.trip(failure)
        except (DriverError, ApplianceError):
            self._effects.cut()
            self._effects.settle_cut()
        if self._stops.newest is not None:
            self._publish(self._stops.newest)

    def _follow_causes(self, trips: tuple[Trip, ...]) -> None:
        state = self.state.machine.state
        if not isinstance(state, Tripped):
            return
        if state.cause_present and not trips:
            self._state_runner.apply(events.CauseGone())
        elif trips and not state.cause_present:
            self._state_runner.apply(events.CauseBack())

    def _note_cautions(self, cautions: tuple[Caution, ...], *, energising: bool) -> None:
        for caution in self._cautions.take(cautions, self.state.tick.now_us, energising=energising):
            self._journal.caution(caution)
        self._write_cautions(CautionState(self._cautions.standing))
        if self.state.setup.treatment is not None:
            self.state.setup.treatment.derate_for(cautions, self.state.tick.now_us)

    # --- answer ------------------------------------------------------------------------------

    def _attend(self) -> None:
        """Answer; trip on a dead link, as nobody could stop the output over it."""
        try:
            self._dispatcher.attend()
            self._keys.release_orphans(self.state.tick.now_us)
            self._answers.attend(self.state.machine.number, self.state.tick.now_us)
        except LinkError as error:
            self.dead_link = error
            detail = text("trip.detail.message", message=str(error))
            self._state_runner.trip(trip(TripCode.SCREEN_SILENT, detail))

    # --- act ---------------------------------------------------------------------------------

    def _act(self, observation: Observation) -> None:
        engine = self.state
        self._drills.attend(observation)
        self._procedures.attend(observation)
        event = self._feeder.feed()
        if event is not None:
            self._state_runner.apply(event)
        if self._cues.attend():
            self._sounds.cue()
        state, for_us = engine.machine.state, engine.tick.now_us - engine.machine.entered_at_us
        if isinstance(state, Armed) and for_us > ARMED_FOR_US:
            self._state_runner.apply(events.ArmedTooLong())
        elif isinstance(state, Paused) and for_us > PAUSED_FOR_US:
            self._state_runner.apply(events.PausedTooLong(), cause=PAUSED_TOO_LONG)

    # --- report and live ---------------------------------------------------------------------

    def _report(self, observation: Observation) -> None:
        self._journal.measure(self._feeder.amplitudes(), self._gate.doses)
        self._sounds.look()
        self._publish(observation)
        live, sounds = self._feeder.is_live(), self._sounds.is_on()
        self._indicators.show(self.state.machine.state, live=live, sounds=sounds)

    def _publish(self, observation: Observation) -> None:
        """Show the whole state, 20 times a second and whatever else fails."""
        engine = self.state
        if engine.tick.now_us - self._snapshot_at_us < SNAPSHOT_PERIOD_US:
            return
        self._snapshot_at_us = engine.tick.now_us
        self._write_tick(engine.tick._replace(shown_number=engine.machine.number))
        amplitudes, doses = self._feeder.amplitudes(), self._gate.doses
        notes = self._ledger.notes(engine.tick.now_us)
        self._shown.look()
        self._link.publish(
            make_snapshot(engine, observation, self._rig, amplitudes, doses, notes, self._shown)
        )

    def _live(self, observation: Observation) -> None:
        """Refresh the guard; then, last of all, give the heartbeat. Nothing once tripped."""
        state = self.state.machine.state
        if isinstance(state, Tripped):
            self._effects.stay_off()
            return
        asked_us = self._output.refresh_guard()
        if asked_us is not None:
            self._onset.refreshed(asked_us, self._rig.clock.now_us())
        if not observation.errors and states.heartbeat_runs(state):
            self._output.beat()
