"""The newest self-test in the records, its timing proof, and the start of the engine before it."""

from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from appliance.records.session_events import EventName

_NEWEST = (
    "SELECT utc_us, clock_trusted, facts FROM facts WHERE name = ? AND session IS NULL "
    "AND facts IS NOT NULL ORDER BY number DESC LIMIT 1"
)
_FIRST = "SELECT utc_us, clock_trusted, facts FROM facts WHERE name = ? ORDER BY number LIMIT 1"
_NAMES = (EventName.BOOT, EventName.SELF_TEST, EventName.TIMING_PROOF)


class NewestOf(NamedTuple):
    """An event of the unit: its name, when it was, and its facts."""

    name: str
    utc_us: int
    clock_trusted: bool
    facts: dict[str, Any]


def newest_of_unit(db: Database) -> tuple[NewestOf, ...]:
    """Return the first event of all, which names the unit, and the newest start and self-test."""
    found = [(EventName.GENESIS, _FIRST), *((name, _NEWEST) for name in _NAMES)]
    return tuple(
        NewestOf(name.value, row["utc_us"], bool(row["clock_trusted"]), _facts(row["facts"]))
        for name, query in found
        for row in db.query(query, [name.value])
    )


def _facts(body: str) -> dict[str, Any]:
    facts: dict[str, Any] = msgspec.json.decode(body)
    return facts
