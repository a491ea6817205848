"""When a drill is due, and whether it locks arming. Pure functions.

    never done, or the last one failed     locked until it passes
    30 days after the last one that passed overdue, locked
    from 7 days before that on             due soon
    the clock cannot be trusted            overdue: its age is unknown

The arming policy says whether a drill locks at all and whether the clock must be trusted: on
hardware both, on the virtual board neither.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from appliance.messages.wire import DrillKind
from appliance.safety.arming_policy import ArmingPolicy
from appliance.texts.common_phrases import listed
from appliance.texts.text import Text, TextValue, text, utc_microseconds

US_PER_DAY = 86_400_000_000
EVERY_DAYS = 30
"""Issue list, point 4."""
WARN_DAYS = 7
"""Issue list, point 4."""


class DrillDone(NamedTuple):
    """The last recorded drill of a kind on a rig of this kind.

    `seen_utc_us` is the highest time that a trusted clock has shown since: setting the clock back
    does not make a drill younger. `channel` is the one it was done on, None where it is about none.
    """

    kind: DrillKind
    passed: bool
    utc_us: int
    clock_trusted: bool
    operator: str = ""
    seen_utc_us: int = 0
    channel: int | None = None


class Today(NamedTuple):
    """The time of day, and whether it can be trusted."""

    utc_us: int
    trusted: bool


class DrillStatus(StrEnum):
    """The status of a kind of drill; the last three lock arming on hardware."""

    OK = "ok"
    DUE_SOON = "due soon"
    OVERDUE = "overdue"
    FAILED = "failed"
    NEVER = "never done"


LOCKING = (DrillStatus.OVERDUE, DrillStatus.FAILED, DrillStatus.NEVER)


class DrillStanding(NamedTuple):
    """The standing of one kind: `due_utc_us` is None without a date, `why` explains the status.

    `due_utc_us` of a failed drill is when it failed.
    """

    kind: DrillKind
    status: DrillStatus
    last: DrillDone | None
    due_utc_us: int | None
    why: Text | None = None

    @property
    def locks(self) -> bool:
        """Say whether arming waits for this drill, on hardware."""
        return self.status in LOCKING


def standings(
    last: Mapping[DrillKind, DrillDone], today: Today, policy: ArmingPolicy
) -> tuple[DrillStanding, ...]:
    """Return where every kind stands, in the order of the kinds."""
    return tuple(_standing(kind, last.get(kind), today, policy) for kind in DrillKind)


def _standing(
    kind: DrillKind, last: DrillDone | None, today: Today, policy: ArmingPolicy
) -> DrillStanding:
    if last is None:
        return DrillStanding(kind, DrillStatus.NEVER, None, None)
    if not last.passed:
        return DrillStanding(kind, DrillStatus.FAILED, last, last.utc_us)
    due_utc_us = last.utc_us + EVERY_DAYS * US_PER_DAY
    doubt = _doubt(last, today) if policy.set_clock_required else None
    if doubt is not None:
        return DrillStanding(kind, DrillStatus.OVERDUE, last, None, doubt)
    now_utc_us = max(today.utc_us, last.seen_utc_us)
    if now_utc_us >= due_utc_us:
        return DrillStanding(kind, DrillStatus.OVERDUE, last, due_utc_us)
    soon = now_utc_us >= due_utc_us - WARN_DAYS * US_PER_DAY
    return DrillStanding(kind, DrillStatus.DUE_SOON if soon else DrillStatus.OK, last, due_utc_us)


def _doubt(last: DrillDone, today: Today) -> Text | None:
    """Return why the time since the last drill is not known, None where it is."""
    if not today.trusted:
        return text("drill.note.clock_not_set")
    if not last.clock_trusted:
        return text("drill.note.clock_was_not_set")
    if today.utc_us < last.utc_us:
        return text("drill.note.clock_behind")
    return None


def note_of(standing: DrillStanding) -> Text:
    """Return a text about one drill, for screens."""
    kind, due_us = standing.kind.value, standing.due_utc_us
    due = "-" if due_us is None else utc_microseconds(due_us)
    if standing.why is not None:
        return text("drill.note.overdue_because", kind=kind, why=standing.why)
    match standing.status:
        case DrillStatus.NEVER:
            return text("drill.note.never", kind=kind)
        case DrillStatus.FAILED:
            return text("drill.note.failed", kind=kind, on=due)
        case DrillStatus.OVERDUE:
            return text("drill.note.overdue", kind=kind, since=due)
        case DrillStatus.DUE_SOON:
            return text("drill.note.due_soon", kind=kind, due=due)
        case DrillStatus.OK:
            return text("drill.note.in_order", kind=kind, due=due)


def notes(found: Iterable[DrillStanding], policy: ArmingPolicy) -> tuple[Text, ...]:
    """Return what a person should know before the drills stand in the way; () if all is well."""
    wanted = [each for each in found if each.status is not DrillStatus.OK]
    if not wanted:
        return ()
    drills = _together(wanted)
    locked = next((each for each in wanted if each.locks), None)
    if locked is None:
        return (text("drill.note.run", drills=drills, kind=wanted[0].kind.value),)
    if not policy.drills_lock:
        return (text("drill.note.open", drills=drills),)
    return (text("drill.note.locked", drills=drills, kind=locked.kind.value),)


def _together(wanted: list[DrillStanding]) -> TextValue:
    never = [each.kind.value for each in wanted if each.status is DrillStatus.NEVER]
    texts = [note_of(each) for each in wanted if each.status is not DrillStatus.NEVER]
    if never:
        texts.append(text("drill.note.all_never", kinds=", ".join(never)))
    return listed(texts, "semicolon")
