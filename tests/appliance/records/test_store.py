"""The schema and its guard rails, on real files."""

import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from appliance.errors import JournalError
from appliance.records.storage import migrations
from appliance.records.storage.store import Store, open_read_only
from tests.appliance.records.conftest import Opener, Treatment

SCHEMA_AFTER_0001 = "3bcc1b323f1e1a1272ca96ecddb4e3effc84ef62875b6a241bf0a0de1d9b371b"
"""Restated on purpose: a released migration is never edited, only followed."""
SCHEMA_WITH_0003 = "1c8534df02428076c6207caa0005f6326ded36823a98944467d11d62b8b7ce38"
RELEASED = [
    (("0001_records",), SCHEMA_AFTER_0001),
    (("0001_records", "0003_patients"), SCHEMA_WITH_0003),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


def names_of_steps() -> list[str]:
    return [name for name, _ in migrations.STEPS]


@pytest.mark.parametrize(("names", "digest"), RELEASED)
def test_a_released_migration_makes_the_schema_it_always_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], digest: str
) -> None:
    steps = dict(migrations.STEPS)
    monkeypatch.setattr(migrations, "STEPS", tuple((name, steps[name]) for name in names))
    opened = Store.open(tmp_path)
    assert migrations.schema_digest(opened.connection) == digest
    opened.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("wal_autocheckpoint", 0),
        ("secure_delete", 1),
    ],
)
def test_the_writing_connection_is_set_up_for_power_cuts(
    store: Store, pragma: str, value: object
) -> None:
    assert store.connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_every_table_is_strict(store: Store) -> None:
    tables = store.connection.execute("PRAGMA table_list").fetchall()
    loose = [row[1] for row in tables if row[2] == "table" and not row[5]]
    assert [name for name in loose if not name.startswith("sqlite_")] == []


def test_records_are_for_their_owner_only(store: Store, tmp_path: Path) -> None:
    store.write([("INSERT INTO boots VALUES (1, 'b', 0, 0, 0)", ())])
    for path in tmp_path.glob("records.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_migration_that_fails_leaves_nothing_behind(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(db: Database) -> None:
        db.execute("CREATE TABLE half (a INTEGER) STRICT")
        db.execute("CREATE TABLE half (a INTEGER) STRICT")

    before = migrations.schema_digest(store.connection)
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, ("9999_half", half)))
    with pytest.raises(JournalError, match="already exists"):
        migrations.migrate(store.connection, tmp_path)
    assert migrations.schema_digest(store.connection) == before
    assert list(migrations.applied_steps(store.connection)) == names_of_steps()[:-1]
    assert not store.connection.in_transaction


def test_a_following_migration_runs_once_with_its_record(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def more(db: Database) -> None:
        db.execute("CREATE TABLE more (a INTEGER) STRICT")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, ("9999_more", more)))
    migrations.migrate(store.connection, tmp_path)
    migrations.migrate(store.connection, tmp_path)
    assert list(migrations.applied_steps(store.connection)) == names_of_steps()


def test_records_of_a_newer_version_are_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", (("0000_older", lambda _db: None),))
    with pytest.raises(JournalError, match=r"newer version \(step 0001_records, .*\): update"):
        migrations.migrate(store.connection, tmp_path)


def test_a_refused_batch_leaves_nothing_behind_and_the_next_one_works(store: Store) -> None:
    insert = "INSERT INTO boots VALUES (?, 'b', 0, 0, 0)"
    with pytest.raises(JournalError, match="boots only grow"):
        store.write([(insert, (1,)), (insert, (1,))])
    store.write([(insert, (1,))])
    assert store.connection.execute("SELECT number FROM boots").fetchall() == [(1,)]


@pytest.fixture
def stranger(
    open_journal: Opener, treat: Treatment, tmp_path: Path
) -> Iterator[sqlite3.Connection]:
    """A connection that knows none of our pragmas, on a finished database."""
    journal = open_journal()
    treat(journal, seconds=3)
    journal.close()
    connection = sqlite3.connect(tmp_path / "records.db", isolation_level=None)
    yield connection
    connection.close()


TABLES = ("boots", "events", "payloads", "measurements")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
def test_insert_or_replace_does_not_slip_past_the_guards(
    stranger: sqlite3.Connection, table: str, recursive_triggers: str
) -> None:
    stranger.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
    row = stranger.execute(f"SELECT * FROM {table} WHERE number = 1").fetchone()  # noqa: S608
    marks = ", ".join("?" * len(row))
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} only grow"):
        stranger.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_deleted(stranger: sqlite3.Connection, table: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="nothing is deleted"):
        stranger.execute(f"DELETE FROM {table} WHERE number = 1")  # noqa: S608


@pytest.mark.parametrize(
    "change",
    [
        "events SET name = 'stop'",
        "boots SET utc_us = 0",
        "measurements SET level_ua = 0",
        "payloads SET body = salt",
        "payloads SET salt = NULL, body = NULL, number = 900",
    ],
)
def test_nothing_is_changed(stranger: sqlite3.Connection, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="nothing is changed"):
        stranger.execute(f"UPDATE {change}")


def test_a_reader_cannot_write(stranger: sqlite3.Connection, tmp_path: Path) -> None:
    del stranger
    with (
        pytest.raises(JournalError, match="attempt to write a readonly database"),
        open_read_only(tmp_path) as db,
    ):
        db.conn.execute("INSERT INTO boots VALUES (9, 'b', 0, 0, 0)")


def test_a_reader_sees_one_instant_while_the_writer_goes_on(
    open_journal: Opener, tmp_path: Path
) -> None:
    journal = open_journal()
    count = "SELECT count(*) FROM events"
    with open_read_only(tmp_path) as db:
        before = db.conn.execute(count).fetchone()
        journal.append("trip", {})
        assert db.conn.execute(count).fetchone() == before
    with open_read_only(tmp_path) as db:
        assert db.conn.execute(count).fetchone() == (before[0] + 1,)


def test_the_log_is_folded_into_the_database_by_the_writer_alone(
    open_journal: Opener, tmp_path: Path, power_cut: Callable[..., Path]
) -> None:
    journal = open_journal()
    for _ in range(3_000):
        journal.append("note", {"text": "x" * 2_000})
    journal.flush()
    assert (tmp_path / "records.db").stat().st_size > 4_000_000
    journal.close()
    assert not list(tmp_path.glob("*-wal"))
