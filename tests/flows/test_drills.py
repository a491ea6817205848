"""Complete drills on the engine: what passes, and what fails for which reason."""

import json
from typing import Any

import pytest

from appliance.drills import catalogue as drills
from appliance.messages.replies import Refused, Reply
from drivers.pigpio.guard import MAX_SCRIPTS
from tests.support.clinic import Clinic
from tests.support.drill_person import (
    PERSON,
    at_rest,
    begin,
    drill,
    follow,
    rows,
    said,
    shown,
)

pytestmark = pytest.mark.proves("drills")


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """End a drill after 8 s without progress instead of two minutes."""
    monkeypatch.setattr(drills, "LONGEST_US", 8_000_000)


# --- passing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["e-stop", "hand-switch", "lead", "watchdog"])
def test_each_drill_passes_on_a_healthy_unit_and_leaves_it_at_rest(
    clinic: Clinic, kind: str
) -> None:
    result = drill(clinic, kind)
    assert result.passed, result
    assert at_rest(clinic)
    assert clinic.view.programme is None
    (row,) = rows(clinic)
    assert (row["kind"], row["passed"], row["rig"]) == (kind, 1, "virtual")
    assert row["operator"] == "anna"


@pytest.mark.parametrize("ohm", [500, 1_000])
def test_the_known_load_drill_measures_the_set_current_in_both_phases(
    clinic: Clinic, ohm: int
) -> None:
    clinic.board.fault_set(f"resistor:1={ohm}")
    result = drill(clinic, "known-load", load_ohm=ohm)
    assert result.passed, result
    levels: Any = result.measured["levels"]
    assert [each["set_ua"] for each in levels] == [2_000, 5_000, 10_000]
    for each in levels:
        for phase in ("positive_ua", "negative_ua"):
            assert abs(each[phase] - each["set_ua"]) <= max(each["set_ua"] // 20, 500)
        assert abs(each["ohm"] - ohm) <= ohm // 10
    assert at_rest(clinic)
    assert clinic.currents_ua() == [0, 0]
    session = clinic.last()
    assert session.summary.programme == "known-load-drill"
    assert session.summary.outcome == "stopped"


def test_what_is_measured_is_shown_while_the_drill_goes_on(clinic: Clinic) -> None:
    clinic.board.fault_set("resistor:1=1000")
    begin(clinic, "known-load", load_ohm=1_000)
    filled: list[int] = []
    while (view := shown(clinic)).result is None:
        levels: Any = view.measured.get("levels", [])
        if len(levels) not in filled:
            filled.append(len(levels))
        clinic.tick()
    assert filled == [0, 1, 2, 3]
    assert view.measured == view.result.measured


def test_layers_that_saw_the_e_stop_are_shown_before_it_is_released(clinic: Clinic) -> None:
    begin(clinic, "e-stop")
    assert shown(clinic).measured == {}
    clinic.board.fault_set("estop")
    clinic.until_true(lambda: shown(clinic).key == "drill.e-stop.release")
    assert set(shown(clinic).measured) == {"contact_us", "latch_us", "guard_us", "engine_us"}


def test_an_e_stop_drill_with_current_measures_the_time_to_zero(clinic: Clinic) -> None:
    """Hazard: a button that is only ever tried without current."""
    clinic.board.fault_set("resistor:1=500")
    result = drill(clinic, "e-stop", load_ohm=500)
    assert result.passed, result
    to_zero: Any = result.measured["time_to_zero_us"]
    assert 0 <= to_zero <= 20_000
    assert at_rest(clinic)
    assert clinic.last().summary.outcome == "tripped"


def test_the_watchdog_drill_times_the_one_shot_and_accepts_its_tolerance(clinic: Clinic) -> None:
    clinic.unlock()
    for percent, wanted_us in ((0, 160_000), (-25, 120_000), (25, 200_000)):
        clinic.board.fault_set(f"watchdog-width={percent}")
        clinic.wait(50)
        result = drill(clinic, "watchdog")
        assert result.passed, (percent, result)
        latch_us: Any = result.measured["latch_us"]
        assert wanted_us <= latch_us <= wanted_us + 10_000
        guard_us: Any = result.measured["guard_us"]
        assert 80_000 <= guard_us <= 100_000


@pytest.mark.parametrize("kind", ["e-stop", "hand-switch", "watchdog"])
def test_no_current_flows_in_a_drill_without_a_load(clinic: Clinic, kind: str) -> None:
    """Hazard: a drill that stimulates whoever still wears pads."""
    begin(clinic, kind)
    most = 0
    for _ in range(40):
        clinic.tick()
        most = max(most, *map(abs, clinic.currents_ua()))
    result = follow(clinic)
    assert result.passed
    assert most == 0
    assert clinic.sessions() == []


# --- failing -------------------------------------------------------------------------------------


def pressing(fault: str) -> dict[str, tuple[str, str]]:
    return {**PERSON, "drill.e-stop.press": ("set", fault)}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("estop-wire=sense", "the latch contact did not open"),
        ("estop-wire=latch", "the sensed contact did not open"),
    ],
)
def test_a_press_seen_by_only_one_contact_fails_and_names_the_other(
    clinic: Clinic, fault: str, words: str
) -> None:
    """Hazard: an e-stop with a dead contact, which works until the layer behind the other fails."""
    result = drill(clinic, "e-stop", pressing(fault))
    assert words in said(result)
    assert clinic.state == "Tripped"
    assert rows(clinic)[0]["passed"] == 0


def test_a_latch_that_cannot_be_set_fails_the_e_stop_drill(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.board.fault_set("latch-dead")
    result = drill(clinic, "e-stop")
    assert "the fault latch cannot be set" in said(result)


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("kind", ["e-stop", "hand-switch", "lead"])
def test_a_drill_without_the_requested_action_fails_and_names_that_action(
    clinic: Clinic, kind: str
) -> None:
    text = said(drill(clinic, kind, {}))
    assert "not within 8 s:" in text
    assert any(word in text for word in ("Press the", "Squeeze the", "Unplug one lead"))
    assert at_rest(clinic)


def test_a_drill_ends_after_two_minutes(clinic: Clinic) -> None:
    text = said(drill(clinic, "e-stop", {}))
    assert "not within 120 s: Press the emergency stop" in text
    took_us = json.loads(rows(clinic)[0]["facts"])["took_us"]
    assert 120_000_000 < took_us <= 120_010_000
    assert at_rest(clinic)


@pytest.mark.usefixtures("hurry")
def test_a_hand_switch_that_stays_open_fails_its_drill(clinic: Clinic) -> None:
    person = {**PERSON, "drill.hand-switch.let-go": ("set", "hand-switch")}
    text = said(drill(clinic, "hand-switch", person))
    assert "Let go of the hand switch" in text


@pytest.mark.usefixtures("hurry")
def test_a_lead_that_is_never_connected_fails_its_drill(clinic: Clinic) -> None:
    clinic.board.fault_set("lead-off:1")
    assert "Connect the leads" in said(drill(clinic, "lead"))


def test_a_short_does_not_count_as_an_unplugged_lead(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drills, "LONGEST_US", 8_000_000)
    person = {"drill.lead.unplug": ("set", "short:1")}
    assert "Unplug one lead" in said(drill(clinic, "lead", person))


@pytest.mark.parametrize(("ohm", "load"), [(1_000, 500), (500, 1_000), (1_150, 1_000), (420, 500)])
def test_a_wrong_resistor_fails_before_any_level_is_raised(
    clinic: Clinic, ohm: int, load: int
) -> None:
    clinic.board.fault_set(f"resistor:1={ohm}")
    text = said(drill(clinic, "known-load", load_ohm=load))
    assert f"not {load} Ω within 10 %" in text
    assert clinic.sessions() == []
    assert at_rest(clinic)


def level_ua(clinic: Clinic) -> int:
    return next((each.level_ua for each in clinic.view.channels if each.channel == 1), 0)


@pytest.mark.parametrize("load", [500, 1_000])
@pytest.mark.parametrize("swapped_at_ua", [1_000, 2_000, 3_000, 6_000])
def test_a_person_in_place_of_the_load_during_current_ends_the_drill_within_a_tap(
    clinic: Clinic, load: int, swapped_at_ua: int
) -> None:
    """Hazard: the load slips out, a hand touches the leads, and the level continues to rise."""
    clinic.board.fault_set(f"resistor:1={load}")
    begin(clinic, "known-load", load_ohm=load)
    clinic.until_true(lambda: level_ua(clinic) == swapped_at_ua)
    clinic.wait(150)
    clinic.board.fault_clear("resistor:1")
    swapped_us, levels = clinic.now_us, [swapped_at_ua]
    while level_ua(clinic) and clinic.now_us - swapped_us < 5_000_000:
        clinic.tick()
        levels.append(level_ua(clinic))
    assert max(levels) <= swapped_at_ua + 1_000, "one tap at the most"
    assert clinic.now_us - swapped_us < 700_000
    assert "the load changed" in said(follow(clinic))
    # Contact that changed so much may be a trip of its own in the fall.
    assert at_rest(clinic) or clinic.trip() == "T08"


def test_a_person_in_place_of_the_load_gets_only_the_current_of_the_contact_check(
    clinic: Clinic,
) -> None:
    """Hazard: 10 mA through somebody who was asked to hold the leads."""
    text = said(drill(clinic, "known-load", load_ohm=500))
    assert "the load measures" in text
    assert clinic.sessions() == []


def test_phases_that_differ_fail_the_known_load_drill(clinic: Clinic) -> None:
    """Hazard: direct current under a pad."""
    clinic.board.fault_set("resistor:1=1000")
    clinic.unlock()
    clinic.board.fault_set("phase-mismatch:1=8")
    text = said(drill(clinic, "known-load", load_ohm=1_000))
    assert "phase" in text


def test_a_watchdog_that_never_expires_fails_its_drill(clinic: Clinic) -> None:
    """Hazard: a dead engine that nothing ends."""
    clinic.unlock()
    clinic.board.fault_set("watchdog-dead")
    result = drill(clinic, "watchdog")
    assert said(result) == "without a heartbeat the fault latch stays clear for 400 ms"
    assert at_rest(clinic)


def test_a_latch_that_cannot_be_set_fails_the_watchdog_drill(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.board.fault_set("latch-dead")
    assert "stays clear" in said(drill(clinic, "watchdog"))


def delete_guard(clinic: Clinic) -> None:
    output: Any = clinic.engine.loop._rig.pulses
    for number in range(MAX_SCRIPTS):
        try:
            output._guard._client.delete_script(number)
        except Exception:  # noqa: BLE001, S112 - no such script
            continue


def test_a_deleted_guard_fails_the_watchdog_drill(clinic: Clinic) -> None:
    begin(clinic, "watchdog")
    delete_guard(clinic)
    text = said(follow(clinic))
    assert text.startswith("T37 during the drill")
    assert "script" in text
    assert clinic.state == "Tripped"


@pytest.mark.proves("parts-answer")
def test_a_guard_deleted_while_a_drill_waits_for_a_press_trips(
    clinic: Clinic,
) -> None:
    begin(clinic, "e-stop")
    delete_guard(clinic)
    text = said(follow(clinic, {}))
    assert text.startswith("T37 during the drill")
    assert clinic.state == "Tripped"


def test_another_trip_ends_the_drill_as_failed_and_latches_as_usual(clinic: Clinic) -> None:
    begin(clinic, "hand-switch")
    clinic.board.fault_set("estop")
    text = said(follow(clinic))
    assert text.startswith("T01 during the drill")
    assert clinic.trip() == "T01"
    clinic.board.fault_clear("estop")
    clinic.wait(100)
    assert isinstance(clinic.acknowledge(), Refused), "the hand switch is still squeezed"
    clinic.board.fault_clear("hand-switch")
    clinic.wait(100)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")


def test_the_silence_of_a_watchdog_drill_trips_nothing_and_a_later_fault_does(
    clinic: Clinic,
) -> None:
    """Nothing trips while the watchdog is tried on purpose, and everything does afterwards."""
    assert drill(clinic, "watchdog").passed
    clinic.board.fault_set("estop")
    assert clinic.trip() == "T01"
