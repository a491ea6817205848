"""Every state with every event but trips and stops, against a table written by hand."""

import re
from typing import get_args

import pytest

from appliance.core.plan.compiler import Stage
from appliance.messages.wire import StateName
from appliance.safety.state_machine import events as ev
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
    heartbeat_runs,
    in_session,
    is_energising,
    is_guarded,
    rises_allowed,
    trip_of,
)
from appliance.safety.state_machine.step import boot, step
from appliance.safety.state_machine.words import event_words, state_words
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from appliance.texts.english import english
from appliance.texts.languages import OFFERED, language_of
from appliance.texts.translations import sayer_of
from tests.appliance.safety.state_samples import (
    BLIND,
    COMPLETED,
    CUT,
    EVENTS,
    OFF,
    RAMP,
    RAMP2,
    STATES,
    STOPPED,
)

pytestmark = pytest.mark.proves("states")

FAILED = trip(TripCode.SELF_TEST_FAILED)
Row = tuple[State, ev.Event, State, ev.Effects]
LEGAL: list[Row] = [
    (Locked(), ev.Unlocked("a"), SelfTest(), (ev.Record("unlocked"), ev.RunSelfTest())),
    (
        SelfTest(),
        ev.SelfTestPassed(),
        Ready(),
        (ev.ResetLatch(), ev.Record("self_test_passed")),
    ),
    (
        SelfTest(),
        ev.SelfTestFailed(FAILED),
        Tripped(FAILED, cause_present=True, unlocked=False),
        (ev.Cut(), ev.Record("self_test_failed")),
    ),
    *[
        (Ready(known), ev.Prescribed(), Ready(prescribed=True), (ev.Record("prescribed"),))
        for known in (False, True)
    ],
    *[(Ready(known), ev.LockAsked(), Locked(), (ev.Record("locked"),)) for known in (False, True)],
    (
        Ready(prescribed=True),
        ev.ContactAsked(),
        ContactCheck(),
        (ev.ZeroLevels(), ev.RunContactCheck()),
    ),
    (
        ContactCheck(),
        ev.ContactPassed(),
        Armed(),
        (ev.EndStream(), ev.ZeroLevels(), ev.Record("contact_passed")),
    ),
    (
        ContactCheck(),
        ev.ContactFailed("channel 1 open"),
        Ready(prescribed=True),
        (*OFF, ev.Record("contact_failed")),
    ),
    (Armed(), ev.StartAsked(), RampUp(), (ev.OpenSession(), ev.ZeroLevels(), ev.BeginStream())),
    (Armed(), ev.ContactAsked(), ContactCheck(), (ev.ZeroLevels(), ev.RunContactCheck())),
    (
        Armed(),
        ev.Prescribed(),
        Ready(prescribed=True),
        (ev.EnableSupply(on=False), ev.Record("prescribed")),
    ),
    (
        Armed(),
        ev.ArmedTooLong(),
        Ready(prescribed=True),
        (ev.EnableSupply(on=False), ev.Record("disarmed")),
    ),
    (Armed(), ev.LockAsked(), Locked(), (ev.EnableSupply(on=False), ev.Record("locked"))),
    *[
        (state, ev.StageEntered(stage), after, ())
        for state in (RampUp(), Delivering(), Resting())
        for stage, after in (
            (Stage.RAMP_UP, RampUp()),
            (Stage.ON, Delivering()),
            (Stage.RAMP_DOWN, Delivering()),
            (Stage.REST, Resting()),
        )
    ],
    *[
        (
            state,
            ev.PauseAsked(),
            RampDown(AfterRampPause()),
            (ev.BeginRampDown(), ev.Record("pause")),
        )
        for state in (RampUp(), Delivering(), Resting())
    ],
    *[
        (
            state,
            ev.PlanEnded(),
            RampDown(Finish(COMPLETED)),
            (ev.BeginRampDown(), ev.Record("plan_ended")),
        )
        for state in (RampUp(), Delivering(), Resting())
    ],
    (
        Paused(),
        ev.ResumeAsked(),
        RampUp(),
        (ev.EnableSupply(on=True), ev.ZeroLevels(), ev.BeginStream(), ev.Record("resume")),
    ),
    (
        Paused(),
        ev.PausedTooLong(),
        Finished(ev.SessionOutcome.INTERRUPTED),
        (
            ev.Record("paused_too_long"),
            ev.RecordSessionEnd(ev.SessionOutcome.INTERRUPTED),
        ),
    ),
    *[
        (
            RampDown(Finish(outcome)),
            ev.RampedDown(),
            Finished(outcome),
            (*OFF, ev.RecordSessionEnd(outcome)),
        )
        for outcome in (STOPPED, COMPLETED)
    ],
    (RampDown(AfterRampPause()), ev.RampedDown(), Paused(), (*OFF, ev.Record("paused"))),
    *[
        (
            RampDown(RAMP, further),
            ev.RampedDown(),
            Tripped(RAMP, cause_present=True, further=further),
            (ev.Cut(), ev.ZeroLevels(), ev.RecordSessionEnd(ev.SessionOutcome.TRIPPED)),
        )
        for further in ((), (RAMP2,))
    ],
    (Finished(STOPPED), ev.SessionClosed(), Ready(), (ev.Record("session_closed"),)),
    (Finished(STOPPED), ev.LockAsked(), Locked(), (ev.Record("locked"),)),
    *[
        (
            Tripped(found, present, further, unlocked, untested),
            event,
            Tripped(found, after, further, unlocked, untested),
            (),
        )
        for found, present, further, unlocked, untested in (
            (CUT, True, (), True, False),
            (CUT, False, (), True, False),
            (CUT, False, (), False, False),
            (BLIND, False, (), True, False),
            (CUT, False, (BLIND,), True, False),
            (CUT, False, (), True, True),
        )
        for event, after in ((ev.CauseGone(), False), (ev.CauseBack(), True))
    ],
    (
        Tripped(CUT, cause_present=False),
        ev.Acknowledged(),
        Ready(),
        (ev.Record("acknowledged"), ev.ResetLatch()),
    ),
    (
        Tripped(CUT, cause_present=False, unlocked=False),
        ev.Acknowledged(),
        Locked(),
        (ev.Record("acknowledged"),),
    ),
    *[
        (
            Tripped(found, cause_present=False, further=further),
            ev.Acknowledged(),
            SelfTest(),
            (ev.Record("acknowledged"), ev.RunSelfTest()),
        )
        for found, further in ((BLIND, ()), (CUT, (BLIND,)))
    ],
    (
        Tripped(CUT, cause_present=False, untested=True),
        ev.Acknowledged(),
        SelfTest(),
        (ev.Record("acknowledged"), ev.RunSelfTest()),
    ),
]


@pytest.mark.proves("zero-after-interruption")
@pytest.mark.parametrize("row", LEGAL, ids=lambda row: f"{row[0]}-{row[1]}")
def test_legal_events_lead_where_the_table_says(row: Row) -> None:
    state, event, after, effects = row
    assert step(state, event) == (after, effects)


def _illegal() -> list[tuple[State, ev.Event]]:
    legal = {(state, event) for state, event, _, _ in LEGAL}
    return [(s, e) for s in STATES for e in EVENTS if (s, e) not in legal]


@pytest.mark.parametrize(("state", "event"), _illegal(), ids=repr)
def test_any_other_event_is_refused_and_changes_nothing(state: State, event: ev.Event) -> None:
    after, effects = step(state, event)
    assert after is state
    (refusal,) = effects
    assert isinstance(refusal, ev.Refuse)
    asked, when = english(event_words(event)), english(state_words(state))
    assert english(refusal.reason) == f"{asked}, {when}"
    assert english(refusal.accepted)


def test_each_refusal_says_what_would_be_accepted() -> None:
    said = {
        type(s).__name__ + str(getattr(s, "prescribed", "")): step(s, ev.StartAsked())[1][0]
        for s in STATES
        if not isinstance(s, Armed | Tripped)
    }
    accepted = {n: english(e.accepted) if isinstance(e, ev.Refuse) else "" for n, e in said.items()}
    assert accepted == {
        "Locked": "unlock",
        "SelfTest": "wait for the self-test",
        "ReadyFalse": "prescribe, lock",
        "ReadyTrue": "check contact, prescribe or lock",
        "ContactCheck": "stop, or wait for the contact check",
        "RampUp": "pause or stop",
        "Delivering": "pause or stop",
        "Resting": "pause or stop",
        "Paused": "resume or stop",
        "RampDown": "stop, or wait for the ramp",
        "Finished": "close the session or lock",
    }
    for present, wanted in ((True, "remove the cause, then acknowledge"), (False, "acknowledge")):
        effect = step(Tripped(CUT, cause_present=present), ev.StartAsked())[1][0]
        assert isinstance(effect, ev.Refuse)
        assert english(effect.accepted) == wanted
    armed = step(Armed(), ev.RampedDown())[1][0]
    assert isinstance(armed, ev.Refuse)
    assert english(armed.reason) == "a step of the unit, before the start"
    assert english(armed.accepted) == "start, check contact, prescribe, stop or lock"


@pytest.mark.proves("boot-locked")
def test_boot_is_locked_whatever_was_before() -> None:
    assert boot() == Locked()


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_what_holds_in_each_state(state: State) -> None:
    name = type(state).__name__
    pulsing = name in {"ContactCheck", "RampUp", "Delivering", "RampDown"}
    assert is_energising(state) == (pulsing or name == "Resting")
    assert rises_allowed(state) == (name in {"RampUp", "Delivering"})
    assert heartbeat_runs(state) == (name not in {"Locked", "Tripped"})
    assert is_guarded(state) == (name not in {"Locked", "SelfTest", "Tripped"})
    session = {"RampUp", "Delivering", "Resting", "Paused", "RampDown"}
    assert in_session(state) == (name in session)


@pytest.mark.proves_none
def test_the_trip_to_be_told_is_that_of_the_ramp_or_the_latch() -> None:
    assert trip_of(RampDown(RAMP)) is RAMP
    assert trip_of(Tripped(CUT, cause_present=True)) is CUT
    assert trip_of(RampDown(AfterRampPause())) is None
    assert trip_of(Delivering()) is None


@pytest.mark.proves_none
def test_every_state_has_a_name_on_the_wire() -> None:
    assert {state.__name__ for state in get_args(State)} == set(StateName)


def test_every_state_and_everything_that_a_person_asks_has_words_of_its_own() -> None:
    states = {type(state): english(state_words(state)) for state in STATES}
    assert len(set(states.values())) == len(get_args(State))
    asked = {type(event): english(event_words(event)) for event in (*EVENTS, ev.StopAsked())}
    people = {kind: words for kind, words in asked.items() if words != "a step of the unit"}
    assert len(set(people.values())) == len(people)
    assert {kind.__name__ for kind in people} == {
        *("Unlocked", "LockAsked", "Prescribed", "ContactAsked", "StartAsked", "PauseAsked"),
        *("ResumeAsked", "StopAsked", "Acknowledged", "SessionClosed"),
    }


NAMES = {type(each).__name__ for each in (*STATES, *EVENTS)} | {"StopAsked", "TripRaised"}


@pytest.mark.parametrize("code", OFFERED)
def test_no_refusal_of_a_state_shows_a_name_of_the_program(code: str) -> None:
    """Hazard: a person reads "PauseAsked does not fit RampDown" and does not know what to do."""
    say = sayer_of(language_of(code))
    for state in STATES:
        for event in EVENTS:
            for effect in step(state, event)[1]:
                if isinstance(effect, ev.Refuse):
                    said = say(effect.reason)
                    assert NAMES.isdisjoint(re.findall(r"\w+", said)), said
                    assert not any(key in said for key in ("state.", "asked.", "{")), said
