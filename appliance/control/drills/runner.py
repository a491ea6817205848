"""The engine's side of a drill: feed it what the engine sees, do what it requests, keep the result.

A drill begins in Ready and drives everything through the state machine, the gate and the level
rules like any treatment. It ends with its verdict, at a trip it did not cause on purpose, when a
person stops, or after two minutes; then the output is brought to rest and the result is kept.
A drill that ends before its verdict has not passed: a layer that does not answer looks
just like a person who gives up.
"""

from typing import NamedTuple

from appliance.control.commands.output_permission import refuse_exposed
from appliance.control.drills.actions import DrillActions
from appliance.control.drills.ledger import DrillLedger
from appliance.control.effects import RunningProcedure
from appliance.control.engine_state import DrillState, EngineState
from appliance.control.output.handle import OutputHandle
from appliance.control.output.rig_observation import Observation
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.readable_text import refuse_operator
from appliance.core.refusal import Refusal
from appliance.drills import catalogue
from appliance.drills.kinds import LOADS_OHM, ON_A_CHANNEL
from appliance.drills.schedule import DrillStanding
from appliance.drills.script import Drill, DrillOutcome, DrillSight, DrillStep, Measured
from appliance.link.action_words import action_words
from appliance.link.interfaces import Peer, Received
from appliance.link.text_conversion import view_of
from appliance.messages.actions import (
    Acknowledge,
    Action,
    BeginDrill,
    EndDrill,
    Fall,
    Lock,
    Pause,
    Prescribe,
    RecordFact,
    RepeatLast,
    Stop,
)
from appliance.messages.snapshot import DrillResult, DrillView
from appliance.messages.wire import DrillKind
from appliance.records.drills import DrillFacts
from appliance.records.session_events import EventName
from appliance.records.texts import to_record
from appliance.safety.arming_policy import ArmingPolicy
from appliance.safety.state_machine.states import (
    Finished,
    Locked,
    RampDown,
    Ready,
    SelfTest,
    State,
    Tripped,
    trip_of,
)
from appliance.safety.state_machine.words import state_words
from appliance.safety.trips.codes import title
from appliance.safety.trips.trip import Trip
from appliance.texts.common_phrases import NONE, between, either, listed
from appliance.texts.english import english
from appliance.texts.text import Text, TextValue, microseconds, ohms, text

LOWERING = (Stop, Fall, Pause, Lock)
STOPPED = text("drill.failed.ended")


class _Run:
    """One drill under way."""

    def __init__(self, kind: DrillKind, action: BeginDrill, peer: Peer, now_us: int) -> None:
        self.kind, self.peer, self.began_us = kind, peer, now_us
        self.load_ohm, self.operator = action.load_ohm, action.operator
        self.channel = action.channel
        on_channel = kind in ON_A_CHANNEL or action.load_ohm is not None
        self.shown_channel = action.channel if on_channel else None
        self.measured: Measured = {}
        self.drill: Drill = catalogue.begin(kind, action.load_ohm, self.measured)
        self.step: DrillStep = next(self.drill)
        self.is_new = True
        self.refusal: Text | None = None


class _Owed(NamedTuple):
    """A result that is not shown yet; `number` is that of its event, 0 for none."""

    run: _Run
    verdict: DrillOutcome
    operator: str
    number: int


class DrillRunner:
    """Runs one drill at a time; used only by the control thread."""

    def __init__(
        self,
        output: OutputHandle,
        engine: EngineState,
        journal: EngineJournal,
        ledger: DrillLedger,
        policy: ArmingPolicy,
        actions: DrillActions,
        procedure: RunningProcedure,
    ) -> None:
        self._output, self._engine, self._policy = output, engine, policy
        self._journal, self._ledger, self._actions = journal, ledger, actions
        self._procedure = procedure
        self._write = engine.claim(DrillState)
        self._run: _Run | None = None
        self._tidying = False
        self._owed: _Owed | None = None

    # --- what people ask ------------------------------------------------------------------------

    def standings(self) -> tuple[DrillStanding, ...]:
        """Return where every kind of drill stands now."""
        return self._ledger.standings()

    def meet(self, action: Action) -> Refusal | None:
        """Apply a person's action to the running drill, before anything else handles it.

        What lowers or stops ends the drill and is then carried out; what would change the
        unit under the drill is refused.
        """
        if isinstance(action, RecordFact):  # changes nothing; a unit is taken out of use any time
            return None
        if self._run is None and not self._tidying:
            if isinstance(action, Prescribe | RepeatLast | Lock):
                self._write(DrillState())
            prescribes = isinstance(action, Prescribe | RepeatLast)
            return self._ledger.refuse() if prescribes else None
        if isinstance(action, LOWERING):
            self._end(STOPPED)
            return None
        if isinstance(action, Acknowledge | EndDrill | BeginDrill):
            return None
        asked, allowed = action_words(type(action)), text("drill.nothing_else")
        return Refusal("refusal.drill", asked, allowed, text("drill.end"))

    def begin(self, received: Received, action: BeginDrill) -> Refusal | None:
        """Begin a drill, in Ready and nowhere else."""
        engine = self._engine
        if self._run is not None or self._tidying:
            allowed, nearest = text("drill.one_at_a_time"), text("drill.end_the_other")
            return Refusal("refusal.drill", action.kind, allowed, nearest)
        if not isinstance(engine.machine.state, Ready):
            state = engine.machine.state
            wanted = text("drill.in", state=state_words(state))
            allowed = text("drill.in", state=state_words(Ready()))
            return Refusal("refusal.state", wanted, allowed, _way_to_ready(state))
        kind = action.kind
        unnamed = refuse_operator(action.operator) if action.operator else None
        refusal = unnamed or self._refuse_asked(kind, action)
        if refusal is None:
            self._run = _Run(kind, action, received.peer, engine.tick.now_us)
            self._show(self._run)
        return refusal

    def end(self) -> None:
        """End the running drill; without one, dismiss the last result."""
        if self._run is not None:
            self._end(STOPPED)
        elif not self._tidying:
            self._write(DrillState())

    def refuse_arming(self) -> Refusal | None:
        """Refuse a contact check while a drill is overdue, or with nothing left to check for."""
        state = self._engine.machine.state
        if isinstance(state, Ready) and state.prescribed and self._engine.setup.treatment is None:
            none, allowed = text("prescription.none"), text("prescription.allowed")
            return Refusal("refusal.prescription", none, allowed, text("prescription.nearest"))
        return self._ledger.refuse()

    def _refuse_asked(self, kind: DrillKind, action: BeginDrill) -> Refusal | None:
        board = self._output.rig.board
        if action.channel > board.channels:
            return Refusal("refusal.channel", action.channel, between(1, board.channels), 1)
        loads, nearest = either(*map(ohms, LOADS_OHM)), ohms(LOADS_OHM[0])
        if action.load_ohm is not None and kind not in (DrillKind.ESTOP, DrillKind.KNOWN_LOAD):
            load, allowed = ohms(action.load_ohm), text("load.none_for", kind=kind)
            return Refusal("refusal.load", load, allowed, text("load.leave_out"))
        if kind is DrillKind.KNOWN_LOAD and action.load_ohm is None:
            return Refusal("refusal.load", NONE, loads, nearest)
        if action.load_ohm is not None and action.load_ohm not in LOADS_OHM:
            return Refusal("refusal.load", ohms(action.load_ohm), loads, nearest)
        energises = kind in ON_A_CHANNEL or action.load_ohm is not None
        return refuse_exposed(self._policy, self._output.rig) if energises else None

    # --- each tick ------------------------------------------------------------------------------

    def attend(self, observation: Observation) -> None:
        """Take one step of the drill, or of what comes after it; before procedures take theirs."""
        run = self._run
        if run is None:
            if self._tidying:
                self._tidy()
            return
        outside_end = self._broken(run)
        if outside_end is not None:
            self._end(outside_end)
            return
        try:
            if run.is_new:
                if self._procedure.is_running:
                    return  # a latch is still being released
                run.is_new = False
            else:
                run.step = run.drill.send(self._sight(run, observation))
        except StopIteration as ended:
            self._finish(run, ended.value)
            return
        self._show(run)
        refusal = self._actions.do(run.step.request, run.kind, run.channel, run.peer)
        run.refusal = refusal.text() if refusal is not None else None

    def _broken(self, run: _Run) -> Text | None:
        """Return what ends the drill from outside, None if nothing does."""
        engine, state = self._engine, self._engine.machine.state
        expected = catalogue.OWN_TRIPS.get(run.kind, catalogue.NONE)
        for trip in _trips(state):
            if trip.code not in expected:
                detail = trip.detail or title(trip.code)
                return text("drill.failed.tripped", code=trip.code.value, what=detail)
        if isinstance(state, Locked):
            return text("drill.failed.locked")
        if engine.tick.now_us - run.began_us > catalogue.LONGEST_US:
            allowed, step = microseconds(catalogue.LONGEST_US), Text(run.step.key)
            return text("drill.failed.too_long", allowed=allowed, step=step)
        return None

    def _sight(self, run: _Run, observation: Observation) -> DrillSight:
        engine, output = self._engine, self._output
        treatment = engine.setup.treatment
        level = treatment.levels.get(run.channel) if treatment is not None else None
        contact = next(
            (result for result in engine.setup.contact if result.channel == run.channel), None
        )
        tracker = output.trackers.get(run.channel)
        held = tracker.at(observation.held_at_us) if tracker is not None else None
        certain = held is not None and held.pulses > 0 and held.low_ua == held.high_ua
        return DrillSight(
            now_us=engine.tick.now_us,
            state=engine.machine.state,
            busy=self._procedure.is_running,
            inputs=observation.inputs,
            guard=output.rig.pulses.guard_status()
            if output.life.latch_expected
            else observation.guard,
            supply_on=output.supply_on,
            level_ua=level.level_ua if level is not None else 0,
            held=observation.held[run.channel - 1] if certain else None,
            contact=contact.contact.value if contact is not None else None,
            ohm=contact.ohm if contact is not None else None,
            problem=_problem(engine.setup.notes) if contact is None else None,
            time_to_zero_us=engine.stop.time_to_zero_us,
            beat_at_us=output.life.beat_at_us,
            refreshed_at_us=output.life.refreshed_at_us,
            refusal=run.refusal,
        )

    # --- its end --------------------------------------------------------------------------------

    def _end(self, why: Text) -> None:
        if self._run is not None:
            run = self._run
            run.drill.close()
            self._finish(run, DrillOutcome((why,), {}))

    def _finish(self, run: _Run, verdict: DrillOutcome) -> None:
        """Keep the result, then bring everything to rest."""
        self._run, self._tidying = None, True
        engine = self._engine
        operator = run.operator.strip() or engine.command.operator
        facts = DrillFacts(
            kind=run.kind.value,
            passed=verdict.passed,
            failures=tuple(map(english, verdict.failures)),
            texts=tuple(map(to_record, verdict.failures)),
            measured=verdict.measured,
            channel=run.shown_channel,
            load_ohm=run.load_ohm,
            operator=operator,
            rig=self._output.rig.kind,
            took_us=engine.tick.now_us - run.began_us,
        )
        number = self._journal.note(EventName.DRILL, **facts.facts())
        self._owed = _Owed(run, verdict, operator, number)
        self._tidy()

    def _tidy(self) -> None:
        """Bring everything to rest, and show the result once it is on the disk."""
        at_rest, shown = self._actions.tidy(), self._tell()
        self._tidying = not (at_rest and shown)

    def _tell(self) -> bool:
        """Show the result once it is or cannot be on the disk; return whether it is shown."""
        owed = self._owed
        if owed is None:
            return True
        stored = owed.number > 0 and self._journal.kept(owed.number)
        if not stored and owed.number > 0 and self._journal.fault is None:
            return False
        self._owed = None
        run, verdict = owed.run, owed.verdict
        failures = (
            verdict.failures if stored else (*verdict.failures, text("drill.failed.not_recorded"))
        )
        self._ledger.take(
            run.kind, passed=not failures, operator=owed.operator, channel=run.shown_channel
        )
        result = DrillResult(
            passed=not failures, failures=tuple(map(view_of, failures)), measured=verdict.measured
        )
        self._show(run, result)
        return True

    def _show(self, run: _Run, result: DrillResult | None = None) -> None:
        left_us = max(run.began_us + catalogue.LONGEST_US - self._engine.tick.now_us, 0)
        view = DrillView(
            kind=run.kind,
            channel=run.shown_channel,
            load_ohm=run.load_ohm,
            step=run.step.number,
            of=run.step.of,
            key=run.step.key,
            left_us=left_us,
            measured=_copied(run.measured),
            result=result,
        )
        self._write(DrillState(view))


def _copied(measured: Measured) -> Measured:
    """Return what was measured as a snapshot keeps it: the drill goes on filling its own."""
    return {
        name: list(value) if isinstance(value, list) else value for name, value in measured.items()
    }


def _trips(state: State) -> tuple[Trip, ...]:
    """Return every trip of a tripped state or of a ramp down for a trip."""
    first = trip_of(state)
    further = state.further if isinstance(state, Tripped | RampDown) else ()
    return () if first is None else (first, *further)


def _way_to_ready(state: State) -> Text:
    ways = {
        Locked: text("drill.unlock_first"),
        SelfTest: text("drill.wait_for_self_test"),
        Tripped: text("drill.acknowledge_first"),
        Finished: text("drill.close_first"),
    }
    return ways.get(type(state), text("drill.stop_first"))


def _problem(notes: tuple[Text, ...]) -> TextValue | None:
    return listed(notes, "semicolon") if notes else None
