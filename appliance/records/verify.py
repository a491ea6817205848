"""Verifies all records and reports each alteration.

It cannot detect that somebody with the whole file rewrote all records, or removed the last ones
with care. Both show when the hash of the last event was noted elsewhere.
"""

import sqlite3
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from appliance.records.incidents.audit import IncidentAudit, check_incidents
from appliance.records.journal import chain
from appliance.records.journal.chain import ChainFinding
from appliance.records.journal.verified_at_start import ALL_EVENTS, read_rows
from appliance.records.session_events import EventName
from appliance.records.storage.migrations import applied_steps, schema_digest

_FACTS = (
    "SELECT number, boot, body FROM events JOIN payloads USING (number) "
    "WHERE name = ? AND body IS NOT NULL ORDER BY number"
)
_STRAYS = (
    "SELECT payloads.number FROM payloads LEFT JOIN events USING (number) "
    "WHERE events.number IS NULL"
)
_ENDS = (
    "SELECT name, coalesce(seq, 0), highest FROM ("
    " SELECT 'events' AS name, coalesce(max(number), 0) AS highest FROM events"
    " UNION ALL SELECT 'boots', coalesce(max(number), 0) FROM boots"
    " UNION ALL SELECT 'measurements', coalesce(max(number), 0) FROM measurements"
    ") LEFT JOIN sqlite_sequence USING (name)"
)
_SEALED = "SELECT * FROM measurements WHERE number BETWEEN ? AND ? ORDER BY number"
_BOOT_COLUMNS = ("build", "utc_us", "monotonic_us", "clock_trusted")


class VerifyReport(msgspec.Struct, frozen=True):
    """How much was checked, and what is wrong; no `findings` if everything is as written.

    `unsealed` measurements belong to a running engine, or to one that was interrupted; the next
    start seals them as they are then.
    """

    events: int
    erased: int
    boots: int
    sessions: int
    measurements: int
    unsealed: int
    incidents: int = msgspec.field(name="capsules")
    incidents_erased: int = msgspec.field(name="capsules_erased")
    incidents_waiting: int = msgspec.field(name="capsules_waiting")
    head: str
    findings: tuple[ChainFinding, ...]


def verify(db: Database) -> VerifyReport:
    """Check file, schema, chain, boots, measurements and incidents."""
    connection = db.conn
    findings = [finding for check in _CHECKS for finding in _guarded(check, connection)]
    incidents = _incidents(db)
    findings += incidents.findings
    measurements = _count(connection, "SELECT count(*) FROM measurements")
    sealed = max((last for _, last, _ in _seals(connection)), default=0)
    return VerifyReport(
        events=_count(connection, "SELECT count(*) FROM events"),
        erased=_count(connection, "SELECT count(*) FROM payloads WHERE body IS NULL"),
        boots=_count(connection, "SELECT count(*) FROM boots"),
        sessions=_count(connection, "SELECT count(*) FROM events WHERE name = 'session_opened'"),
        measurements=measurements,
        unsealed=max(measurements - sealed, 0),
        incidents=incidents.incidents,
        incidents_erased=incidents.erased,
        incidents_waiting=incidents.waiting,
        head=_head(connection),
        findings=tuple(findings),
    )


def _file(connection: sqlite3.Connection) -> Iterator[ChainFinding]:
    """Ask SQLite about pages, indexes, column types and constraints."""
    for (text,) in connection.execute("PRAGMA integrity_check(20)"):
        if text != "ok":
            yield ChainFinding("file", text)


def _schema(connection: sqlite3.Connection) -> Iterator[ChainFinding]:
    """Compare tables, triggers and migrations with what the last boot recorded."""
    boots = list(_facts(connection, EventName.BOOT))
    if not boots:
        if _count(connection, "SELECT count(*) FROM events"):
            yield ChainFinding("boots", "no boot is recorded")
        return  # a first start that found no room leaves tables and nothing in them
    facts = boots[-1][2]
    if facts.get("schema") != schema_digest(connection):
        yield ChainFinding("schema", "a table, guard or view is not what the last boot found")
    if facts.get("steps") != applied_steps(connection):
        yield ChainFinding("schema", "the migrations are not those the last boot found")


def _chain(connection: sqlite3.Connection) -> Iterator[ChainFinding]:
    yield from chain.verify(read_rows(connection.execute(ALL_EVENTS)))
    for (number,) in connection.execute(_STRAYS):
        yield ChainFinding(f"event {number}", "missing: only its body is left")


def _ends(connection: sqlite3.Connection) -> Iterator[ChainFinding]:
    """Compare the last numbers with the highest ever used, which SQLite keeps."""
    for table, written, last in connection.execute(_ENDS):
        if written != last:
            yield ChainFinding(table, f"end at {last}, but {written} were written")


def _boots(connection: sqlite3.Connection) -> Iterator[ChainFinding]:
    """Compare the table of boots with the boot events in the chain."""
    rows = {row[0]: row[1:] for row in connection.execute("SELECT * FROM boots")}
    for _, boot, facts in _facts(connection, EventName.BOOT):
        written = tuple(facts.get(column) for column in _BOOT_COLUMNS)
        if rows.pop(boot, None) != written:
            yield ChainFinding(f"boot {boot}", "its row is not what its event says")
    for boot in rows:
        yield ChainFinding(f"boot {boot}", "no event speaks of it")


def _measurements(connection: sqlite3.Connection) -> Iterator[ChainFinding]:
    """Recompute every seal, and check that no measurement lies between two seals."""
    sealed = 0
    for first, last, written in _seals(connection):
        if first != sealed + 1:
            yield ChainFinding(f"measurements from {sealed + 1}", f"no seal before {first}")
        sealed = last
        rows = connection.execute(_SEALED, (first, last))
        if sha256(b"".join(map(chain.seal_bytes, rows))).hexdigest() != written:
            yield ChainFinding(f"measurements {first} to {last}", "not what was written")


def _incidents(db: Database) -> IncidentAudit:
    """Compare the incident files, which are next to the database, with the journal."""
    try:
        files = {name: file for _, name, file in db.conn.execute("PRAGMA database_list")}
        return check_incidents(db, Path(files["main"]).parent)
    except (sqlite3.DatabaseError, msgspec.DecodeError, ValueError) as error:
        return IncidentAudit(0, 0, 0, (ChainFinding("capsules", f"cannot be read: {error}"),))


_CHECKS = (_file, _schema, _chain, _ends, _boots, _measurements)


def _guarded(
    check: Callable[[sqlite3.Connection], Iterator[ChainFinding]], connection: sqlite3.Connection
) -> list[ChainFinding]:
    """Return the findings of a check; an unreadable file is a finding too."""
    findings: list[ChainFinding] = []
    try:
        findings.extend(check(connection))
    except sqlite3.DatabaseError as error:
        findings.append(ChainFinding("file", f"cannot be read: {error}"))
    return findings


def _facts(connection: sqlite3.Connection, name: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield number, boot and facts of all readable events of a name."""
    for number, boot, body in connection.execute(_FACTS, (name,)):
        try:
            yield number, boot, dict(chain.read_body(body).facts)
        except msgspec.DecodeError:
            continue


def _seals(connection: sqlite3.Connection) -> Iterator[tuple[int, int, str]]:
    """Yield first, last and SHA-256 of each seal; none where the file cannot be read."""
    try:
        for _, _, facts in _facts(connection, EventName.MEASUREMENTS_SEALED):
            yield int(facts["first"]), int(facts["last"]), str(facts["sha256"])
    except (sqlite3.DatabaseError, KeyError, TypeError, ValueError):
        return


def _count(connection: sqlite3.Connection, question: str) -> int:
    try:
        return int(connection.execute(question).fetchone()[0])
    except sqlite3.DatabaseError:
        return 0


def _head(connection: sqlite3.Connection) -> str:
    """Return the hash of the last event in hex, empty if there is none."""
    try:
        row = connection.execute("SELECT hash FROM events ORDER BY number DESC LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        return ""
    return bytes(row[0]).hex() if row else ""
