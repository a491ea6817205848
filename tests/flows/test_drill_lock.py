"""An overdue drill locks arming on hardware, is announced a week before, and ends no session."""

from dataclasses import replace

import pytest

from appliance.drills import known_load as known_load_drill
from appliance.drills.schedule import DrillDone
from appliance.messages.actions import CheckContact, Prescribe, Start
from appliance.messages.replies import Reply
from appliance.messages.wire import DrillKind, Subject
from tests.support.clinic import Clinic
from tests.support.drill_person import (
    DAY_US,
    NOW_UTC_US,
    Calendar,
    asked,
    drill,
    on_hardware,
    passed_days_ago,
    refused,
)
from tests.support.texts import Said
from ui.cli.terminal.snapshot_text import drill_notes_of, failures_of

PRESCRIBE = Prescribe(subject=Subject.TEST_LOAD, programme="conventional-tens", channels=(1,))
KINDS = [kind.value for kind in DrillKind]


def locked(clinic: Clinic, kind: str) -> Said:
    answer = refused(clinic, PRESCRIBE)
    assert answer.limit == "arming is locked"
    assert answer.nearest == f"run `stimkiosk drill {kind}`"
    return answer


def note(clinic: Clinic) -> str:
    clinic.wait(10_100)
    return "; ".join(drill_notes_of(clinic.view))


@pytest.mark.proves("drills")
@pytest.mark.parametrize("kind", KINDS)
def test_an_overdue_drill_refuses_every_prescription(clinic: Clinic, kind: str) -> None:
    """Hazard: a stop that has not been tried for months."""
    clinic.unlock()
    on_hardware(clinic, passed_days_ago(**{kind.replace("-", "_"): 30.0}))
    answer = locked(clinic, kind)
    assert answer.asked == f"{kind} drill overdue since 2027-01-15"
    assert clinic.state == "Ready"


@pytest.mark.proves("drills")
def test_a_unit_that_was_never_drilled_is_locked_until_every_drill_has_passed(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    on_hardware(clinic, {})
    assert "drills never done: e-stop, hand-switch, lead, known-load, watchdog" in note(clinic)
    clinic.board.fault_set("resistor:1=1000")
    for kind in KINDS:
        locked(clinic, kind)
        result = drill(clinic, kind, load_ohm=1_000 if kind == "known-load" else None)
        assert result.passed, result
    assert isinstance(clinic.ask(PRESCRIBE), Reply)
    assert isinstance(clinic.ask(CheckContact()), Reply)
    assert note(clinic) == ""


@pytest.mark.proves("drills")
def test_a_contact_check_is_refused_once_a_drill_has_become_overdue(clinic: Clinic) -> None:
    clinic.unlock()
    today = Calendar()
    on_hardware(clinic, passed_days_ago(lead=29.9), today)
    clinic.do(PRESCRIBE)
    today.utc_us += DAY_US
    answer = refused(clinic, CheckContact())
    assert answer.asked.startswith("lead drill overdue since")
    assert clinic.state == "Ready"


@pytest.mark.proves("drills")
def test_a_drill_that_becomes_overdue_interrupts_no_armed_unit_and_no_session(
    clinic: Clinic,
) -> None:
    """The date is checked at the contact check, minutes before, and never first at Start."""
    clinic.unlock()
    today = Calendar()
    on_hardware(clinic, passed_days_ago(), today)
    clinic.board.fault_set("resistor:1=1000")
    clinic.prescribe(channels=(1,), subject=Subject.TEST_LOAD)
    clinic.do(CheckContact())
    clinic.until("Armed")
    today.utc_us += 40 * DAY_US
    assert isinstance(clinic.ask(Start()), Reply)
    clinic.raise_to(2_000)
    today.utc_us += 40 * DAY_US
    clinic.wait(11_000)
    assert clinic.state == "Delivering"


@pytest.mark.proves("drills")
def test_a_drill_is_announced_a_week_ahead(clinic: Clinic) -> None:
    clinic.unlock()
    today = Calendar()
    on_hardware(clinic, passed_days_ago(watchdog=22.9), today)
    assert note(clinic) == ""
    today.utc_us += DAY_US // 5
    assert note(clinic) == "watchdog drill due by 2027-01-22: run `stimkiosk drill watchdog`"
    assert isinstance(clinic.ask(PRESCRIBE), Reply)


@pytest.mark.proves("drills")
def test_a_failed_drill_locks_at_once_and_a_passed_one_unlocks(clinic: Clinic) -> None:
    clinic.unlock()
    on_hardware(clinic, passed_days_ago())
    clinic.board.fault_set("watchdog-dead")
    assert not drill(clinic, "watchdog").passed
    assert "watchdog drill not passed on" in locked(clinic, "watchdog").asked
    assert "arming is locked" in note(clinic)
    clinic.board.fault_clear("watchdog-dead")
    assert drill(clinic, "watchdog").passed
    assert isinstance(clinic.ask(PRESCRIBE), Reply)


@pytest.mark.proves("drills")
def test_a_clock_that_is_not_set_locks_arming_and_is_named_as_the_reason(clinic: Clinic) -> None:
    clinic.unlock()
    today = Calendar()
    on_hardware(clinic, passed_days_ago(), today)
    today.trusted = False
    assert "the clock is not set" in locked(clinic, "e-stop").asked
    today.trusted, today.utc_us = True, NOW_UTC_US - 3 * DAY_US
    assert "the clock stands before the last one" in locked(clinic, "e-stop").asked
    today.utc_us = NOW_UTC_US
    assert isinstance(clinic.ask(PRESCRIBE), Reply)


@pytest.mark.proves("drills")
def test_a_drill_done_with_a_clock_that_was_not_set_does_not_count(clinic: Clinic) -> None:
    clinic.unlock()
    done = DrillDone(DrillKind.LEAD, passed=True, utc_us=NOW_UTC_US, clock_trusted=False)
    on_hardware(clinic, {**passed_days_ago(), DrillKind.LEAD: done})
    assert "while the clock was not set" in locked(clinic, "lead").asked


@pytest.mark.proves("drills")
def test_the_virtual_board_reports_overdue_drills_and_stays_unlocked(clinic: Clinic) -> None:
    clinic.unlock()
    assert "this is the virtual board, arming stays open" in note(clinic)
    clinic.board.fault_set("watchdog-dead")
    assert not drill(clinic, "watchdog").passed
    assert "watchdog drill not passed" in note(clinic)
    clinic.board.fault_clear("watchdog-dead")
    clinic.treat(level_ua=2_000, channels=(1,))


@pytest.mark.proves("drills", "bystander")
def test_on_hardware_a_drill_drives_only_a_test_load(
    clinic: Clinic,
) -> None:
    """Hazard: the kiosk, which may treat people, drives 10 mA into whoever holds the leads."""
    clinic.unlock()
    on_hardware(clinic, {})
    for kind in ("known-load", "e-stop"):
        result = drill(clinic, kind, load_ohm=500)
        assert "the load measures" in failures_of(result)[0]
    assert clinic.sessions() == []


@pytest.mark.proves("bystander")
def test_current_through_a_person_is_refused_even_if_a_drill_misjudges_its_load(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: one wrong number between 10 mA and whoever holds the leads."""
    monkeypatch.setattr(known_load_drill, "LOAD_PERCENT", 1_000)
    result = drill(clinic, "known-load", load_ohm=500)
    assert failures_of(result)[0].startswith("subject: asked ")
    assert "Ω like skin, allowed 500 Ω or 1 kΩ within 10 %" in failures_of(result)[0]
    assert clinic.sessions() == []


@pytest.mark.proves("bystander")
def test_pads_that_measure_1_kiloohm_on_skin_are_not_taken_for_a_test_load(clinic: Clinic) -> None:
    """Hazard: somebody holds the leads, and happens to measure what the resistor should."""
    clinic.unlock()
    result = drill(clinic, "known-load", load_ohm=1_000)
    assert result.measured["contact_ohm"] in range(900, 1_101)
    assert " Ω like skin, allowed 500 Ω or 1 kΩ within 10 %" in failures_of(result)[0]
    assert clinic.sessions() == []


@pytest.mark.proves("daemon-isolated")
def test_on_hardware_drills_with_current_are_refused_while_others_reach_the_daemon(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    on_hardware(clinic, {})
    loop = clinic.engine.loop
    loop._rig = loop._dispatcher.rig = loop._output.rig = replace(
        loop._rig, exposure=lambda: ("port 8888 on eth0",)
    )
    for kind, load in (("lead", None), ("known-load", 500), ("e-stop", 500)):
        answer = refused(clinic, asked(kind, load_ohm=load))
        assert answer.limit == "daemon isolation"
    assert drill(clinic, "watchdog").passed
