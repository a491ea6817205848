"""The first set-up over the link: the lead first, then each step; before it no patient."""

from pathlib import Path
from typing import Any

import pytest

from appliance.link.roles import Role
from appliance.messages.actions import (
    Fall,
    HoldRise,
    Lock,
    MarkFelt,
    Prescribe,
    Rise,
    SetUpUnit,
)
from appliance.messages.replies import Page, Reply
from appliance.messages.wire import DrillKind, Subject
from appliance.operators.set_up import SetUp
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import refusal
from tests.support.people import (
    KIM,
    LEA,
    SAM,
    enrolment,
    operator_events,
    sign_in,
    sit_down,
    staff,
)
from tests.support.texts import said

A_PATIENT = Prescribe(
    programme="conventional-tens", subject=Subject.PATIENT, patient="P-1", channels=(1,)
)


def rows(clinic: Clinic, what: str) -> list[dict[str, Any]]:
    page = clinic.link.query(what)
    assert isinstance(page, Page), page
    return [dict(row) for row in page.rows]


def steps(clinic: Clinic) -> dict[str, bool]:
    return {row["step"]: row["done"] for row in rows(clinic, "set_up")}


@pytest.mark.proves_none
def test_the_first_operator_is_a_lead_and_enrols_the_others(clinic: Clinic) -> None:
    clinic.until("Locked")
    sit_down(clinic, Role.KIOSK)
    assert refusal(clinic, enrolment(KIM)).nearest == "lead"
    clinic.do(enrolment(LEA))
    assert refusal(clinic, enrolment(KIM)).limit == "sign-in"
    sign_in(clinic, LEA)
    clinic.do(enrolment(KIM))
    assert [(row["operator"], row["role"]) for row in rows(clinic, "operators")] == [
        ("lea", "lead"),
        ("kim", "clinician"),
    ]
    assert operator_events(clinic)[:2] == [
        ("operator_enrolled", {"operator": "lea", "role": "lead", "by": "first set-up"}),
        ("pin_set", {"operator": "lea", "by": "first set-up", "one_time": False}),
    ]


@pytest.mark.proves_none
def test_set_up_is_done_step_by_step_and_survives_a_restart(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "1") as clinic:
        clinic.until("Locked")
        assert steps(clinic) == dict.fromkeys(
            ("lead", "language", "clinic", "clock", "board", "drill"), False
        )
        clinic.do(enrolment(LEA))
        sign_in(clinic, LEA)
        clinic.do(SetUpUnit(language="en", clinic="North"))
        clinic.do(SetUpUnit(clock_confirmed=True))
        assert [step for step, done in steps(clinic).items() if not done] == ["board", "drill"]
        data = clinic.data
    with open_clinic(tmp_path / "2", data=data) as again:
        again.until("Locked")
        assert [step for step, done in steps(again).items() if not done] == ["board", "drill"]
        sign_in(again, LEA)
        again.do(SetUpUnit(board_checked=True))
        assert [step for step, done in steps(again).items() if not done] == ["drill"]


@pytest.mark.proves_none
def test_the_clinic_and_its_number_are_on_the_page_and_the_number_can_be_taken_away(
    clinic: Clinic,
) -> None:
    staff(clinic)
    sign_in(clinic, LEA)

    def entered() -> tuple[str, str]:
        row = next(row for row in rows(clinic, "set_up") if row["step"] == "clinic")
        return row["clinic"], row["telephone"]

    clinic.do(SetUpUnit(clinic="North", telephone=" +49 (0)30 12-34 "))
    assert entered() == ("North", "+49 (0)30 12-34")
    clinic.do(SetUpUnit(clinic="South"))
    assert entered() == ("South", "+49 (0)30 12-34")
    clinic.do(SetUpUnit(telephone=""))
    assert entered() == ("South", "")


@pytest.mark.proves_none
def test_the_set_up_page_shows_the_drills_as_done_once_each_was(clinic: Clinic) -> None:
    staff(clinic)
    *others, last = DrillKind
    for kind in others:
        clinic.engine.loop._ledger.take(kind, passed=True, operator="lea", channel=None)
    assert not steps(clinic)["drill"]
    clinic.engine.loop._ledger.take(last, passed=True, operator="lea", channel=None)
    assert steps(clinic)["drill"]


@pytest.mark.parametrize(
    "asked",
    [
        SetUpUnit(),
        SetUpUnit(language="xx"),
        SetUpUnit(clinic=" "),
        SetUpUnit(clinic="n" * 61),
        SetUpUnit(clinic="\u202eNorth"),
        SetUpUnit(telephone="12"),
        SetUpUnit(telephone="call 0123 456"),
        SetUpUnit(telephone="1" * 25),
    ],
)
@pytest.mark.proves_none
def test_a_step_that_says_nothing_is_refused(clinic: Clinic, asked: SetUpUnit) -> None:
    staff(clinic)
    sign_in(clinic, LEA)
    assert refusal(clinic, asked).limit == "first set-up"


@pytest.mark.proves("signed-in")
def test_no_patient_on_hardware_before_the_first_set_up_is_complete(clinic: Clinic) -> None:
    clinic.become_hardware().unlock()
    sit_down(clinic, Role.KIOSK)
    refused = refusal(clinic, A_PATIENT)
    assert (refused.limit, refused.nearest) == ("first set-up", "enrol the lead clinician")
    clinic.do(Lock())
    clinic.do(enrolment(LEA))
    sign_in(clinic, LEA)
    refused = refusal(clinic, A_PATIENT)
    assert "choose the language" in refused.asked
    clinic.do(SetUpUnit(language="en", clinic="North", clock_confirmed=True, board_checked=True))
    answer = clinic.ask(A_PATIENT)
    assert isinstance(answer, Reply) or said(answer).limit != "first set-up"


@pytest.mark.proves("signed-in")
def test_a_patient_on_hardware_needs_a_signed_in_clinician_or_lead(clinic: Clinic) -> None:
    staff(clinic, KIM, SAM)
    clinic.become_hardware()
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, SAM)
    assert refusal(clinic, A_PATIENT).limit == "role"
    clinic.link.token = ""
    assert refusal(clinic, A_PATIENT).limit == "sign-in"


@pytest.mark.proves("signed-in")
def test_what_lowers_a_level_needs_no_set_up(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: a key that stays pressed because another rule looked first."""
    staff(clinic, KIM)
    clinic.become_hardware()
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, KIM)
    clinic.treat(level_ua=2_000)
    monkeypatch.setattr(clinic.engine.loop._people.loaded, "set_up", SetUp())
    clinic.link.token = ""
    assert refusal(clinic, Rise(channel=1)).limit == "first set-up"
    clinic.do(HoldRise(channel=1, pressed=False))
    clinic.do(Fall(channel=1, step_ua=500))
    clinic.do(MarkFelt(channel=1, felt="burning"))
    clinic.until("Paused")
