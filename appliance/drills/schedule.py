"""When a drill is due, and whether it locks arming. Pure functions.

    never done, or the last one failed     locked until it passes
    30 days after the last one that passed overdue, locked
    from 7 days before that on             due soon
    the clock cannot be trusted            overdue: its age is unknown

Only hardware is locked. The virtual board shows the same, is never locked, and trusts its clock.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from appliance.messages.wire import DrillKind

US_PER_DAY = 86_400_000_000
EVERY_DAYS = 30
"""Issue list, point 4."""
WARN_DAYS = 7
"""Issue list, point 4."""
VIRTUAL = "virtual"


class DrillDone(NamedTuple):
    """The last recorded drill of a kind on a rig of this kind.

    `seen_utc_us` is the highest time that a trusted clock has shown since: setting the clock back
    does not make a drill younger.
    """

    kind: DrillKind
    passed: bool
    utc_us: int
    clock_trusted: bool
    operator: str = ""
    seen_utc_us: int = 0


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
    why: str = ""

    @property
    def locks(self) -> bool:
        """Say whether arming waits for this drill, on hardware."""
        return self.status in LOCKING


def standings(
    last: Mapping[DrillKind, DrillDone], today: Today, rig: str
) -> tuple[DrillStanding, ...]:
    """Return where every kind stands, in the order of the kinds."""
    return tuple(_standing(kind, last.get(kind), today, rig) for kind in DrillKind)


def _standing(kind: DrillKind, last: DrillDone | None, today: Today, rig: str) -> DrillStanding:
    if last is None:
        return DrillStanding(kind, DrillStatus.NEVER, None, None)
    if not last.passed:
        return DrillStanding(kind, DrillStatus.FAILED, last, last.utc_us)
    due_utc_us = last.utc_us + EVERY_DAYS * US_PER_DAY
    doubt = "" if rig == VIRTUAL else _doubt(last, today)
    if doubt:
        return DrillStanding(kind, DrillStatus.OVERDUE, last, None, doubt)
    now_utc_us = max(today.utc_us, last.seen_utc_us)
    if now_utc_us >= due_utc_us:
        return DrillStanding(kind, DrillStatus.OVERDUE, last, due_utc_us)
    soon = now_utc_us >= due_utc_us - WARN_DAYS * US_PER_DAY
    return DrillStanding(kind, DrillStatus.DUE_SOON if soon else DrillStatus.OK, last, due_utc_us)


def _doubt(last: DrillDone, today: Today) -> str:
    """Say why the time since the last drill is not known, "" where it is."""
    if not today.trusted:
        return "the clock is not set, so nobody can tell when it was done"
    if not last.clock_trusted:
        return "it was done while the clock was not set"
    if today.utc_us < last.utc_us:
        return "the clock stands before the last one"
    return ""


def in_words(standing: DrillStanding) -> str:
    """Return one line about a drill that is not in order, for screens."""
    name = f"{standing.kind} drill"
    if standing.why:
        return f"{name} overdue ({standing.why})"
    date = date_of(standing.due_utc_us)
    match standing.status:
        case DrillStatus.NEVER:
            return f"{name} never done"
        case DrillStatus.FAILED:
            return f"{name} not passed on {date}"
        case DrillStatus.OVERDUE:
            return f"{name} overdue since {date}"
        case DrillStatus.DUE_SOON:
            return f"{name} due by {date}"
        case DrillStatus.OK:
            return f"{name} in order until {date}"


def date_of(utc_us: int | None) -> str:
    """Return a date in UTC, a dash for none."""
    if utc_us is None:
        return "-"
    from datetime import UTC, datetime, timedelta

    # By addition, as no clock is too far in the past or the future for it to be shown.
    try:
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc_us):%Y-%m-%d}"
    except OverflowError:
        return "-"


def notes(found: Iterable[DrillStanding], rig: str) -> tuple[str, ...]:
    """Return what a person should know before the drills stand in the way; () if all is well."""
    wanted = [each for each in found if each.status is not DrillStatus.OK]
    if not wanted:
        return ()
    said = _together(wanted)
    locked = any(each.locks for each in wanted)
    if not locked:
        return (f"{said}: run `stimkiosk drill {wanted[0].kind}`",)
    if rig == VIRTUAL:
        return (f"{said}; this is the virtual board, arming stays open",)
    first = next(each for each in wanted if each.locks)
    return (f"{said}; arming is locked: run `stimkiosk drill {first.kind}`",)


def _together(wanted: list[DrillStanding]) -> str:
    never = [each.kind for each in wanted if each.status is DrillStatus.NEVER]
    lines = [in_words(each) for each in wanted if each.status is not DrillStatus.NEVER]
    if never:
        lines.append(f"drills never done: {', '.join(never)}")
    return "; ".join(lines)
