"""The drills in the records: facts of the event `drill`, and the newest of each kind."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from sqlite_utils import Database

from appliance.drills.schedule import DrillDone
from appliance.errors import ApplianceError
from appliance.messages.wire import DrillKind
from appliance.records.storage.store import open_read_only


class DrillFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of the event `drill`; `failures` is empty if it passed.

    `texts` are the same with key and values (`appliance.records.texts`).
    """

    kind: str
    passed: bool
    failures: tuple[str, ...]
    texts: tuple[dict[str, object], ...]
    measured: dict[str, object]
    channel: int | None
    load_ohm: int | None
    operator: str
    rig: str
    took_us: int

    def facts(self) -> dict[str, object]:
        """Return the facts as `Journal.append` takes them."""
        plain: dict[str, object] = msgspec.to_builtins(self)
        return plain


def last_drills(db: Database, rig: str) -> dict[DrillKind, DrillDone]:
    """Return the newest drill of each kind on rigs of this kind; unknown kinds are left out.

    Records that no engine of this version has opened yet have no such view: {} then.
    """
    if "drills" not in db.view_names():
        return {}
    rows = db.query(
        "SELECT kind, passed, utc_us, clock_trusted, operator, channel, (SELECT max(events.utc_us) "
        "FROM events WHERE events.clock_trusted AND events.number > drills.number) AS seen_utc_us "
        "FROM drills WHERE number IN (SELECT max(number) FROM drills WHERE rig = ? GROUP BY kind)",
        [rig],
    )
    known = set(DrillKind)
    return {
        DrillKind(row["kind"]): DrillDone(
            DrillKind(row["kind"]),
            bool(row["passed"]),
            row["utc_us"],
            bool(row["clock_trusted"]),
            row["operator"] or "",
            row["seen_utc_us"] or 0,
            row["channel"],
        )
        for row in rows
        if row["kind"] in known
    }


def last_on_channels(db: Database, rig: str) -> dict[tuple[DrillKind, int], DrillDone]:
    """Return the newest drill of each kind on each channel, on rigs of this kind.

    Drills that are about no channel are left out, and so are unknown kinds.
    """
    if "drills" not in db.view_names():
        return {}
    rows = db.query(
        "SELECT kind, passed, utc_us, clock_trusted, channel FROM drills WHERE number IN ("
        "SELECT max(number) FROM drills WHERE rig = ? AND channel IS NOT NULL "
        "GROUP BY kind, channel)",
        [rig],
    )
    known = set(DrillKind)
    return {
        (DrillKind(row["kind"]), row["channel"]): DrillDone(
            DrillKind(row["kind"]),
            bool(row["passed"]),
            row["utc_us"],
            bool(row["clock_trusted"]),
            channel=row["channel"],
        )
        for row in rows
        if row["kind"] in known
    }


def load_drills(folder: Path, rig: str) -> Mapping[DrillKind, DrillDone]:
    """Return `last_drills` of a data folder; {} if it cannot be read, so all drills are due."""
    try:
        with open_read_only(folder) as db:
            return last_drills(db, rig)
    except ApplianceError:
        return {}


def rig_of_records(db: Database) -> str | None:
    """Return the kind of rig of the newest engine start, None if no engine ever ran."""
    rows = db.query(
        "SELECT facts ->> 'rig' AS rig FROM facts WHERE name = 'boot' "
        "AND facts ->> 'rig' IS NOT NULL ORDER BY number DESC LIMIT 1"
    )
    return next((str(row["rig"]) for row in rows), None)
