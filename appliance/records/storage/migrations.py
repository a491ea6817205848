"""The schema, as numbered steps forward. A released step is never edited; new ones follow.

Each step runs in one transaction with the record that it ran. The triggers are a guard rail
against mistakes; what finds an alteration is the chain.
"""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database, Migrations

from appliance.errors import JournalError
from appliance.records.storage.drill_views import make_drill_view
from appliance.records.storage.operator_pins import make_pin_table
from appliance.records.storage.patient_views import make_given_view, make_patient_views
from appliance.records.storage.sqlite_errors import journal_failure

SET = "stimkiosk"

_TABLES = (
    """
    CREATE TABLE boots (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        build TEXT NOT NULL,
        utc_us INTEGER NOT NULL,
        monotonic_us INTEGER NOT NULL,
        clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1))
    ) STRICT
    """,
    # AUTOINCREMENT: sqlite_sequence remembers the highest number, so a tail cut off shows.
    """
    CREATE TABLE events (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        boot INTEGER NOT NULL REFERENCES boots (number),
        session TEXT,
        name TEXT NOT NULL CHECK (name <> ''),
        utc_us INTEGER NOT NULL,
        monotonic_us INTEGER NOT NULL,
        clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT
    """,
    """
    CREATE TABLE payloads (
        number INTEGER PRIMARY KEY REFERENCES events (number),
        salt BLOB CHECK (length(salt) = 16),
        body BLOB,
        CHECK ((salt IS NULL) = (body IS NULL))
    ) STRICT
    """,
    """
    CREATE TABLE measurements (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        boot INTEGER NOT NULL REFERENCES boots (number),
        utc_us INTEGER NOT NULL,
        monotonic_us INTEGER NOT NULL,
        clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
        session TEXT NOT NULL,
        channel INTEGER NOT NULL,
        elapsed_us INTEGER NOT NULL,
        state TEXT NOT NULL,
        slice_number INTEGER NOT NULL,
        level_ua INTEGER NOT NULL,
        amplitude_ua INTEGER NOT NULL,
        measured_ua INTEGER,
        voltage_mv INTEGER,
        contact_ohm INTEGER,
        residual_ua INTEGER,
        pulses INTEGER NOT NULL,
        charge_pc INTEGER NOT NULL,
        rms_ua INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX events_by_session ON events (session, number) WHERE session IS NOT NULL",
    "CREATE INDEX events_by_name ON events (name, session, number)",
    "CREATE INDEX measurements_by_session ON measurements (session, number)",
)

_APPEND_ONLY = ("boots", "events", "payloads", "measurements")

# BEFORE INSERT refuses INSERT OR REPLACE as well: the number it would take over is not a new one.
# (DELETE triggers see a REPLACE only under recursive_triggers, which each connection may forget.)
_GUARDS = (
    """
    CREATE TRIGGER {table}_grow BEFORE INSERT ON {table}
    WHEN NEW.number <= (SELECT max(number) FROM {table})
    BEGIN SELECT RAISE(ABORT, '{table} only grow: this number exists or was passed'); END
    """,
    """
    CREATE TRIGGER {table}_stay BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} only grow: nothing is deleted'); END
    """,
    """
    CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} {exception}
    BEGIN SELECT RAISE(ABORT, '{table} only grow: nothing is changed'); END
    """,
)
_ERASURE_ONLY = """
    WHEN NEW.number <> OLD.number OR NEW.salt IS NOT NULL OR NEW.body IS NOT NULL
"""

_VIEWS = (
    """
    CREATE VIEW facts AS
    SELECT e.*, CASE WHEN p.body IS NULL THEN NULL
                ELSE json_extract(CAST(p.body AS TEXT), '$.facts') END AS facts
    FROM events AS e LEFT JOIN payloads AS p USING (number)
    """,
    # Joined table by table: over the view `facts`, SQLite would read every event for each session.
    """
    CREATE VIEW sessions AS
    SELECT o.session AS id, o.number AS opening, c.number AS closing, o.boot AS boot,
        o.utc_us AS opened_utc_us, c.utc_us AS closed_utc_us, o.clock_trusted AS clock_trusted,
        CAST(asked.body AS TEXT) ->> '$.facts.programme' AS programme,
        CAST(asked.body AS TEXT) ->> '$.facts.region' AS region,
        CAST(asked.body AS TEXT) ->> '$.facts.rig' AS rig,
        CAST(asked.body AS TEXT) ->> '$.facts.operator' AS operator,
        CAST(asked.body AS TEXT) ->> '$.facts.patient' AS patient,
        CAST(asked.body AS TEXT) ->> '$.facts.plan_digest' AS plan_digest,
        CAST(asked.body AS TEXT) ->> '$.facts.board_digest' AS board_digest,
        CAST(given.body AS TEXT) ->> '$.facts.outcome' AS outcome,
        CAST(given.body AS TEXT) ->> '$.facts.cause' AS cause,
        CAST(given.body AS TEXT) ->> '$.facts.elapsed_us' AS elapsed_us
    FROM events AS o
    LEFT JOIN payloads AS asked ON asked.number = o.number
    LEFT JOIN events AS c ON c.number = (
        SELECT min(number) FROM events WHERE name = 'session_closed' AND session = o.session)
    LEFT JOIN payloads AS given ON given.number = c.number
    WHERE o.name = 'session_opened'
    """,
    """
    CREATE VIEW level_changes AS
    SELECT number, session, boot, utc_us, monotonic_us, facts ->> 'channel' AS channel,
        facts ->> 'from_ua' AS from_ua, facts ->> 'to_ua' AS to_ua,
        facts ->> 'slice_number' AS slice_number, facts ->> 'cause' AS cause
    FROM facts WHERE name = 'level_changed'
    """,
    """
    CREATE VIEW timing_proofs AS
    SELECT number, session, boot, utc_us, facts ->> 'passed' AS passed,
        facts ->> 'ratio_ppm' AS ratio_ppm, facts FROM facts WHERE name = 'timing_proof'
    """,
    """
    CREATE VIEW self_tests AS
    SELECT number, boot, utc_us, facts ->> 'passed' AS passed, facts
    FROM facts WHERE name = 'self_test'
    """,
    """
    CREATE VIEW operators AS
    SELECT facts ->> 'operator' AS operator, facts ->> 'role' AS role,
        name = 'operator_enrolled' AS active, number, utc_us
    FROM facts WHERE number IN (
        SELECT max(number) FROM facts WHERE name IN ('operator_enrolled', 'operator_retired')
        GROUP BY facts ->> 'operator')
    """,
)


def _records(db: Database) -> None:
    """Make the tables, their triggers and the views over them."""
    for statement in _TABLES:
        db.execute(statement)
    for table in _APPEND_ONLY:
        exception = _ERASURE_ONLY if table == "payloads" else ""
        for guard in _GUARDS:
            db.execute(guard.format(table=table, exception=exception))
    for statement in _VIEWS:
        db.execute(statement)


STEPS: tuple[tuple[str, Callable[[Database], None]], ...] = (
    ("0001_records", _records),
    ("0002_drills", make_drill_view),
    ("0003_patients", make_patient_views),
    ("0004_given", make_given_view),
    ("0005_operator_pins", make_pin_table),
)


def migrate(connection: sqlite3.Connection, folder: Path) -> None:
    """Run the missing steps; raises `JournalError`, also if a newer version wrote the database."""
    steps = Migrations(SET)
    for name, step in STEPS:
        steps(name=name)(step)
    db = Database(connection, strict=True)
    try:
        unknown = {step.name for step in steps.applied(db)} - {name for name, _ in STEPS}
        if unknown:
            raise JournalError(
                f"the records in {folder} were written by a newer version "
                f"(step {', '.join(sorted(unknown))}): update this program"
            )
        steps.apply(db)
    except sqlite3.Error as error:
        raise journal_failure(error, folder) from error


def applied_steps(connection: sqlite3.Connection) -> dict[str, str]:
    """Return when each step ran, as recorded in the database."""
    rows = connection.execute(
        "SELECT name, applied_at FROM _sqlite_migrations WHERE migration_set = ?", (SET,)
    )
    return dict(rows.fetchall())


def schema_digest(connection: sqlite3.Connection) -> str:
    """Return SHA-256 of the schema's text, in hex: it shows a removed trigger."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
        "ORDER BY type, name"
    )
    return hashlib.sha256("\n".join(sql for (sql,) in rows).encode()).hexdigest()
