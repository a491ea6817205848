"""How often a patient may be treated, judged by the sessions given before. Pure.

Only sessions on rigs of the same kind count: those on hardware for hardware, those on a virtual
rig for a virtual one. A course is one patient, one region, one goal. A clock that is not trusted,
or is behind the last record, counts as standing at the last record: then no rest expires and no
day is gained.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
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
BETWEEN_SESSIONS_US = 600 * US_PER_S
"""Two a day, 10 min apart [Chattanooga Wireless Professional manual pp. 252, 256]."""


class Goal(StrEnum):
    """What a course is for."""

    PAIN = "pain"
    STRENGTH = "strength"
    ENDURANCE = "endurance"
    RELAXATION = "relaxation"


_GOALS = {
    ProgrammeKind.STRENGTHENING: Goal.STRENGTH,
    ProgrammeKind.BURST_AC: Goal.STRENGTH,
    ProgrammeKind.ENDURANCE: Goal.ENDURANCE,
    ProgrammeKind.TWITCH: Goal.RELAXATION,
}


def goal_of(kind: ProgrammeKind) -> Goal:
    """Return the goal of a kind of programme; all TENS is for pain."""
    return _GOALS.get(kind, Goal.PAIN)


class TimeOfDay(NamedTuple):
    """The time of day: UTC, the local calendar day of the unit, and whether to trust it."""

    utc_us: int
    day: int
    trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSession:
    """A session of a patient in which current flowed.

    `ended_us` is in UTC and no earlier than the truth, `day` the calendar day it began on or a
    later one; None where unknown: then it may have been just now. `dated` says that the
    clock was trusted as it began. `motor` says that it was meant to contract, `able` that it could,
    `felt` that a person said so. `comfortable_ua` is the highest level kept.
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

    @property
    def opens(self) -> bool:
        """Return whether it counts towards later limits: able, whole, long enough, kept, felt.

        A session of a few seconds, or one in which nobody felt anything, does not: three of those
        would otherwise lift the first limits for a patient who never felt a contraction.
        """
        kept = self.comfortable_ua > 0 and self.elapsed_us >= COUNTS_FROM_US
        return self.able and self.finished and self.felt and kept and self.dated


class Course(NamedTuple):
    """How often a programme may be given to one patient before a new assessment."""

    sessions: int
    per_week: int


def history_of(
    ceiling_ua: int | None, given: Iterable[GivenSession], scope: CeilingScope, now: TimeOfDay
) -> PatientHistory:
    """Return a patient's history in a scope; today's sessions do not lift later limits yet."""
    here = [session for session in given if scope_of(session.region) is scope]
    today = _today(here, now)
    before = [
        session
        for session in here
        if session.opens and session.day is not None and session.day < today
    ]
    motor = [session for session in before if session.motor]
    # Without a day it may have been today.
    used_us = sum(
        session.elapsed_us for session in here if session.motor and session.day in (today, None)
    )
    return PatientHistory(
        ceiling_ua=ceiling_ua,
        motor_sessions=_days(motor),
        comfortable_ua=_kept(motor),
        felt_sessions=_days(before),
        felt_comfortable_ua=_kept(before),
        motor_today_us=used_us,
    )


def refuse_again(
    course: Course,
    kind: ProgrammeKind,
    region: Region,
    given: Sequence[GivenSession],
    now: TimeOfDay,
    reason: str,
) -> Refusal | None:
    """Refuse another session of a course while a rule forbids it, and say from when it is allowed.

    A clinician's reason continues a course beyond its sessions; it lifts no other rule.
    """
    had = [
        session
        for session in given
        if (session.region, session.goal) == (region, goal_of(kind))
        and session.elapsed_us >= GIVEN_FROM_US
    ]
    if not had:
        return None
    at_us = _stands_at_us(had, now)
    clock_lags = not now.trusted or now.utc_us < at_us
    free_us = [at_us if session.ended_us is None else session.ended_us for session in had]
    last_us = max(free_us)
    rules = (
        _rule("refusal.session_of_the_day", BETWEEN_SESSIONS_US, last_us, at_us),
        _spacing(goal_of(kind), len(had), last_us, at_us),
        _week(course.per_week, sorted(free_us), at_us),
    )
    broken = [rule for rule in rules if rule is not None]
    if broken:
        latest = max(broken, key=lambda rule: rule.from_us)
        return _refuse(latest, clock_lags=clock_lags)
    today = sum(session.day in (_today(had, now), None) for session in had)
    if today >= SESSIONS_A_DAY:
        asked = text("session_of_the_day.asked", number=today + 1)
        allowed = text("session_of_the_day.allowed", count=SESSIONS_A_DAY)
        nearest = text("set_the_clock") if clock_lags else text("from_tomorrow")
        return Refusal("refusal.session_of_the_day", asked, allowed, nearest)
    if len(had) >= course.sessions and not says_something(reason):
        asked = text("course.session", number=len(had) + 1)
        allowed = text("course.allowed", count=course.sessions)
        return Refusal("refusal.course", asked, allowed, text("course.nearest"))
    return None


class _Broken(NamedTuple):
    """A rule that forbids a session until `from_us`."""

    rule: str
    asked: Text
    allowed: TextValue
    from_us: int


def _rule(rule: str, apart_us: int, last_us: int, at_us: int) -> _Broken | None:
    if at_us - last_us >= apart_us:
        return None
    asked = text("course.since_last", time=hours(at_us - last_us))
    allowed = text("course.apart", time=hours(apart_us))
    return _Broken(rule, asked, allowed, last_us + apart_us)


def _spacing(goal: Goal, count: int, last_us: int, at_us: int) -> _Broken | None:
    if goal is not Goal.STRENGTH:
        return None
    apart_us = AFTER_FIRST_STRENGTHENING_US if count == 1 else AFTER_STRENGTHENING_US
    return _rule("refusal.rest_between_strengthening_sessions", apart_us, last_us, at_us)


def _week(per_week: int, ended_us: list[int], at_us: int) -> _Broken | None:
    week = [end_us for end_us in ended_us if at_us - end_us < WEEK_US]
    if len(week) < per_week:
        return None
    asked = text("course.session_in_7_days", number=len(week) + 1)
    return _Broken("refusal.sessions_per_week", asked, per_week, week[-per_week] + WEEK_US)


def _refuse(broken: _Broken, *, clock_lags: bool) -> Refusal:
    """Say from when it would be accepted; with a clock that is not set nobody can."""
    nearest = text("course.set_the_clock")
    if not clock_lags:
        nearest = text("course.from", at=in_utc(broken.from_us))
    return Refusal(broken.rule, broken.asked, broken.allowed, nearest)


def in_utc(utc_us: int) -> str:
    """Return a time to the next whole minute, so that it is never too early."""
    minutes = -(-utc_us // (60 * US_PER_S))
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    return f"{at:%Y-%m-%d %H:%M} UTC"


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
