"""Outcomes of a patient are folded in order; first and last are compared over a course."""

import msgspec
import pytest

from appliance.clinical.fact import Fact, session_order
from appliance.clinical.outcomes.change import Direction
from appliance.clinical.outcomes.facts import (
    ActivityScored,
    ContractionGrade,
    ContractionGraded,
    DisabilityIndex,
    FatigueCounted,
    GlobalChangeScored,
    IndexScored,
    Motion,
    MotionTested,
    Movement,
    PainMoment,
    PainScored,
)
from appliance.clinical.outcomes.history import OutcomeHistory, SessionPain, are_offered
from appliance.core.limits.limits import Region
from appliance.texts.catalogue.outcomes import OUTCOMES
from tests.support.facts import WHO, day
from tests.support.text_keys import strings_of


def history(*facts: Fact) -> OutcomeHistory:
    state = OutcomeHistory()
    for number, fact in enumerate(facts):
        state = state.after(fact, day(number))
    return state


def pain(
    session: int,
    score: int,
    moment: PainMoment = PainMoment.BEFORE,
    region: Region = Region.LOWER_BACK,
) -> PainScored:
    return PainScored(
        **WHO, session=f"0001-{session:03d}", region=region, moment=moment, score=score
    )


def test_pain_over_a_course_compares_the_first_with_the_last_before_a_session() -> None:
    state = history(pain(1, 7), pain(1, 2, PainMoment.AFTER), pain(2, 6), pain(3, 4))
    change = state.pain_over_course(Region.LOWER_BACK)
    assert change is not None
    assert (change.direction, change.points) == (Direction.BETTER, 3)
    assert state.pain[Region.LOWER_BACK]["0001-001"] == SessionPain(7, 2)


def test_sessions_are_in_the_order_of_boots_and_counts_whenever_pain_was_noted() -> None:
    scores = {"10000-001": 1, "0002-1000": 3, "0002-999": 9, "0001-002": 7}
    state = history(
        *(msgspec.structs.replace(pain(1, score), session=name) for name, score in scores.items())
    )
    change = state.pain_over_course(Region.LOWER_BACK)
    assert change is not None
    assert (change.direction, change.points) == (Direction.BETTER, 6)
    assert sorted(scores, key=session_order) == ["0001-002", "0002-999", "0002-1000", "10000-001"]


def test_a_corrected_score_takes_the_place_of_the_one_before() -> None:
    state = history(pain(1, 7), pain(1, 5))
    assert state.pain[Region.LOWER_BACK] == {"0001-001": SessionPain(5, None)}
    assert state.pain_over_course(Region.LOWER_BACK) is None


def test_regions_are_never_compared_with_each_other() -> None:
    state = history(pain(1, 7, region=Region.NECK), pain(2, 2))
    assert state.pain_over_course(Region.NECK) is None
    assert state.pain_over_course(Region.LOWER_BACK) is None


def test_scores_and_activities_are_compared_with_themselves() -> None:
    state = history(
        IndexScored(**WHO, index=DisabilityIndex.OSWESTRY, score=40),
        IndexScored(**WHO, index=DisabilityIndex.NECK_DISABILITY_INDEX, score=20),
        ActivityScored(**WHO, activity="climb stairs", score=3),
        IndexScored(**WHO, index=DisabilityIndex.OSWESTRY, score=28),
        ActivityScored(**WHO, activity="sit for an hour", score=9),
        ActivityScored(**WHO, activity="climb stairs", score=6),
    )
    oswestry = state.index_over_course(DisabilityIndex.OSWESTRY)
    assert oswestry is not None
    assert (oswestry.direction, oswestry.points) == (Direction.BETTER, 12)
    assert state.index_over_course(DisabilityIndex.NECK_DISABILITY_INDEX) is None
    stairs = state.activity_over_course("climb stairs")
    assert stairs is not None
    assert (stairs.direction, stairs.points) == (Direction.BETTER, 3)
    assert state.activity_over_course("sit for an hour") is None


def test_every_other_outcome_is_kept_in_its_order() -> None:
    motions = MotionTested(
        **WHO, region=Region.NECK, motions=dict.fromkeys(Movement, Motion.LIMITED)
    )
    grade = ContractionGraded(
        **WHO,
        session="0001-003",
        channel=2,
        level_ua=18_000,
        grade=ContractionGrade.FLICKER,
        discomfort=2,
    )
    fatigue = FatigueCounted(**WHO, session="0001-003", channel=2, contractions=14)
    better, worse = GlobalChangeScored(**WHO, score=2), GlobalChangeScored(**WHO, score=6)
    state = history(motions, grade, fatigue, better, worse)
    assert [fact for fact, _ in state.motions] == [motions]
    assert [fact for fact, _ in state.contractions] == [grade]
    assert [fact for fact, _ in state.fatigue] == [fatigue]
    assert [scored.score for scored in state.global_changes] == [2, 6]


@pytest.mark.parametrize(
    ("session", "offered"),
    [(1, True), (2, False), (5, False), (6, True), (7, False), (12, True), (18, True)],
)
def test_outcomes_are_offered_at_the_first_and_each_sixth_session(
    session: int, *, offered: bool
) -> None:
    assert are_offered(session, review=False) is offered
    assert are_offered(session, review=True)


def test_every_text_of_outcomes_is_used() -> None:
    assert OUTCOMES.keys() - strings_of("outcomes") == set()
