"""Whether one more session of a course may be given now. Pure.

A rest, a day, a week: nothing but time lifts these. The end of a course and a decision to stop ask
for a review and a new course; no reason given with a prescription does instead.
"""

from collections.abc import Sequence

from appliance.clinical.course.courses import Course, CourseFacts, CourseKey, is_after_first
from appliance.clinical.course.facts import CourseDecision
from appliance.clinical.course.review import RULE as REVIEW
from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.programme import Programme
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import (
    GivenSession,
    TimeOfDay,
    TooSoon,
    goal_of,
    same_course,
    too_soon,
)
from appliance.texts.text import text

ITEM = "course"
_DECIDED = {
    CourseDecision.CONTINUE: text("course.decided_continue"),
    CourseDecision.CHANGE: text("course.decided_change"),
    CourseDecision.STOP: text("course.decided_stop"),
}


def key_of(programme: Programme, region: Region) -> CourseKey:
    """Return the course that a programme on a region belongs to."""
    return CourseKey(region, goal_of(programme.kind))


def judge_course(
    facts: CourseFacts,
    given: Sequence[GivenSession],
    programme: Programme,
    region: Region,
    now: FactTime,
) -> tuple[Finding, ...]:
    """Return what stands in the way of one more session; `now` as of `judged_at`.

    A search for a motor point is no session of any course.
    """
    if programme.kind.finds:
        return ()
    key = key_of(programme, region)
    courses = facts.courses(given, key)
    if not courses:
        return ()
    soon = too_soon(
        same_course(given, *key),
        programme.course.per_week,
        TimeOfDay(now.utc_us, now.day, now.trusted),
        after_first=is_after_first(courses),
    )
    findings = (_judge_end(courses[-1], programme), None if soon is None else _wait(soon))
    return tuple(finding for finding in findings if finding is not None)


def _judge_end(course: Course, programme: Programme) -> Finding | None:
    if course.review is not None:
        return _decided(course, course.review.decision)
    count, most = len(course.sessions), programme.course.sessions
    if count < most:
        return None
    return Finding(
        consequence=Consequence.ASK,
        rule=REVIEW,
        item=ITEM,
        found=text("course.session", number=count + 1),
        allowed=text("course.allowed", count=most),
        nearest=text("course.review"),
    )


def _decided(course: Course, decision: CourseDecision) -> Finding:
    stopped = decision is CourseDecision.STOP
    return Finding(
        consequence=Consequence.STOP if stopped else Consequence.ASK,
        rule="refusal.course",
        item=ITEM,
        found=_DECIDED[decision],
        allowed=text("course.a_new_one"),
        nearest=text("course.open"),
        since=course.reviewed,
    )


def _wait(soon: TooSoon) -> Finding:
    return Finding(
        consequence=Consequence.STOP,
        rule=soon.rule,
        item=ITEM,
        found=soon.asked,
        allowed=soon.allowed,
        nearest=soon.nearest,
        from_utc_us=None if soon.lags else soon.from_us,
    )
