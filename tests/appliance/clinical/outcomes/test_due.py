"""Outcomes are offered at the first session, each sixth and each review, and never required."""

import pytest

from appliance.clinical.outcomes.due import Measure, due_outcomes
from appliance.clinical.outcomes.facts import (
    ActivityScored,
    DisabilityIndex,
    GlobalChangeScored,
    IndexScored,
    Motion,
    MotionTested,
    Movement,
)
from appliance.clinical.outcomes.history import OutcomeHistory
from appliance.core.limits.limits import Region
from tests.support.facts import WHO, day

NOTHING = OutcomeHistory()


def offered(
    session: int,
    region: Region = Region.LOWER_BACK,
    history: OutcomeHistory = NOTHING,
    *,
    review: bool = False,
) -> dict[str, bool]:
    """Return what is offered and whether it has an answer today."""
    found = due_outcomes(history, region, session, day(10.5), review=review)
    return {due.questionnaire or due.measure: due.today for due in found}


@pytest.mark.parametrize("session", range(1, 20))
def test_nothing_is_offered_between_the_first_and_each_sixth_session(session: int) -> None:
    assert bool(offered(session)) is (session in {1, 6, 12, 18})
    assert offered(session, review=True) != {}


@pytest.mark.parametrize(
    ("region", "index"),
    [
        (Region.NECK, "ndi"),
        (Region.SUBOCCIPITAL, "ndi"),
        (Region.UPPER_BACK, None),
        (Region.LOWER_BACK, "oswestry"),
    ],
)
def test_the_index_is_that_of_the_region(region: Region, index: str | None) -> None:
    indices = {"ndi", "oswestry"} & set(offered(6, region))
    assert indices == ({index} if index else set())


def test_a_first_session_has_no_change_to_ask_for() -> None:
    assert "global_change" not in offered(1)
    assert "global_change" in offered(6)


def test_an_answer_of_today_counts_and_one_of_another_day_or_region_does_not() -> None:
    motions = MotionTested(**WHO, region=Region.NECK, motions=dict.fromkeys(Movement, Motion.FULL))
    history = NOTHING
    for number, fact in enumerate(
        (
            motions,
            GlobalChangeScored(**WHO, score=2),
            IndexScored(**WHO, index=DisabilityIndex.OSWESTRY, score=20),
            ActivityScored(**WHO, activity="climb stairs", score=3),
        )
    ):
        history = history.after(fact, day(9 + number * 0.5))
    assert offered(6, history=history) == {
        "oswestry": True,
        "activity": True,
        "motion": False,
        "global_change": False,
    }
    (index, *_) = due_outcomes(history, Region.LOWER_BACK, 6, day(10.5), review=False)
    assert (index.measure, index.last) == (Measure.INDEX, day(10))
