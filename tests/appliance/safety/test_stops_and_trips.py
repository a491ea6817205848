"""Stops and trips in every state, against tables written by hand."""

from dataclasses import replace

import pytest

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
)
from appliance.safety.state_machine.step import knows, step
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from drivers.quantities import Channel
from tests.appliance.safety.state_samples import (
    BLIND,
    COMPLETED,
    CUT,
    CUT2,
    RAMP,
    RAMP2,
    STATES,
    STOPPED,
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
            Finished(ev.SessionOutcome.CUT),
            (
                ev.Cut(),
                ev.ZeroLevels(),
                ev.Record("cut"),
                ev.RecordSessionEnd(ev.SessionOutcome.CUT),
            ),
        )
        for state in (
            RampUp(),
            Delivering(),
            Resting(),
            RampDown(Finish(STOPPED)),
            RampDown(Finish(COMPLETED)),
            RampDown(AfterRampPause()),
        )
    ],
    (Paused(), False, Finished(STOPPED), (ev.Record("stop"), ev.RecordSessionEnd(STOPPED))),
    (
        Paused(),
        True,
        Finished(STOPPED),
        (ev.Cut(), ev.Record("stop"), ev.RecordSessionEnd(STOPPED)),
    ),
    *[
        (RampDown(then), False, RampDown(then), ())
        for then in (Finish(STOPPED), Finish(COMPLETED), RAMP)
    ],
    (RampDown(AfterRampPause()), False, RampDown(Finish(STOPPED)), (ev.Record("stop"),)),
    *[
        (
            RampDown(RAMP, further),
            True,
            Tripped(RAMP, cause_present=True, further=further),
            (
                ev.Cut(),
                ev.ZeroLevels(),
                ev.Record("cut"),
                ev.RecordSessionEnd(ev.SessionOutcome.TRIPPED),
            ),
        )
        for further in ((), (RAMP2,))
    ],
]


@pytest.mark.proves("stop-first", "states")
@pytest.mark.parametrize("row", STOPS, ids=lambda row: f"{row[0]}-cut={row[1]}")
def test_a_stop_is_never_refused_and_ends_output(
    row: tuple[State, bool, State, ev.Effects],
) -> None:
    state, cut, after, effects = row
    assert step(state, ev.StopAsked(cut)) == (after, effects)


@pytest.mark.proves_none
def test_the_table_of_stops_has_every_state() -> None:
    assert {type(row[0]) for row in STOPS} == {type(state) for state in STATES}


def _cut_effects(found: Trip, *, closing: bool) -> ev.Effects:
    closed = (ev.RecordSessionEnd(ev.SessionOutcome.TRIPPED),) if closing else ()
    return (ev.Cut(), ev.ZeroLevels(), ev.Record(f"trip {found.code}"), *closed)


@pytest.mark.proves("latched-trips", "states")
@pytest.mark.parametrize("found", [CUT, RAMP], ids=["cut", "ramp"])
@pytest.mark.parametrize(
    ("state", "unlocked", "closing"),
    [
        (Locked(), False, False),
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


@pytest.mark.proves("latched-trips", "states")
@pytest.mark.parametrize("found", [CUT, RAMP], ids=["cut", "ramp"])
def test_a_trip_in_a_self_test_leads_to_another_one(found: Trip) -> None:
    tripped = Tripped(found, cause_present=True, untested=True)
    assert step(SelfTest(), ev.TripRaised(found)) == (tripped, _cut_effects(found, closing=False))
    more = replace(tripped, further=(CUT2,))
    assert step(tripped, ev.TripRaised(CUT2)) == (more, (ev.Cut(), ev.Record("trip T06")))
    gone, _ = step(more, ev.CauseGone())
    again = (ev.Record("acknowledged"), ev.RunSelfTest())
    assert step(gone, ev.Acknowledged()) == (SelfTest(), again)


@pytest.mark.proves("latched-trips", "states")
@pytest.mark.parametrize("state", [RampUp(), Delivering()], ids=repr)
def test_pulses_end_by_a_ramp_or_a_cut_as_the_trip_says(state: State) -> None:
    ramped = step(state, ev.TripRaised(RAMP))
    assert ramped == (RampDown(RAMP), (ev.BeginRampDown(), ev.Record("trip T08")))
    cut = step(state, ev.TripRaised(CUT))
    assert cut == (Tripped(CUT, cause_present=True), _cut_effects(CUT, closing=True))


@pytest.mark.proves("latched-trips", "states")
@pytest.mark.parametrize("then", [Finish(STOPPED), AfterRampPause()], ids=repr)
def test_a_ramp_trip_takes_over_a_ramp_that_runs_already(then: Finish | AfterRampPause) -> None:
    after = step(RampDown(then), ev.TripRaised(RAMP))
    assert after == (RampDown(RAMP), (ev.Record("trip T08"),))
    cut = step(RampDown(then), ev.TripRaised(CUT))
    assert cut == (Tripped(CUT, cause_present=True), _cut_effects(CUT, closing=True))


@pytest.mark.proves("latched-trips")
def test_a_second_ramp_trip_is_kept_once() -> None:
    state = RampDown(RAMP)
    both = RampDown(RAMP, (RAMP2,))
    assert step(state, ev.TripRaised(RAMP)) == (state, ())
    assert step(state, ev.TripRaised(RAMP2)) == (both, (ev.Record("trip T08"),))
    assert step(both, ev.TripRaised(RAMP2)) == (both, ())


@pytest.mark.proves("latched-trips", "states")
def test_a_worse_trip_in_a_ramp_cuts_and_keeps_those_before() -> None:
    after, effects = step(RampDown(RAMP, (RAMP2,)), ev.TripRaised(CUT))
    assert after == Tripped(CUT, cause_present=True, further=(RAMP, RAMP2))
    assert effects == _cut_effects(CUT, closing=True)


@pytest.mark.proves("latched-trips")
@pytest.mark.parametrize("present", [False, True])
def test_the_same_trip_again_only_says_that_its_cause_is_back(present: bool) -> None:
    again = step(Tripped(CUT, cause_present=present), ev.TripRaised(CUT))
    assert again == (Tripped(CUT, cause_present=True), ())


@pytest.mark.proves("latched-trips")
def test_another_trip_in_tripped_is_kept_and_a_cut_cuts_again() -> None:
    state = Tripped(RAMP, cause_present=False, unlocked=False)
    after = Tripped(RAMP, cause_present=True, further=(CUT2,), unlocked=False)
    assert step(state, ev.TripRaised(CUT2)) == (after, (ev.Cut(), ev.Record("trip T06")))
    assert step(after, ev.TripRaised(CUT2)) == (after, ())
    more = Tripped(RAMP, cause_present=True, further=(CUT2, RAMP2), unlocked=False)
    assert step(after, ev.TripRaised(RAMP2)) == (more, (ev.Record("trip T08"),))


@pytest.mark.proves("latched-trips")
def test_a_cause_nobody_can_see_with_the_output_off_may_be_acknowledged_at_once() -> None:
    after, _ = step(Delivering(), ev.TripRaised(BLIND))
    assert after == Tripped(BLIND, cause_present=False)
    with_estop, _ = step(after, ev.TripRaised(CUT))
    assert with_estop == Tripped(BLIND, cause_present=True, further=(CUT,))


SEEN_ESTOP = trip(TripCode.GUARD_SAW_ESTOP)
DRIFT_1 = trip(TripCode.CONTACT_DRIFT, None, Channel(1))
DRIFT_2 = trip(TripCode.CONTACT_DRIFT, None, Channel(2))


@pytest.mark.proves("latched-trips")
def test_a_trip_nobody_can_see_does_not_hide_a_cause_that_came_back() -> None:
    """Hazard: an acknowledgement lets go while an interlock is still broken."""
    back, _ = step(Tripped(BLIND, cause_present=False), ev.CauseBack())
    after, effects = step(back, ev.TripRaised(SEEN_ESTOP))
    assert after == Tripped(BLIND, cause_present=True, further=(SEEN_ESTOP,))
    assert effects == (ev.Cut(), ev.Record("trip T18"))
    _, answer = step(after, ev.Acknowledged())
    assert isinstance(answer[0], ev.Refuse)


@pytest.mark.proves("latched-trips")
@pytest.mark.parametrize(
    ("state", "known"),
    [
        (Tripped(DRIFT_1, cause_present=True), {DRIFT_1}),
        (Tripped(BLIND, cause_present=False, further=(DRIFT_2,)), {BLIND, DRIFT_2}),
        (RampDown(DRIFT_1), {DRIFT_1}),
        (RampDown(DRIFT_1, (DRIFT_2,)), {DRIFT_1, DRIFT_2}),
        (RampDown(Finish(ev.SessionOutcome.STOPPED)), set()),
        (Delivering(), set()),
    ],
)
def test_a_trip_is_known_by_code_and_channel_once_it_has_been_told_of(
    state: State, known: set[object]
) -> None:
    for each in (BLIND, DRIFT_1, DRIFT_2):
        assert knows(state, each) == (each in known)
