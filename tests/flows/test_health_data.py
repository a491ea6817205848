"""Facts about patients stay in their events: nothing that is copied away repeats them."""

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from appliance.messages.actions import Rise
from appliance.messages.replies import Refused
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import (
    fact,
    refusal,
    register,
)
from tests.support.every_fact import planned

pytestmark = pytest.mark.proves_none


NOTE = "wears a red scarf"
SITE = to_builtins(planned().sites[0])


def test_incidents_and_sessions_and_refusals_repeat_no_fact_about_a_patient(
    clinic: Clinic,
) -> None:
    clinic.unlock()
    register(clinic, alias="KT8")
    clinic.treat(level_ua=3_000)
    clinic.do(fact("patient_noted", note=NOTE))
    refusal(clinic, fact("patient_noted", note=NOTE, impersonal="Jane"))
    refusal(clinic, fact("patient_noted", "Jane Doe 7", note=NOTE))
    clinic.board.fault_set("estop")
    clinic.trip()
    clinic.wait(2_000)
    (incident,) = (clinic.data / "capsules").glob("*.gz")
    kept = gzip.decompress(incident.read_bytes()).decode()
    with open_read_only(clinic.data) as db:
        refusals = [row for (row,) in db.execute("SELECT facts FROM facts WHERE name = 'refusal'")]
    session = str(clinic.last())
    assert "patient_noted" not in kept
    assert len(refusals) >= 2
    for written in (kept, session, *refusals):
        assert not any(word in written for word in (NOTE, "KT8", "Jane", "JANE"))


@pytest.mark.parametrize(
    ("kind", "values", "rule", "word"),
    [
        (
            "screening_answered",
            {"kind": "part", "answers": {"epilepsy": "yes"}},
            "screening",
            "pil",
        ),
        ("skin_checked_before", {"grades": [{"site": SITE, "grade": 2}]}, "patch test", "reacted"),
    ],
)
def test_the_refusal_of_a_step_is_recorded_without_what_the_patient_has(
    clinic: Clinic, kind: str, values: dict[str, Any], rule: str, word: str
) -> None:
    """Hazard: a diagnosis leaves the clinic in the records of a session or in an incident."""
    clinic.treat(level_ua=3_000)
    clinic.do(fact(kind, clinic.view.patient, **values))
    answer = clinic.ask(Rise(channel=1))
    assert isinstance(answer, Refused)
    assert word in str(answer), "who stands there is told"
    clinic.board.fault_set("estop")
    clinic.trip()
    clinic.wait(2_000)
    (incident,) = (clinic.data / "capsules").glob("*.gz")
    kept = gzip.decompress(incident.read_bytes()).decode()
    (written,) = clinic.events("refusal")
    assert written["refusal"] == f"refused by what is known of the patient: {rule}"
    assert rule in kept
    assert word not in kept + str(clinic.last())


def test_an_incident_made_of_the_journal_has_no_fact_about_a_patient(tmp_path: Path) -> None:
    """After a power cut the next start makes the incident; facts then are events of no session."""
    with open_clinic(tmp_path / "1") as clinic:
        clinic.unlock()
        register(clinic)
        clinic.do(fact("patient_noted", note=NOTE))
        clinic.treat(level_ua=3_000)
        clinic.do(fact("patient_noted", note=NOTE + " and hat"))
        clinic.wait(1_500)
        shutil.copytree(clinic.data, tmp_path / "left")
    with open_clinic(tmp_path / "2", data=tmp_path / "left"):
        pass
    made = list((tmp_path / "left" / "capsules").glob("*.gz"))
    assert made
    for incident in made:
        assert NOTE not in gzip.decompress(incident.read_bytes()).decode()
