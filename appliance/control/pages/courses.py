"""The page `course:PATIENT`: each course, its scores, and when each programme may be given next."""

from collections.abc import Iterator

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.course.courses import Course
from appliance.clinical.course.judge import judge_course, key_of
from appliance.clinical.course.order import judge_order
from appliance.clinical.course.review import known_of
from appliance.clinical.fact import FactTime
from appliance.clinical.own.shelf import OwnProgrammes
from appliance.clinical.patients.file import PatientFile
from appliance.control.pages.missing import finding_row
from appliance.control.pages.page import PageSources, Row, Rows, plain_time
from appliance.control.pages.patients import find_file
from appliance.core.refusal import Refusal


def course_rows(wanted: str, sources: PageSources) -> Rows:
    """Return a row for each course of a patient, by region and goal, the present one last."""
    file = find_file(wanted, sources.patients)
    if isinstance(file, Refusal):
        return file
    now = sources.patients.files.judged_at(sources.patients.now)
    return _rows(file, now, sources.patients.own)


def _rows(file: PatientFile, now: FactTime, own: OwnProgrammes) -> Iterator[Row]:
    for key in file.courses.keys(file.given):
        courses = file.courses.courses(file.given, key)
        for course in courses:
            present = course is courses[-1]
            next_ones = list(_next(file, course, now, own)) if present else []
            yield {**_course(course, file), "present": present, "programmes": next_ones}


def _course(course: Course, file: PatientFile) -> Row:
    sessions, review = course.sessions, course.review
    return {
        "region": course.key.region,
        "goal": course.key.goal,
        "number": course.number,
        "opened": plain_time(course.opened),
        "reason": course.reason,
        "sessions": [session.session for session in sessions],
        "ended_utc_us": [session.ended_us for session in sessions],
        "decision": None if review is None else review.decision,
        "reviewed": plain_time(course.reviewed),
        **known_of(course, file.outcomes)._asdict(),
    }


def _next(file: PatientFile, course: Course, now: FactTime, own: OwnProgrammes) -> Iterator[Row]:
    """Yield the programmes of a course: how often, and what stands in the way of the next session.

    `from_utc_us` of a finding is the moment from which it does not any more.
    """
    region = course.key.region
    for programme in (*load_catalogue().values(), *own.usable()):
        if region not in programme.regions or key_of(programme, region) != course.key:
            continue
        if programme.kind.finds:  # it is no session of a course
            continue
        findings = (
            *judge_course(file.courses, file.given, programme, region, now),
            *judge_order(file.courses, file.given, programme, region),
        )
        yield {
            "programme": programme.name,
            "follows": programme.follows,
            "after_sessions": programme.after_sessions,
            "sessions": programme.course.sessions,
            "per_week": programme.course.per_week,
            "findings": [finding_row(finding) for finding in findings],
        }
