"""Facts about patients stay in their events: nothing that is copied away repeats them."""

import gzip
import shutil
from pathlib import Path

import pytest

from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import (
    fact,
    refusal,
    register,
)

pytestmark = pytest.mark.proves_none


NOTE = "wears a red scarf"


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
