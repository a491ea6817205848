"""The courses of one patient, made of facts and of the sessions given. Pure.

A session belongs to the course that was open as it began. Order is that of the records, by boot and
monotonic clock: no wall clock moves a session into another course.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from appliance.clinical.course.facts import CourseOpened, CourseReviewed
from appliance.clinical.fact import DAY_US, Fact, FactTime
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import GivenSession, Goal, same_course

NEW_EPISODE_US = 90 * DAY_US
"""A course opened so long after the last session is not in a row with the one before (D)."""
Order = tuple[int, int]


class CourseKey(NamedTuple):
    """What makes a course one: region and goal, on either side."""

    region: Region
    goal: Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course; `number` counts those in a row, from 1.

    `opened` is None where the first session opened it. `after` is the order of the last session of
    the course before, None for the first course.
    """

    key: CourseKey
    number: int = 1
    opened: FactTime | None = None
    reason: str = ""
    sessions: tuple[GivenSession, ...] = ()
    review: CourseReviewed | None = None
    reviewed: FactTime | None = None
    after: Order | None = None


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """The facts about courses of one patient, in their order."""

    facts: tuple[tuple[CourseOpened | CourseReviewed, FactTime], ...] = field(default=())

    def after(self, fact: Fact, at: FactTime) -> "CourseFacts":
        """Return them after a fact; facts of other rooms change nothing."""
        if not isinstance(fact, CourseOpened | CourseReviewed):
            return self
        return CourseFacts((*self.facts, (fact, at)))

    def keys(self, given: Iterable[GivenSession]) -> tuple[CourseKey, ...]:
        """Return every region and goal that has a fact or a session, each once."""
        named = [CourseKey(fact.region, fact.goal) for fact, _ in self.facts]
        treated = [CourseKey(session.region, session.goal) for session in given]
        return tuple(dict.fromkeys((*named, *treated)))

    def courses(self, given: Iterable[GivenSession], key: CourseKey) -> tuple[Course, ...]:
        """Return the courses of a region and goal, the present one last; () without any."""
        steps: list[tuple[Order, _Step]] = [
            (order_of(at), (fact, at))
            for fact, at in self.facts
            if CourseKey(fact.region, fact.goal) == key
        ]
        steps += [(order_of_session(each), each) for each in same_course(given, *key)]
        courses: tuple[Course, ...] = ()
        given_since: list[GivenSession] = []
        for _, step in sorted(steps, key=lambda step: step[0]):
            if isinstance(step, GivenSession):
                given_since.append(step)  # all at once below: some courses are long
                continue
            courses = _after(_with_sessions(courses, key, given_since), key, *step)
            given_since = []
        return _with_sessions(courses, key, given_since)


_Step = GivenSession | tuple[CourseOpened | CourseReviewed, FactTime]


def order_of(at: FactTime) -> Order:
    """Return where a fact is in the order of the records."""
    return at.boot, at.monotonic_us


def order_of_session(session: GivenSession) -> Order:
    """Return where a session began in the order of the records."""
    return session.boot, session.begun_us


def is_after_first(courses: Sequence[Course]) -> bool:
    """Say whether the last session given was the first of its course."""
    given = [course for course in courses if course.sessions]
    return bool(given) and len(given[-1].sessions) == 1


def next_number(courses: Sequence[Course], at: FactTime) -> int:
    """Return which in a row a course opened now is; `at` as of `judged_at`."""
    if not courses:
        return 1
    ends_us = [session.ended_us for course in courses for session in course.sessions]
    known = [end_us for end_us in ends_us if end_us is not None]
    if not known or len(known) < len(ends_us) or not at.trusted:
        return courses[-1].number + 1
    return 1 if at.utc_us - max(known) >= NEW_EPISODE_US else courses[-1].number + 1


def _with_sessions(
    courses: tuple[Course, ...], key: CourseKey, given: Sequence[GivenSession]
) -> tuple[Course, ...]:
    if not given:
        return courses
    present = courses[-1] if courses else Course(key=key)
    return (*courses[:-1], replace(present, sessions=(*present.sessions, *given)))


def _after(
    courses: tuple[Course, ...],
    key: CourseKey,
    fact: CourseOpened | CourseReviewed,
    at: FactTime,
) -> tuple[Course, ...]:
    if isinstance(fact, CourseOpened):
        opened = Course(
            key=key,
            number=next_number(courses, at),
            opened=at,
            reason=fact.reason,
            after=_last_session(courses),
        )
        return (*courses, opened)
    if not courses:
        return courses
    return (*courses[:-1], replace(courses[-1], review=fact, reviewed=at))


def _last_session(courses: Sequence[Course]) -> Order | None:
    orders = [order_of_session(session) for course in courses for session in course.sessions]
    return max(orders, default=None)
