"""Which outcomes are offered to a patient now, by course: at its first, each sixth and its review.

The session of a course that counts is that of today, or the coming one. Pure.
"""

from collections.abc import Iterator
from typing import NamedTuple

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.course.courses import Course
from appliance.clinical.fact import FactTime, same_day
from appliance.clinical.outcomes.due import DueOutcome, due_outcomes
from appliance.clinical.outcomes.history import are_offered
from appliance.clinical.patients.file import PatientFile
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import Goal, goal_of


class CourseOutcomes(NamedTuple):
    """What is offered at a session of a course; without a goal it is a complaint not treated yet.

    `number` counts the sessions of the course, from 1; `review` says that the course is at its end.
    """

    region: Region
    goal: Goal | None
    number: int
    review: bool
    due: tuple[DueOutcome, ...]


def outcomes_due(file: PatientFile, now: FactTime) -> tuple[CourseOutcomes, ...]:
    """Return what is offered now, where anything is; `now` as of `judged_at`."""
    return tuple(each for each in _courses(file, now) if each.due)


def are_due_at(file: PatientFile, session: str) -> bool:
    """Return whether outcomes are offered at a session that has been given."""
    for key in file.courses.keys(file.given):
        for course in file.courses.courses(file.given, key):
            sessions = [given.session for given in course.sessions]
            if session in sessions:
                number = sessions.index(session) + 1
                return are_offered(number, review=_ends_with(course, number))
    return False


def _courses(file: PatientFile, now: FactTime) -> Iterator[CourseOutcomes]:
    keys = file.courses.keys(file.given)
    for key in keys:
        courses = file.courses.courses(file.given, key)
        if courses:
            number = _number(file, courses[-1], now)
            review = _ends_with(courses[-1], number)
            due = due_outcomes(file.outcomes, key.region, number, now, review=review)
            yield CourseOutcomes(key.region, key.goal, number, review, due)
    treated = {key.region for key in keys}
    complaints = dict.fromkeys(complaint.region for complaint, _ in file.outcomes.complaints)
    for region in complaints:
        if region not in treated:
            due = due_outcomes(file.outcomes, region, 1, now, review=False)
            yield CourseOutcomes(region, None, 1, review=False, due=due)


def _number(file: PatientFile, course: Course, now: FactTime) -> int:
    """Return the number of the session of today, or else of the coming one."""
    if not course.sessions:
        return 1
    close_out = file.close_outs.by_session.get(course.sessions[-1].session)
    is_today = close_out is not None and same_day(close_out.opened, now)
    return len(course.sessions) + (not is_today)


def _ends_with(course: Course, number: int) -> bool:
    """Return whether the session of this number is the last of a course of some programme."""
    key = course.key
    return number in {
        programme.course.sessions
        for programme in load_catalogue().values()
        if key.region in programme.regions
        and goal_of(programme.kind) is key.goal
        and not programme.kind.finds
    }
