"""What the records say of patients: ceilings as they stand, and the sessions they were given."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.core.limits.patient_limits import CeilingScope, PatientHistory
from appliance.core.prescription.sessions_per_patient import TimeOfDay
from appliance.records.journal.journal import Journal
from appliance.records.patient_history import (
    CeilingSet,
    PatientRegister,
    pseudonym,
    read_ceilings,
    read_patient_sessions,
)
from appliance.records.session_events import EventName, Felt
from appliance.records.storage.store import open_read_only
from appliance.records.wall_clock import day_of
from tests.appliance.records.conftest import Opener, SteppedClock, WallTime
from tests.support.regular_patient import DAY_US, a_session

BACK, NECK = CeilingScope.BACK, CeilingScope.NECK


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


def had_session(journal: Journal, kept_ua: int | None = 8_000, **more: Any) -> str:
    said: dict[str, Any] = {
        "patient": "P-17",
        "rig": "hardware",
        "region": "lower_back",
        "kind": "strengthening",
        "purpose": "motor",
        "contracts": True,
        "outcome": "finished",
        "elapsed_us": 300_000_000,
        "second_ua": 500,
        "highest_ua": 9_000,
        "felt": True,
        **more,
    }
    session = journal.new_session_id()
    prescription = {"purpose": said["purpose"], "kind": said["kind"]}
    opening = {name: said[name] for name in ("patient", "rig", "region", "contracts")}
    opening = {name: value for name, value in opening.items() if value != "left out"}
    journal.append(EventName.SESSION_OPENED, {**opening, "prescription": prescription}, session)
    if said["felt"]:
        mark = Felt(channel=1, felt="comfortable", level_ua=8_000)
        journal.append(EventName.FELT, mark.facts(), session)
    if said["outcome"] is None:
        return session
    kept = {} if kept_ua is None else {"comfortable_ua": kept_ua}
    channels = [
        {"channel": 1, "highest_ua": said["highest_ua"], **kept},
        {"channel": 2, "highest_ua": 0, "comfortable_ua": said["second_ua"]},
    ]
    closing = {
        "outcome": said["outcome"],
        "elapsed_us": said["elapsed_us"],
        "channels": channels,
    }
    journal.append(EventName.SESSION_CLOSED, closing, session)
    return session


def tomorrow(wall_time: WallTime) -> Callable[[], TimeOfDay]:
    day_us = 86_400_000_000
    return lambda: TimeOfDay(wall_time.utc_us() + day_us, day_of(wall_time.utc_us() + day_us), True)


@pytest.mark.proves("patient-ceiling")
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


@pytest.mark.proves("first-session")
@pytest.mark.parametrize(
    ("more", "opens"),
    [
        ({}, True),
        ({"contracts": False}, False),
        ({"outcome": "stopped"}, False),
        ({"outcome": "tripped"}, False),
        ({"outcome": "interrupted"}, False),
        ({"felt": False}, False),
        ({"elapsed_us": 299_999_999}, False),
        ({"elapsed_us": None}, False),
        ({"kept_ua": None, "second_ua": 1}, True),
        ({"kept_ua": None, "second_ua": 0}, False),
        ({"contracts": "left out"}, True),
        ({"contracts": "left out", "purpose": "sensory"}, False),
    ],
)
def test_a_session_opens_something_that_was_whole_felt_and_kept(
    open_journal: Opener, tmp_path: Path, more: dict[str, Any], opens: bool
) -> None:
    """`contracts` was not recorded before; what was meant to contract stands in for it."""
    journal = open_journal()
    had_session(journal, **more)
    journal.flush()
    with open_read_only(tmp_path) as db:
        (found,) = read_patient_sessions(db)
    assert found.given().opens == opens


@pytest.mark.proves("first-session")
@pytest.mark.parametrize("more", [{"outcome": None}, {"patient": None}, {"highest_ua": 0}])
def test_what_is_open_nobodys_or_without_current_is_no_session_of_a_patient(
    open_journal: Opener, tmp_path: Path, more: dict[str, Any]
) -> None:
    journal = open_journal()
    had_session(journal, **more)
    journal.flush()
    with open_read_only(tmp_path) as db:
        assert read_patient_sessions(db) == ()


@pytest.mark.proves("first-session")
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
        (found,) = read_patient_sessions(db)
    assert (found.patient, found.scope, found.comfortable_ua) == ("P-17", scope, 8_000)
    assert (found.region, found.goal, found.rig) == (region, "strength", "hardware")


@pytest.mark.proves("patient-ceiling", "first-session")
def test_the_register_knows_after_a_start_what_the_records_say(
    open_journal: Opener, tmp_path: Path, clock: SteppedClock, wall_time: WallTime
) -> None:
    journal = open_journal()
    set_ceiling(journal, 12_000)
    had_session(journal, 8_000)
    clock.at_us += 86_400_000_000
    had_session(journal, 7_000)
    had_session(journal, None, region="neck")
    journal.flush()
    register = PatientRegister.load(tmp_path, "hardware", tomorrow(wall_time))
    assert register.fault is None
    assert register.standing("P-17", BACK) == PatientHistory(12_000, 2, 8_000, 2, 8_000)
    assert register.standing("P-17", NECK) == PatientHistory(None, 1, 500, 1, 500)
    assert register.standing("P-99", BACK) == PatientHistory()


@pytest.mark.proves("patient-ceiling", "first-session")
@pytest.mark.parametrize(("rig", "other"), [("hardware", "virtual"), ("virtual", "hardware")])
def test_what_a_rig_of_another_kind_gave_does_not_count_and_a_ceiling_does(
    open_journal: Opener, tmp_path: Path, wall_time: WallTime, rig: str, other: str
) -> None:
    """Hazard: three sessions on the virtual board opened everybody's limits on hardware."""
    journal = open_journal()
    set_ceiling(journal, 12_000)
    had_session(journal, rig=other)
    journal.flush()
    register = PatientRegister.load(tmp_path, rig, tomorrow(wall_time))
    assert register.standing("P-17", BACK) == PatientHistory(12_000)
    assert register.given("P-17") == ()
    same = PatientRegister.load(tmp_path, other, tomorrow(wall_time))
    assert same.standing("P-17", BACK).motor_sessions == 1


@pytest.mark.proves("first-session", "courses")
def test_a_session_under_a_clock_that_was_not_set_ended_before_the_next_that_was(
    open_journal: Opener, tmp_path: Path, clock: SteppedClock, wall_time: WallTime
) -> None:
    """It opens nothing; it stops blocking once a later time is known for certain."""
    journal = open_journal()
    wall_time.trusted = False
    had_session(journal)
    journal.flush()
    load = PatientRegister.load
    (unknown,) = load(tmp_path, "hardware", lambda: TimeOfDay(0, 0, trusted=False)).given("P-17")
    assert (unknown.ended_us, unknown.day, unknown.opens) == (None, None, False)
    (bounded,) = load(tmp_path, "hardware", tomorrow(wall_time)).given("P-17")
    assert bounded.ended_us == wall_time.utc_us() + 86_400_000_000
    clock.at_us += 1_000_000
    wall_time.trusted = True
    journal.append(EventName.COMMAND, {})
    journal.flush()
    (known,) = load(tmp_path, "hardware", tomorrow(wall_time)).given("P-17")
    assert (known.ended_us, known.opens) == (wall_time.utc_us(), False)


@pytest.mark.proves("patient-ceiling")
def test_the_register_takes_what_the_engine_writes() -> None:
    register = PatientRegister(now=lambda: TimeOfDay(9 * 86_400_000_000, 9, trusted=True))
    register.take_ceiling("P-1", BACK, 5_000)
    assert register.knows("P-1")
    assert not register.knows("P-2")
    assert register.standing("P-1", BACK) == PatientHistory(5_000)
    assert register.ceiling_ua("P-1", NECK) is None


@pytest.mark.proves("patient-ceiling")
def test_records_of_an_older_version_have_ceilings_and_no_sessions(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    set_ceiling(journal, 12_000)
    had_session(journal)
    journal.close()
    with closing(sqlite3.connect(tmp_path / "records.db", isolation_level=None)) as db:
        db.execute("DROP VIEW patient_sessions")
    with open_read_only(tmp_path) as read:
        assert read_patient_sessions(read) == ()
        assert len(read_ceilings(read)) == 1


@pytest.mark.proves("patient-ceiling", "first-session")
def test_records_that_cannot_be_read_are_a_fault(open_journal: Opener, tmp_path: Path) -> None:
    open_journal().close()
    (tmp_path / "records.db").write_bytes(b"no database at all, but long enough to look at" * 99)
    assert (
        PatientRegister.load(tmp_path, "virtual", lambda: TimeOfDay(0, 0, trusted=False)).fault
        is not None
    )


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


@pytest.mark.proves("courses")
def test_an_end_that_nobody_knows_is_the_first_known_time_after_it_and_stays_so() -> None:
    """Hazard: a session of a clock that was not set ends "just now" for ever."""
    unset, next_day = TimeOfDay(0, 0, trusted=False), TimeOfDay(DAY_US, 1, trusted=True)
    times = [unset, next_day, TimeOfDay(9 * DAY_US, 9, trusted=True)]
    register = PatientRegister(now=lambda: times[0])
    register.take_session("P-1", a_session(TimeOfDay(0, 0, trusted=True)))
    unknown = replace(register.given("P-1")[0], ended_us=None, day=None)
    register.take_session("P-1", unknown)
    assert register.given("P-1")[1].ended_us is None
    for _ in range(2):
        times.pop(0)
        assert (register.given("P-1")[1].ended_us, register.given("P-1")[1].day) == (DAY_US, 1)


@pytest.mark.proves("loop-in-time")
def test_the_sessions_of_all_patients_are_handed_over_without_a_look_at_each() -> None:
    """Hazard: every page and prescription walks through all sessions, in a tick."""
    register = PatientRegister(now=lambda: TimeOfDay(DAY_US, 1, trusted=True))
    for number in range(3):
        register.take_session("P-1", a_session(register.now(), session=f"0001-{number:03d}"))
    before = register.sessions()
    assert before["P-1"] is register.given("P-1")
    register.take_session("P-1", a_session(register.now(), session="0001-003"))
    assert (len(before["P-1"]), len(register.sessions()["P-1"])) == (3, 4)


@pytest.mark.proves("first-session", "courses")
def test_a_search_for_a_motor_point_counts_as_no_session_after_a_start_either(
    open_journal: Opener, tmp_path: Path, wall_time: WallTime
) -> None:
    """Hazard: a search opens later limits, or takes the place of a treatment."""
    journal = open_journal()
    had_session(journal, kind="motor_point_find")
    journal.flush()
    register = PatientRegister.load(tmp_path, "hardware", tomorrow(wall_time))
    assert register.given("P-17") == ()
    with open_read_only(tmp_path) as db:
        (found,) = read_patient_sessions(db)
    assert not found.counts
