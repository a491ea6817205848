"""Which programme of a course follows which: noted, never refused."""

from dataclasses import replace
from typing import Any

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.course.courses import CourseFacts
from appliance.clinical.course.facts import CourseDecision, CourseOpened, CourseReviewed
from appliance.clinical.course.order import judge_order
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.programme import Programme
from appliance.core.limits.limits import Region
from appliance.core.prescription.sessions_per_patient import GivenSession, Goal, TimeOfDay
from tests.support.facts import WHO, day
from tests.support.regular_patient import a_session
from tests.support.texts import said

CATALOGUE = load_catalogue()
START, LATER = CATALOGUE["rehabilitation-start"], CATALOGUE["rehabilitation-later"]
BACK = Region.LOWER_BACK
NO_FACTS = CourseFacts()


def given(
    count: int, region: Region = BACK, goal: Goal = Goal.REHABILITATION, begins: int = 0
) -> list[GivenSession]:
    """Return that many sessions, three days apart from a day of the test on."""
    times = [day(begins + 3 * number) for number in range(count)]
    whole = a_session(TimeOfDay(0, 0, trusted=True), region=region, goal=goal)
    return [
        replace(whole, ended_us=time.utc_us, day=time.day, boot=1, begun_us=time.monotonic_us)
        for time in times
    ]


def judged(
    had: list[GivenSession], programme: Programme, facts: CourseFacts = NO_FACTS
) -> tuple[Finding, ...]:
    return judge_order(facts, had, programme, BACK)


@pytest.mark.parametrize("had", [0, 1, 5])
def test_the_later_programme_is_noted_before_its_time_and_the_first_is_not(had: int) -> None:
    (found,) = judged(given(had), LATER)
    assert found.consequence is Consequence.NOTE
    refusal = said(found.refusal())
    assert refusal.asked == f"session {had + 1}"
    assert (
        refusal.allowed == "6 sessions of Re-education, first weeks, then Re-education, later weeks"
    )
    assert refusal.nearest == "Re-education, first weeks"
    assert judged(given(had), START) == ()


@pytest.mark.parametrize("had", [6, 7])
def test_after_six_sessions_the_later_programme_is_due(had: int) -> None:
    assert judged(given(had), LATER) == ()
    (found,) = judged(given(had), START)
    assert found.consequence is Consequence.NOTE
    assert said(found.refusal()).nearest == "Re-education, later weeks"


def test_sessions_of_another_goal_or_region_do_not_count() -> None:
    for others in (given(6, goal=Goal.STRENGTH), given(6, region=Region.UPPER_BACK)):
        assert judged(others, START) == ()
        assert len(judged(others, LATER)) == 1


@pytest.mark.parametrize(("opened_on", "due"), [(20, True), (120, False)])
def test_a_new_course_in_a_row_goes_on_counting_and_a_new_episode_begins_again(
    opened_on: int, due: bool
) -> None:
    about: dict[str, Any] = {"region": BACK, "goal": Goal.REHABILITATION, **WHO}
    decision = CourseDecision.CONTINUE
    facts = (
        CourseFacts()
        .after(CourseReviewed(decision=decision, skin_looked_at=True, **about), day(19))
        .after(CourseOpened(reason="goes on", **about), day(opened_on))
    )
    had = [*given(5), *given(1, begins=opened_on + 1)]
    assert bool(judged(had, START, facts)) is due
    assert bool(judged(had, LATER, facts)) is not due
