"""Which programme of a course comes after which, and after how many sessions. Pure.

Nothing is refused for it: how a patient gets on decides, and the clinician does.
"""

from collections.abc import Sequence

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.course.courses import Course, CourseFacts
from appliance.clinical.course.judge import ITEM, key_of
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.programme import Programme
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import GivenSession
from appliance.texts.text import text

RULE = "refusal.order_of_programmes"


def judge_order(
    facts: CourseFacts, given: Sequence[GivenSession], programme: Programme, region: Region
) -> tuple[Finding, ...]:
    """Note that a programme is chosen before its time, or that the one after it is due."""
    had = _sessions_in_a_row(facts.courses(given, key_of(programme, region)))
    catalogue = load_catalogue()
    before = catalogue.get(programme.follows)
    if before is not None and had < programme.after_sessions:
        return (_note(had, before, programme, nearest=before),)
    return tuple(
        _note(had, programme, each, nearest=each)
        for each in catalogue.values()
        if each.follows == programme.name and had >= each.after_sessions
    )


def _sessions_in_a_row(courses: Sequence[Course]) -> int:
    """Return the sessions of the present course and of those in a row before it."""
    count = 0
    for course in reversed(courses):
        count += len(course.sessions)
        if course.number == 1:
            break
    return count


def _note(had: int, first: Programme, then: Programme, *, nearest: Programme) -> Finding:
    return Finding(
        consequence=Consequence.NOTE,
        rule=RULE,
        item=ITEM,
        found=text("course.session", number=had + 1),
        allowed=text(
            "course.order",
            count=then.after_sessions,
            first=first.title_text,
            then=then.title_text,
        ),
        nearest=nearest.title_text,
    )
