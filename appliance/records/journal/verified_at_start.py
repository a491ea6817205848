"""The end of the records of earlier boots, read and verified once at the start."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from appliance.errors import JournalDamaged
from appliance.records.journal import chain
from appliance.records.session_events import EventName
from appliance.records.storage.sqlite_errors import journal_failure

TAIL_EVENTS = 64
"""Number of events verified at every start; `sessions verify` checks all."""
_Fact = TypeVar("_Fact", int, str)
_COLUMNS = (
    "SELECT number, boot, session, name, utc_us, monotonic_us, clock_trusted, digest, hash, "
    "salt, body FROM events LEFT JOIN payloads USING (number) "
)
ALL_EVENTS = _COLUMNS + "ORDER BY number"
_LAST_EVENTS = _COLUMNS + "ORDER BY number DESC LIMIT ?"
_LAST_BODY = (
    "SELECT body FROM events JOIN payloads USING (number) WHERE name = ? "
    "ORDER BY number DESC LIMIT 1"
)
_UNSEALED = "SELECT * FROM measurements WHERE number > ? ORDER BY number"


class ChainTail(NamedTuple):
    """The last number of each kind; `device` is empty in a new folder.

    `unsealed` are measurements of a boot that ended before it could seal them.
    """

    device: str
    boot: int
    number: int
    hash: bytes
    sealed: int
    unsealed: tuple[tuple[object, ...], ...]


def read_rows(rows: Iterable[Any]) -> Iterator[chain.ChainRow]:
    """Turn the rows of `ALL_EVENTS` into the rows that the chain verifies."""
    for number, boot, session, name, utc_us, at_us, trusted, digest, link, salt, body in rows:
        header = chain.ChainHeader(boot, session, name, utc_us, at_us, bool(trusted))
        yield chain.ChainRow(number, header, digest, link, salt, body)


def read_tail(connection: sqlite3.Connection, folder: Path) -> ChainTail:
    """Read the end of the records; raises `JournalDamaged` if it does not verify."""
    try:
        number, link = _verified_end(connection, folder)
        (boot,) = connection.execute("SELECT coalesce(max(number), 0) FROM boots").fetchone()
        sealed = _last_fact(connection, folder, EventName.MEASUREMENTS_SEALED, "last", 0)
        device = _last_fact(connection, folder, EventName.GENESIS, "device", "")
        unsealed = tuple(connection.execute(_UNSEALED, (sealed,)))
    except sqlite3.Error as error:
        raise journal_failure(error, folder) from error
    return ChainTail(device, boot, number, link, sealed, unsealed)


def _verified_end(connection: sqlite3.Connection, folder: Path) -> tuple[int, bytes]:
    """Return number and hash of the last event, after verifying the last 64."""
    rows = list(read_rows(connection.execute(_LAST_EVENTS, (TAIL_EVENTS + 1,))))[::-1]
    if not rows:
        return 0, chain.NO_HASH
    before, checked = (rows[0], rows[1:]) if len(rows) > TAIL_EVENTS else (None, rows)
    start = (before.hash, before.number + 1) if before else (chain.NO_HASH, 1)
    for finding in chain.verify(checked, *start):
        raise _damaged(folder, f"{finding.where}: {finding.text}")
    return rows[-1].number, rows[-1].hash


def _last_fact(
    connection: sqlite3.Connection, folder: Path, name: str, key: str, nothing: _Fact
) -> _Fact:
    """Return one fact of the last event of that name, or `nothing` if there is none."""
    row = connection.execute(_LAST_BODY, (name,)).fetchone()
    if row is None:
        return nothing
    try:
        return msgspec.convert(chain.read_body(row[0]).facts[key], type(nothing))
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise _damaged(folder, f"the last {name} cannot be read") from error


def _damaged(folder: Path, what: str) -> JournalDamaged:
    return JournalDamaged(
        f"the records in {folder} were altered ({what}): "
        "keep a copy of the folder, then begin in an empty one"
    )
