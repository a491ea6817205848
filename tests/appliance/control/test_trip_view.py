"""A trip is shown with the end of output that is its own, and with no other."""

import pytest

from appliance.clinical.fact import FactTime
from appliance.control.engine_state import EngineState, MachineState, TickState
from appliance.control.reporting.trip_view import TripClock, trip_view
from appliance.control.stops.onset import Onset, OnsetEvidence
from appliance.control.stops.recorder import OutputEnd, StopState
from appliance.control.stops.time_of_zero import ZeroCurrent
from appliance.messages.snapshot import TripView
from appliance.safety.state_machine.states import Tripped
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from drivers.quantities import Microseconds

pytestmark = pytest.mark.proves("state-shown")

NOW_US = 5_000_000
LEAD_OFF = Tripped(trip(TripCode.LEAD_OFF), cause_present=False)


def ended(cause: str, *, is_open: bool = False) -> StopState:
    """Return an end of output that was caused at 4 s and at zero 20 ms later."""
    ending = OutputEnd(
        cause, Microseconds(4_010_000), Onset(4_000_000, OnsetEvidence.HOLD), channels=()
    )
    return StopState(ending, is_open, ZeroCurrent(4_020_000, "guard", "a test"), 20_000)


def shown(stop: StopState, *, trusted: bool = True) -> TripView:
    tick = TickState(now_us=Microseconds(NOW_US))
    engine = EngineState(tick=tick, machine=MachineState(LEAD_OFF), stop=stop)
    clock = TripClock(engine, lambda: FactTime(100 * NOW_US, 0, trusted, 1))
    clock.look()
    view = trip_view(engine, clock)
    assert view is not None
    return view


def test_the_end_that_the_trip_caused_is_shown_with_its_layer_and_its_time() -> None:
    view = shown(ended("lead_off"))
    assert (view.layer, view.time_to_zero_us, view.ago_us) == ("guard", 20_000, 1_000_000)
    assert view.utc_us == 99 * NOW_US + 4_000_000


@pytest.mark.parametrize("stop", [ended("stop"), ended("short"), StopState()])
def test_the_end_of_something_else_is_not_shown_for_the_trip(stop: StopState) -> None:
    view = shown(stop)
    assert (view.layer, view.time_to_zero_us, view.ago_us) == ("", None, 0)


def test_an_end_under_way_has_no_layer_yet() -> None:
    view = shown(ended("lead_off", is_open=True))
    assert (view.layer, view.time_to_zero_us, view.ago_us) == ("", None, 1_000_000)


def test_a_clock_that_nobody_trusts_gives_no_time_of_day() -> None:
    assert shown(ended("lead_off"), trusted=False).utc_us is None
