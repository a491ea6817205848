"""What is known for the review of a course, and whether a fact about courses fits. Pure."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from appliance.clinical.course.courses import (
    Course,
    CourseFacts,
    CourseKey,
    next_number,
    order_of,
)
from appliance.clinical.course.facts import CourseOpened, CourseReviewed
from appliance.clinical.fact import FactTime
from appliance.clinical.outcomes.facts import DisabilityIndex
from appliance.clinical.outcomes.history import OutcomeHistory
from appliance.core.prescription.sessions_per_patient import GivenSession
from appliance.core.readable_text import refuse_reason, says_something
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE
from appliance.texts.text import text

RULE = "refusal.course_review"
LEAD_FROM = 3
"""From the third course in a row on the lead clinician decides."""
IsLead: TypeAlias = Callable[[str], bool | None]
"""Whether an operator is a lead clinician; None where the unit knows no operators."""


class KnownOfCourse(NamedTuple):
    """First and last scores in a course, None where nobody asked."""

    pain_first: int | None = None
    pain_last: int | None = None
    function_first: int | None = None
    function_last: int | None = None


def known_of(course: Course, outcomes: OutcomeHistory) -> KnownOfCourse:
    """Return pain before the sessions of a course, and function since the course before it."""
    region = course.key.region
    scores = outcomes.pain.get(region, {})
    asked = [scores[each.session].before for each in course.sessions if each.session in scores]
    if outcomes.coming is not None and outcomes.coming[0].region is region:
        asked.append(outcomes.coming[0].score)
    pain = [score for score in asked if score is not None]
    index = DisabilityIndex.OSWESTRY
    if region.is_neck:
        index = DisabilityIndex.NECK_DISABILITY_INDEX
    function = [
        scored.score
        for scored in outcomes.indices.get(index, ())
        if course.after is None or order_of(scored.at) > course.after
    ]
    return KnownOfCourse(*_ends(pain), *_ends(function))


def _ends(scores: Sequence[int]) -> tuple[int | None, int | None]:
    return (scores[0], scores[-1]) if scores else (None, None)


def nobody_knows(_operator: str) -> bool | None:
    """Say that the unit knows no operators."""
    return None


def refuse_course(
    fact: CourseOpened | CourseReviewed,
    facts: CourseFacts,
    given: Sequence[GivenSession],
    outcomes: OutcomeHistory,
    now: FactTime,
    is_lead: IsLead = nobody_knows,
) -> Refusal | None:
    """Refuse a review of no session or with other scores, and a course that is not due."""
    courses = facts.courses(given, CourseKey(fact.region, fact.goal))
    if isinstance(fact, CourseReviewed):
        return _refuse_review(fact, courses, outcomes)
    if courses and courses[-1].review is None:
        asked = text("course.opened_while", count=len(courses[-1].sessions))
        return Refusal("refusal.course", asked, text("course.reviewed"), text("course.review"))
    refusal = refuse_reason(fact.reason)
    if refusal is not None or next_number(courses, now) < LEAD_FROM:
        return refusal
    return _refuse_without_lead(fact, next_number(courses, now), is_lead)


def _refuse_without_lead(fact: CourseOpened, number: int, is_lead: IsLead) -> Refusal | None:
    """Refuse one course too many in a row that no lead clinician decides."""
    known = is_lead(fact.operator)
    if known or (known is None and says_something(fact.lead)):
        return None
    nearest = text("course.name_the_lead") if known is None else text("course.lead_signs_in")
    asked = text("course.in_a_row", number=number)
    return Refusal("refusal.course", asked, text("course.by_the_lead"), nearest)


def _refuse_review(
    fact: CourseReviewed, courses: Sequence[Course], outcomes: OutcomeHistory
) -> Refusal | None:
    if not courses or not courses[-1].sessions:
        return Refusal(RULE, text("course.no_session"), text("course.with_session"), NONE)
    if not fact.skin_looked_at:
        nearest = text("course.look_at_the_skin")
        return Refusal(RULE, text("course.skin"), text("course.skin_looked_at"), nearest)
    for name, known in known_of(courses[-1], outcomes)._asdict().items():
        asked = getattr(fact, name)
        if known is not None and asked != known:
            named = text("course.score", field=name, score=NONE if asked is None else asked)
            return Refusal(RULE, named, text("course.as_recorded"), known)
    return None
