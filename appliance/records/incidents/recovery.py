"""What the start of an engine owes to the incidents of earlier boots.

half written            taken away; written whole and not named yet, it gets its name
erased, but still there taken away (the power went between the two)
whole, and unknown      taken into the journal, where our own key sealed it
a session cut off       gets an incident of what the journal holds of its last minute
a stop never sealed     too: the power went in the second after it, or while it was written

A file that cannot be read is left alone: no odd thing in that folder keeps an engine from its work.
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
from appliance.records.sessions import EventName
from appliance.records.storage.store import open_read_only
from drivers.quantities import US_PER_S

LAST_US = 60 * US_PER_S
AFTERWARDS_US = US_PER_S
INTERRUPTED = "interrupted"
RECOVERED = "recovered"
ORDINARY = frozenset({"plan_ended", "pause"})
"""Ends of output that leave no incident, unless a step of them failed."""
_EVENTS = (
    "SELECT monotonic_us AS at_us, name AS event, facts FROM facts WHERE session IS ? AND boot = ? "
    "AND facts IS NOT NULL ORDER BY number"
)
_MEASURED = (
    "SELECT monotonic_us AS at_us, * FROM measurements WHERE session = ? AND boot = ? "
    "ORDER BY number"
)
# A boot that ended in order has sealed its stops, or said of each that it could not.
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
    AND boot NOT IN (SELECT boot FROM events WHERE name = 'shutdown')
    AND NOT EXISTS (SELECT 1 FROM facts AS told WHERE name IN ('capsule', 'capsule_lost')
        AND session = closing.session
        AND (facts IS NULL OR facts ->> 'capsule' LIKE session || '-interrupted%'))
    ORDER BY number
"""
_FILES = "SELECT facts ->> 'file' FROM facts WHERE name = 'capsule' AND facts IS NOT NULL"
_ERASED = "SELECT facts FROM facts WHERE name = 'erased' AND facts IS NOT NULL"


def sealed_facts(done: SealedIncident) -> dict[str, object]:
    """Return what the journal keeps of an incident: enough to find any change of its file."""
    return {
        "capsule": done.draft.name,
        "file": done.file,
        "sha256": done.sha256,
        "bytes": done.size,
        "cause": done.draft.cause,
        "public_key": done.public_key,
    }


def lost_facts(lost: UnsealedIncident) -> dict[str, object]:
    """Return what the journal says of an incident that could not be written."""
    return {"capsule": lost.draft.name, "cause": lost.draft.cause, "why": lost.why}


def recover_incidents(
    journal: Journal,
    folder: IncidentFolder,
    interrupted: Sequence[str],
    facts: Mapping[str, object],
) -> None:
    """Bring folder and journal together; `interrupted` are the sessions this start has closed.

    Those an earlier start had closed and not come to seal are found again. Raises `JournalError`
    where the journal cannot be read or written.
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
    """Return the names of the incident files that erasures took away."""
    return frozenset(_erased_files(db))


def _erased_files(db: Database) -> Iterator[str]:
    for (facts,) in db.execute(_ERASED):
        yield from msgspec.json.decode(facts).get("capsules", ())


def _adopt(journal: Journal, path: Path, folder: IncidentFolder, device: object) -> None:
    """Take an incident in that was written just before the power went; not a stranger's.

    One of records before these (same key, another `device`) belongs to no session of ours: ids
    begin anew with the records.
    """
    try:
        found, packed = read(path), packed_of(path)
        public_key = folder.public_key
    except (JournalError, OSError):
        return  # verify names it
    if not is_sealed_as(found, path, {public_key}):
        return
    session = found.header.get("session") if found.header.get("device") == device else None
    facts = {
        "capsule": str(found.header.get("capsule", "")),
        "file": path.name,
        "sha256": sha256(packed).hexdigest(),
        "bytes": len(packed),
        "cause": str(found.header.get("cause", "")),
        "public_key": public_key,
        "found_at_start": True,
    }
    journal.append(EventName.CAPSULE, facts, session if isinstance(session, str) else None)


def _owed(
    db: Database, interrupted: Sequence[str], facts: Mapping[str, object]
) -> Iterator[IncidentDraft]:
    """Yield what has no incident, and no word that there is none: each session or boot once."""
    stops: dict[tuple[str | None, int], list[tuple[int, dict[str, Any]]]] = {}
    for row in db.query(_UNSEALED):
        stop = msgspec.json.decode(row["facts"])
        if stop.get("cause") not in ORDINARY or stop.get("failures"):
            stops.setdefault((row["session"], row["boot"]), []).append((row["at_us"], stop))
    cut = dict.fromkeys([*interrupted, *(session for (session,) in db.execute(_INTERRUPTED))])
    for (session, boot), found in stops.items():
        if session not in cut:
            said = {"cause": str(found[0][1].get("cause")), "stops": [stop for _, stop in found]}
            until_us = found[-1][0] + AFTERWARDS_US
            name = f"{session or f'{boot:04d}-000'}-{RECOVERED}"
            yield _from_journal(db, name, session, boot, {**facts, **said}, until_us)
    for session in cut:
        opening = "SELECT boot FROM events WHERE session = ? AND name = 'session_opened'"
        (boot,) = db.execute(opening, [session]).fetchone()
        said = {"cause": INTERRUPTED, "stops": [s for _, s in stops.get((session, boot), [])]}
        yield _from_journal(db, f"{session}-{INTERRUPTED}", session, boot, {**facts, **said})


def _from_journal(
    db: Database,
    name: str,
    session: str | None,
    boot: int,
    facts: Mapping[str, object],
    until_us: int | None = None,
) -> IncidentDraft:
    """Put together what the journal holds of the minute before the end of a boot or `until_us`."""
    opening = "SELECT facts FROM facts WHERE session = ? AND name = 'session_opened'"
    (opened,) = db.execute(opening, [session]).fetchone() or (None,)
    events = [
        {**row, "facts": msgspec.json.decode(row["facts"])}
        for row in db.query(_EVENTS, [session, boot])
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
    last = [each for each in entries if newest_us - LAST_US <= each["at_us"] <= newest_us]
    return IncidentDraft(name, session, str(facts["cause"]), header, lambda: last)
