"""Reads sessions and pages of records from a read-only database (`open_read_only`)."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlite_utils import Database

PAGE_BYTES = 48 * 1024
"""Limit of a page, below the longest line of the link."""
_EVENTS = (
    "SELECT number, session, name, boot, utc_us, monotonic_us, clock_trusted, facts FROM facts "
    "WHERE session = ? AND number > ? ORDER BY number"
)
_MEASUREMENTS = "SELECT * FROM measurements WHERE session = ? ORDER BY number"
_SESSIONS = (
    "SELECT * FROM sessions WHERE opening IN (SELECT number FROM events "
    "WHERE name = 'session_opened' AND number < ? ORDER BY number DESC LIMIT ?) "
    "ORDER BY opening DESC"
)
_BEYOND_ALL = 2**63 - 1

Plain = dict[str, Any]


class SessionSummary(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the list of sessions.

    `title` is that of an own programme; what is written of a session without one leaves it out.
    Erased values are None. Without `closing` the session is running, or was interrupted and no
    engine has started since.
    """

    id: str
    opening: int
    closing: int | None
    boot: int
    opened_utc_us: int
    closed_utc_us: int | None
    clock_trusted: bool
    programme: str | None
    region: str | None
    rig: str | None
    operator: str | None
    patient: str | None
    plan_digest: str | None
    board_digest: str | None
    outcome: str | None
    cause: str | None
    elapsed_us: int | None
    title: str = ""


class EventRecord(msgspec.Struct, frozen=True):
    """One event; `facts` is None once erased."""

    number: int
    session: str | None
    name: str
    boot: int
    utc_us: int
    monotonic_us: int
    clock_trusted: bool
    facts: Plain | None


class SessionRecord(msgspec.Struct, frozen=True):
    """A whole session: `opening` and `closing` are the facts of its first and last event."""

    summary: SessionSummary
    opening: Plain | None
    closing: Plain | None
    events: tuple[EventRecord, ...]
    measurements: tuple[Plain, ...]

    @property
    def dose(self) -> tuple[Mapping[str, object], ...]:
        """Return the dose of each channel from the closing event; empty without one."""
        channels = (self.closing or {}).get("channels")
        return tuple(channels) if isinstance(channels, list) else ()


class RecordPage(msgspec.Struct, frozen=True):
    """Rows, and the `after` of the next page; None on the last page."""

    rows: tuple[Plain, ...]
    next_after: int | None


def list_sessions(db: Database, after: int = 0, limit: int = 50) -> tuple[SessionSummary, ...]:
    """Return sessions, newest first; `after` is the `opening` of the last one seen, or 0."""
    rows = db.query(_SESSIONS, [after or _BEYOND_ALL, limit])
    titled = ({**row, "title": _own_title(db, row)} for row in rows)
    return tuple(msgspec.convert(row, SessionSummary, strict=False) for row in titled)


def _own_title(db: Database, row: Mapping[str, Any]) -> str:
    """Return the title of an own programme as the session has it, "" for one of the catalogue."""
    opened = read_facts(db, row["opening"]) or {}
    return str(opened.get("title", ""))


def read_summary(db: Database, session: str) -> SessionSummary | None:
    """Return one line of the list of sessions, or None for an unknown id."""
    rows = list(db.query("SELECT * FROM sessions WHERE id = ?", [session]))
    return msgspec.convert(rows[0], SessionSummary, strict=False) if rows else None


def read_session(db: Database, session: str) -> SessionRecord | None:
    """Return one session with all its events and measurements, or None for an unknown id."""
    summary = read_summary(db, session)
    if summary is None:
        return None
    events = tuple(_events(db, session, 0))
    by_number = {event.number: event.facts for event in events}
    return SessionRecord(
        summary=summary,
        opening=by_number.get(summary.opening),
        closing=by_number.get(summary.closing or 0),
        events=events,
        measurements=tuple(db.query(_MEASUREMENTS, [session])),
    )


def read_facts(db: Database, number: int) -> Plain | None:
    """Return the facts of one event, None for an unknown or erased one."""
    row = db.execute("SELECT facts FROM facts WHERE number = ?", [number]).fetchone()
    return None if row is None or row[0] is None else msgspec.json.decode(row[0])


def nearest_sessions(db: Database, session: str, count: int = 3) -> tuple[str, ...]:
    """Return the ids most similar to a mistyped one, or the newest if none is similar."""
    ids = [row["id"] for row in db.query("SELECT id FROM sessions ORDER BY opening DESC")]
    return tuple(difflib.get_close_matches(session, ids, count, 0.7) or ids[:count])


def read_page(db: Database, what: str, after: int, limit: int) -> RecordPage | None:
    """Answer the link's query for "sessions" or "session:ID"; None for anything else.

    A page may end before `limit` so that it fits one line.
    """
    if what == "sessions":
        return _page(list_sessions(db, after, limit + 1), "opening", limit)
    kind, _, session = what.partition(":")
    if (
        kind != "session"
        or not db.execute("SELECT 1 FROM sessions WHERE id = ?", [session]).fetchone()
    ):
        return None
    return _page(_events(db, session, after), "number", limit)


def _events(db: Database, session: str, after: int) -> Iterator[EventRecord]:
    for row in db.query(_EVENTS, [session, after]):
        facts = None if row["facts"] is None else msgspec.json.decode(row["facts"])
        yield msgspec.convert({**row, "facts": facts}, EventRecord, strict=False)


def _page(records: Iterable[msgspec.Struct], cursor: str, limit: int) -> RecordPage:
    return page_of((msgspec.to_builtins(record) for record in records), cursor, limit)


def page_of(found: Iterable[Plain], cursor: str, limit: int) -> RecordPage:
    """Take rows until the page is full; at least one, so that paging always advances."""
    rows: list[Plain] = []
    size = 0
    for row in found:
        size += len(msgspec.json.encode(row))
        if rows and (len(rows) == limit or size > PAGE_BYTES):
            return RecordPage(tuple(rows), rows[-1][cursor])
        rows.append(row)
    return RecordPage(tuple(rows), None)
