"""When current was certainly zero: the earliest upper bound, and the layer that acted first."""

from typing import Any

import pytest

from appliance.control.output.cut import CutReport
from appliance.control.output.rig_observation import Observation
from appliance.control.stops.onset import OnsetTracker
from appliance.control.stops.time_of_zero import ZeroCurrent, zero_of_cut, zero_of_fall
from drivers.interfaces import InputEdge, Inputs, StreamStatus
from drivers.quantities import Microseconds

pytestmark = pytest.mark.proves("stop-record")

WELL = Inputs(True, True, True, True)
US = Microseconds


def report(began_us: int, gates_us: int | None, supply_us: int | None) -> CutReport:
    gates = None if gates_us is None else US(gates_us)
    supply = None if supply_us is None else US(supply_us)
    return CutReport(US(began_us), US(0), (), supply is not None, gates, supply)


def onset(**falls: int) -> OnsetTracker:
    found = OnsetTracker()
    found._edges.extend(InputEdge(line, 0, US(at_us), US(5)) for line, at_us in falls.items())
    found.refreshed(900_000, 900_100)
    return found


def seen(inputs: Inputs, at_us: int = 1_000_000) -> Observation:
    stream = StreamStatus((), 0, False)
    every: Any = (US(at_us), inputs, (), US(at_us), None, None, None, None, US(0), stream, ())
    return Observation(*every)


def zero(cut: CutReport, at: Observation, of: OnsetTracker, **more: Any) -> ZeroCurrent | None:
    more = {"queue_ends_us": None, "guard_tripped": 0, **more}
    return zero_of_cut(cut, at, of, **more)


LATCHED = WELL._replace(latch_clear=False)


def test_the_latch_acts_first_and_bounds_zero_by_a_millisecond() -> None:
    found = zero(report(1_000_000, 1_000_400, None), seen(LATCHED), onset(latch_clear=990_000))
    assert found == ZeroCurrent(991_005, "hardware", "edge of the fault latch")


def test_the_engine_gives_the_time_where_it_was_quicker_than_the_bound_of_the_latch() -> None:
    found = zero(report(1_000_000, 1_000_400, None), seen(LATCHED), onset(latch_clear=999_900))
    assert found is not None
    assert (found.at_us, found.layer) == (1_000_400, "hardware")


def test_a_guard_that_tripped_on_the_estop_acted_within_2_ms_of_its_edge() -> None:
    cut, opened = report(1_000_000, 1_000_400, None), onset(estop_closed=995_000)
    found = zero(cut, seen(WELL._replace(estop_closed=False)), opened, guard_tripped=1)
    assert found == ZeroCurrent(997_005, "guard", "edge of the e-stop, guard tripped")


def test_a_guard_that_tripped_on_silence_acted_82_ms_after_the_last_refresh() -> None:
    found = zero(report(1_000_000, 1_000_400, None), seen(WELL), onset(), guard_tripped=2)
    assert found == ZeroCurrent(982_100, "guard", "silence timed, guard tripped")


def test_slices_that_ran_out_before_the_guard_acted_are_the_layer() -> None:
    cut = report(1_000_000, 1_000_400, None)
    found = zero(cut, seen(WELL), onset(), guard_tripped=2, queue_ends_us=975_000)
    assert found == ZeroCurrent(975_000, "slices", "end of the last slice")


def test_without_the_daemon_zero_is_a_millisecond_after_the_supply_line() -> None:
    found = zero(report(1_000_000, None, 1_020_000), seen(WELL), onset())
    assert found == ZeroCurrent(1_021_000, "engine", "SUPPLY_EN low")


def test_a_cut_of_which_no_step_worked_has_no_time_of_zero() -> None:
    """Hazard: the records show a good time for a stop that failed."""
    assert zero(report(1_000_000, None, None), seen(WELL), onset()) is None


def test_a_ramp_down_ends_with_its_last_pulse_and_never_after_the_waves() -> None:
    assert zero_of_fall(500_000, 520_000).at_us == 501_000
    assert zero_of_fall(519_900, 520_000).at_us == 520_000
