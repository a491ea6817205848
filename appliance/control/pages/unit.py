"""The pages `unit` and `due`: parts, care and use of the unit; everything due, drills included."""

from collections.abc import Iterator

from appliance.clinical.choice import choice_text
from appliance.clinical.fact import same_day
from appliance.clinical.unit.care import (
    CLEANING,
    CareStanding,
    care_note,
    care_text,
    day_text,
    judge_cleaning,
    load_intervals,
)
from appliance.clinical.unit.parts import PartRecord, part_text, parts_of
from appliance.control.pages.page import KnownUnit, PageSources, Row, plain_text, plain_time
from appliance.drills.schedule import DrillStanding, note_of
from appliance.texts.text import Text

NOBODY = ""
"""A patient that is nobody: whether the unit has to be cleaned before somebody else comes."""


def unit_rows(wanted: str, sources: PageSources) -> Iterator[Row]:
    """Yield a row for each part, each item of care, and each reason why it is out of use."""
    del wanted
    known = sources.unit
    for reason in known.file.out_of_use:
        yield {
            "kind": "out_of_use",
            "reason": reason.reason,
            "name": plain_text(choice_text(reason.reason)),
            "words": reason.words,
            "since": plain_time(reason.since),
        }
    yield {
        "kind": "today",
        "day": day_text(known.now.day),
        "trusted": known.now.trusted,
    }
    yield from _parts(known)
    yield from _cleaning(known)
    for standing in known.file.care_standings(known.now):
        yield {"kind": "care", **_care(standing)}


def all_due_rows(wanted: str, sources: PageSources) -> Iterator[Row]:
    """Yield a row for each item of care and each drill: where it stands and from when it locks."""
    del wanted
    for standing in sources.unit.file.care_standings(sources.unit.now):
        yield {"kind": "care", **_care(standing)}
    for drill in sources.drills:
        yield {"kind": "drill", **_drill(drill)}


def _parts(known: KnownUnit) -> Iterator[Row]:
    for part in parts_of(known.channels):
        record = known.file.checks.parts.get(part, PartRecord())
        looked = record.looked
        today = looked is not None and same_day(looked.at, looked.judged_at(known.now))
        yield {
            "kind": "part",
            "part": part,
            "name": plain_text(choice_text(part)),
            "look_at": plain_text(part_text(part)),
            "state": record.state,
            "since": plain_time(None if looked is None else looked.at),
            "looked_at_today": today,
            "damaged_since": plain_time(record.damaged_since),
        }


def _cleaning(known: KnownUnit) -> Iterator[Row]:
    care = known.file.care
    yield {
        "kind": CLEANING,
        "since": plain_time(care.cleaned),
        "due": bool(judge_cleaning(care, known.treated, NOBODY)),
    }


def _care(standing: CareStanding) -> Row:
    interval = load_intervals().items[standing.item]
    return {
        "item": standing.item,
        "name": plain_text(care_text(standing.item)),
        "do": plain_text(Text(f"care_do.{standing.item}")),
        "status": standing.status,
        "note": plain_text(care_note(standing)),
        "every_days": interval.every_days,
        "by": interval.by,
        "since": plain_time(standing.done),
        "due_utc_us": standing.due_utc_us,
        "locks_utc_us": standing.locks_utc_us,
    }


def _drill(standing: DrillStanding) -> Row:
    last = standing.last
    since = None if last is None else {"utc_us": last.utc_us, "trusted": last.clock_trusted}
    return {
        "item": standing.kind,
        "status": standing.status,
        "note": plain_text(note_of(standing)),
        "since": since,
        "by": None if last is None else last.operator,
        "channel": None if last is None else last.channel,
        "due_utc_us": standing.due_utc_us,
        "locks_utc_us": standing.due_utc_us,
    }
