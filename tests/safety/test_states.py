"""Every state with every event, against a table written by hand."""

import pytest

from appliance.core.compiler import Stage
from appliance.safety import events as ev
from appliance.safety.states import (
    Armed,
    ContactCheck,
    Delivering,
    Finish,
    Finished,
    Locked,
    Pause,
    Paused,
    RampDown,
    RampUp,
    Ready,
    Resting,
    SelfTest,
    State,
    Tripped,
    boot,
    heartbeat_runs,
    in_session,
    is_energising,
    is_guarded,
    output_allowed,
    rises_allowed,
    step,
    trip_of,
)
from appliance.safety.trips import Trip, TripCode, trip
from drivers.quantities import Channel

CUT = trip(TripCode.ESTOP, "loop open")
CUT2 = trip(TripCode.LEAD_OFF, "", Channel(2))
RAMP = trip(TripCode.CONTACT_DRIFT, "", Channel(1))
RAMP2 = trip(TripCode.CONTACT_DRIFT, "", Channel(2))
BLIND = trip(TripCode.DAC_STUCK)
STOPPED, COMPLETED = ev.Outcome.STOPPED, ev.Outcome.COMPLETED
OFF = (ev.EndStream(), ev.ZeroLevels(), ev.EnableSupply(on=False))

STATES: tuple[State, ...] = (
    Locked(),
    SelfTest(),
    Ready(),
    Ready(prescribed=True),
    ContactCheck(),
    Armed(),
    RampUp(),
    Delivering(),
    Resting(),
    Paused(),
    RampDown(Finish(STOPPED)),
    RampDown(Finish(COMPLETED)),
    RampDown(Pause()),
    RampDown(RAMP),
    RampDown(RAMP, (RAMP2,)),
    Finished(STOPPED),
    Tripped(CUT, cause_present=True),
    Tripped(CUT, cause_present=False),
    Tripped(CUT, cause_present=False, unlocked=False),
    Tripped(BLIND, cause_present=False),
    Tripped(CUT, cause_present=False, further=(BLIND,)),
)
EVENTS: tuple[ev.Event, ...] = (
    ev.Unlocked("a"),
    ev.LockAsked(),
    ev.SelfTestPassed(),
    ev.SelfTestFailed(trip(TripCode.SELF_TEST_FAILED)),
    ev.Prescribed(),
    ev.ContactAsked(),
    ev.ContactPassed(),
    ev.ContactFailed("channel 1 open"),
    ev.ArmedTooLong(),
    ev.StartAsked(),
    ev.StageEntered(Stage.RAMP_UP),
    ev.StageEntered(Stage.ON),
    ev.StageEntered(Stage.RAMP_DOWN),
    ev.StageEntered(Stage.REST),
    ev.PauseAsked(),
    ev.ResumeAsked(),
    ev.PlanEnded(),
    ev.RampedDown(),
    ev.CauseGone(),
    ev.CauseBack(),
    ev.Acknowledged(),
    ev.SessionClosed(),
)
"""Every event but trips and stops, which have tables of their own."""

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
        (ev.EnableSupply(on=True), ev.ZeroLevels(), ev.RunContactCheck()),
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
        (state, ev.PauseAsked(), RampDown(Pause()), (ev.BeginRampDown(), ev.Record("pause")))
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
    *[
        (
            RampDown(Finish(outcome)),
            ev.RampedDown(),
            Finished(outcome),
            (*OFF, ev.CloseSession(outcome)),
        )
        for outcome in (STOPPED, COMPLETED)
    ],
    (RampDown(Pause()), ev.RampedDown(), Paused(), (*OFF, ev.Record("paused"))),
    *[
        (
            RampDown(RAMP, further),
            ev.RampedDown(),
            Tripped(RAMP, cause_present=True, further=further),
            (ev.Cut(), ev.ZeroLevels(), ev.CloseSession(ev.Outcome.TRIPPED)),
        )
        for further in ((), (RAMP2,))
    ],
    (Finished(STOPPED), ev.SessionClosed(), Ready(), (ev.Record("session_closed"),)),
    (Finished(STOPPED), ev.LockAsked(), Locked(), (ev.Record("locked"),)),
    *[
        (
            Tripped(found, present, further, unlocked),
            event,
            Tripped(found, after, further, unlocked),
            (),
        )
        for found, present, further, unlocked in (
            (CUT, True, (), True),
            (CUT, False, (), True),
            (CUT, False, (), False),
            (BLIND, False, (), True),
            (CUT, False, (BLIND,), True),
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
]


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
    assert type(event).__name__ in refusal.reason
    assert type(state).__name__ in refusal.reason
    assert refusal.accepted


def test_each_refusal_says_what_would_be_accepted() -> None:
    said = {
        type(s).__name__ + str(getattr(s, "prescribed", "")): step(s, ev.StartAsked())[1][0]
        for s in STATES
        if not isinstance(s, Armed | Tripped)
    }
    accepted = {n: e.accepted if isinstance(e, ev.Refuse) else "" for n, e in said.items()}
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
        assert effect.accepted == wanted
    armed = step(Armed(), ev.RampedDown())[1][0]
    assert armed == ev.Refuse(
        "RampedDown does not fit Armed", "start, check contact, prescribe, stop or lock"
    )


STOPS: list[tuple[State, bool, State, ev.Effects]] = [
    *[
        (state, cut, state, (ev.Cut(),) if cut else ())
        for state in STATES
        if isinstance(state, Locked | Ready | Finished | Tripped)
        for cut in (False, True)
    ],
    *[(SelfTest(), cut, Locked(), (ev.Cut(), ev.Record("stop"))) for cut in (False, True)],
    *[
        (
            ContactCheck(),
            cut,
            Ready(prescribed=True),
            (ev.Cut(), ev.ZeroLevels(), ev.Record("stop")),
        )
        for cut in (False, True)
    ],
    (
        Armed(),
        False,
        Ready(prescribed=True),
        (ev.EnableSupply(on=False), ev.Record("stop")),
    ),
    (
        Armed(),
        True,
        Ready(prescribed=True),
        (ev.Cut(), ev.EnableSupply(on=False), ev.Record("stop")),
    ),
    *[
        (state, False, RampDown(Finish(STOPPED)), (ev.BeginRampDown(), ev.Record("stop")))
        for state in (RampUp(), Delivering(), Resting())
    ],
    *[
        (
            state,
            True,
            Finished(ev.Outcome.CUT),
            (ev.Cut(), ev.ZeroLevels(), ev.Record("cut"), ev.CloseSession(ev.Outcome.CUT)),
        )
        for state in (
            RampUp(),
            Delivering(),
            Resting(),
            RampDown(Finish(STOPPED)),
            RampDown(Finish(COMPLETED)),
            RampDown(Pause()),
        )
    ],
    (Paused(), False, Finished(STOPPED), (ev.Record("stop"), ev.CloseSession(STOPPED))),
    (Paused(), True, Finished(STOPPED), (ev.Cut(), ev.Record("stop"), ev.CloseSession(STOPPED))),
    *[
        (RampDown(then), False, RampDown(then), ())
        for then in (Finish(STOPPED), Finish(COMPLETED), RAMP)
    ],
    (RampDown(Pause()), False, RampDown(Finish(STOPPED)), (ev.Record("stop"),)),
    *[
        (
            RampDown(RAMP, further),
            True,
            Tripped(RAMP, cause_present=True, further=further),
            (
                ev.Cut(),
                ev.ZeroLevels(),
                ev.Record("cut"),
                ev.CloseSession(ev.Outcome.TRIPPED),
            ),
        )
        for further in ((), (RAMP2,))
    ],
]


@pytest.mark.parametrize("row", STOPS, ids=lambda row: f"{row[0]}-cut={row[1]}")
def test_a_stop_is_never_refused_and_ends_output(
    row: tuple[State, bool, State, ev.Effects],
) -> None:
    state, cut, after, effects = row
    assert step(state, ev.StopAsked(cut)) == (after, effects)


def test_the_table_of_stops_has_every_state() -> None:
    assert {type(row[0]) for row in STOPS} == {type(state) for state in STATES}


def _cut_effects(found: Trip, *, closing: bool) -> ev.Effects:
    closed = (ev.CloseSession(ev.Outcome.TRIPPED),) if closing else ()
    return (ev.Cut(), ev.ZeroLevels(), ev.Record(f"trip {found.code}"), *closed)


@pytest.mark.parametrize("found", [CUT, RAMP], ids=["cut", "ramp"])
@pytest.mark.parametrize(
    ("state", "unlocked", "closing"),
    [
        (Locked(), False, False),
        (SelfTest(), False, False),
        (Ready(), True, False),
        (ContactCheck(), True, False),
        (Armed(), True, False),
        (Resting(), True, True),
        (Paused(), True, True),
        (Finished(STOPPED), True, False),
    ],
    ids=repr,
)
def test_any_trip_without_pulses_to_ramp_is_a_cut(
    found: Trip, state: State, unlocked: bool, closing: bool
) -> None:
    tripped = Tripped(found, cause_present=True, unlocked=unlocked)
    assert step(state, ev.TripRaised(found)) == (tripped, _cut_effects(found, closing=closing))


@pytest.mark.parametrize("state", [RampUp(), Delivering()], ids=repr)
def test_pulses_end_by_a_ramp_or_a_cut_as_the_trip_says(state: State) -> None:
    ramped = step(state, ev.TripRaised(RAMP))
    assert ramped == (RampDown(RAMP), (ev.BeginRampDown(), ev.Record("trip T08")))
    cut = step(state, ev.TripRaised(CUT))
    assert cut == (Tripped(CUT, cause_present=True), _cut_effects(CUT, closing=True))


@pytest.mark.parametrize("then", [Finish(STOPPED), Pause()], ids=repr)
def test_a_ramp_trip_takes_over_a_ramp_that_runs_already(then: Finish | Pause) -> None:
    after = step(RampDown(then), ev.TripRaised(RAMP))
    assert after == (RampDown(RAMP), (ev.Record("trip T08"),))
    cut = step(RampDown(then), ev.TripRaised(CUT))
    assert cut == (Tripped(CUT, cause_present=True), _cut_effects(CUT, closing=True))


def test_a_second_ramp_trip_is_kept_once() -> None:
    state = RampDown(RAMP)
    both = RampDown(RAMP, (RAMP2,))
    assert step(state, ev.TripRaised(RAMP)) == (state, ())
    assert step(state, ev.TripRaised(RAMP2)) == (both, (ev.Record("trip T08"),))
    assert step(both, ev.TripRaised(RAMP2)) == (both, ())


def test_a_worse_trip_in_a_ramp_cuts_and_keeps_those_before() -> None:
    after, effects = step(RampDown(RAMP, (RAMP2,)), ev.TripRaised(CUT))
    assert after == Tripped(CUT, cause_present=True, further=(RAMP, RAMP2))
    assert effects == _cut_effects(CUT, closing=True)


@pytest.mark.parametrize("present", [False, True])
def test_the_same_trip_again_only_says_that_its_cause_is_back(present: bool) -> None:
    again = step(Tripped(CUT, cause_present=present), ev.TripRaised(CUT))
    assert again == (Tripped(CUT, cause_present=True), ())


def test_another_trip_in_tripped_is_kept_and_a_cut_cuts_again() -> None:
    state = Tripped(RAMP, cause_present=False, unlocked=False)
    after = Tripped(RAMP, cause_present=True, further=(CUT2,), unlocked=False)
    assert step(state, ev.TripRaised(CUT2)) == (after, (ev.Cut(), ev.Record("trip T06")))
    assert step(after, ev.TripRaised(CUT2)) == (after, ())
    more = Tripped(RAMP, cause_present=True, further=(CUT2, RAMP2), unlocked=False)
    assert step(after, ev.TripRaised(RAMP2)) == (more, (ev.Record("trip T08"),))


def test_a_cause_nobody_can_see_with_the_output_off_may_be_acknowledged_at_once() -> None:
    after, _ = step(Delivering(), ev.TripRaised(BLIND))
    assert after == Tripped(BLIND, cause_present=False)
    with_estop, _ = step(after, ev.TripRaised(CUT))
    assert with_estop == Tripped(BLIND, cause_present=True, further=(CUT,))


def test_boot_is_locked_whatever_was_before() -> None:
    assert boot() == Locked()


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_what_holds_in_each_state(state: State) -> None:
    name = type(state).__name__
    pulsing = name in {"ContactCheck", "RampUp", "Delivering", "RampDown"}
    assert output_allowed(state) == pulsing
    assert is_energising(state) == (pulsing or name == "Resting")
    assert rises_allowed(state) == (name in {"RampUp", "Delivering"})
    assert heartbeat_runs(state) == (name not in {"Locked", "Tripped"})
    assert is_guarded(state) == (name not in {"Locked", "SelfTest", "Tripped"})
    session = {"RampUp", "Delivering", "Resting", "Paused", "RampDown"}
    assert in_session(state) == (name in session)


def test_the_trip_to_be_told_is_that_of_the_ramp_or_the_latch() -> None:
    assert trip_of(RampDown(RAMP)) is RAMP
    assert trip_of(Tripped(CUT, cause_present=True)) is CUT
    assert trip_of(RampDown(Pause())) is None
    assert trip_of(Delivering()) is None
