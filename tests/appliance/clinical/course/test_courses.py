"""Courses of a patient: what belongs together, when a course ends, and who goes on."""

from typing import Any

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.course.courses import Course, CourseFacts, CourseKey
from appliance.clinical.course.facts import CourseDecision, CourseOpened, CourseReviewed
from appliance.clinical.course.judge import judge_course
from appliance.clinical.course.review import known_of, refuse_course
from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.outcomes.facts import (
    DisabilityIndex,
    IndexScored,
    PainMoment,
    PainScored,
)
from appliance.clinical.outcomes.history import OutcomeHistory
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import GivenSession, Goal
from appliance.core.refusal import Refusal
from tests.support.facts import DAY_US, WHO, day
from tests.support.texts import said

pytestmark = pytest.mark.proves("course-reviews")
BACK, NECK = Region.LOWER_BACK, Region.NECK
STRENGTH = CourseKey(BACK, Goal.STRENGTH)
CATALOGUE = load_catalogue()
STRENGTHENING = CATALOGUE["nmes-strengthening"]
"""Twenty sessions a course."""
LEAD: dict[str, bool | None] = {"op-1": None}


def session(number: float, **more: Any) -> GivenSession:
    """Return a strengthening session that began on a day of the test and took 10 min."""
    at = day(number)
    plain: dict[str, Any] = {
        "region": BACK,
        "goal": Goal.STRENGTH,
        "motor": True,
        "able": True,
        "finished": True,
        "felt": True,
        "elapsed_us": 600_000_000,
        "comfortable_ua": 20_000,
        "ended_us": at.utc_us + 600_000_000,
        "day": at.day,
        "dated": True,
        "session": f"0001-{int(number):03d}",
        "boot": 1,
        "begun_us": at.monotonic_us,
    }
    return GivenSession(**{**plain, **more})


def reviewed(decision: str = "continue", **more: Any) -> CourseReviewed:
    plain: dict[str, Any] = {"region": BACK, "goal": Goal.STRENGTH, "skin_looked_at": True, **WHO}
    return CourseReviewed(decision=CourseDecision(decision), **{**plain, **more})


def opened(reason: str = "stronger each week", **more: Any) -> CourseOpened:
    plain: dict[str, Any] = {"region": BACK, "goal": Goal.STRENGTH, **WHO}
    return CourseOpened(reason=reason, **{**plain, **more})


def facts(*steps: tuple[CourseOpened | CourseReviewed, float]) -> CourseFacts:
    folded = CourseFacts()
    for fact, number in steps:
        folded = folded.after(fact, day(number))
    return folded


def found(
    folded: CourseFacts, given: list[GivenSession], now: FactTime, name: str = "nmes-strengthening"
) -> tuple[Finding, ...]:
    return judge_course(folded, given, CATALOGUE[name], BACK, now)


def rules(*asked: Any, **more: Any) -> list[str]:
    return [finding.rule.removeprefix("refusal.") for finding in found(*asked, **more)]


def course_of(count: int, begins: int = 0) -> list[GivenSession]:
    """Return that many sessions, three days apart."""
    return [session(begins + 3 * number) for number in range(count)]


# --- what a course is ---------------------------------------------------------------------------


def test_the_first_session_opens_a_course_and_later_ones_belong_to_it() -> None:
    (course,) = CourseFacts().courses(course_of(3), STRENGTH)
    assert (course.number, course.opened, len(course.sessions)) == (1, None, 3)


def test_region_and_goal_make_a_course_and_nothing_else_does() -> None:
    mixed = [
        session(0),
        session(3, motor=False),
        session(6, region=NECK),
        session(9, goal=Goal.PAIN),
    ]
    assert [len(each.sessions) for each in CourseFacts().courses(mixed, STRENGTH)] == [2]
    assert CourseFacts().keys(mixed) == (
        STRENGTH,
        CourseKey(NECK, Goal.STRENGTH),
        CourseKey(BACK, Goal.PAIN),
    )


def test_what_was_broken_off_within_a_minute_belongs_to_no_course() -> None:
    assert CourseFacts().courses([session(0, elapsed_us=59_999_999)], STRENGTH) == ()
    assert len(CourseFacts().courses([session(0, elapsed_us=60_000_000)], STRENGTH)) == 1


def test_a_session_belongs_to_the_course_that_was_open_as_it_began_by_the_records_order() -> None:
    """A clock that jumps moves no session into another course: only boot and monotonic time do."""
    folded = facts((reviewed(), 5), (opened(), 5.5))
    given = [session(0), session(3, ended_us=None, day=None), session(6, ended_us=0)]
    first, second = folded.courses(given, STRENGTH)
    assert [len(first.sessions), len(second.sessions)] == [2, 1]
    later_boot = session(1, boot=2)
    assert len(folded.courses([*given, later_boot], STRENGTH)[1].sessions) == 2


# --- its end ------------------------------------------------------------------------------------


def test_a_course_ends_with_the_sessions_of_its_programme() -> None:
    assert STRENGTHENING.course.sessions == 20
    now = day(60)
    assert rules(CourseFacts(), course_of(19), now) == []
    (ending,) = found(CourseFacts(), course_of(20), now)
    assert (ending.rule, ending.consequence, ending.item) == (
        "refusal.course_review",
        Consequence.ASK,
        "course",
    )
    told = said(ending.refusal())
    assert (told.asked, told.allowed) == ("session 21", "20 in a course, then a review")


@pytest.mark.parametrize("decision", CourseDecision)
def test_after_any_review_only_a_new_course_goes_on(decision: CourseDecision) -> None:
    now, given = day(61), course_of(20)
    folded = facts((reviewed(decision), 60))
    (blocked,) = found(folded, given, now)
    stops = decision is CourseDecision.STOP
    assert blocked.consequence is (Consequence.STOP if stops else Consequence.ASK)
    assert (blocked.rule, blocked.since) == ("refusal.course", day(60))
    assert rules(facts((reviewed(decision), 60), (opened(), 60.5)), given, now) == []


def test_a_stop_before_the_end_blocks_as_well() -> None:
    assert rules(facts((reviewed("stop"), 8)), course_of(2), day(30)) == ["course"]


def test_a_stop_of_one_goal_or_region_blocks_no_other() -> None:
    folded = facts((reviewed("stop"), 8))
    assert rules(folded, course_of(2), day(30), "conventional-tens") == []
    assert judge_course(folded, course_of(2), STRENGTHENING, NECK, day(30)) == ()


def test_the_new_course_counts_from_one() -> None:
    folded = facts((reviewed(), 60), (opened(), 60.5))
    given = [*course_of(20), *course_of(19, begins=63)]
    assert rules(folded, given, day(130)) == []
    assert rules(folded, [*given, session(125)], day(130)) == ["course_review"]


# --- the rest in a course -----------------------------------------------------------------------


@pytest.mark.proves("courses")
@pytest.mark.parametrize(("hours", "refused"), [(71.9, True), (72, False)])
def test_after_the_first_strengthening_session_of_every_course_72_hours_pass(
    hours: float, refused: bool
) -> None:
    folded = facts((reviewed(), 60), (opened(), 60.5))
    given = [*course_of(20), session(63)]
    now = day(63 + 600 / 86_400 + hours / 24)
    assert bool(rules(folded, given, now)) == refused


@pytest.mark.proves("courses")
def test_a_rest_says_from_when_it_is_over_and_is_over_then() -> None:
    given = course_of(3)
    (rest,) = found(CourseFacts(), given, day(7))
    assert rest.consequence is Consequence.STOP
    assert rest.from_utc_us == day(6).utc_us + 600_000_000 + 2 * DAY_US
    early, late = (
        FactTime(at_us, at_us // DAY_US, True, 1, 0)
        for at_us in (rest.from_utc_us - 1, rest.from_utc_us)
    )
    assert rules(CourseFacts(), given, early) == ["rest_between_strengthening_sessions"]
    assert rules(CourseFacts(), given, late) == []


@pytest.mark.proves("courses")
def test_without_a_trusted_clock_nothing_expires_and_no_time_is_named() -> None:
    (rest,) = found(CourseFacts(), course_of(3), day(70, trusted=False))
    assert rest.from_utc_us is None
    assert said(rest.refusal()).nearest.startswith("set the clock")


# --- facts --------------------------------------------------------------------------------------


def refused(
    fact: CourseOpened | CourseReviewed,
    folded: CourseFacts,
    given: list[GivenSession],
    outcomes: OutcomeHistory | None = None,
    now: FactTime | None = None,
    *,
    is_lead: bool | None = None,
) -> str:
    refusal = refuse_course(
        fact, folded, given, outcomes or OutcomeHistory(), now or day(100), lambda _: is_lead
    )
    assert refusal is None or isinstance(refusal, Refusal)
    return "" if refusal is None else said(refusal).nearest


def test_a_review_needs_a_session_and_a_look_at_the_skin() -> None:
    assert refused(reviewed(), CourseFacts(), []) == "none"
    assert refused(reviewed(), CourseFacts(), course_of(1)) == ""
    blind = reviewed(skin_looked_at=False)
    assert refused(blind, CourseFacts(), course_of(1)) == "look at the skin under the pads"


def test_a_course_is_opened_first_of_all_or_after_a_review_and_with_a_reason() -> None:
    assert refused(opened(), CourseFacts(), []) == ""
    assert refused(opened(), CourseFacts(), course_of(20)).startswith("review the course")
    after = facts((reviewed(), 60))
    assert refused(opened(), after, course_of(20)) == ""
    assert refused(opened(reason=" "), after, course_of(20)) == "say why"


def two_courses() -> tuple[CourseFacts, list[GivenSession]]:
    folded = facts((reviewed(), 60), (opened(), 60.5), (reviewed(), 90))
    return folded, [*course_of(20), session(63), session(66)]


@pytest.mark.parametrize(
    ("lead", "is_lead", "nearest"),
    [
        ("", None, "name the lead clinician who agreed"),
        ("dr-lead", None, ""),
        ("dr-lead", False, "the lead clinician signs in and opens it"),
        ("", True, ""),
    ],
)
def test_a_third_course_in_a_row_needs_the_lead_clinician(
    lead: str, is_lead: bool | None, nearest: str
) -> None:
    folded, given = two_courses()
    asked = opened(lead=lead)
    assert refused(asked, folded, given, now=day(100), is_lead=is_lead) == nearest
    assert refused(opened(), facts((reviewed(), 60)), course_of(20), is_lead=is_lead) == ""


@pytest.mark.parametrize(
    ("now", "nearest"),
    [
        (day(66.5 + 90), ""),
        (day(66 + 90), "name the lead clinician who agreed"),
        (day(300, trusted=False), "name the lead clinician who agreed"),
    ],
)
def test_after_90_days_without_a_session_a_course_is_no_longer_in_a_row(
    now: FactTime, nearest: str
) -> None:
    folded, given = two_courses()
    assert refused(opened(), folded, given, now=now) == nearest


def test_a_stop_between_them_does_not_end_the_row() -> None:
    """Hazard: stop and open again, and nobody asks the lead."""
    folded = facts((reviewed("stop"), 60), (opened(), 60.5), (reviewed("stop"), 90))
    assert refused(opened(), folded, [*course_of(20), session(63)]) != ""


# --- what is known at a review ----------------------------------------------------------------


def pain(of: float, score: int) -> PainScored:
    return PainScored(
        session=f"0001-{int(of):03d}", region=BACK, moment=PainMoment.BEFORE, score=score, **WHO
    )


def scored(score: int) -> IndexScored:
    return IndexScored(index=DisabilityIndex.OSWESTRY, score=score, **WHO)


def outcomes() -> OutcomeHistory:
    """Scores of two courses: pain 8 to 6 and 5 to 3, function 40 to 30 and 28 to 20."""
    folded = OutcomeHistory()
    steps: tuple[tuple[PainScored | IndexScored, float], ...] = (
        (scored(40), -1),
        (pain(0, 8), 0),
        (pain(57, 6), 57),
        (scored(30), 56),
        (scored(28), 61),
        (pain(63, 5), 63),
        (pain(66, 3), 66),
        (scored(20), 67),
    )
    for fact, number in steps:
        folded = folded.after(fact, day(number))
    return folded


def both_courses() -> tuple[Course, ...]:
    return two_courses()[0].courses(two_courses()[1], STRENGTH)


def test_scores_of_a_review_are_the_first_and_the_last_of_that_course() -> None:
    assert [tuple(known_of(course, outcomes())) for course in both_courses()][1] == (5, 3, 28, 20)
    assert tuple(known_of(both_courses()[0], outcomes()))[:3] == (8, 6, 40)


@pytest.mark.parametrize(
    ("scores", "nearest"),
    [
        ({}, "5"),
        ({"pain_first": 5, "pain_last": 3, "function_first": 28, "function_last": 20}, ""),
        ({"pain_first": 5, "pain_last": 1, "function_first": 28, "function_last": 20}, "3"),
        ({"pain_first": 5, "pain_last": 3, "function_first": 27, "function_last": 20}, "28"),
    ],
)
def test_a_review_says_what_is_recorded(scores: dict[str, Any], nearest: str) -> None:
    folded, given = two_courses()
    assert refused(reviewed(**scores), folded, given, outcomes()) == nearest


def test_scores_that_nobody_recorded_may_be_given_or_left_out() -> None:
    assert refused(reviewed(), CourseFacts(), course_of(1)) == ""
    assert refused(reviewed(pain_first=7, pain_last=2), CourseFacts(), course_of(1)) == ""
