"""Completes the incidents of earlier boots when an engine starts.

half-written file           deleted; if written whole but not renamed yet, it gets its name
erased, but still there     deleted (the power failed between journal entry and deletion)
whole, not in the journal   recorded, if it was sealed with our own key
interrupted session         gets an incident made from the last minute in the journal
stop without an incident    the same: the power failed within a second of it, or during the write

A file that cannot be read is left as it is: no file in the folder can keep an engine from starting.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from appliance.errors import JournalError
from appliance.records.incidents.format import IncidentDraft, is_sealed_as, packed_of, read
from appliance.records.incidents.store import IncidentFolder, SealedIncident, UnsealedIncident
from appliance.records.journal.journal import Journal
from appliance.records.patient_facts import CLINICAL
from appliance.records.session_events import EventName
from appliance.records.storage.store import open_read_only
from appliance.records.unit_facts import without_words
from drivers.quantities import US_PER_S

LAST_US = 60 * US_PER_S
AFTERWARDS_US = US_PER_S
INTERRUPTED = "interrupted"
RECOVERED = "recovered"
ORDINARY = frozenset({"plan_ended", "pause"})
"""Normal stop causes; no incident is recorded unless a stop step failed."""
_EVENTS = (
    "SELECT monotonic_us AS at_us, name AS event, facts FROM facts WHERE session IS ? AND boot = ? "
    "AND facts IS NOT NULL ORDER BY number"
)
_MEASURED = (
    "SELECT monotonic_us AS at_us, * FROM measurements WHERE session = ? AND boot = ? "
    "ORDER BY number"
)
# A boot with a normal end has sealed its stops, or recorded for each that it could not.
_UNSEALED = """
    SELECT session, boot, monotonic_us AS at_us, facts FROM facts AS stop
    WHERE name = 'stop' AND facts IS NOT NULL
    AND boot NOT IN (SELECT boot FROM events WHERE name = 'shutdown')
    AND NOT EXISTS (SELECT 1 FROM events WHERE name IN ('capsule', 'capsule_lost')
        AND session IS stop.session AND number > stop.number)
    ORDER BY number
"""
_INTERRUPTED = """
    SELECT session FROM facts AS closing
    WHERE name = 'session_closed' AND facts ->> 'outcome' = 'interrupted'
    AND coalesce(facts ->> 'cause', '') <> 'paused_too_long'
    AND boot NOT IN (SELECT boot FROM events WHERE name = 'shutdown')
    AND NOT EXISTS (SELECT 1 FROM facts AS told WHERE name IN ('capsule', 'capsule_lost')
        AND session = closing.session
        AND (facts IS NULL OR facts ->> 'capsule' LIKE session || '-interrupted%'))
    ORDER BY number
"""
_FILES = "SELECT facts ->> 'file' FROM facts WHERE name = 'capsule' AND facts IS NOT NULL"
_ERASED = "SELECT facts FROM facts WHERE name = 'erased' AND facts IS NOT NULL"


def sealed_facts(done: SealedIncident) -> dict[str, object]:
    """Return the facts of the event `capsule`: enough to detect any change of the file."""
    return {
        "capsule": done.draft.name,
        "file": done.file,
        "sha256": done.sha256,
        "bytes": done.size,
        "cause": done.draft.cause,
        "public_key": done.public_key,
    }


def lost_facts(lost: UnsealedIncident) -> dict[str, object]:
    """Return the facts of the event `capsule_lost`."""
    return {"capsule": lost.draft.name, "cause": lost.draft.cause, "why": lost.why}


def recover_incidents(
    journal: Journal,
    folder: IncidentFolder,
    interrupted: Sequence[str],
    facts: Mapping[str, object],
) -> None:
    """Make folder and journal agree; `interrupted` are the sessions this start has closed.

    Sessions that an earlier start closed but did not seal are found again. `facts` go into every
    header. Raises `JournalError` if the journal cannot be read or written.
    """
    folder.tidy()
    journal.flush()
    with open_read_only(journal.folder) as db:
        known = {file for (file,) in db.execute(_FILES)}
        erased = set(_erased_files(db))
    for path in folder.files():
        if path.name in erased:
            with suppress(JournalError):  # verify names it
                folder.erase([path.name])
        elif path.name not in known:
            _adopt(journal, path, folder, facts.get("device"))
    journal.flush()
    with open_read_only(journal.folder) as db:
        drafts = list(_owed(db, interrupted, facts))
    for draft in drafts:
        done = folder.seal(draft)
        if isinstance(done, SealedIncident):
            journal.append(EventName.CAPSULE, sealed_facts(done), draft.session)
        else:
            journal.append(EventName.CAPSULE_LOST, lost_facts(done), draft.session)


def erased_files(db: Database) -> frozenset[str]:
    """Return the names of the incident files that were erased."""
    return frozenset(_erased_files(db))


def _erased_files(db: Database) -> Iterator[str]:
    for (facts,) in db.execute(_ERASED):
        yield from msgspec.json.decode(facts).get("capsules", ())


def _adopt(journal: Journal, path: Path, folder: IncidentFolder, device: object) -> None:
    """Record an incident that was written just before the power failed, if our key sealed it.

    A file from earlier records (same key, another `device`) gets no session: session ids start
    again with new records.
    """
    try:
        incident, packed = read(path), packed_of(path)
        public_key = folder.public_key
    except (JournalError, OSError):
        return  # verify names it
    if not is_sealed_as(incident, path, {public_key}):
        return
    session = incident.header.get("session") if incident.header.get("device") == device else None
    facts = {
        "capsule": str(incident.header.get("capsule", "")),
        "file": path.name,
        "sha256": sha256(packed).hexdigest(),
        "bytes": len(packed),
        "cause": str(incident.header.get("cause", "")),
        "public_key": public_key,
        "found_at_start": True,
    }
    journal.append(EventName.CAPSULE, facts, session if isinstance(session, str) else None)


def _owed(
    db: Database, interrupted: Sequence[str], facts: Mapping[str, object]
) -> Iterator[IncidentDraft]:
    """Yield a draft for each session or boot that has neither `capsule` nor `capsule_lost`."""
    stops: dict[tuple[str | None, int], list[tuple[int, dict[str, Any]]]] = {}
    for row in db.query(_UNSEALED):
        stop = msgspec.json.decode(row["facts"])
        if stop.get("cause") not in ORDINARY or stop.get("failures"):
            stops.setdefault((row["session"], row["boot"]), []).append((row["at_us"], stop))
    cut_off = dict.fromkeys([*interrupted, *(session for (session,) in db.execute(_INTERRUPTED))])
    for (session, boot), stops_at in stops.items():
        if session not in cut_off:
            reason = {
                "cause": str(stops_at[0][1].get("cause")),
                "stops": [stop for _, stop in stops_at],
            }
            until_us = stops_at[-1][0] + AFTERWARDS_US
            name = f"{session or f'{boot:04d}-000'}-{RECOVERED}"
            yield _from_journal(db, name, session, boot, {**facts, **reason}, until_us)
    for session in cut_off:
        opening = "SELECT boot FROM events WHERE session = ? AND name = 'session_opened'"
        (boot,) = db.execute(opening, [session]).fetchone()
        reason = {"cause": INTERRUPTED, "stops": [s for _, s in stops.get((session, boot), [])]}
        yield _from_journal(db, f"{session}-{INTERRUPTED}", session, boot, {**facts, **reason})


def _from_journal(
    db: Database,
    name: str,
    session: str | None,
    boot: int,
    facts: Mapping[str, object],
    until_us: int | None = None,
) -> IncidentDraft:
    """Make a draft of the last minute in the journal before the end of a boot or `until_us`."""
    opening = "SELECT facts FROM facts WHERE session = ? AND name = 'session_opened'"
    (opened,) = db.execute(opening, [session]).fetchone() or (None,)
    events = [
        {**row, "facts": without_words(row["event"], msgspec.json.decode(row["facts"]))}
        for row in db.query(_EVENTS, [session, boot])
        if row["event"] not in CLINICAL
    ]
    measured = [
        {"at_us": row.pop("at_us"), "measurement": row}
        for row in db.query(_MEASURED, [session, boot])
    ]
    entries = sorted([*events, *measured], key=lambda entry: entry["at_us"])
    newest_us = entries[-1]["at_us"] if entries else 0
    if until_us is not None:
        newest_us = min(newest_us, until_us)
    header = {
        **facts,
        "boot": boot,
        "session": session,
        "source": "journal",
        "opened": msgspec.json.decode(opened) if opened else {},
        "columns": [],
        "states": [],
    }
    last = [entry for entry in entries if newest_us - LAST_US <= entry["at_us"] <= newest_us]
    return IncidentDraft(name, session, str(facts["cause"]), header, lambda: last)
