"""An act that comes again, because its answer got lost, is answered as before and recorded once."""

from collections import Counter
from pathlib import Path

import pytest

from appliance.messages.actions import Action, RetireOperator, SetCeiling, SetPin, SetUpUnit
from appliance.messages.replies import Refused, Reply
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import fact, note, register, registration
from tests.support.people import KIM, LEA, PINS, enrolment, sign_in, staff

pytestmark = pytest.mark.proves_none
CEILING = SetCeiling(patient="P-17", scope="back", ceiling_ua=9_000, reason="sore", operator="anna")
UNIT_OUT = fact("unit_taken_out_of_use", None, reason="other", words="smoke")
NEW_PIN = "5173"


def sent(clinic: Clinic, action: Action, act: str) -> Reply | Refused:
    """Send an act of a person right after a new snapshot, and return its answer."""
    clinic.wait(60)
    assert clinic.link.snapshot() is not None
    return clinic.link.wait_reply(clinic.link.send(action, act=act))


def done(clinic: Clinic, action: Action, act: str) -> Reply:
    answer = sent(clinic, action, act)
    assert isinstance(answer, Reply), answer
    return answer


def events(clinic: Clinic) -> Counter[str]:
    """Return how often each event is on the disk."""
    with open_read_only(clinic.data) as db:
        return Counter(name for (name,) in db.execute("SELECT name FROM events"))


def test_a_patient_registered_twice_by_one_act_is_one_patient(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.unlock()
        first = done(clinic, registration(alias="KT8"), "a.1")
        register(clinic, alias="MM3")  # what the newest fact is about is another patient by now
        before = events(clinic)
        again = done(clinic, registration(alias="KT8"), "a.1")
        assert (again.patient, first.patient) == ("P-0013", "P-0013")
        assert events(clinic) == before


def test_an_act_is_known_after_a_restart(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "1", data=tmp_path / "data") as clinic:
        clinic.unlock()
        done(clinic, registration(), "a.1")
        done(clinic, note("P-0013"), "a.2")
        done(clinic, UNIT_OUT, "a.3")
        before = events(clinic)
    with open_clinic(tmp_path / "2", data=tmp_path / "data") as clinic:
        clinic.unlock()
        begun = events(clinic)
        assert done(clinic, registration(), "a.1").patient == "P-0013"
        assert done(clinic, note("P-0013"), "a.2").patient == "P-0013"
        assert done(clinic, UNIT_OUT, "a.3").patient is None
        assert events(clinic) == begun
        assert begun["patient_noted"] == before["patient_noted"] == 1


def test_another_act_and_one_without_an_id_are_recorded(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    for act in ("a.1", "a.2", "", ""):
        done(clinic, note("P-0013"), act)
    assert events(clinic)["patient_noted"] == 4


def test_an_id_is_not_taken_for_another_act(clinic: Clinic) -> None:
    clinic.unlock()
    register(clinic)
    done(clinic, note("P-0013"), "a.1")
    before = events(clinic)
    other = sent(clinic, fact("patient_noted", "P-0013", note="fatigue"), "a.1")
    assert isinstance(other, Refused)
    assert other.rule == "refusal.protocol"
    assert (events(clinic) - before)["patient_noted"] == 0


def test_a_refused_act_is_judged_again(clinic: Clinic) -> None:
    clinic.unlock()
    assert isinstance(sent(clinic, note("P-0013"), "a.1"), Refused)
    register(clinic)
    done(clinic, note("P-0013"), "a.1")
    assert events(clinic)["patient_noted"] == 1


def test_who_may_not_record_is_told_nothing_of_an_act(clinic: Clinic) -> None:
    staff(clinic)
    sign_in(clinic, LEA)
    done(clinic, registration(), "a.1")
    clinic.link.token = ""
    assert isinstance(sent(clinic, registration(), "a.1"), Refused)


def test_a_ceiling_is_set_once(clinic: Clinic) -> None:
    clinic.unlock()
    for _ in range(2):
        done(clinic, CEILING, "a.1")
    assert events(clinic)["patient_ceiling"] == 1


def test_acts_about_operators_are_answered_again(clinic: Clinic) -> None:
    staff(clinic)
    sign_in(clinic, LEA)
    acts: tuple[Action, ...] = (
        enrolment(KIM),
        SetPin(operator=KIM, pin=NEW_PIN, old_pin=PINS[KIM]),
        RetireOperator(operator=KIM),
        SetUpUnit(clinic="North"),
    )
    for number, action in enumerate(acts):
        done(clinic, action, f"a.{number}")
        before = events(clinic)
        done(clinic, action, f"a.{number}")
        assert events(clinic) == before, action
