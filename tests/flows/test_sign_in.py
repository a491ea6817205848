"""Signing in with a PIN: what it opens, what ends it, and what never waits for it."""

import json
from pathlib import Path

import pytest

from appliance.errors import LinkError
from appliance.link.action_words import action_words
from appliance.link.roles import Role
from appliance.messages.actions import (
    Acknowledge,
    Action,
    CheckContact,
    CloseSession,
    Fall,
    HoldRise,
    Lock,
    MarkFelt,
    Pause,
    Prescribe,
    RecordFact,
    Resume,
    Rise,
    SetCeiling,
    SignIn,
    SignOut,
    Start,
    Stop,
    Touched,
    Unlock,
)
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.wire import Subject
from appliance.records.journal.journal import Journal
from appliance.records.storage.store import open_read_only
from appliance.texts.english import english
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import fact, refusal
from tests.support.people import (
    KIM,
    LEA,
    PINS,
    SAM,
    WRONG,
    leave_untouched,
    operator_events,
    refused_sign_in,
    sign_in,
    sign_out,
    signed_in,
    sit_down,
    staff,
)

TEST_LOAD = Prescribe(programme="conventional-tens", subject=Subject.TEST_LOAD, channels=(1,))
A_PATIENT = Prescribe(
    programme="conventional-tens", subject=Subject.PATIENT, patient="P-1", channels=(1,)
)


def kiosk(clinic: Clinic, operator: str = KIM) -> None:
    """Staff the unit, and let an operator sign in at the kiosk."""
    staff(clinic, KIM, SAM)
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, operator)


# --- what a sign-in opens --------------------------------------------------------------------


@pytest.mark.proves_none
def test_a_sign_in_unlocks_the_unit_and_names_who_is_in_charge(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.wait(60)
    view = clinic.view
    assert (clinic.state, view.operator, view.operator_role) == ("Ready", "kim", "clinician")
    clinic.treat(level_ua=2_000)
    assert (clinic.last().opening or {})["operator"] == "kim"


@pytest.mark.proves("signed-in")
def test_a_kiosk_needs_a_sign_in_once_there_is_a_lead(clinic: Clinic) -> None:
    staff(clinic)
    clinic.until("Locked")
    sit_down(clinic, Role.KIOSK)
    refused = refusal(clinic, Unlock(operator="anna"))
    assert refused == (
        "sign-in",
        "unlocking with nobody signed in",
        "by who is signed in",
        "sign in with the PIN",
    )
    assert clinic.state == "Locked"


@pytest.mark.proves("signed-in")
def test_a_wrong_pin_opens_nothing_and_is_recorded(clinic: Clinic) -> None:
    staff(clinic, KIM)
    refused = refused_sign_in(clinic, KIM)
    assert refused == ("sign-in", "a wrong PIN", "the PIN of this operator", "try again")
    assert clinic.state == "Locked"
    assert operator_events(clinic)[-1] == ("sign_in_failed", {"operator": "kim"})


@pytest.mark.proves_none
def test_a_wrong_pin_is_answered_once_it_is_on_the_disk(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who pulls the plug on a wrong PIN must not get another try for it."""
    staff(clinic, KIM)
    clinic.until("Locked")
    with monkeypatch.context() as slow:
        reached = clinic.engine.loop._journal._records.acknowledged
        slow.setattr(Journal, "acknowledged", property(lambda _: reached))
        request = clinic.link.send(SignIn(operator=KIM, pin=WRONG))
        clinic.wait(500)
        with pytest.raises(LinkError):
            clinic.link.wait_reply(request, 0.1)
    assert isinstance(clinic.link.wait_reply(request), Refused)


@pytest.mark.proves_none
def test_a_name_that_no_operator_has_is_refused_and_not_repeated(clinic: Clinic) -> None:
    staff(clinic)
    assert "8205" not in str(refused_sign_in(clinic, "8205", "8205"))


@pytest.mark.proves_none
def test_a_token_that_is_wrong_opens_nothing(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.link.token = "x" * 43
    assert refusal(clinic, TEST_LOAD).asked == "a sign-in that has ended"
    clinic.link.token = "é" * 43
    assert refusal(clinic, TEST_LOAD).asked == "a sign-in that has ended"


@pytest.mark.parametrize("role", [Role.OWNER, Role.MAINTENANCE])
@pytest.mark.proves_none
def test_users_of_the_system_drive_test_loads_without_a_pin_by_their_own_name(
    clinic: Clinic, role: Role
) -> None:
    staff(clinic)
    sit_down(clinic, role)
    clinic.do(Unlock(operator="lea"))
    clinic.until("Ready")
    assert clinic.view.operator == "user pi"
    clinic.do(
        SetCeiling(patient="P-1", scope="neck", ceiling_ua=9_000, reason="sore", operator="lea")
    )
    with open_read_only(clinic.data) as db:
        (row,) = db.execute("SELECT facts FROM facts WHERE name = 'patient_ceiling'").fetchall()
    assert json.loads(row[0])["operator"] == "user pi"
    clinic.board.fault_set("resistor:1=1000")
    clinic.do(TEST_LOAD)
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("Delivering", "RampUp")
    clinic.do(Stop())
    clinic.until("Finished")
    assert (clinic.last().opening or {})["operator"] == "user pi"


@pytest.mark.parametrize("role", [Role.OWNER, Role.MAINTENANCE])
@pytest.mark.proves_none
def test_nobody_treats_a_patient_without_a_pin_once_there_is_a_lead(
    clinic: Clinic, role: Role
) -> None:
    staff(clinic)
    sit_down(clinic, role)
    clinic.do(Unlock(operator="lea"))
    clinic.until("Ready")
    assert refusal(clinic, A_PATIENT).limit == "sign-in"


@pytest.mark.proves_none
def test_facts_and_pages_about_patients_need_a_sign_in(clinic: Clinic) -> None:
    kiosk(clinic)
    token, clinic.link.token = clinic.link.token, ""
    assert refusal(clinic, fact("patient_noted", note="am")).limit == "sign-in"
    assert isinstance(clinic.link.query("patients"), Refused)
    clinic.link.token = token
    assert isinstance(clinic.link.query("patients"), Page)


@pytest.mark.proves("signed-in")
def test_service_has_test_loads_and_no_patient(clinic: Clinic) -> None:
    kiosk(clinic, SAM)
    assert refusal(clinic, A_PATIENT).asked == "a patient, by service"
    assert refusal(clinic, fact("patient_noted", note="am")).asked == "a patient, by service"
    assert isinstance(clinic.link.query("patients"), Refused)
    clinic.do(TEST_LOAD)


@pytest.mark.proves("roles")
@pytest.mark.parametrize(("operator", "named"), [(KIM, True), (SAM, False), (None, False)])
def test_sessions_say_who_was_treated_only_to_who_is_signed_in_to_treat(
    clinic: Clinic, operator: str | None, named: bool
) -> None:
    kiosk(clinic)
    clinic.treat(patient="P-SECRET", level_ua=1_000, reason="since the stroke")
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    if operator is None:
        clinic.link.token = ""
    elif operator != KIM:
        sign_out(clinic)
        sign_in(clinic, operator)
    clinic.wait(100)
    page = clinic.link.query("sessions")
    assert isinstance(page, Page)
    assert len(page.rows) == 1
    assert ("P-SECRET" in str(page.rows)) == named
    events = clinic.link.query("session:0001-001")
    assert isinstance(events, Page)
    assert ("P-SECRET" in str(events.rows)) == named
    assert ("since the stroke" in str(events.rows)) == named, "words about a patient"


@pytest.mark.proves_none
def test_an_operator_records_in_no_other_name(clinic: Clinic) -> None:
    kiosk(clinic)
    noted = RecordFact(kind="patient_noted", values={"patient": "P-0013"}, operator="lea")
    refused = refusal(clinic, noted)
    assert (refused.limit, refused.allowed) == ("operator", "kim")


# --- what ends it ----------------------------------------------------------------------------


@pytest.mark.proves_none
def test_a_lock_ends_the_sign_in_and_nobody_is_in_charge(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.do(Lock())
    clinic.wait(60)
    assert (clinic.view.state, clinic.view.operator) == ("Locked", "")
    assert operator_events(clinic)[-1] == ("signed_out", {"operator": "kim", "why": "locked"})
    assert refusal(clinic, Unlock(operator="kim")).asked == "a sign-in that has ended"


@pytest.mark.proves_none
def test_a_sign_out_locks_the_unit(clinic: Clinic) -> None:
    kiosk(clinic)
    sign_out(clinic)
    assert operator_events(clinic)[-1][1]["why"] == "signed out"


@pytest.mark.proves_none
def test_no_session_is_left_by_a_sign_out(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.treat(level_ua=2_000)
    assert isinstance(clinic.ask(SignOut()), Refused)
    clinic.wait(300)
    clinic.do(Rise(channel=1))


@pytest.mark.proves_none
def test_a_restart_ends_the_sign_in(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "1") as clinic:
        staff(clinic, KIM)
        token = sign_in(clinic, KIM)
        data = clinic.data
    with open_clinic(tmp_path / "2", data=data) as again:
        again.until("Locked")
        again.link.token = token
        assert refusal(again, TEST_LOAD).asked == "a sign-in that has ended"
        again.link.token = ""
        sign_in(again, KIM)


@pytest.mark.proves_none
def test_after_2_min_without_a_touch_the_pin_continues_where_it_stood(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.do(TEST_LOAD)
    leave_untouched(clinic, 120)
    assert clinic.view.pin_needed
    assert refusal(clinic, CheckContact()).asked == "after 2 min without a touch"
    clinic.do(Touched())
    assert refusal(clinic, CheckContact()).asked == "after 2 min without a touch"
    assert operator_events(clinic)[-1][1]["why"] == "locked after 2 min"
    sign_in(clinic, KIM)
    clinic.do(CheckContact())
    assert operator_events(clinic)[-1] == ("signed_in", {"operator": "kim", "took_over_from": ""})


@pytest.mark.proves_none
def test_a_touch_keeps_the_sign_in(clinic: Clinic) -> None:
    kiosk(clinic)
    for _ in range(3):
        leave_untouched(clinic, 100)
        clinic.do(Touched())
    clinic.do(TEST_LOAD)


@pytest.mark.proves("signed-in")
def test_after_2_min_in_a_session_plus_needs_the_pin_and_minus_does_not(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.treat(level_ua=3_000)
    leave_untouched(clinic, 120)
    assert refusal(clinic, Rise(channel=1)).limit == "sign-in"
    assert refusal(clinic, HoldRise(channel=1, pressed=True)).limit == "sign-in"
    clinic.do(Fall(channel=1, step_ua=500))
    clinic.do(HoldRise(channel=1, pressed=False))
    clinic.do(MarkFelt(channel=2, felt="too_strong"))
    clinic.do(Pause())
    clinic.until("Paused")
    assert refusal(clinic, Resume()).limit == "sign-in"
    sign_in(clinic, KIM)
    clinic.do(Resume())


@pytest.mark.proves("sign-in-apart")
def test_a_stop_and_an_acknowledgement_never_need_a_pin(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.treat(level_ua=3_000)
    clinic.link.token = "nothing"  # noqa: S105
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.board.fault_set("estop")
    clinic.trip()
    clinic.board.fault_clear("estop")
    clinic.wait(100)
    clinic.do(Acknowledge())


@pytest.mark.proves_none
def test_a_trip_of_a_locked_unit_is_acknowledged_before_a_pin_is_asked_for(clinic: Clinic) -> None:
    staff(clinic, KIM)
    clinic.board.fault_set("estop")
    clinic.trip()
    assert refused_sign_in(clinic, KIM, PINS[KIM]).nearest == "acknowledge the trip first"


# --- two people ------------------------------------------------------------------------------


@pytest.mark.proves("sign-in-apart")
def test_a_second_pin_takes_over_and_the_first_token_ends(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.treat(level_ua=3_000)
    second = signed_in(clinic, LEA)
    clinic.wait(300)
    assert (clinic.view.operator, clinic.state) == ("lea", "Delivering")
    assert [view.level_ua for view in clinic.view.channels] == [3_000, 3_000]
    assert refusal(clinic, Rise(channel=1)).asked == "a sign-in that has ended"
    clinic.link.token = second
    clinic.do(Rise(channel=1))
    assert operator_events(clinic)[-1] == (
        "signed_in",
        {"operator": "lea", "took_over_from": "kim"},
    )
    clinic.do(fact("patient_told", clinic.view.patient, programme="conventional-tens"))
    with open_read_only(clinic.data) as db:
        (row,) = db.execute("SELECT facts FROM facts WHERE name = 'patient_told'").fetchall()
    assert json.loads(row[0])["operator"] == "lea"
    assert "signed_in" in [event.name for event in clinic.last().events]


@pytest.mark.proves_none
def test_service_takes_no_patient_over(clinic: Clinic) -> None:
    kiosk(clinic)
    clinic.treat(level_ua=3_000)
    refused = refused_sign_in(clinic, SAM, PINS[SAM])
    assert refused.asked == "service, during the session of a patient"
    clinic.wait(300)
    clinic.do(Rise(channel=1))


@pytest.mark.proves_none
def test_a_unit_without_operators_is_as_before(clinic: Clinic) -> None:
    """The laptop, and everybody before the first set-up of a virtual board."""
    clinic.treat(level_ua=2_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    assert clinic.view.operator_role == ""


WITHOUT_A_TOKEN: tuple[Action, ...] = (TEST_LOAD, CheckContact(), Start(), Resume(), CloseSession())


@pytest.mark.parametrize("action", WITHOUT_A_TOKEN, ids=lambda action: type(action).__name__)
@pytest.mark.proves_none
def test_a_kiosk_without_a_token_asks_in_vain(clinic: Clinic, action: Action) -> None:
    kiosk(clinic)
    clinic.link.token = ""
    words = english(action_words(type(action)))
    assert refusal(clinic, action).asked == f"{words} with nobody signed in"
    assert isinstance(clinic.ask(Stop()), Reply)
