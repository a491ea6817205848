"""No session of a patient begins unless the hand switch was squeezed and seen to answer."""

from pathlib import Path

import pytest

from appliance.clinical.pre_use import hand_switch
from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    Lock,
    Pause,
    Prescribe,
    Resume,
    Start,
    Stop,
)
from appliance.messages.wire import Subject
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import fact, refusal, register

pytestmark = pytest.mark.proves("hand-switch-proven")


def step(clinic: Clinic) -> str | None:
    clinic.wait(120)
    shown = clinic.view.hand_switch
    return None if shown is None else shown.step


def squeezes(clinic: Clinic) -> list[int]:
    query = "SELECT facts ->> 'open_us' FROM facts WHERE name = 'hand_switch_proven'"
    with open_read_only(clinic.data) as db:
        return [open_us for (open_us,) in db.execute(query)]


def test_a_patient_gets_no_current_before_the_hand_switch_was_squeezed(clinic: Clinic) -> None:
    """Hazard: the patient's own stop does not work, and nobody knows before it is needed."""
    clinic.unlock()
    clinic.prescribe(squeezed=False)
    assert step(clinic) == "squeeze"
    refused = refusal(clinic, CheckContact())
    assert refused.limit == "hand switch"
    assert refused.nearest == "let the patient squeeze the hand switch now, then let go"
    opened_us = clinic.now_us
    clinic.board.fault_set("hand-switch")
    clinic.wait(100)
    assert step(clinic) == "release"
    assert refusal(clinic, CheckContact()).nearest == "let go of the hand switch"
    closed_us = clinic.now_us
    clinic.board.fault_clear("hand-switch")
    clinic.wait(100)
    assert step(clinic) == "proven"
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
    clinic.until("Delivering")
    assert clinic.view.hand_switch is None, "shown before a session only"
    (open_us,) = squeezes(clinic)
    assert abs(open_us - (closed_us - opened_us)) <= 20_000
    assert clinic.events("session_opened")[0]["hand_switch"] == "proven"


@pytest.mark.parametrize("stuck", ["open", "closed"])
def test_a_switch_that_is_stuck_is_never_proven(clinic: Clinic, stuck: str) -> None:
    """Hazard: a broken wire or a welded contact passes as a squeeze."""
    if stuck == "open":
        clinic.board.fault_set("hand-switch")
    clinic.unlock()
    clinic.prescribe(squeezed=False)
    clinic.wait(12_000)
    assert step(clinic) == ("close" if stuck == "open" else "squeeze")
    assert refusal(clinic, CheckContact()).limit == "hand switch"


def test_a_squeeze_before_the_patient_was_prescribed_does_not_count(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.squeeze()
    clinic.prescribe(squeezed=False)
    assert refusal(clinic, CheckContact()).limit == "hand switch"


def test_a_squeeze_of_an_armed_unit_stops_it_and_proves_nothing(clinic: Clinic) -> None:
    """Hazard: a squeeze is taken for a test while it should stop."""
    clinic.arm()
    clinic.board.fault_set("hand-switch")
    assert clinic.trip() == "T02"
    clinic.board.fault_clear("hand-switch")
    clinic.acknowledge()
    clinic.until("Ready")
    clinic.prescribe(squeezed=False)
    assert refusal(clinic, CheckContact()).limit == "hand switch"


def test_a_proof_that_is_too_old_at_the_start_is_asked_for_again(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_switch, "PROVEN_FOR_US", 5_000_000)  # 10 min take long to play
    clinic.unlock()
    clinic.prescribe()
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.wait(5_000)
    refused = refusal(clinic, Start())
    assert refused.limit == "hand switch"
    assert refused.nearest.startswith("end arming with stop, let the patient squeeze")
    clinic.do(Stop())
    clinic.until("Ready")
    clinic.squeeze()
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())


def test_a_proof_holds_for_another_programme_of_the_same_patient(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.prescribe()
    patient = clinic.view.patient
    clinic.prescribe("low-rate-tens", patient=patient, squeezed=False)
    assert step(clinic) == "proven"
    clinic.do(CheckContact())


@pytest.mark.parametrize("how", ["another patient", "locked", "session ended"])
def test_a_proof_is_forgotten_with(clinic: Clinic, how: str) -> None:
    """Hazard: a squeeze of one patient, or of an earlier session, opens the next."""
    clinic.unlock()
    clinic.prescribe(patient="P-1", channels=(1,))
    assert step(clinic) == "proven"
    if how == "locked":
        clinic.do(Lock())
        clinic.unlock()
    elif how == "session ended":
        clinic.do(CheckContact())
        clinic.until("Armed")
        clinic.do(Start())
        clinic.until("Delivering")
        clinic.do(Stop())
        clinic.until("Finished")
        clinic.do(CloseSession())
    assert step(clinic) == ("proven" if how == "another patient" else None)
    patient = "P-2" if how == "another patient" else "P-1"
    clinic.prescribe(patient=patient, channels=(1,), squeezed=False)
    assert refusal(clinic, CheckContact()).limit == "hand switch"


def test_a_pause_needs_no_new_squeeze(clinic: Clinic) -> None:
    clinic.start()
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.do(Resume())
    clinic.until("RampUp", "Delivering")


def test_a_restart_forgets_the_squeeze_and_keeps_why_a_patient_cannot(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_clinic(tmp_path / "1", data=data) as clinic:
        clinic.unlock()
        patient = register(clinic)
        clinic.prescribe(patient=patient)
        assert step(clinic) == "proven"
    with open_clinic(tmp_path / "2", data=data, after_us=60_000_000) as clinic:
        clinic.unlock()
        clinic.prescribe(patient=patient, squeezed=False)
        assert step(clinic) == "squeeze"
        clinic.do(fact("squeeze_waived", patient, reason="no grip since a stroke"))
        assert step(clinic) == "waived"
    with open_clinic(tmp_path / "3", data=data, after_us=120_000_000) as clinic:
        clinic.unlock()
        clinic.prescribe(patient=patient, squeezed=False)
        assert step(clinic) == "waived"
        clinic.do(CheckContact())
        clinic.until("Armed")
        clinic.do(Start())
        clinic.until("Delivering")
        assert clinic.events("session_opened")[0]["hand_switch"] == "waived"


def test_why_a_patient_cannot_squeeze_has_to_be_said(clinic: Clinic) -> None:
    clinic.unlock()
    patient = register(clinic)
    assert refusal(clinic, fact("squeeze_waived", patient, reason="")).limit == "reason"


def test_a_test_load_has_no_hand_to_squeeze(clinic: Clinic) -> None:
    for channel in (1, 2):
        clinic.board.fault_set(f"resistor:{channel}=1000")
    clinic.unlock()
    clinic.do(Prescribe(programme="conventional-tens", subject=Subject.TEST_LOAD, channels=(1, 2)))
    assert step(clinic) is None
    clinic.do(CheckContact())
    clinic.until("Armed")
    clinic.do(Start())
