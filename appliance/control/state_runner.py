"""Step the state machine by an event, run its effects, record the change.

Only this module changes the state. A cut comes before everything else: first the hardware is off,
then the end is noted, then state and levels follow. A step that fails does not prevent a later one.
"""

from collections.abc import Iterable
from functools import partial

from appliance.control.commands.prescribe import AcceptedPrescription
from appliance.control.effects import STARTING, EffectRunner, first_failure
from appliance.control.engine_state import EngineState, MachineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.stops.onset import Onset, OnsetTracker
from appliance.control.stops.recorder import StopRecorder, begins_end, cause_of, since_of
from appliance.control.tick.feeder import Feeder
from appliance.control.treatment_setup import TreatmentSetup
from appliance.core.refusal import Refusal
from appliance.link.interfaces import EngineLink
from appliance.messages.replies import Event
from appliance.records.session_events import EventName
from appliance.records.texts import with_text
from appliance.safety.gate import Gate
from appliance.safety.state_machine import events, step
from appliance.safety.state_machine.states import Finished, Locked, Paused, Ready, State, Tripped
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip


class StateRunner:
    """Steps `states.step` and acts on it; used only by the control loop."""

    def __init__(
        self,
        engine: EngineState,
        gate: Gate,
        effects: EffectRunner,
        stops: StopRecorder,
        setup: TreatmentSetup,
        feeder: Feeder,
        journal: EngineJournal,
        link: EngineLink,
        onset: OnsetTracker,
    ) -> None:
        self._engine = engine
        self._write = engine.claim(MachineState)
        self._gate = gate
        self._effects = effects
        self._stops = stops
        self._setup = setup
        self._feeder = feeder
        self._journal = journal
        self._link = link
        self._onset = onset

    def apply(self, event: events.Event, *, cause: str | None = None) -> Refusal | None:
        """Step by an event and carry out what follows; return what was refused.

        Raises what a note or an effect raised first, after the state has been entered and all
        effects that end something have been tried.
        """
        before = self._engine.machine.state
        state, effects = step.step(before, event)
        cutting = _cuts(effects)
        if cutting and not self._effects.has_cut:
            self._effects.cut()
        failed = first_failure(
            lambda: self._note_ending(before, state, event, cause, cutting=cutting),
            lambda: self._effects.settle_cut() if cutting else None,
            lambda: self._enter(before, state, event) if state != before else None,
        )
        self._carry_out(effects, failed)
        refused = [effect for effect in effects if isinstance(effect, events.Refuse)]
        if not refused:
            return None
        return Refusal("refusal.state", refused[0].reason, refused[0].accepted, refused[0].accepted)

    def cut_for(self, raised: Iterable[Trip]) -> None:
        """Cut now if one of these trips cuts; `trip` then notes it and makes the state follow."""
        state, trips = self._engine.machine.state, tuple(raised)
        if any(trip.code is TripCode.DAEMON_LOST for trip in trips):
            self._effects.daemon_lost = True
        if any(_cuts(step.step(state, events.TripRaised(trip))[1]) for trip in trips):
            self._effects.cut()

    def trip(self, trip: Trip) -> None:
        """Step by a trip; a lost daemon makes every cut from now on take the supply first."""
        if trip.code is TripCode.DAEMON_LOST:
            self._effects.daemon_lost = True
        self.apply(events.TripRaised(trip))

    def prescribe(self, accepted: AcceptedPrescription) -> Refusal | None:
        """Set up a treatment where the state allows it; return what was refused."""
        refusal = self.apply(events.Prescribed())
        if refusal is None:
            self._setup.prescribe(accepted)
            # Who decided on what was shown before has to look again.
            machine = self._engine.machine
            self._write(machine._replace(number=machine.number + 1))
        return refusal

    def withdraw_raising_back(self) -> None:
        """Let nothing be raised back to: something hurt."""
        self._setup.withdraw_raising_back()

    def begin_ending(
        self, cause: str, since: Onset, *, is_new: bool = True, ramped_down: bool = False
    ) -> None:
        """Note that output begins to end, and what is set and measured now."""
        now_us, state = self._engine.tick.now_us, self._engine.machine.state
        values = self._feeder.last_values()
        self._stops.begin(
            cause, since, now_us, state, values, is_new=is_new, ramped_down=ramped_down
        )

    def _note_ending(
        self, before: State, state: State, event: events.Event, cause: str | None, *, cutting: bool
    ) -> None:
        """Note why output ends and what was set and measured: before the cut is settled."""
        cause = cause or cause_of(event, state)
        if cause is not None and begins_end(before, state, cutting=cutting):
            engine = self._engine
            since = since_of(event, self._onset, engine.tick.now_us, engine.command.asked_at_us)
            ramped_down = isinstance(event, events.RampedDown)
            self.begin_ending(cause, since, is_new=cutting, ramped_down=ramped_down)
        elif cause is not None and isinstance(before, Paused) and isinstance(state, Finished):
            self._stops.rename(cause)

    def _enter(self, before: State, state: State, event: events.Event) -> None:
        engine, since_us = self._engine, self._engine.machine.entered_at_us
        self._write(MachineState(state, engine.machine.number + 1, engine.tick.now_us))
        self._gate.enter(state)
        if isinstance(state, Locked) or state == Ready():
            self._setup.leave(before, since_us)
        self._journal.state(type(before).__name__, type(state).__name__, type(event).__name__)
        if isinstance(event, events.SelfTestFailed | events.TripRaised):
            self._announce_trip(before, event.trip)
        if isinstance(before, Tripped) and isinstance(event, events.Acknowledged):
            codes = [trip.code.value for trip in (before.trip, *before.further)]
            self._journal.note(EventName.ACKNOWLEDGED, code=codes[0], codes=codes)

    def _carry_out(self, effects: events.Effects, failed: Exception | None) -> None:
        """Carry out every effect, after a failure only those that end something; then raise it."""
        for effect in effects:
            starts = isinstance(effect, STARTING) or effect == events.EnableSupply(on=True)
            if failed is not None and starts:
                continue
            new = first_failure(partial(self._effects.carry_out, effect))
            failed = failed or new
        if failed is not None:
            raise failed

    def _announce_trip(self, before: State, trip: Trip) -> None:
        if step.knows(before, trip):
            return
        self._journal.trip(trip)
        facts: dict[str, object] = {
            "code": trip.code.value,
            **with_text("detail", trip.detail),
        }
        self._link.event(Event(name="trip", session=self._engine.session.id, facts=facts))


def _cuts(effects: events.Effects) -> bool:
    return any(isinstance(effect, events.Cut) for effect in effects)
