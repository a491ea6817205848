"""What a screen shows of a trip, of the latches that stand, and of the session that ended last."""

from pathlib import Path

import pytest

from appliance.link.text_conversion import text_of
from appliance.messages.actions import CloseSession, Stop
from appliance.messages.snapshot import LatchView, TripView
from appliance.messages.wire import LatchName, TextView
from appliance.texts.english import english
from tests.support.clinic import START_UTC_US, Clinic, open_clinic

pytestmark = pytest.mark.proves("state-shown")


def shown(clinic: Clinic) -> TripView:
    trip = clinic.view.trip
    assert trip is not None
    return trip


def words(view: TextView) -> str:
    return english(text_of(view))


def latches(clinic: Clinic) -> dict[LatchName, LatchView]:
    return {latch.latch: latch for latch in clinic.view.latches}


def test_a_trip_is_shown_with_how_long_ago_it_was_until_it_is_acknowledged(clinic: Clinic) -> None:
    clinic.treat()
    clinic.board.fault_set("lead-off:1")
    clinic.trip()
    at_us, ago_us = clinic.view.at_us, shown(clinic).ago_us
    assert 0 < ago_us < 200_000
    clinic.board.fault_clear("lead-off:1")
    clinic.wait(90_000)
    assert shown(clinic).ago_us - ago_us == clinic.view.at_us - at_us
    clinic.acknowledge()
    clinic.until("Ready")
    assert clinic.view.trip is None


def test_layer_and_time_to_zero_of_a_trip_are_those_of_the_records(clinic: Clinic) -> None:
    clinic.treat()
    clinic.board.fault_set("lead-off:1")
    clinic.trip()
    trip, stop = shown(clinic), clinic.events("stop")[-1]
    assert (trip.layer, trip.time_to_zero_us) == (stop["layer"], stop["time_to_zero_us"])
    assert trip.layer
    at_us = clinic.view.at_us - trip.ago_us
    assert at_us == stop["cause_at_us"]
    assert trip.utc_us == START_UTC_US + at_us
    assert "cannot see the cause" in words(latches(clinic)[LatchName.TRIP].clear)


def test_a_ramp_down_for_a_trip_has_no_time_to_zero_before_it_has_come_to_zero(
    clinic: Clinic,
) -> None:
    clinic.treat()
    clinic.board.fault_set("half-lifted:1")
    clinic.until("RampDown", "Tripped")
    while clinic.view.state == "RampDown":
        assert (shown(clinic).layer, shown(clinic).time_to_zero_us) == ("", None)
        clinic.tick()
    clinic.until("Tripped")
    assert shown(clinic).layer == "engine"
    assert shown(clinic).time_to_zero_us == clinic.events("stop")[-1]["time_to_zero_us"]


def test_a_trip_while_output_is_off_names_no_layer(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.board.fault_set("estop")
    clinic.trip()
    assert (shown(clinic).layer, shown(clinic).time_to_zero_us) == ("", None)


def test_a_clock_that_is_not_set_dates_no_trip(tmp_path: Path) -> None:
    with open_clinic(tmp_path, trusted=False) as clinic:
        clinic.unlock()
        clinic.board.fault_set("estop")
        clinic.trip()
        assert shown(clinic).utc_us is None
        assert shown(clinic).ago_us >= 0


def test_latches_say_what_keeps_output_off_and_what_clears_it(clinic: Clinic) -> None:
    clinic.treat()
    assert clinic.view.latches == ()
    clinic.board.fault_set("estop")
    clinic.trip()
    clinic.wait(300)
    found = latches(clinic)
    assert words(found[LatchName.TRIP].clear).startswith("Remove the cause")
    latch = found[LatchName.FAULT_LATCH]
    assert "pressed" in words(latch.causes[0])
    assert "release" in words(latch.clear)
    clinic.board.fault_clear("estop")
    clinic.wait(300)
    found = latches(clinic)
    assert "was pressed" in words(found[LatchName.FAULT_LATCH].causes[0])
    assert "acknowledged" in words(found[LatchName.FAULT_LATCH].clear)
    assert words(found[LatchName.TRIP].clear).startswith("The cause is gone")
    clinic.acknowledge()
    clinic.until("Ready")
    clinic.wait(200)
    assert clinic.view.latches == ()


def test_a_trip_whose_cause_only_a_self_test_can_see_says_so(clinic: Clinic) -> None:
    clinic.treat()
    clinic.board.fault_set("bridge-open:gate1_neg")
    assert clinic.trip() == "T11"
    assert "self-test" in words(latches(clinic)[LatchName.TRIP].clear)


def test_a_locked_unit_says_that_unlocking_resets_its_latch(clinic: Clinic) -> None:
    clinic.until("Locked")
    clinic.wait(300)
    latch = latches(clinic)[LatchName.FAULT_LATCH]
    assert "unlock" in words(latch.clear)
    assert LatchName.TRIP not in latches(clinic)


def test_the_last_session_says_why_it_ended_and_still_does_after_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.treat()
        clinic.board.fault_set("lead-off:1")
        clinic.trip()
        tripped = clinic.view.last_session
        assert tripped is not None
        assert (tripped.outcome, tripped.cause) == ("tripped", "lead_off")
        assert tripped.because == shown(clinic).title
        assert tripped.layer == shown(clinic).layer
        assert tripped.time_to_zero_us == shown(clinic).time_to_zero_us
    with open_clinic(tmp_path / "2", data=data) as clinic:
        clinic.until("Locked")
        assert clinic.view.last_session == tripped


def test_a_session_that_a_person_stopped_says_so(clinic: Clinic) -> None:
    clinic.treat()
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    last = clinic.view.last_session
    assert last is not None
    assert last.because is not None
    assert (last.cause, words(last.because)) == ("stop", "a person stopped it")
    assert (last.layer, last.time_to_zero_us is not None) == ("engine", True)
