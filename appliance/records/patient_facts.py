"""Facts about patients in the records, and the files that the engine folds from them at its start.

Each event has the fields of its fact and `rig`, the kind of rig it was recorded on. A fact counts
on that kind only: what was looked at on a virtual board, nobody looked at on a patient.

Erased facts are gone. Where the registration of a patient was erased, what was recorded before a
new one is forgotten with it. A fact that cannot be read, or an event about a patient that this
version does not know, makes the files unknown (`fault`): they are never silently incomplete.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from appliance.clinical.fact import Fact
from appliance.clinical.patients.events import event_of, fact_types
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.patients.files import PatientFiles
from appliance.errors import ApplianceError, JournalError
from appliance.records.fact_rows import RecordedFact, quoted, read_recorded
from appliance.records.session_events import EventName
from appliance.records.storage.store import open_read_only
from appliance.safety.arming_policy import policy_of

IDS_GIVEN = "ids_given"
CLINICAL = frozenset(EventName(name) for name in fact_types())
"""The events that are facts about patients. They hold health data: no incident repeats them."""
_NAMES = "SELECT DISTINCT name FROM events"
_PATIENTS = (
    "SELECT DISTINCT facts ->> 'patient' FROM facts "
    "WHERE name IN ({names}) AND facts ->> 'patient' IS NOT NULL"
)
_IDS_GIVEN = "SELECT max(facts ->> 'ids_given') FROM facts WHERE name = 'erased'"
_NAMING = (EventName.SESSION_OPENED, EventName.PATIENT_CEILING, *sorted(CLINICAL))


@dataclass(slots=True)
class PatientFacts:
    """What the records say about patients.

    `files` are folded from the facts on rigs of one kind, `pseudonyms` are all that the records
    name, `ids_given` is the highest number of an id that was erased. `fault` says why the records
    could not be read: then the files are unknown, which is not the same as empty.
    """

    files: PatientFiles = field(default_factory=PatientFiles)
    pseudonyms: set[str] = field(default_factory=set)
    ids_given: int = 0
    fault: str | None = None

    @staticmethod
    def load(folder: Path, rig: str) -> "PatientFacts":
        """Fold the records of a data folder; an error becomes the `fault`."""
        loaded = PatientFacts(PatientFiles(virtual=not policy_of(rig).only_real_facts))
        try:
            with open_read_only(folder) as db:
                loaded.pseudonyms = read_pseudonyms(db)
                loaded.ids_given = read_ids_given(db)
                for recorded in read_facts(db):
                    if recorded.rig == rig and _counts(recorded.fact, loaded.files):
                        loaded.files.take(recorded.fact, recorded.at)
        except ApplianceError as error:
            loaded.fault = str(error)
        return loaded


def read_facts(db: Database) -> Iterator[RecordedFact[Fact]]:
    """Yield every fact that was not erased, in its order; raises `JournalError`."""
    _refuse_unknown_events(db)
    yield from read_recorded(db, fact_types())


def read_pseudonyms(db: Database) -> set[str]:
    """Return every pseudonym that the records name."""
    return {str(name) for (name,) in db.execute(_PATIENTS.format(names=quoted(_NAMING)))}


def read_ids_given(db: Database) -> int:
    """Return the highest number of an id that an erasure has noted, 0 for none."""
    (number,) = db.execute(_IDS_GIVEN).fetchone()
    return int(number or 0)


def event_name(fact: Fact) -> EventName:
    """Return the name of a fact's event."""
    return EventName(event_of(type(fact)))


def _counts(fact: Fact, files: PatientFiles) -> bool:
    """Return whether a registration stands behind a fact; it may have been erased."""
    return isinstance(fact, PatientRegistered) or files.of(fact.patient).identity is not None


def _refuse_unknown_events(db: Database) -> None:
    """Raise `JournalError` for events about patients that only a later version knows."""
    unknown = {name for (name,) in db.execute(_NAMES)} - set(EventName)
    if not unknown:
        return
    marks = ", ".join("?" for _ in unknown)
    about = f"SELECT name FROM facts WHERE name IN ({marks}) AND facts ->> 'patient' IS NOT NULL"  # noqa: S608 - marks only
    found = db.execute(about, sorted(unknown)).fetchone()
    if found is not None:
        raise JournalError(f"the records have facts of a later version: {found[0]}")
