"""The transitions of each state on events other than trips and stops; see `step`."""

from dataclasses import replace
from typing import assert_never

from appliance.core.plan.compiler import Stage
from appliance.safety.state_machine.events import (
    Acknowledged,
    ArmedTooLong,
    BeginRampDown,
    BeginStream,
    CauseBack,
    CauseGone,
    ContactAsked,
    ContactFailed,
    ContactPassed,
    Cut,
    Effects,
    EnableSupply,
    EndStream,
    Event,
    LockAsked,
    OpenSession,
    PauseAsked,
    PausedTooLong,
    PlanEnded,
    Prescribed,
    RampedDown,
    Record,
    RecordSessionEnd,
    Refuse,
    ResetLatch,
    ResumeAsked,
    RunContactCheck,
    RunSelfTest,
    SelfTestFailed,
    SelfTestPassed,
    SessionClosed,
    SessionOutcome,
    StageEntered,
    StartAsked,
    Unlocked,
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
    needs_self_test,
)
from appliance.safety.state_machine.words import event_words, state_words
from appliance.safety.trips.codes import LatchRule
from appliance.safety.trips.trip import Trip
from appliance.texts.text import Text, text

Step = tuple[State, Effects]

_STAGES: dict[Stage, State] = {
    Stage.RAMP_UP: RampUp(),
    Stage.ON: Delivering(),
    Stage.RAMP_DOWN: Delivering(),
    Stage.ACTIVE_REST: Delivering(),
    Stage.REST: Resting(),
}


def refuse(state: State, event: Event, accepted: Text) -> Step:
    """Keep the state and return what would be accepted."""
    reason = text("state.does_not_fit", event=event_words(event), state=state_words(state))
    return state, (Refuse(reason, accepted),)


def in_locked(state: Locked, event: Event) -> Step:
    """Wait for an operator."""
    match event:
        case Unlocked():
            return SelfTest(), (Record("unlocked"), RunSelfTest())
        case _:
            return refuse(state, event, text("accepted.unlock"))


def in_self_test(state: SelfTest, event: Event) -> Step:
    """Wait for the result of the self-test."""
    match event:
        case SelfTestPassed():
            return Ready(), (ResetLatch(), Record("self_test_passed"))
        case SelfTestFailed(trip=trip):
            return latched(trip, unlocked=False), (Cut(), Record("self_test_failed"))
        case _:
            return refuse(state, event, text("accepted.wait_for_self_test"))


def in_ready(state: Ready, event: Event) -> Step:
    """Accept a prescription, then the contact check."""
    match event:
        case Prescribed():
            return Ready(prescribed=True), (Record("prescribed"),)
        case ContactAsked() if state.prescribed:
            # The check proves timing with the supply off, then drives the supply by itself.
            return ContactCheck(), (ZeroLevels(), RunContactCheck())
        case LockAsked():
            return Locked(), (Record("locked"),)
        case _:
            key = "accepted.prescribed" if state.prescribed else "accepted.ready"
            return refuse(state, event, text(key))


def in_contact_check(state: ContactCheck, event: Event) -> Step:
    """Wait for the result of the contact check."""
    match event:
        case ContactPassed():
            return Armed(), (EndStream(), ZeroLevels(), Record("contact_passed"))
        case ContactFailed():
            effects = (EndStream(), ZeroLevels(), EnableSupply(on=False), Record("contact_failed"))
            return Ready(prescribed=True), effects
        case _:
            return refuse(state, event, text("accepted.contact_check"))


def in_armed(state: Armed, event: Event) -> Step:
    """Start, or go back; nothing has been felt yet."""
    match event:
        case StartAsked():
            return RampUp(), (OpenSession(), ZeroLevels(), BeginStream())
        case ContactAsked():
            return ContactCheck(), (ZeroLevels(), RunContactCheck())
        case Prescribed():
            return Ready(prescribed=True), (EnableSupply(on=False), Record("prescribed"))
        case ArmedTooLong():
            return Ready(prescribed=True), (EnableSupply(on=False), Record("disarmed"))
        case LockAsked():
            return Locked(), (EnableSupply(on=False), Record("locked"))
        case _:
            return refuse(state, event, text("accepted.armed"))


def in_playing(state: RampUp | Delivering | Resting, event: Event) -> Step:
    """Follow the plan until it ends or somebody asks for a pause."""
    match event:
        case StageEntered(stage=stage):
            return _STAGES[stage], ()
        case PauseAsked():
            return RampDown(AfterRampPause()), (BeginRampDown(), Record("pause"))
        case PlanEnded():
            return RampDown(Finish(SessionOutcome.COMPLETED)), (
                BeginRampDown(),
                Record("plan_ended"),
            )
        case _:
            return refuse(state, event, text("accepted.playing"))


def in_paused(state: Paused, event: Event) -> Step:
    """Wait for resume, but not for long."""
    match event:
        case ResumeAsked():
            return RampUp(), (EnableSupply(on=True), ZeroLevels(), BeginStream(), Record("resume"))
        case PausedTooLong():
            outcome = SessionOutcome.INTERRUPTED
            return Finished(outcome), (Record("paused_too_long"), RecordSessionEnd(outcome))
        case _:
            return refuse(state, event, text("accepted.paused"))


def in_ramp_down(state: RampDown, event: Event) -> Step:
    """Wait until every amplitude is zero, then do what the ramp was for."""
    if not isinstance(event, RampedDown):
        return refuse(state, event, text("accepted.ramp_down"))
    off: Effects = (EndStream(), ZeroLevels(), EnableSupply(on=False))
    match state.then:
        case Finish(outcome=outcome):
            return Finished(outcome), (*off, RecordSessionEnd(outcome))
        case AfterRampPause():
            return Paused(), (*off, Record("paused"))
        case Trip() as trip:
            ending = (Cut(), ZeroLevels(), RecordSessionEnd(SessionOutcome.TRIPPED))
            return latched(trip, state.further), ending
        case _:
            assert_never(state.then)


def in_finished(state: Finished, event: Event) -> Step:
    """Wait until a person has seen the result."""
    match event:
        case SessionClosed():
            return Ready(), (Record("session_closed"),)
        case LockAsked():
            return Locked(), (Record("locked"),)
        case _:
            return refuse(state, event, text("accepted.finished"))


def in_tripped(state: Tripped, event: Event) -> Step:
    """Track the causes; clear the trip only when they are gone and a person acknowledges."""
    match event:
        case CauseGone():
            return replace(state, cause_present=False), ()
        case CauseBack():
            return replace(state, cause_present=True), ()
        case Acknowledged() if not state.cause_present:
            return _released(state)
        case _:
            key = "accepted.remove_cause" if state.cause_present else "accepted.acknowledge"
            return refuse(state, event, text(key))


def _released(state: Tripped) -> Step:
    record = Record("acknowledged")
    if not state.unlocked:
        return Locked(), (record,)
    if needs_self_test(state):
        return SelfTest(), (record, RunSelfTest())
    return Ready(), (record, ResetLatch())


def latched(trip: Trip, further: tuple[Trip, ...] = (), *, unlocked: bool = True) -> Tripped:
    """Return Tripped; a cause that cannot be seen with the output off counts as gone."""
    seen = any(cause.kind.latch is LatchRule.WHEN_GONE for cause in (trip, *further))
    return Tripped(trip, seen, further, unlocked)
