"""What the records say of patients: ceilings as they stand, motor sessions to their end."""

from pathlib import Path
from typing import Any

import pytest

from appliance.core.patient_limits import Scope, Standing
from appliance.records.journal import Journal
from appliance.records.patients import (
    CeilingSet,
    PatientRegister,
    pseudonym,
    read_ceilings,
    read_motor_sessions,
)
from appliance.records.sessions import EventName
from appliance.records.store import open_read_only
from tests.records.conftest import Opener

pytestmark = pytest.mark.proves("patient-ceiling", "first-session")

BACK, NECK = Scope.BACK, Scope.NECK


def set_ceiling(journal: Journal, ceiling_ua: int, **more: Any) -> None:
    said: dict[str, Any] = {
        "patient": "P-17",
        "scope": BACK,
        "was_ua": None,
        "raised": False,
        "reason": "dizzy",
        "operator": "ada",
        **more,
    }
    change = CeilingSet(ceiling_ua=ceiling_ua, **said)
    journal.append(EventName.PATIENT_CEILING, change.facts())


def had_session(journal: Journal, kept_ua: int | None = 8_000, **more: Any) -> None:
    said: dict[str, Any] = {
        "patient": "P-17",
        "region": "lower_back",
        "purpose": "motor",
        "outcome": "finished",
        "elapsed_us": 300_000_000,
        "second_ua": 500,
        **more,
    }
    session = journal.new_session_id()
    opening = {
        "patient": said["patient"],
        "region": said["region"],
        "prescription": {"purpose": said["purpose"]},
    }
    journal.append(EventName.SESSION_OPENED, opening, session)
    if said["outcome"] is None:
        return
    kept = {} if kept_ua is None else {"comfortable_ua": kept_ua}
    channels = [{"channel": 1, **kept}, {"channel": 2, "comfortable_ua": said["second_ua"]}]
    closing = {
        "outcome": said["outcome"],
        "elapsed_us": said["elapsed_us"],
        "channels": channels,
    }
    journal.append(EventName.SESSION_CLOSED, closing, session)


def test_the_last_ceiling_of_each_patient_and_scope_stands(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    set_ceiling(journal, 20_000)
    set_ceiling(journal, 12_000, reason="sore", operator="ben")
    set_ceiling(journal, 9_000, scope=NECK)
    set_ceiling(journal, 30_000, patient="P-2")
    journal.flush()
    with open_read_only(tmp_path) as db:
        found = [each[:5] for each in read_ceilings(db)]
    assert found == [
        ("P-17", "back", 12_000, "sore", "ben"),
        ("P-17", "neck", 9_000, "dizzy", "ada"),
        ("P-2", "back", 30_000, "dizzy", "ada"),
    ]


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, True),
        ({"purpose": "sensory"}, False),
        ({"outcome": "stopped"}, False),
        ({"outcome": "tripped"}, False),
        ({"outcome": "interrupted"}, False),
        ({"outcome": None}, False),
        ({"patient": None}, False),
        ({"elapsed_us": 299_999_999}, False),
        ({"elapsed_us": None}, False),
        ({"kept_ua": None, "second_ua": 1}, True),
        ({"kept_ua": None, "second_ua": 0}, False),
    ],
)
def test_a_motor_session_counts_that_ran_to_its_end_in_five_minutes_with_a_level_kept(
    open_journal: Opener, tmp_path: Path, more: dict[str, Any], counts: bool
) -> None:
    journal = open_journal()
    had_session(journal, **more)
    journal.flush()
    with open_read_only(tmp_path) as db:
        assert len(read_motor_sessions(db)) == counts


@pytest.mark.parametrize(
    ("region", "scope"),
    [("neck", "neck"), ("suboccipital", "neck"), ("upper_back", "back"), ("lower_back", "back")],
)
def test_a_session_belongs_to_the_neck_or_to_the_back(
    open_journal: Opener, tmp_path: Path, region: str, scope: str
) -> None:
    journal = open_journal()
    had_session(journal, region=region)
    journal.flush()
    with open_read_only(tmp_path) as db:
        (found,) = read_motor_sessions(db)
    assert (found.patient, found.scope, found.comfortable_ua) == ("P-17", scope, 8_000)


def test_the_register_knows_after_a_start_what_it_knew_before(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    set_ceiling(journal, 12_000)
    had_session(journal, 8_000)
    had_session(journal, 7_000)
    had_session(journal, None, region="neck")
    journal.flush()
    register = PatientRegister.load(tmp_path)
    assert register.fault is None
    assert register.standing("P-17", BACK) == Standing(12_000, 2, 8_000)
    assert register.standing("P-17", NECK) == Standing(None, 1, 500)
    assert register.standing("P-99", BACK) == Standing()


def test_the_register_takes_what_the_engine_writes() -> None:
    register = PatientRegister({})
    register.take_motor_session("P-1", BACK, 9_000)
    register.take_ceiling("P-1", BACK, 5_000)
    register.take_motor_session("P-1", BACK, 7_000)
    assert register.standing("P-1", BACK) == Standing(5_000, 2, 9_000)
    assert register.standing("P-1", NECK) == Standing()


def test_records_that_cannot_be_read_are_a_fault(open_journal: Opener, tmp_path: Path) -> None:
    open_journal().close()
    (tmp_path / "records.db").write_bytes(b"no database at all, but long enough to look at" * 99)
    assert PatientRegister.load(tmp_path).fault is not None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("P-17", "P-17"),
        (" p-17 ", "P-17"),
        ("x" * 32, "X" * 32),
        ("x" * 33, None),
        ("", None),
        ("Anna Meier", None),
        ("Müller", None),
        ("P_17", None),
        ("P-17\n-", None),
        ("٣", None),
    ],
)
def test_a_pseudonym_is_letters_digits_and_dashes(text: str, kept: str | None) -> None:
    assert pseudonym(text) == kept
