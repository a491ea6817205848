"""How soon a patient may be treated again, judged by the sessions given before. Pure.

Only sessions on rigs of the same kind count: those on hardware for hardware, those on a virtual
rig for a virtual one. A course is one patient, one region, one goal, whatever side and
copy of a programme; how many sessions it has is judged in `appliance.clinical.course`. A clock that
is not trusted, or is behind the last record, counts as standing at the last record: then no rest
expires and no day is gained.
"""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from appliance.core.limits.limits import SESSION_MIN_US, Region
from appliance.core.limits.patient_limits import (
    COUNTS_FROM_US,
    CeilingScope,
    PatientHistory,
    scope_of,
)
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.texts.common_phrases import hours
from appliance.texts.text import Text, TextValue, text
from drivers.quantities import US_PER_S

HOUR_US = 3_600 * US_PER_S
WEEK_US = 7 * 24 * HOUR_US
GIVEN_FROM_US = SESSION_MIN_US
"""What was broken off sooner does not count as a session; its minutes still count (D)."""
AFTER_FIRST_STRENGTHENING_US = 72 * HOUR_US
"""Strength was back at 81 % after 96 h [Aldayel 2009, doi 10.1007/s00421-009-1278-0]; 72 h (D)."""
AFTER_STRENGTHENING_US = 48 * HOUR_US
"""Soreness has its peak on day 2 [Vanderthommen 2012, J Sports Sci Med 11:592]; 48 h (D)."""
SESSIONS_A_DAY = 2
SESSIONS_IN_48_H = 4
TWO_DAYS_US = 48 * HOUR_US
"""Two a day, whatever midnight they lie around (D)."""
BETWEEN_SESSIONS_US = 600 * US_PER_S
"""Two a day, 10 min apart [Chattanooga Wireless Professional manual pp. 252, 256]."""


class Goal(StrEnum):
    """What a course is for."""

    PAIN = "pain"
    STRENGTH = "strength"
    ENDURANCE = "endurance"
    RELAXATION = "relaxation"
    CIRCULATION = "circulation"
    STABILISATION = "stabilisation"
    REHABILITATION = "rehabilitation"


_GOALS = {
    ProgrammeKind.STRENGTHENING: Goal.STRENGTH,
    ProgrammeKind.BURST_AC: Goal.STRENGTH,
    ProgrammeKind.ENDURANCE: Goal.ENDURANCE,
    ProgrammeKind.TWITCH: Goal.RELAXATION,
    ProgrammeKind.CONTRACT_RELAX: Goal.RELAXATION,
    ProgrammeKind.CIRCULATION: Goal.CIRCULATION,
    ProgrammeKind.STABILISATION: Goal.STABILISATION,
    ProgrammeKind.REHABILITATION: Goal.REHABILITATION,
}


def goal_of(kind: ProgrammeKind) -> Goal:
    """Return the goal of a kind of programme; all TENS is for pain."""
    return _GOALS.get(kind, Goal.PAIN)


class TimeOfDay(NamedTuple):
    """The time of day: UTC, the local calendar day of the unit, and whether to trust it."""

    utc_us: int
    day: int
    trusted: bool


def ended_by_us(ended: TimeOfDay, opened: TimeOfDay, elapsed_us: int) -> int | None:
    """Return a time in UTC that is no earlier than the end of a session, None where no clock tells.

    A clock that is set back meanwhile ends it no sooner than it can have ended.
    """
    if not ended.trusted:
        return None
    return max(ended.utc_us, opened.utc_us + elapsed_us) if opened.trusted else ended.utc_us


def day_of_session(opened: TimeOfDay, ended: TimeOfDay) -> int | None:
    """Return the day a session began on or a later one, None where no clock has told it."""
    known = opened if opened.trusted else ended
    return known.day if known.trusted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSession:
    """A session of a patient in which current flowed.

    `ended_us` is in UTC and no earlier than the truth, `day` the calendar day it began on or a
    later one; None where unknown: then it may have been just now. `dated` says that the
    clock was trusted as it began. `motor` says that it was meant to contract, `able` that it could,
    `felt` that a person said so. `comfortable_ua` is the highest level kept.
    `session` is its id in the records, `boot` and `begun_us` (monotonic) order it among facts.
    `continues` is the session that it continued after a harmless trip, the first of several.
    `contractions` are those that began in it on call, None where its minutes hold their number.
    """

    region: Region
    goal: Goal
    motor: bool
    able: bool
    finished: bool
    felt: bool
    elapsed_us: int
    comfortable_ua: int
    ended_us: int | None
    day: int | None
    dated: bool
    session: str = ""
    boot: int = 0
    begun_us: int = 0
    continues: str = ""
    contractions: int | None = None

    @property
    def opens(self) -> bool:
        """Return whether it counts towards later limits: able, whole, long enough, kept, felt.

        A session of a few seconds, or one in which nobody felt anything, does not: three of those
        would otherwise lift the first limits for a patient who never felt a contraction.
        """
        kept = self.comfortable_ua > 0 and self.elapsed_us >= COUNTS_FROM_US
        return self.able and self.finished and self.felt and kept and self.dated


def history_of(
    ceiling_ua: int | None, given: Iterable[GivenSession], scope: CeilingScope, now: TimeOfDay
) -> PatientHistory:
    """Return a patient's history in a scope; today's sessions do not lift later limits yet."""
    here = [session for session in given if scope_of(session.region) is scope]
    today = _today(here, now)
    before = [
        session
        for session in joined(here)
        if session.opens and session.day is not None and session.day < today
    ]
    motor = [session for session in before if session.motor]
    # Without a day it may have been today.
    of_today = [session for session in here if session.motor and session.day in (today, None)]
    called = [session for session in of_today if session.contractions is not None]
    return PatientHistory(
        ceiling_ua=ceiling_ua,
        motor_sessions=_days(motor),
        comfortable_ua=_kept(motor),
        felt_sessions=_days(before),
        felt_comfortable_ua=_kept(before),
        motor_today_us=sum(session.elapsed_us for session in of_today),
        called_today_us=sum(session.elapsed_us for session in called),
        called_today=sum(session.contractions or 0 for session in called),
    )


def joined(given: Iterable[GivenSession]) -> list[GivenSession]:
    """Return sessions with what was continued after a trip as one, in the order they began.

    Minutes are added. What may lift a later limit is that of the last part: how it ended, its
    level and its day.
    """
    whole: dict[object, GivenSession] = {}
    for number, part in enumerate(given):
        key = part.continues or part.session or number  # a session without an id is none's part
        first = whole.get(key)
        whole[key] = part if first is None else _with_part(first, part)
    return list(whole.values())


def _with_part(first: GivenSession, part: GivenSession) -> GivenSession:
    return replace(
        part,
        able=first.able and part.able,
        felt=first.felt or part.felt,
        elapsed_us=first.elapsed_us + part.elapsed_us,
        dated=first.dated and part.dated,
        session=first.session,
        boot=first.boot,
        begun_us=first.begun_us,
        continues="",
    )


def same_course(given: Iterable[GivenSession], region: Region, goal: Goal) -> list[GivenSession]:
    """Return the sessions that count for a region and goal, in their order."""
    return [
        session
        for session in joined(given)
        if (session.region, session.goal) == (region, goal) and session.elapsed_us >= GIVEN_FROM_US
    ]


class TooSoon(NamedTuple):
    """A rule that forbids a session before `from_us`; `lags` says that no clock can tell when."""

    rule: str
    asked: Text
    allowed: TextValue
    from_us: int
    lags: bool = False

    @property
    def nearest(self) -> Text:
        """Return from when it would be accepted; with a clock that is not set nobody can tell."""
        if self.lags:
            return text("course.set_the_clock")
        return text("course.from", at=at_this_place(self.from_us))


def too_soon(
    had: Sequence[GivenSession], per_week: int, now: TimeOfDay, *, after_first: bool
) -> TooSoon | None:
    """Return the rule that holds longest, None if a session may be given now.

    `had` are the sessions that count (`same_course`), over all courses of the region and goal.
    `after_first` says that the last one was the first of its course. No reason shortens a rest.
    """
    if not had:
        return None
    at_us, today = _stands_at_us(had, now), _today(had, now)
    ended_us = sorted(at_us if each.ended_us is None else each.ended_us for each in had)
    rules = (
        _apart("refusal.session_of_the_day", BETWEEN_SESSIONS_US, ended_us[-1], at_us),
        _spacing(had[-1].goal, ended_us[-1], at_us, after_first=after_first),
        _a_day(had, today),
        _most(SESSIONS_IN_48_H, TWO_DAYS_US, ended_us, at_us),
        _most(per_week, WEEK_US, ended_us, at_us),
    )
    broken = [rule for rule in rules if rule is not None]
    if not broken:
        return None
    latest = max(broken, key=lambda rule: rule.from_us)
    return latest._replace(lags=not now.trusted or now.utc_us < at_us)


def _apart(rule: str, apart_us: int, last_us: int, at_us: int) -> TooSoon | None:
    if at_us - last_us >= apart_us:
        return None
    asked = text("course.since_last", time=hours(at_us - last_us))
    allowed = text("course.apart", time=hours(apart_us))
    return TooSoon(rule, asked, allowed, last_us + apart_us)


def _spacing(goal: Goal, last_us: int, at_us: int, *, after_first: bool) -> TooSoon | None:
    if goal is not Goal.STRENGTH:
        return None
    apart_us = AFTER_FIRST_STRENGTHENING_US if after_first else AFTER_STRENGTHENING_US
    return _apart("refusal.rest_between_strengthening_sessions", apart_us, last_us, at_us)


def _a_day(had: Sequence[GivenSession], today: int) -> TooSoon | None:
    """Refuse a third session of a day; one without a day may have been today."""
    count = sum(session.day in (today, None) for session in had)
    if count < SESSIONS_A_DAY:
        return None
    asked = text("session_of_the_day.asked", number=count + 1)
    allowed = text("session_of_the_day.allowed", count=SESSIONS_A_DAY)
    return TooSoon("refusal.session_of_the_day", asked, allowed, begins_us(today + 1))


def _most(most: int, window_us: int, ended_us: list[int], at_us: int) -> TooSoon | None:
    """Refuse one session more than `most` in a window that rolls."""
    within = [end_us for end_us in ended_us if at_us - end_us < window_us]
    if len(within) < most:
        return None
    number, from_us = len(within) + 1, within[-most] + window_us
    if window_us == WEEK_US:
        asked = text("course.session_in_7_days", number=number)
        return TooSoon("refusal.sessions_per_week", asked, most, from_us)
    asked = text("course.session_in_48_h", number=number)
    return TooSoon("refusal.sessions_in_48_h", asked, most, from_us)


def begins_us(day: int) -> int:
    """Return when a local calendar day of this machine begins, in UTC."""
    with suppress(OverflowError, ValueError):  # a clock this far off has no local time
        return int(time.mktime((1970, 1, 1 + day, 0, 0, 0, 0, 0, -1))) * US_PER_S
    return day * 24 * HOUR_US


def at_this_place(utc_us: int) -> str:
    """Return a time by the clock of the unit to the next whole minute: it is never too early."""
    minutes = -(-utc_us // (60 * US_PER_S))
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    with suppress(OverflowError, ValueError):  # a clock this far off has no local time
        at = at.astimezone()
    return f"{at:%Y-%m-%d %H:%M}"


def _stands_at_us(had: Sequence[GivenSession], now: TimeOfDay) -> int:
    """Return the time to judge by: never before the last record."""
    known = [session.ended_us for session in had if session.ended_us is not None]
    return max(now.utc_us if now.trusted else 0, *known, 0)


def _today(had: Iterable[GivenSession], now: TimeOfDay) -> int:
    """Return the day to judge by: never before the last record."""
    known = [session.day for session in had if session.day is not None]
    return max(now.day if now.trusted else 0, *known, 0)


def _days(had: Iterable[GivenSession]) -> int:
    return len({session.day for session in had})


def _kept(had: Iterable[GivenSession]) -> int:
    return max((session.comfortable_ua for session in had), default=0)
