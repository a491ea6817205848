"""The limits of one patient, enforced by the engine whatever a client sends."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from appliance.clinical.patients.files import PatientFiles
from appliance.control.commands.prescribe import AcceptedPrescription, prescribe
from appliance.control.pages.page import KnownPatients
from appliance.core.prescription.sessions_per_patient import TimeOfDay
from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import (
    Action,
    BeginDrill,
    CloseSession,
    Command,
    HoldRise,
    Lock,
    Prescribe,
    SetCeiling,
    Stop,
    Unlock,
)
from appliance.messages.replies import Refused
from appliance.messages.wire import DrillKind, Subject
from appliance.records.patient_history import PatientRegister
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic, open_clinic
from tests.support.screening import at
from tests.support.texts import Said, said

MOTOR = "low-rate-tens"
"""60 mA and 20 min for everybody."""
MINUTE_US = 60_000_000
NOBODY = KnownPatients(PatientFiles(), at(0))


def ceiling(ceiling_ua: int, patient: str = "P-17", **more: Any) -> SetCeiling:
    said = {"scope": "back", "reason": "dizzy", "operator": "anna", **more}
    return SetCeiling(patient=patient, ceiling_ua=ceiling_ua, **said)


def refusal(clinic: Clinic, action: Action) -> Said:
    answer = clinic.ask(clinic.with_file(action) if isinstance(action, Prescribe) else action)
    assert isinstance(answer, Refused), answer
    return said(answer)


def from_kiosk(clinic: Clinic, action: Action) -> None:
    """Put a command of a screen into the inbox, and let time pass until it is answered."""
    present = clinic.engine.loop.state
    command = Command(
        request=900,
        action=action,
        session=present.session.id,
        state_number=present.machine.number,
    )
    link: Any = clinic.engine.link
    link._inbox.put(Received(Peer(7, "kiosk", Role.KIOSK, 990, 0), command))
    clinic.wait(100)


def standing_ua(clinic: Clinic) -> int | None:
    """Return the ceiling for the back of P-17 in the database."""
    clinic.wait(1_100)
    with open_read_only(clinic.data) as db:
        rows = db.execute(
            "SELECT ceiling_ua FROM patient_ceilings WHERE patient = 'P-17' AND scope = 'back'"
        ).fetchall()
    return rows[0][0] if rows else None


# --- a patient's own ceiling -----------------------------------------------------------------


@pytest.mark.proves("patient-ceiling")
def test_a_ceiling_lowers_what_is_prescribed_and_refuses_more(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(ceiling(12_000))
    clinic.prescribe(patient="p-17")
    clinic.wait(60)
    assert (clinic.view.patient, clinic.view.ceiling_by) == ("P-17", "refusal.patient_ceiling")
    assert [view.ceiling_ua for view in clinic.view.channels] == [12_000, 12_000]
    more = Prescribe(
        subject=Subject.PATIENT, programme="conventional-tens", patient="P-17", ceiling_ua=12_001
    )
    answer = refusal(clinic, more)
    assert (answer.limit, answer.asked) == ("patient ceiling", "12.001 mA")
    assert (answer.allowed, answer.nearest) == ("up to 12 mA", "12 mA")


@pytest.mark.proves("patient-ceiling")
@pytest.mark.parametrize(("ceiling_ua", "refused"), [(0, True), (1_999, True), (2_000, False)])
def test_a_patient_ceiling_below_the_contact_check_refuses_the_prescription(
    clinic: Clinic, ceiling_ua: int, refused: bool
) -> None:
    """Hazard: the check gives 2 mA, whatever the patient's own ceiling is."""
    clinic.unlock()
    clinic.do(ceiling(ceiling_ua))
    answer = clinic.ask(clinic.for_somebody(channels=(1,), patient="P-17"))
    assert isinstance(answer, Refused) == refused
    if isinstance(answer, Refused):
        assert said(answer).limit == "patient ceiling"
        assert said(answer).allowed == "2 mA or more: the contact check gives as much"


@pytest.mark.proves("patient-ceiling", "gate")
def test_the_gate_enforces_the_ceiling_of_the_patient(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(ceiling(2_000))
    clinic.treat(level_ua=2_000, patient="P-17")
    assert clinic.engine.loop._gate.ceilings_ua == (2_000, 2_000)


@pytest.mark.proves("patient-ceiling")
def test_a_ceiling_for_the_back_does_not_apply_to_the_neck(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(ceiling(12_000))
    clinic.prescribe(patient="P-17", region="neck", reason="he knows it")
    clinic.wait(60)
    assert (clinic.channel(1).ceiling_ua, clinic.view.ceiling_by) == (40_000, "")


@pytest.mark.proves("patient-ceiling")
def test_a_ceiling_survives_a_restart(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "first") as clinic:
        clinic.unlock()
        clinic.do(ceiling(12_000))
        copy = tmp_path / "copy"  # what the disk holds the moment the answer is there
        shutil.copytree(clinic.data, copy)
    with open_clinic(tmp_path / "second", data=copy) as clinic:
        clinic.unlock()
        clinic.prescribe(patient="P-17")
        clinic.wait(60)
        assert clinic.channel(1).ceiling_ua == 12_000


@pytest.mark.proves("patient-ceiling")
def test_a_kiosk_may_lower_a_ceiling_and_never_raise_it(clinic: Clinic) -> None:
    clinic.unlock()
    from_kiosk(clinic, ceiling(12_000))
    assert standing_ua(clinic) == 12_000
    from_kiosk(clinic, ceiling(12_001))
    assert standing_ua(clinic) == 12_000
    from_kiosk(clinic, ceiling(11_000))
    assert standing_ua(clinic) == 11_000
    clinic.do(ceiling(20_000, reason="new assessment"))
    assert standing_ua(clinic) == 20_000


@pytest.mark.proves("patient-ceiling")
def test_a_raised_ceiling_is_recorded_as_raised(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(ceiling(12_000))
    clinic.do(ceiling(20_000, reason="new assessment"))
    clinic.wait(1_100)
    with open_read_only(clinic.data) as db:
        found = db.execute(
            "SELECT facts ->> 'was_ua', facts ->> 'raised', facts ->> 'reason' FROM facts "
            "WHERE name = 'patient_ceiling' ORDER BY number"
        ).fetchall()
    assert found == [(None, 0, "dizzy"), (12_000, 1, "new assessment")]


@pytest.mark.proves("patient-ceiling")
@pytest.mark.parametrize("state", ["prescribed", "Armed", "Delivering", "Paused", "Finished"])
def test_no_ceiling_can_be_set_while_something_is_prescribed(clinic: Clinic, state: str) -> None:
    if state == "prescribed":
        clinic.unlock()
        clinic.prescribe()
    elif state == "Armed":
        clinic.arm()
    else:
        clinic.treat(level_ua=1_000)
    if state == "Finished":
        clinic.do(Stop())
        clinic.until("Finished")
    answer = refusal(clinic, ceiling(5_000))
    assert (answer.limit, answer.allowed) == (
        "patient ceiling",
        "out of session, with nothing prescribed",
    )


@pytest.mark.proves("patient-ceiling")
def test_a_ceiling_may_be_set_while_locked_and_after_a_session(clinic: Clinic) -> None:
    clinic.until("Locked")
    clinic.do(ceiling(9_000))
    clinic.treat(level_ua=1_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.do(ceiling(8_000))
    clinic.do(Lock())
    clinic.do(ceiling(7_000))


@pytest.mark.proves("patient-ceiling")
@pytest.mark.parametrize(
    ("wrong", "limit"),
    [
        ({"reason": "  "}, "reason"),
        ({"operator": ""}, "operator"),
        ({"patient": "Anna Meier"}, "patient"),
        ({"patient": "x" * 33}, "patient"),
        ({"patient": ""}, "patient"),
        ({"ceiling_ua": 100_001}, "patient ceiling"),
        ({"ceiling_ua": 50_001, "scope": "neck"}, "patient ceiling"),
    ],
)
def test_an_invalid_ceiling_is_refused_by_the_field_that_is_wrong(
    clinic: Clinic, wrong: dict[str, Any], limit: str
) -> None:
    clinic.unlock()
    said: dict[str, Any] = {"ceiling_ua": 9_000, "patient": "P-17", **wrong}
    assert refusal(clinic, ceiling(**said)).limit == limit


EMPTY = ["\u200b\u200b", "\u202e", "\x1b[2J", "\n", "\u3164", " ", "?"]
"""Texts that look empty, or like another text."""


@pytest.mark.proves("bad-input")
@pytest.mark.parametrize("empty", EMPTY)
def test_blank_or_invisible_text_is_refused_in_every_field(clinic: Clinic, empty: str) -> None:
    """Hazard: the records name no operator and no reason."""
    clinic.until("Locked")
    assert refusal(clinic, Unlock(operator=empty)).limit == "operator"
    assert refusal(clinic, ceiling(9_000, operator=empty)).limit == "operator"
    assert refusal(clinic, ceiling(9_000, reason=empty)).limit == "reason"
    clinic.unlock()
    assert refusal(clinic, BeginDrill(kind=DrillKind.ESTOP, operator=empty)).limit == "operator"
    asked = Prescribe(
        subject=Subject.TEST_LOAD, programme="conventional-tens", channels=(1,), reason=empty
    )
    assert refusal(clinic, asked).limit == "reason"
    for patient in (empty, f"P-1{empty}7"):
        asked = Prescribe(
            subject=Subject.PATIENT, programme="conventional-tens", channels=(1,), patient=patient
        )
        assert refusal(clinic, asked).limit == "patient"
    assert standing_ua(clinic) is None


@pytest.mark.proves("bad-input")
def test_an_empty_operator_cannot_unlock(clinic: Clinic) -> None:
    clinic.until("Locked")
    assert refusal(clinic, Unlock(operator="")).limit == "operator"
    assert clinic.state == "Locked"
    clinic.do(Unlock(operator=" anna "))
    assert clinic.engine.loop.state.command.operator == "anna"


@pytest.mark.proves("limits")
@pytest.mark.parametrize(("ceiling_ua", "refused"), [(500, True), (1_999, True), (2_000, False)])
def test_a_requested_ceiling_below_the_contact_check_is_refused(
    clinic: Clinic, ceiling_ua: int, refused: bool
) -> None:
    """Hazard: the check gave 1.99 mA under a ceiling of 0.5 mA."""
    clinic.unlock()
    asked = Prescribe(
        subject=Subject.TEST_LOAD,
        programme="conventional-tens",
        channels=(1,),
        ceiling_ua=ceiling_ua,
    )
    answer = clinic.ask(asked)
    assert isinstance(answer, Refused) == refused
    if isinstance(answer, Refused):
        assert (said(answer).limit, said(answer).nearest) == ("ceiling", "2 mA")


@pytest.mark.proves_none
def test_a_name_entered_by_mistake_is_neither_repeated_nor_recorded(clinic: Clinic) -> None:
    clinic.unlock()
    answer = refusal(
        clinic, Prescribe(subject=Subject.PATIENT, programme=MOTOR, patient="Anna Meier")
    )
    assert "Anna" not in str(answer)
    assert "never a name" in answer.allowed
    clinic.wait(1_100)
    assert b"Meier" not in (clinic.data / "records.db-wal").read_bytes()


@pytest.mark.proves("patient-ceiling", "first-session")
def test_unreadable_records_refuse_every_prescription_for_a_patient(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.engine.loop._dispatcher.register.fault = "the disk is gone"
    answer = refusal(
        clinic, Prescribe(subject=Subject.PATIENT, programme="conventional-tens", patient="P-17")
    )
    assert answer.limit == "patient"
    assert "the disk is gone" in answer.allowed
    assert refusal(clinic, ceiling(5_000)).limit == "patient ceiling"


@pytest.mark.proves("patient-ceiling", "first-session")
def test_a_register_without_records_has_a_fault_and_no_patients(tmp_path: Path) -> None:
    found = PatientRegister.load(tmp_path, "virtual", lambda: TimeOfDay(0, 0, trusted=False))
    assert found.fault is not None
    assert "no records" in found.fault


# --- first motor sessions --------------------------------------------------------------------


@pytest.mark.proves("first-session")
@pytest.mark.parametrize(("region", "first_ua"), [("lower_back", 30_000), ("neck", 20_000)])
def test_a_first_motor_session_is_low_and_short(clinic: Clinic, region: str, first_ua: int) -> None:
    clinic.unlock()
    clinic.prescribe(MOTOR, region=region, patient="P-1")
    clinic.wait(60)
    assert clinic.channel(1).ceiling_ua == first_ua
    assert clinic.view.remaining_us == 15 * MINUTE_US
    assert clinic.view.ceiling_by == "refusal.first_motor_session"
    asked: dict[str, Any] = {"programme": MOTOR, "region": region, "patient": "P-1"}
    high = refusal(clinic, Prescribe(subject=Subject.PATIENT, **asked, ceiling_ua=first_ua + 1))
    assert (high.limit, high.allowed) == ("first motor session", f"up to {first_ua // 1_000} mA")
    long = refusal(
        clinic, Prescribe(subject=Subject.PATIENT, **asked, duration_us=15 * MINUTE_US + 1)
    )
    assert (long.limit, long.nearest) == ("first motor session", "900 s")


@pytest.mark.proves("first-session")
def test_a_reason_does_not_lift_the_limits_of_a_first_motor_session(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    clinic.prescribe(MOTOR, region="neck", reason="strong neck", patient="P-1")
    clinic.wait(60)
    assert clinic.channel(1).ceiling_ua == 20_000


@pytest.mark.proves("first-session")
def test_a_first_motor_session_accepts_only_single_taps(clinic: Clinic) -> None:
    clinic.treat(MOTOR, level_ua=4_000, channels=(1,), patient="P-1")
    clinic.wait(3_500)
    answer = refusal(clinic, HoldRise(channel=1, pressed=True))
    assert answer.allowed == "single taps in a first session, or where sensation is altered"


@pytest.mark.proves("first-session")
def test_a_sensory_programme_has_no_first_session_on_a_virtual_rig_without_a_patient(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    clinic.prescribe("conventional-tens", subject=Subject.TEST_LOAD)
    clinic.wait(60)
    assert (clinic.channel(1).ceiling_ua, clinic.view.ceiling_by) == (60_000, "")
    assert clinic.view.remaining_us == 30 * MINUTE_US


@pytest.mark.proves("first-session")
@pytest.mark.parametrize("programme", ["brief-intense-tens", "conventional-tens", "modulated-tens"])
def test_a_current_that_can_contract_begins_low_for_a_new_patient(
    clinic: Clinic, programme: str
) -> None:
    """Hazard: 60 mA, 200 µs, 100 per second for a new patient, because it counts as sensory."""
    clinic.unlock()
    asked: dict[str, Any] = {"programme": programme, "channels": (1,), "patient": "P-NEW"}
    high = refusal(clinic, Prescribe(subject=Subject.PATIENT, **asked, ceiling_ua=60_000))
    assert (high.limit, high.allowed) == ("first session", "up to 30 mA")
    clinic.prescribe(**asked)
    clinic.wait(60)
    assert (clinic.channel(1).ceiling_ua, clinic.view.ceiling_by) == (
        30_000,
        "refusal.first_session",
    )
    clinic.prescribe(**asked, reason="has had it elsewhere")
    clinic.wait(60)
    assert (clinic.channel(1).ceiling_ua, clinic.view.ceiling_by) == (60_000, "")


@pytest.mark.proves("first-session")
def test_a_test_load_has_no_limits_of_a_first_session() -> None:
    asked = Prescribe(programme="brief-intense-tens", subject=Subject.TEST_LOAD)
    found = prescribe(asked, PatientRegister(), NOBODY, (1, 2))
    assert isinstance(found, AcceptedPrescription)
    assert found.prescription.ceiling_ua == 60_000
