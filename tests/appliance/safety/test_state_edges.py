"""What the tables of the state machine do not spell out: trips upon trips, and what is known."""

import pytest

from appliance.safety.state_machine import events as ev
from appliance.safety.state_machine.states import Delivering, Finish, RampDown, State, Tripped
from appliance.safety.state_machine.step import knows, step
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from drivers.quantities import Channel

pytestmark = pytest.mark.proves("states", "latched-trips")

BLIND = trip(TripCode.DAC_STUCK)
SEEN_ESTOP = trip(TripCode.GUARD_SAW_ESTOP)
DRIFT_1 = trip(TripCode.CONTACT_DRIFT, "", Channel(1))
DRIFT_2 = trip(TripCode.CONTACT_DRIFT, "", Channel(2))


def test_a_trip_nobody_can_see_does_not_hide_a_cause_that_came_back() -> None:
    """Hazard: an acknowledgement lets go while an interlock is still broken."""
    back, _ = step(Tripped(BLIND, cause_present=False), ev.CauseBack())
    after, effects = step(back, ev.TripRaised(SEEN_ESTOP))
    assert after == Tripped(BLIND, cause_present=True, further=(SEEN_ESTOP,))
    assert effects == (ev.Cut(), ev.Record("trip T18"))
    _, answer = step(after, ev.Acknowledged())
    assert isinstance(answer[0], ev.Refuse)


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
