"""Facts about patients over the link: how a test hands them in and finds them again."""

from pathlib import Path
from typing import Any

from appliance.clinical.patients.files import PatientFiles
from appliance.messages.actions import Action, RecordFact
from appliance.messages.replies import Refused, Reply
from appliance.records.patient_facts import read_facts
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic
from tests.support.texts import Said, said

HOUR_US = 3_600_000_000
BORN = 1980


def fact(kind: str, patient: str | None = "P-0013", /, **values: Any) -> RecordFact:
    named = {} if patient is None else {"patient": patient}
    return RecordFact(kind=kind, values={**named, **values})


def registration(**values: Any) -> RecordFact:
    return fact("patient_registered", None, **{"born": BORN, **values})


def register(clinic: Clinic, **values: Any) -> str:
    answer = clinic.ask(registration(**values))
    assert isinstance(answer, Reply), answer
    assert answer.patient is not None
    return answer.patient


def refusal(clinic: Clinic, action: Action) -> Said:
    answer = clinic.ask(action)
    assert isinstance(answer, Refused), answer
    return said(answer)


def recorded(data: Path) -> list[str]:
    """Return the kinds of facts that are on the disk, in their order."""
    with open_read_only(data) as db:
        return [type(each.fact).__name__ for each in read_facts(db)]


def files(clinic: Clinic) -> PatientFiles:
    """Return the files that the engine has."""
    return clinic.engine.loop._facts.now_on_disk()


def note(patient: str) -> RecordFact:
    return fact("patient_noted", patient, note="am")
