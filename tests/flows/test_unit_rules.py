"""The unit speaks before each step towards output: damaged, not looked at, not cared for, out."""

from pathlib import Path
from typing import Any

import pytest

from appliance.clinical.unit.unit_file import UnitFile
from appliance.link.interfaces import Peer
from appliance.link.roles import Role
from appliance.messages.actions import (
    Action,
    BeginDrill,
    CheckContact,
    CloseSession,
    Fall,
    Pause,
    Prescribe,
    Resume,
    Rise,
    Start,
    Stop,
)
from appliance.messages.replies import Reply
from appliance.messages.wire import DrillKind, Subject
from tests.flows.test_unit_facts import OUT, RELEASE, check, fact
from tests.support.clinic import DAY_US, Clinic, open_clinic
from tests.support.clinical_records import refusal
from tests.support.texts import Said
from tests.support.unit_facts import INSPECTED, PARTS

pytestmark = pytest.mark.proves("unit-check")

LOAD = Prescribe(programme="conventional-tens", subject=Subject.TEST_LOAD, channels=(1,))


def forget(clinic: Clinic, **known: Any) -> None:
    """Let nobody have looked at or cared for the unit."""
    unit = clinic.engine.loop._unit
    unit.file = unit._expected = UnitFile(virtual=True, clock_required=False, **known)


def prescribed(clinic: Clinic, channels: tuple[int, ...] = (1, 2)) -> None:
    if clinic.state == "Locked":
        clinic.unlock()
    clinic.prescribe(channels=channels)


def refused_check(clinic: Clinic) -> Said:
    refused = refusal(clinic, CheckContact())
    assert clinic.state == "Ready"
    return refused


def test_a_patient_waits_until_the_unit_was_looked_at_today(clinic: Clinic) -> None:
    prescribed(clinic)
    forget(clinic)
    refused = refused_check(clinic)
    assert (refused.limit, refused.nearest) == ("check of the unit", "look at it, then answer")
    clinic.do(check())
    clinic.do(CheckContact())
    clinic.until("Armed")


@pytest.mark.parametrize("part", PARTS)
def test_no_patient_is_treated_with_a_damaged_part_until_service_releases_it(
    clinic: Clinic, part: str
) -> None:
    prescribed(clinic)
    clinic.do(check(**{part: "damaged"}))
    clinic.do(check())
    assert refused_check(clinic).asked.startswith("found damaged")
    clinic.do(fact("part_released", part=part, reason="replaced"))
    clinic.do(check())
    clinic.do(CheckContact())


def test_a_damaged_lead_leaves_the_other_channel_in_use(clinic: Clinic) -> None:
    prescribed(clinic, channels=(1,))
    clinic.do(check(lead_2="damaged"))
    clinic.do(CheckContact())
    clinic.until("Armed")


def test_what_is_found_between_contact_check_and_start_keeps_start_away(clinic: Clinic) -> None:
    clinic.arm()
    clinic.do(check(lead_1="damaged"))
    assert refusal(clinic, Start()).limit == "check of the unit"
    assert clinic.state == "Armed"


def test_damage_found_in_a_session_ends_rises_and_lets_what_lowers_pass(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    clinic.do(check(lead_1="damaged"))
    assert refusal(clinic, Rise(channel=1)).limit == "check of the unit"
    clinic.do(Fall(channel=1, step_ua=500))
    clinic.do(Pause())
    clinic.until("Paused")
    assert refusal(clinic, Resume()).limit == "check of the unit"
    clinic.do(Stop())
    clinic.until("Finished")


def test_a_look_that_expires_in_a_session_holds_nothing_up(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    forget(clinic)
    clinic.wait(500)
    clinic.do(Rise(channel=1))
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.do(Resume())


@pytest.mark.proves("out-of-use")
def test_out_of_use_refuses_every_step_towards_output_and_no_way_out(clinic: Clinic) -> None:
    clinic.treat(level_ua=3_000)
    clinic.do(OUT)
    assert refusal(clinic, Rise(channel=1)).limit == "out of use"
    clinic.do(Fall(channel=1, step_ua=500))
    clinic.do(Pause())
    clinic.until("Paused")
    assert refusal(clinic, Resume()).limit == "out of use"
    clinic.do(Stop(cut=True))
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.close_out()
    prescribed(clinic)
    refused = refused_check(clinic)
    assert (refused.limit, refused.asked) == (
        "out of use",
        "the unit was taken out of use: a shock",
    )
    clinic.do(RELEASE)
    clinic.do(CheckContact())


@pytest.mark.proves("out-of-use")
def test_out_of_use_refuses_arming_after_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.unlock()
        clinic.do(OUT)
    with open_clinic(tmp_path / "2", data=data, after_us=DAY_US) as clinic:
        prescribed(clinic)
        assert refused_check(clinic).limit == "out of use"


def as_role(clinic: Clinic, role: Role, action: Action) -> None:
    """Let the clinic's own link be a peer of another role for what is asked from now on."""
    link: Any = clinic.engine.link
    link._peer = Peer(link._peer.number, link._peer.name, role, 990, 0)


@pytest.mark.proves("out-of-use")
@pytest.mark.parametrize("role", [Role.KIOSK, Role.MAINTENANCE, Role.OWNER])
def test_a_unit_out_of_use_drives_test_loads_only_for_who_services_it(
    clinic: Clinic, role: Role
) -> None:
    clinic.unlock()
    clinic.board.fault_set("resistor:1=1000")
    clinic.do(OUT)
    clinic.do(LOAD)
    as_role(clinic, role, CheckContact())
    if role is Role.KIOSK:
        assert refusal(clinic, CheckContact()).limit == "out of use"
    else:
        assert isinstance(clinic.ask(CheckContact()), Reply)
        clinic.until("Armed")


@pytest.mark.proves("out-of-use")
def test_a_drill_runs_on_a_unit_out_of_use(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(OUT)
    clinic.do(BeginDrill(kind=DrillKind.WATCHDOG))


@pytest.mark.proves("unit-care")
def test_another_patient_waits_until_the_unit_is_cleaned(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.close_out()
    prescribed(clinic)
    unit = clinic.engine.loop._unit
    assert unit.treated is not None
    later = unit.file.care.cleaned
    assert later is not None
    before = UnitFile(virtual=True, clock_required=False, checks=unit.file.checks)
    unit.file = unit._expected = before
    refused = refused_check(clinic)
    assert (refused.limit, refused.asked) == (
        "care of the unit",
        "not cleaned since another patient",
    )
    clinic.do(fact("unit_cleaned"))
    clinic.do(CheckContact())


@pytest.mark.proves("unit-care")
def test_who_was_treated_last_is_known_after_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.treat(level_ua=2_000)
        clinic.do(Stop())
        clinic.until("Finished")
        clinic.wait(100)
        treated = clinic.engine.loop._unit.treated
        assert treated is not None
    with open_clinic(tmp_path / "2", data=data, after_us=DAY_US) as clinic:
        again = clinic.engine.loop._unit.treated
        assert again is not None
        assert (again.patient, again.ended.boot) == (treated.patient, 1)


@pytest.mark.proves("unit-care")
def test_care_that_is_long_overdue_locks_patients_and_no_test_load(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data):
        pass
    with open_clinic(tmp_path / "2", data=data, after_us=20 * DAY_US) as clinic:
        known = clinic.engine.loop._unit.file
        prescribed(clinic)
        unit = clinic.engine.loop._unit
        unit.file = unit._expected = known
        clinic.do(check())
        for item in ("inspection of leads and hand switch", "safety check", "calibration"):
            assert refused_check(clinic).asked == f"{item}: overdue"
            clinic.do(CARE[item])
        clinic.do(CheckContact())


CARE = {
    "inspection of leads and hand switch": fact(
        "leads_inspected", answers=dict.fromkeys(INSPECTED, "good")
    ),
    "safety check": fact("safety_check_recorded", date="2023-12-01", report="R-1"),
    "calibration": fact("calibration_recorded", date="2023-12-01", certificate="C-1"),
}


def test_a_unit_whose_records_cannot_be_read_treats_nobody(clinic: Clinic) -> None:
    prescribed(clinic)
    clinic.engine.loop._unit.fault = "event 9 cannot be read"
    assert "event 9 cannot be read" in refused_check(clinic).allowed
