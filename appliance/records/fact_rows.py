"""Recorded facts, read back from their events: about patients or about the unit."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from sqlite_utils import Database

from appliance.clinical.fact import FactTime
from appliance.clinical.fact_reading import read_fact
from appliance.core.refusal import Refusal
from appliance.errors import JournalError
from appliance.records.wall_clock import day_of

RIG = "rig"
"""The field that an event has beside those of its fact: the kind of rig it was recorded on."""
ACT = "act"
"""The field that an event of an act has: see `appliance/records/acts.py`."""
_FACTS = (
    "SELECT number, name, boot, utc_us, monotonic_us, clock_trusted, facts FROM facts "
    "WHERE name IN ({names}) AND facts IS NOT NULL ORDER BY number"
)

Kind = TypeVar("Kind", bound=msgspec.Struct)


class RecordedFact(NamedTuple, Generic[Kind]):
    """A fact of the records, when it was recorded and on which kind of rig."""

    fact: Kind
    at: FactTime
    rig: str


def plain_facts(fact: msgspec.Struct, rig: str) -> dict[str, object]:
    """Return a fact as `Journal.append` takes it."""
    plain: dict[str, object] = msgspec.to_builtins(fact, str_keys=True)
    return {**plain, RIG: rig}


def read_recorded(db: Database, kinds: Mapping[str, type[Kind]]) -> Iterator[RecordedFact[Kind]]:
    """Yield every fact of these kinds that was not erased, in its order; raises `JournalError`."""
    for row in db.query(_FACTS.format(names=quoted(kinds))):
        values: dict[str, Any] = msgspec.json.decode(row["facts"])
        rig = values.pop(RIG, None)
        values.pop(ACT, None)
        fact = read_fact(kinds[row["name"]], values)
        if isinstance(fact, Refusal) or not isinstance(rig, str):
            raise JournalError(
                f"event {row['number']} ({row['name']}) cannot be read by this version"
            )
        yield RecordedFact(fact, time_of(row), rig)


def time_of(row: Mapping[str, Any]) -> FactTime:
    """Return the stamps of an event; `row` has boot, utc_us, monotonic_us and clock_trusted."""
    utc_us, trusted = row["utc_us"], bool(row["clock_trusted"])
    return FactTime(utc_us, day_of(utc_us), trusted, row["boot"], row["monotonic_us"])


def quoted(names: "Mapping[str, object] | frozenset[str] | tuple[str, ...]") -> str:
    """Return names of events as a list in SQL."""
    return ", ".join(f"'{name}'" for name in sorted(names))
