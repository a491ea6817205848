"""Words that journals and screens already hold, and what a value means when nothing is said."""

import pytest

from appliance.core.limits.limits import Layout, Purpose
from appliance.core.limits.patient_limits import CeilingScope, PatientBounds, PatientHistory
from appliance.core.plan.compiler import PlannedSlice, Stage
from appliance.core.plan.slice_shapes import idle_slice
from appliance.safety.gate import GateRefused
from appliance.safety.state_machine import events as ev
from appliance.safety.trips.codes import LatchRule, TripCode, TripSeverity
from appliance.safety.trips.trip import Trip

pytestmark = pytest.mark.proves_none


def test_words_that_records_hold_never_change() -> None:
    assert [*Stage] == ["ramp_up", "on", "ramp_down", "active_rest", "rest"]
    assert [*CeilingScope] == ["neck", "back"]
    assert [*Purpose] == ["sensory", "motor"]
    assert [*Layout] == ["vertical", "bilateral"]
    assert [*ev.SessionOutcome] == ["completed", "stopped", "cut", "tripped", "interrupted"]
    assert [*TripSeverity] == ["cut", "ramp"]
    assert [*LatchRule] == ["when_gone", "self_test"]
    assert GateRefused.code == "A120"


def test_a_stop_is_no_cut_and_a_slice_is_of_the_plan_unless_it_is_said() -> None:
    assert ev.StopAsked() == ev.StopAsked(cut=False)
    assert PlannedSlice(idle_slice(1), 0, Stage.REST, (0,), (0,)).waiting is False


def test_a_trip_means_the_whole_board_unless_a_channel_is_named() -> None:
    assert Trip(TripCode.ESTOP, TripSeverity.CUT) == Trip(
        TripCode.ESTOP, TripSeverity.CUT, None, None
    )


def test_a_patient_nobody_knows_has_no_past_and_no_ceiling_of_an_own() -> None:
    assert PatientHistory() == PatientHistory(ceiling_ua=None, motor_sessions=0, comfortable_ua=0)
    assert PatientBounds() == PatientBounds(None, "", None, single_taps=False)
