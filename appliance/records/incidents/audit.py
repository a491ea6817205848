"""Compares the incident files on the disk with what the journal says was sealed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from appliance.records.incidents.format import SUFFIX, Incident, is_sealed_as, packed_of, read
from appliance.records.incidents.recovery import erased_files
from appliance.records.incidents.store import IncidentFolder
from appliance.records.journal.chain import ChainFinding
from appliance.records.storage.signing_key import public_key_of

_SEALED = (
    "SELECT number, session, utc_us, clock_trusted, facts FROM facts "
    "WHERE name = 'capsule' AND facts IS NOT NULL ORDER BY number"
)

_LOST = (
    "SELECT facts ->> 'capsule' FROM facts WHERE name = 'capsule_lost' AND facts IS NOT NULL "
    "ORDER BY number"
)


class SealedEntry(msgspec.Struct, frozen=True):
    """What the journal says of one incident; its key for the name is `capsule`."""

    name: str = msgspec.field(name="capsule")
    file: str
    sha256: str
    bytes: int
    cause: str
    public_key: str
    number: int = 0
    session: str | None = None
    utc_us: int = 0
    clock_trusted: bool = False


class IncidentAudit(NamedTuple):
    """How many incidents there are, how many were erased, and what is wrong with them.

    `waiting` files are whole and sealed with this device's key, but not in the journal yet: the
    engine is about to record them, or could not, and the next start does.
    """

    incidents: int
    erased: int
    waiting: int
    findings: tuple[ChainFinding, ...]


def list_incidents(db: Database) -> tuple[SealedEntry, ...]:
    """Return every incident in the journal that was not erased, oldest first."""
    entries = []
    for row in db.query(_SEALED):
        facts: dict[str, Any] = msgspec.json.decode(row.pop("facts"))
        entries.append(msgspec.convert({**facts, **row}, SealedEntry, strict=False))
    return tuple(entries)


def list_lost(db: Database) -> tuple[str, ...]:
    """Return the names of the incidents that could not be sealed, oldest first."""
    sealed = {entry.name for entry in list_incidents(db)}  # found at a start after all
    return tuple(name for (name,) in db.execute(_LOST) if name not in sealed)


def find_incident(db: Database, name: str) -> SealedEntry | None:
    """Return what the journal says of an incident, or None."""
    return next((entry for entry in list_incidents(db) if entry.name == name), None)


def was_erased(db: Database, name: str) -> bool:
    """Say whether the incident of that name was erased."""
    return name + SUFFIX in erased_files(db)


def check_incidents(db: Database, data: Path) -> IncidentAudit:
    """Compare every file with the journal; whatever is wrong is a finding, never an exception."""
    entries, erased = list_incidents(db), erased_files(db)
    folder = IncidentFolder(data)
    findings = [
        ChainFinding(f"capsule {entry.name}", problem)
        for entry in entries
        for problem in problems_of(entry, folder.path)
    ]
    known = {entry.file for entry in entries}
    keys = {entry.public_key for entry in entries} | {public_key_of(data)}
    unknown = [path for path in folder.files() if path.name not in known | erased]
    strays = [path for path in unknown if not _is_ours(path, keys)]
    findings += [ChainFinding(f"capsule {path.name}", "no event speaks of it") for path in strays]
    findings += [
        ChainFinding(f"capsule {path.name}", "it was erased, and its file is there again")
        for path in folder.files()
        if path.name in erased
    ]
    waiting = len(unknown) - len(strays)
    return IncidentAudit(len(entries), len(erased), waiting, tuple(findings))


def problems_of(entry: SealedEntry, folder: Path) -> tuple[str, ...]:
    """Return what is wrong with the file of an incident, as English texts; empty if nothing."""
    path = folder / Path(entry.file).name
    try:
        packed = packed_of(path)
    except FileNotFoundError:
        return (f"missing: {path.name} is not there",)
    except OSError as error:
        return (f"{path.name} cannot be read: {error.strerror}",)
    if hashlib.sha256(packed).hexdigest() != entry.sha256:
        return (f"{path.name} is not what was sealed", *read(path).problems)
    incident = read(path)
    return (*incident.problems, *_wrong_key(incident, entry))


def _wrong_key(incident: Incident, entry: SealedEntry) -> Iterator[str]:
    if incident.seal is not None and incident.seal.public_key != entry.public_key:
        yield "it was signed with another key than the journal names"


def _is_ours(path: Path, keys: set[str | None]) -> bool:
    try:
        incident = read(path)
    except OSError:
        return False
    return is_sealed_as(incident, path, keys)
