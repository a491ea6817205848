"""Complaints and outcomes that cannot be kept are refused, and it is said what is accepted."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.clinical.body import Side
from appliance.clinical.fact import Fact
from appliance.clinical.finding import Consequence
from appliance.clinical.outcomes.answers import judge_complaint, judge_opening, refuse_outcome
from appliance.clinical.outcomes.facts import (
    ActivityScored,
    ComplaintOpened,
    ContractionGrade,
    ContractionGraded,
    Diagnosis,
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
from appliance.core.limits.limits import Region
from tests.support.facts import WHO
from tests.support.texts import problems, said


def complaint(
    diagnosis: Diagnosis = Diagnosis.MUSCLE_TENSION, *, weeks: int = 8, reason: str = ""
) -> ComplaintOpened:
    return ComplaintOpened(
        **WHO,
        region=Region.NECK,
        side=Side.RIGHT,
        weeks=weeks,
        diagnosis=diagnosis,
        reason=reason,
    )


def pain(score: int) -> PainScored:
    return PainScored(
        **WHO, session="0001-001", region=Region.NECK, moment=PainMoment.BEFORE, score=score
    )


def graded(level_ua: int, discomfort: int) -> ContractionGraded:
    return ContractionGraded(
        **WHO,
        session="0001-001",
        channel=1,
        level_ua=level_ua,
        grade=ContractionGrade.VISIBLE,
        discomfort=discomfort,
    )


def numbers(value: int) -> list[tuple[Fact, int, int]]:
    """Return each fact with a number, its least and its greatest value."""
    return [
        (pain(value), 0, 10),
        (ActivityScored(**WHO, activity="climb stairs", score=value), 0, 10),
        (IndexScored(**WHO, index=DisabilityIndex.NECK_DISABILITY_INDEX, score=value), 0, 50),
        (IndexScored(**WHO, index=DisabilityIndex.OSWESTRY, score=value), 0, 100),
        (GlobalChangeScored(**WHO, score=value), 1, 7),
        (graded(15_000, value), 0, 10),
        (FatigueCounted(**WHO, session="0001-001", channel=1, contractions=value), 1, 300),
        (complaint(weeks=value), 0, 4160),
        (graded(value, 0), 1, 100_000),
    ]


@given(st.integers(-(2**40), 2**40) | st.integers(-2, 110))
def test_a_number_is_accepted_in_its_range_only(value: int) -> None:
    for fact, least, most in numbers(value):
        refusal = refuse_outcome(fact)
        assert (refusal is None) is (least <= value <= most), fact


@pytest.mark.parametrize("value", [-1, 0, 1, 7, 8, 10, 11, 50, 51, 100, 101])
def test_the_nearest_number_that_is_offered_is_accepted(value: int) -> None:
    for number, (fact, least, most) in enumerate(numbers(value)):
        refusal = refuse_outcome(fact)
        if refusal is not None:
            said(refusal)
            nearest = min(max(value, least), most)
            assert refuse_outcome(numbers(nearest)[number][0]) is None


@pytest.mark.parametrize("activity", ["", "  ", "\u200b\u200b", "a" * 61, "\x1b[2Jstairs", "--"])
def test_an_activity_that_cannot_be_read_is_refused(activity: str) -> None:
    refusal = refuse_outcome(ActivityScored(**WHO, activity=activity, score=3))
    assert refusal is not None
    assert said(refusal).nearest == "name the activity in a few words"


def test_a_range_of_motion_with_a_gap_names_the_gap() -> None:
    full = dict.fromkeys(Movement, Motion.FULL)
    assert refuse_outcome(MotionTested(**WHO, region=Region.NECK, motions=full)) is None
    for movement in Movement:
        motions = {other: Motion.PAINFUL for other in Movement if other is not movement}
        refusal = refuse_outcome(MotionTested(**WHO, region=Region.NECK, motions=motions))
        assert refusal is not None
        assert said(refusal).asked == f"no answer to {movement.value}"


@pytest.mark.parametrize("diagnosis", Diagnosis)
def test_only_a_complaint_without_a_diagnosis_has_to_be_confirmed(diagnosis: Diagnosis) -> None:
    found = judge_complaint(complaint(diagnosis))
    assert [finding.consequence for finding in found] == (
        [Consequence.CONFIRM] if diagnosis is Diagnosis.NONE_YET else []
    )
    assert [problem for finding in found for problem in problems(finding.text())] == []
    assert judge_complaint(complaint(diagnosis, reason="seen by the doctor today")) == ()


def test_a_patient_is_opened_with_a_complaint_and_the_last_one_counts() -> None:
    (finding,) = judge_opening(())
    assert finding.consequence is Consequence.ASK
    assert problems(finding.text()) == []
    known, unknown = complaint(), complaint(Diagnosis.NONE_YET)
    assert judge_opening((unknown, known)) == ()
    assert [each.consequence for each in judge_opening((known, unknown))] == [Consequence.CONFIRM]


@pytest.mark.parametrize("reason", ["", " ", "\u200b"])
def test_a_reason_that_says_nothing_does_not_confirm(reason: str) -> None:
    assert judge_complaint(complaint(Diagnosis.NONE_YET, reason=reason)) != ()


def test_an_answer_that_is_not_known_never_becomes_a_fact() -> None:
    raw = msgspec.to_builtins(complaint())
    for key, value in (("diagnosis", "cured"), ("side", "front"), ("region", "chest")):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**raw, key: value}, ComplaintOpened)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**raw, "name": "somebody"}, ComplaintOpened)
