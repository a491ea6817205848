"""Facts about the unit in the records, and the file that the engine folds from them at its start.

Each event has the fields of its fact and `rig`, the kind of rig it was recorded on; it counts on
that kind only. These events are never erased: an erased one might bring a unit back into use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlite_utils import Database

from appliance.clinical.unit.care import Treated
from appliance.clinical.unit.events import unit_fact_types
from appliance.clinical.unit.facts import UnitFact
from appliance.clinical.unit.noted import Noted, noted
from appliance.clinical.unit.unit_file import UnitFile
from appliance.errors import ApplianceError, JournalError
from appliance.records.fact_rows import read_recorded, time_of
from appliance.records.session_events import EventName
from appliance.records.storage.store import open_read_only
from appliance.safety.arming_policy import policy_of

UNIT = frozenset(EventName(name) for name in unit_fact_types())
"""The events that are facts about the unit. They hold no health data, but for words of people."""
_WORDS = ("words", "reason")
_STAMPS = "boot, utc_us, monotonic_us, clock_trusted"
_OF_RIG = "boot IN (SELECT boot FROM facts WHERE name = 'boot' AND facts ->> 'rig' = ?)"
_FIRST = f"SELECT {_STAMPS} FROM events WHERE {_OF_RIG} {{trusted}} ORDER BY number LIMIT 1"  # noqa: S608 - no value
_ENDS = f"SELECT {_STAMPS} FROM events WHERE name IN ('boot', 'shutdown')"  # noqa: S608 - no value
_LAST = f"SELECT {_STAMPS} FROM events WHERE clock_trusted ORDER BY number DESC LIMIT 2"  # noqa: S608 - no value
_TREATED = (
    "SELECT sessions.patient, events.boot, events.utc_us, events.monotonic_us, "
    "events.clock_trusted FROM sessions JOIN events ON events.number = sessions.closing "
    "WHERE (sessions.rig = ? AND sessions.patient IS NOT NULL) OR sessions.rig IS NULL "
    "ORDER BY sessions.closing DESC LIMIT 1"
)
_NAMES = "SELECT DISTINCT name FROM events"


@dataclass(slots=True)
class UnitFacts:
    """What the records say about the unit, folded from the facts on rigs of one kind.

    `treated` is the patient treated last. `fault` says why the records could not be read: then the
    file is unknown, which is not the same as empty.
    """

    file: UnitFile = field(default_factory=UnitFile)
    treated: Treated | None = None
    fault: str | None = None

    @staticmethod
    def load(folder: Path, rig: str) -> "UnitFacts":
        """Fold the records of a data folder; an error becomes the `fault`."""
        policy = policy_of(rig)
        file = UnitFile(
            virtual=not policy.only_real_facts, clock_required=policy.set_clock_required
        )
        loaded = UnitFacts(file)
        try:
            with open_read_only(folder) as db:
                _refuse_unknown_events(db)
                loaded.file = _fold(db, replace(file, first_use=_first_use(db, rig)), rig)
                loaded.treated = _treated(db, rig)
        except ApplianceError as error:
            loaded.fault = str(error)
        return loaded


def without_words(name: str, facts: Mapping[str, object]) -> Mapping[str, object]:
    """Return an event's facts as an incident repeats them: without the words of people."""
    if name not in UNIT:
        return facts
    return {key: value for key, value in facts.items() if key not in _WORDS}


def _fold(db: Database, file: UnitFile, rig: str) -> UnitFile:
    """Fold facts and what the clock showed at starts and ends, in the order of both."""
    times = [time_of(row) for statement in (_ENDS, _LAST) for row in db.query(statement)]
    facts = [each for each in read_recorded(db, unit_fact_types()) if each.rig == rig]
    steps = [*((time, None) for time in times), *((each.at, each.fact) for each in facts)]
    for at, fact in sorted(steps, key=lambda step: (step[0].boot, step[0].monotonic_us)):
        file = file.seen(at) if fact is None else file.after(fact, at)
    return file


def _first_use(db: Database, rig: str) -> Noted | None:
    """Return the first event of a start on this kind of rig whose time is known, or the first."""
    for trusted in ("AND clock_trusted", ""):
        for row in db.query(_FIRST.format(trusted=trusted), [rig]):
            return noted(time_of(row))
    return None


def _treated(db: Database, rig: str) -> Treated | None:
    """Return who was treated last; "" where that was erased, as it may have been anybody."""
    for row in db.query(_TREATED, [rig]):
        return Treated(row["patient"] or "", time_of(row))
    return None


def _refuse_unknown_events(db: Database) -> None:
    """Raise `JournalError` for facts about the unit that only a later version knows.

    They are told by their fields: a fact has `simulated`, one about the unit has no patient.
    """
    unknown = {name for (name,) in db.execute(_NAMES)} - set(EventName)
    if not unknown:
        return
    marks = ", ".join("?" for _ in unknown)
    about = (
        f"SELECT name FROM facts WHERE name IN ({marks}) "  # noqa: S608 - marks only
        "AND facts ->> 'simulated' IS NOT NULL AND facts ->> 'patient' IS NULL"
    )
    found = db.execute(about, sorted(unknown)).fetchone()
    if found is not None:
        raise JournalError(f"the records have facts about the unit of a later version: {found[0]}")


def unit_fact_name(fact: UnitFact) -> EventName:
    """Return the name of a fact's event."""
    return next(EventName(name) for name, kind in unit_fact_types().items() if kind is type(fact))
