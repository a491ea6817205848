"""What the start of an engine owes to the capsules of earlier boots.

half written            taken away
erased, but still there taken away (the power went between the two)
whole, and unknown      taken into the journal, where our own key sealed it
a session cut off       gets a capsule of what the journal holds of its last minute
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import msgspec
from sqlite_utils import Database

from appliance.records.capsule_format import Draft, read
from appliance.records.capsule_store import CapsuleFolder, Sealed, Unsealed
from appliance.records.sessions import EventName
from appliance.records.store import open_read_only
from drivers.quantities import US_PER_S

LAST_US = 60 * US_PER_S
INTERRUPTED = "interrupted"
_EVENTS = (
    "SELECT monotonic_us AS at_us, name AS event, facts FROM facts WHERE session = ? AND boot = ? "
    "AND facts IS NOT NULL ORDER BY number"
)
_MEASURED = (
    "SELECT monotonic_us AS at_us, * FROM measurements WHERE session = ? AND boot = ? "
    "ORDER BY number"
)
_FILES = "SELECT facts ->> 'file' FROM facts WHERE name = 'capsule' AND facts IS NOT NULL"
_ERASED = "SELECT facts FROM facts WHERE name = 'erased' AND facts IS NOT NULL"


class Recorder(Protocol):
    """What of a journal is needed here."""

    @property
    def folder(self) -> Path:
        """Return the data folder."""
        ...

    def append(self, name: str, facts: Mapping[str, object], session: str | None = None) -> int:
        """Record an event."""
        ...

    def flush(self) -> None:
        """Return when everything appended is on the disk."""
        ...


def capsule_facts(done: Sealed) -> dict[str, object]:
    """Return what the journal keeps of a capsule: enough to find any change of its file."""
    return {
        "capsule": done.draft.name,
        "file": done.file,
        "sha256": done.sha256,
        "bytes": done.size,
        "cause": done.draft.cause,
        "public_key": done.public_key,
    }


def lost_facts(lost: Unsealed) -> dict[str, object]:
    """Return what the journal says of a capsule that could not be written."""
    return {"capsule": lost.draft.name, "cause": lost.draft.cause, "why": lost.why}


def recover_capsules(
    journal: Recorder,
    folder: CapsuleFolder,
    interrupted: Sequence[str],
    facts: Mapping[str, object],
) -> None:
    """Bring folder and journal together; `interrupted` are the sessions this start has closed.

    Raises `JournalError` where the journal cannot be read or written.
    """
    folder.tidy()
    journal.flush()
    with open_read_only(journal.folder) as db:
        known = {file for (file,) in db.execute(_FILES)}
        erased = set(_erased_files(db))
        drafts = [_interrupted(db, session, facts) for session in interrupted]
    for path in folder.files():
        if path.name in erased:
            folder.erase([path.name])
        elif path.name not in known:
            _adopt(journal, path, folder.public_key)
    for draft in drafts:
        done = folder.seal(draft)
        if isinstance(done, Sealed):
            journal.append(EventName.CAPSULE, capsule_facts(done), draft.session)
        else:
            journal.append(EventName.CAPSULE_LOST, lost_facts(done), draft.session)


def erased_files(db: Database) -> frozenset[str]:
    """Return the names of the capsule files that erasures took away."""
    return frozenset(_erased_files(db))


def _erased_files(db: Database) -> Iterator[str]:
    for (facts,) in db.execute(_ERASED):
        yield from msgspec.json.decode(facts).get("capsules", ())


def _adopt(journal: Recorder, path: Path, public_key: str) -> None:
    """Take a capsule in that was written just before the power went; not a stranger's."""
    found = read(path)
    if found.problems or found.seal is None or found.seal.public_key != public_key:
        return
    packed, session = path.read_bytes(), found.header.get("session")
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


def _interrupted(db: Database, session: str, facts: Mapping[str, object]) -> Draft:
    """Put together what the journal holds of the last minute of a session that was cut off."""
    opening = "SELECT boot, facts FROM facts WHERE session = ? AND name = 'session_opened'"
    boot, opened = db.execute(opening, [session]).fetchone()
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
    header = {
        **facts,
        "boot": boot,
        "session": session,
        "cause": INTERRUPTED,
        "source": "journal",
        "stops": [],
        "opened": msgspec.json.decode(opened) if opened else {},
        "columns": [],
        "states": [],
    }
    last = [entry for entry in entries if entry["at_us"] >= newest_us - LAST_US]
    return Draft(f"{session}-{INTERRUPTED}", session, INTERRUPTED, header, lambda: last)
