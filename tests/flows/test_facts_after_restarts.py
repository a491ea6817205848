"""Facts about patients after restarts: read back whole, dated, for one rig, or erased."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.clinical.patients.events import fact_types
from appliance.messages.actions import RecordFact
from appliance.records.erasure import erase
from appliance.records.journal.journal import Journal
from appliance.records.patient_facts import PatientFacts, read_facts
from appliance.records.storage.store import open_read_only
from appliance.records.wall_clock import SteppedWallClock
from drivers.clock import SystemClock
from tests.support.clinic import Clinic, open_clinic
from tests.support.clinical_records import (
    BORN,
    HOUR_US,
    fact,
    files,
    note,
    refusal,
    register,
)
from tests.support.every_fact import enter, first_visit, screening, second_visit

pytestmark = pytest.mark.proves_none


@pytest.fixture(scope="module")
def two_visits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Record a fact of every kind in two visits, an hour and a restart apart."""
    folder = tmp_path_factory.mktemp("visits")
    data = folder / "data"
    for number, visit in enumerate((first_visit(), second_visit())):
        with open_clinic(folder / str(number), data=data, after_us=number * HOUR_US) as clinic:
            clinic.unlock()
            if number == 0:
                assert register(clinic) == "P-0013"
            enter(clinic, visit)
    return data


@pytest.mark.parametrize("kind", fact_types())
def test_a_fact_of_every_kind_is_recorded_and_read_back_after_restarts(
    two_visits: Path, kind: str
) -> None:
    with open_read_only(two_visits) as db:
        found = [each for each in read_facts(db) if type(each.fact) is fact_types()[kind]]
    assert found
    assert {(each.fact.patient, each.fact.operator, each.rig) for each in found} == {
        ("P-0013", "anna", "virtual")
    }


def test_a_restart_folds_the_same_file_that_the_engine_had(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.unlock()
        register(clinic, alias="KT8")
        enter(clinic, first_visit())
        before, data = files(clinic).of("P-0013"), clinic.data
    # The sessions come from the records of sessions, which this visit has none of.
    assert PatientFacts.load(data, "virtual").files.of("P-0013") == replace(before, given=())


# --- time, rigs, versions, erasure -----------------------------------------------------------


def test_without_a_trusted_clock_a_restart_ends_what_was_valid_for_the_day(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "1", data=tmp_path / "data", trusted=False) as clinic:
        clinic.unlock()
        register(clinic)
        clinic.do(fact("screening_answered", **screening()))
        clinic.do(fact("visit_list_answered", none_changed=True))
    with open_clinic(tmp_path / "2", data=tmp_path / "data", trusted=False) as clinic:
        clinic.unlock()
        assert refusal(clinic, fact("visit_list_answered", none_changed=True)).limit == "visit list"


def test_facts_of_a_virtual_rig_do_not_count_on_hardware_and_their_ids_stay_taken(
    two_visits: Path,
) -> None:
    loaded = PatientFacts.load(two_visits, "hardware")
    assert (loaded.fault, loaded.files.all()) == (None, ())
    assert loaded.pseudonyms == {"P-0013"}


def test_a_simulated_fact_says_so_in_the_records(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.do(RecordFact(kind="patient_registered", values={"born": BORN}, simulated=True))
    with open_read_only(clinic.data) as db:
        assert [each.fact.simulated for each in read_facts(db)] == [True]
    clinic.engine.loop._facts._expected.virtual = False
    real = RecordFact(kind="patient_registered", values={"born": 1970}, simulated=True)
    assert refusal(clinic, real).limit == "simulated fact"


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("patient_noted", {"patient": "P-0013", "rig": "virtual", "mood": "new in 2031"}),
        ("patient_noted", {"patient": "P-0013"}),
        ("pain_scored", {"patient": "P-0013", "rig": "virtual", "score": "six"}),
        ("mood_scored", {"patient": "P-0013"}),
    ],
)
def test_a_fact_of_a_later_version_or_a_damaged_one_makes_the_files_unknown(
    tmp_path: Path, name: str, facts: Any
) -> None:
    with open_clinic(tmp_path / "1", data=tmp_path / "data") as clinic:
        clinic.unlock()
        register(clinic)
        clinic.engine.loop._journal._records.append(name, facts)
    with open_clinic(tmp_path / "2", data=tmp_path / "data") as clinic:
        clinic.unlock()
        refused = refusal(clinic, note("P-0013"))
    assert refused.limit == "fact"
    assert name in refused.allowed


def test_an_event_of_a_later_version_about_nobody_stands_in_nobodys_way(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "1", data=tmp_path / "data") as clinic:
        clinic.engine.loop._journal._records.append("fan_replaced", {"by": "service"})
    assert PatientFacts.load(tmp_path / "data", "virtual").fault is None


def erase_all(data: Path, names: set[str]) -> None:
    """Erase every event of these names, as a person would between two starts."""
    with open_read_only(data) as db:
        rows = db.execute("SELECT number, name FROM events").fetchall()
    wall = SteppedWallClock(SystemClock(), 0)
    journal = Journal.open(data, wall, SystemClock(), threaded=False)
    erase(journal, [number for number, name in rows if name in names], "asked to be forgotten")
    journal.close()


def test_an_erased_patient_is_forgotten_and_the_id_is_not_given_again(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "1", data=tmp_path / "data") as clinic:
        clinic.unlock()
        register(clinic)
        clinic.do(note("P-0013"))
    erase_all(tmp_path / "data", {"patient_registered", "patient_noted"})
    with open_clinic(tmp_path / "2", data=tmp_path / "data") as clinic:
        clinic.unlock()
        assert files(clinic).all() == ()
        assert register(clinic) == "P-0021"


def test_what_stays_of_a_patient_whose_registration_was_erased_counts_no_more(
    tmp_path: Path,
) -> None:
    with open_clinic(tmp_path / "1", data=tmp_path / "data") as clinic:
        clinic.unlock()
        register(clinic)
        clinic.do(note("P-0013"))
    erase_all(tmp_path / "data", {"patient_registered"})
    assert PatientFacts.load(tmp_path / "data", "virtual").files.all() == ()
