"""The ids of acts in the records: with which id of its sender an event came.

The event of an act has, beside its own fields, `act`: the id, a colon and a digest of what was
asked. An act that comes again, because its answer got lost, is found by it after a restart too.
"""

from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from appliance.errors import ApplianceError
from appliance.records.patient_facts import CLINICAL
from appliance.records.storage.store import open_read_only

NEWEST = 5_000
"""Events that are looked through at a start (D): an act comes again within minutes."""
_ACTS = """
    SELECT name, facts ->> 'act' AS act, facts ->> 'patient' AS patient FROM facts
    WHERE number > (SELECT coalesce(max(number), 0) FROM events) - ?
        AND facts ->> 'act' IS NOT NULL
    ORDER BY number
"""


class RecordedAct(NamedTuple):
    """An act that is in the records, or on its way there; `patient` is whom a fact is about."""

    digest: str
    patient: str | None


def load_acts(folder: Path) -> dict[str, RecordedAct]:
    """Return the newest acts by their ids; none of records that cannot be read."""
    try:
        with open_read_only(folder) as db:
            return _read(db)
    except ApplianceError:
        return {}


def _read(db: Database) -> dict[str, RecordedAct]:
    acts = {}
    for row in db.query(_ACTS, [NEWEST]):
        name, _, digest = str(row["act"]).rpartition(":")
        acts[name] = RecordedAct(digest, row["patient"] if row["name"] in CLINICAL else None)
    return acts
