"""The personal ranges that the records know: the marks of each session, and where its pads lay."""

from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from appliance.clinical.placement.personal_range import PersonalRanges, RangeOf
from appliance.clinical.placement.placement import PlacementKey
from appliance.errors import ApplianceError
from appliance.records.storage.store import open_read_only

_MARKS = """
    SELECT opened.facts AS opened, felt.facts AS felt
    FROM facts AS felt JOIN facts AS opened ON opened.session = felt.session
    WHERE felt.name = 'felt' AND opened.name = 'session_opened'
        AND felt.facts IS NOT NULL AND opened.facts IS NOT NULL
        AND opened.facts ->> 'rig' = :rig
        AND coalesce(opened.facts ->> 'placement', '') != ''
        AND (:patient = '' OR opened.facts ->> 'patient' = :patient)
    ORDER BY felt.number
"""


def load_ranges(folder: Path, rig: str, patient: str = "") -> PersonalRanges:
    """Return the ranges on rigs of one kind, of one patient or of all for "".

    Records that cannot be read have none to show.
    """
    ranges = PersonalRanges()
    try:
        with open_read_only(folder) as db:
            _take_all(db, rig, ranges, patient)
    except ApplianceError:
        return PersonalRanges()
    return ranges


def _take_all(db: Database, rig: str, ranges: PersonalRanges, patient: str) -> None:
    for row in db.query(_MARKS, {"rig": rig, "patient": patient}):
        opened: dict[str, Any] = msgspec.json.decode(row["opened"])
        felt: dict[str, Any] = msgspec.json.decode(row["felt"])
        named = {name: opened[name] for name in PlacementKey.__struct_fields__}
        try:
            key = msgspec.convert(named, PlacementKey)
        except msgspec.ValidationError:  # of a version that knew other places
            continue
        patient = opened["patient"]
        if patient is not None:
            ranges.take(RangeOf(patient, key, felt["channel"]), felt["felt"], felt["level_ua"])
