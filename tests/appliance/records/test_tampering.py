"""Whatever is altered in the file, `verify` finds it."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from appliance.errors import JournalError
from appliance.records.journal.journal import Journal, Measurement
from appliance.records.storage.store import open_read_only
from appliance.records.verify import VerifyReport, verify
from tests.appliance.records.conftest import SteppedClock, WallTime

pytestmark = pytest.mark.proves("chain")

TABLES = {
    "boots": ("number", "build", "utc_us", "monotonic_us", "clock_trusted"),
    "events": (
        *("number", "boot", "session", "name", "utc_us", "monotonic_us", "clock_trusted"),
        *("digest", "hash"),
    ),
    "payloads": ("number", "salt", "body"),
    "measurements": (
        *("number", "boot", "utc_us", "monotonic_us", "clock_trusted", "session", "channel"),
        *("elapsed_us", "state", "slice_number", "level_ua", "amplitude_ua", "measured_ua"),
        *("voltage_mv", "contact_ohm", "residual_ua", "pulses", "charge_pc", "rms_ua"),
    ),
}
CELLS = [(table, column) for table, columns in TABLES.items() for column in columns]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two boots with a session each, closed in order."""
    folder = tmp_path_factory.mktemp("written")
    clock = SteppedClock()
    for _ in range(2):
        journal = Journal.open(folder, WallTime(clock), clock, threaded=False)
        session = journal.new_session_id()
        journal.append("session_opened", {"programme": "conventional"}, session)
        for second in range(65):
            clock.at_us += 1_000_000
            journal.measure(Measurement(session, 1, second, "delivering", second, 500, 500))
        journal.append("session_closed", {"outcome": "finished"}, session)
        journal.close()
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    shutil.copy(written / "records.db", tmp_path)
    return tmp_path


def _alter(folder: Path, *statements: str) -> VerifyReport:
    """Do as somebody would who takes the guards off first and puts them back afterwards."""
    connection = sqlite3.connect(folder / "records.db", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    kept = guards.fetchall()
    for name, _ in kept:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert connection.execute(statement).rowcount != 0, statement
    for _, sql in kept:
        connection.execute(sql)
    connection.close()
    return _report(folder)


def _report(folder: Path) -> VerifyReport:
    with open_read_only(folder) as db:
        return verify(db)


def _other(folder: Path, table: str, column: str) -> str:
    """Return SQL for a value that differs and still fits the column."""
    if column == "number":
        return "number + 1000"
    if column == "clock_trusted":
        return "1 - clock_trusted"
    connection = sqlite3.connect(folder / "records.db")
    kinds = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
    connection.close()
    return {
        "INTEGER": f"coalesce({column}, 0) + 1",
        "TEXT": f"coalesce({column}, '') || '!'",
        "BLOB": "zeroblob(16)" if column == "salt" else f"randomblob(length({column}))",
    }[kinds[column]]


def test_records_nobody_touched_have_no_findings(folder: Path) -> None:
    report = _report(folder)
    assert report.findings == ()
    assert (report.boots, report.sessions, report.measurements, report.unsealed) == (2, 2, 130, 0)
    assert _alter(folder).findings == (), "taking guards off and on alone changes nothing"


@pytest.mark.parametrize("row", ["min", "max"])
@pytest.mark.parametrize(("table", "column"), CELLS)
def test_a_change_in_any_column_is_found(folder: Path, table: str, column: str, row: str) -> None:
    value = _other(folder, table, column)
    where = f"number = (SELECT {row}(number) FROM {table})"  # noqa: S608
    report = _alter(folder, f"UPDATE {table} SET {column} = {value} WHERE {where}")  # noqa: S608
    assert report.findings


@pytest.mark.proves_none
def test_the_columns_above_are_all_there_are(folder: Path) -> None:
    connection = sqlite3.connect(folder / "records.db")
    for table, columns in TABLES.items():
        found = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        assert tuple(found) == columns
    connection.close()


_COPY_OF_31 = (
    "INSERT INTO measurements SELECT 30, boot, utc_us, monotonic_us, clock_trusted, session, "
    "channel, elapsed_us, state, slice_number, level_ua, amplitude_ua, measured_ua, voltage_mv, "
    "contact_ohm, residual_ua, pulses, charge_pc, rms_ua FROM measurements WHERE number = 31"
)
ALTERATIONS = {
    "an event gone": ("DELETE FROM events WHERE number = 6",),
    "an event gone with its body": (
        "DELETE FROM events WHERE number = 6",
        "DELETE FROM payloads WHERE number = 6",
    ),
    "the last event gone with its body": (
        "DELETE FROM payloads WHERE number = (SELECT max(number) FROM payloads)",
        "DELETE FROM events WHERE number = (SELECT max(number) FROM events)",
    ),
    "the last event gone": ("DELETE FROM events WHERE number = (SELECT max(number) FROM events)",),
    "the last event gone and the count set back": (
        "DELETE FROM events WHERE number = (SELECT max(number) FROM events)",
        "UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'events'",
    ),
    "a body gone": ("DELETE FROM payloads WHERE number = 5",),
    "a body erased in silence": ("UPDATE payloads SET salt = NULL, body = NULL WHERE number = 5",),
    "a measurement gone": ("DELETE FROM measurements WHERE number = 30",),
    "the last measurements gone": ("DELETE FROM measurements WHERE number > 100",),
    "a measurement added between": (
        "DELETE FROM measurements WHERE number = 30",
        _COPY_OF_31,
    ),
    "a boot gone": ("DELETE FROM boots WHERE number = 2",),
    "a boot added": ("INSERT INTO boots VALUES (3, '0.1.0', 0, 0, 1)",),
    "everything gone": (
        "DELETE FROM payloads",
        "DELETE FROM events",
        "DELETE FROM measurements",
        "DELETE FROM boots",
    ),
    "a migration's time": ("UPDATE _sqlite_migrations SET applied_at = 'never'",),
    "a migration's name": (
        "UPDATE _sqlite_migrations SET name = '0001_other' WHERE name = '0001_records'",
    ),
    "a view": ("DROP VIEW operators",),
    "a table added": ("CREATE TABLE extra (a INTEGER)",),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_a_larger_alteration_is_found(folder: Path, what: str) -> None:
    assert _alter(folder, *ALTERATIONS[what]).findings


def test_seals_that_leave_measurements_out_are_found(folder: Path) -> None:
    clock = SteppedClock()
    journal = Journal.open(folder, WallTime(clock), clock, threaded=False)
    nothing = hashlib.sha256().hexdigest()
    journal.append("measurements_sealed", {"first": 135, "last": 134, "sha256": nothing})
    journal.close()
    assert [tuple(finding) for finding in _report(folder).findings] == [
        ("measurements from 131", "no seal before 135")
    ]


def test_a_guard_taken_away_is_found(folder: Path) -> None:
    connection = sqlite3.connect(folder / "records.db", isolation_level=None)
    connection.execute("DROP TRIGGER events_keep")
    connection.close()
    assert [finding.where for finding in _report(folder).findings] == ["schema"]


def test_a_finding_says_where_and_what(folder: Path) -> None:
    report = _alter(folder, "UPDATE events SET name = 'stop' WHERE number = 3")
    assert [tuple(finding) for finding in report.findings] == [
        ("event 3", "name was written as session_opened and now says stop")
    ]


def test_a_flipped_bit_anywhere_in_the_file_is_found_or_harmless(folder: Path) -> None:
    """A page may hold free space; a bit there changes no record and no finding."""
    path = folder / "records.db"
    pristine = path.read_bytes()
    whole = _report(folder)
    for position in range(0, len(pristine), 1_999):
        altered = bytearray(pristine)
        altered[position] ^= 0x10
        path.write_bytes(altered)
        report = _report_or_none(folder)
        if report is not None and not report.findings:
            assert report == whole


def _report_or_none(folder: Path) -> VerifyReport | None:
    """Return None where the file cannot even be opened, which is a finding of its own."""
    try:
        return _report(folder)
    except JournalError:
        return None
