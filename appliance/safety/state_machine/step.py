"""The state machine of the treatment: one pure function, `step`.

    state          leaves on                     to
    Locked         Unlocked                      SelfTest
    SelfTest       SelfTestPassed                Ready
                   SelfTestFailed                Tripped (way out: Locked)
                   StopAsked                     Locked
    Ready          Prescribed                    Ready(prescribed)
                   ContactAsked, if prescribed   ContactCheck
                   LockAsked                     Locked
    ContactCheck   ContactPassed                 Armed
                   ContactFailed, StopAsked      Ready(prescribed)
    Armed          StartAsked                    RampUp
                   ContactAsked                  ContactCheck
                   Prescribed, ArmedTooLong,
                   StopAsked                     Ready(prescribed)
                   LockAsked                     Locked
    RampUp,        StageEntered                  RampUp, Delivering or Resting
    Delivering,    PauseAsked                    RampDown(Pause)
    Resting        PlanEnded, StopAsked          RampDown(Finish)
                   StopAsked(cut)                Finished
    RampDown       RampedDown                    Finished, Paused or Tripped, as `then` says
                   StopAsked, if for a pause     RampDown(Finish)
                   StopAsked(cut)                Finished, or Tripped if for a trip
    Paused         ResumeAsked                   RampUp
                   StopAsked, PausedTooLong      Finished
    Finished       SessionClosed                 Ready
                   LockAsked                     Locked
    Tripped        Acknowledged, causes gone     Ready; SelfTest if a trip asks for it, or came in
                                                 one; Locked if nobody was in charge
    any            TripRaised(cut)               Tripped, with a cut
    RampUp,        TripRaised(ramp)              RampDown(trip)
    Delivering,
    RampDown
    others         TripRaised(ramp)              Tripped, with a cut: there is nothing to ramp

Trips come first, stops second, both before the rules of a state. Any other event is refused and
does not change the state. A stop is never refused. Every way back to pulses passes ZeroLevels.
"""

from dataclasses import replace
from typing import assert_never

from appliance.safety.state_machine.events import (
    BeginRampDown,
    Cut,
    Effects,
    EnableSupply,
    Event,
    Record,
    RecordSessionEnd,
    SessionOutcome,
    StopAsked,
    TripRaised,
    ZeroLevels,
)
from appliance.safety.state_machine.states import (
    AfterRampPause,
    Armed,
    ContactCheck,
    Delivering,
    Finish,
    Finished,
    Locked,
    Paused,
    RampDown,
    RampUp,
    Ready,
    Resting,
    SelfTest,
    State,
    Tripped,
    in_session,
)
from appliance.safety.state_machine.transitions import (
    Step,
    in_armed,
    in_contact_check,
    in_finished,
    in_locked,
    in_paused,
    in_playing,
    in_ramp_down,
    in_ready,
    in_self_test,
    in_tripped,
    latched,
)
from appliance.safety.trips.codes import TripSeverity
from appliance.safety.trips.trip import Trip


def boot() -> State:
    """Return the state after any start: nothing energised, armed or acknowledged is kept."""
    return Locked()


def step(state: State, event: Event) -> Step:
    """Return the next state and the effects to carry out, in order; see the table above."""
    if isinstance(event, TripRaised):
        return _trip(state, event.trip)
    if isinstance(event, StopAsked):
        return _stop(state, cut=event.cut)
    return _by_state(state, event)


def _by_state(state: State, event: Event) -> Step:  # noqa: C901, PLR0911 - one case a state
    match state:
        case Locked():
            return in_locked(state, event)
        case SelfTest():
            return in_self_test(state, event)
        case Ready():
            return in_ready(state, event)
        case ContactCheck():
            return in_contact_check(state, event)
        case Armed():
            return in_armed(state, event)
        case RampUp() | Delivering() | Resting():
            return in_playing(state, event)
        case Paused():
            return in_paused(state, event)
        case RampDown():
            return in_ramp_down(state, event)
        case Finished():
            return in_finished(state, event)
        case Tripped():
            return in_tripped(state, event)
        case _:
            assert_never(state)


def _trip(state: State, trip: Trip) -> Step:
    if isinstance(state, Tripped):
        return _trip_again(state, trip)
    record = Record(f"trip {trip.code}")
    pulsing = isinstance(state, RampUp | Delivering | RampDown)
    if trip.severity is TripSeverity.RAMP and pulsing:
        return _trip_by_ramp(state, trip, record)
    closing = (RecordSessionEnd(SessionOutcome.TRIPPED),) if in_session(state) else ()
    unlocked = not isinstance(state, Locked)
    tripped = latched(trip, _trips_on_the_way(state), unlocked=unlocked)
    if isinstance(state, SelfTest):
        tripped = replace(tripped, untested=True)
    return tripped, (Cut(), ZeroLevels(), record, *closing)


def _trip_by_ramp(state: State, trip: Trip, record: Record) -> Step:
    if not isinstance(state, RampDown):
        return RampDown(trip), (BeginRampDown(), record)
    if not isinstance(state.then, Trip):
        return RampDown(trip), (record,)
    if _is_known(trip, (state.then, *state.further)):
        return state, ()
    return replace(state, further=(*state.further, trip)), (record,)


def _trip_again(state: Tripped, trip: Trip) -> Step:
    """Keep the first trip as the one that is shown, and every other as a further one."""
    if _is_known(trip, (state.trip, *state.further)):
        return replace(state, cause_present=True), ()
    further = (*state.further, trip)
    # A cause that came back stays present until it is seen to be gone, whatever trips meanwhile.
    seen = latched(state.trip, further).cause_present or state.cause_present
    cutting = (Cut(),) if trip.severity is TripSeverity.CUT else ()
    tripped = replace(state, cause_present=seen, further=further)
    return tripped, (*cutting, Record(f"trip {trip.code}"))


def _trips_on_the_way(state: State) -> tuple[Trip, ...]:
    if isinstance(state, RampDown) and isinstance(state.then, Trip):
        return (state.then, *state.further)
    return ()


def knows(state: State, trip: Trip) -> bool:
    """Return whether a trip is already kept in the state, as the first or as a further one."""
    if isinstance(state, Tripped):
        return _is_known(trip, (state.trip, *state.further))
    return _is_known(trip, _trips_on_the_way(state))


def _is_known(trip: Trip, trips: tuple[Trip, ...]) -> bool:
    return any(known.code == trip.code and known.channel == trip.channel for known in trips)


def _stop(state: State, *, cut: bool) -> Step:
    cutting: Effects = (Cut(),) if cut else ()
    match state:
        case Locked() | Ready() | Finished() | Tripped():
            return state, cutting
        case SelfTest():
            return Locked(), (Cut(), Record("stop"))
        case ContactCheck():
            return Ready(prescribed=True), (Cut(), ZeroLevels(), Record("stop"))
        case Armed():
            return Ready(prescribed=True), (*cutting, EnableSupply(on=False), Record("stop"))
        case RampUp() | Delivering() | Resting():
            if cut:
                return _cut_session()
            return RampDown(Finish(SessionOutcome.STOPPED)), (BeginRampDown(), Record("stop"))
        case Paused():
            outcome = SessionOutcome.STOPPED
            return Finished(outcome), (*cutting, Record("stop"), RecordSessionEnd(outcome))
        case RampDown():
            return _stop_ramp(state, cut=cut)
        case _:
            assert_never(state)


def _stop_ramp(state: RampDown, *, cut: bool) -> Step:
    if isinstance(state.then, Trip) and cut:
        ending = (Cut(), ZeroLevels(), Record("cut"), RecordSessionEnd(SessionOutcome.TRIPPED))
        return latched(state.then, state.further), ending
    if cut:
        return _cut_session()
    if isinstance(state.then, AfterRampPause):
        return RampDown(Finish(SessionOutcome.STOPPED)), (Record("stop"),)
    return state, ()


def _cut_session() -> Step:
    outcome = SessionOutcome.CUT
    return Finished(outcome), (Cut(), ZeroLevels(), Record("cut"), RecordSessionEnd(outcome))
