"""After burning, faintness or hurt skin a clinician looks before the next session."""

from typing import Any

import pytest

from appliance.clinical.closing.facts import (
    HarmReviewed,
    HarmTold,
    StopExplained,
    StoppedBecause,
)
from appliance.clinical.closing.harm import HarmState, judge_harm, refuse_review
from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence

pytestmark = pytest.mark.proves("raise-back")
BY: dict[str, Any] = {"patient": "P-1", "operator": "anna", "simulated": False}
AT = FactTime(0, 0, True, 1, 0)
REVIEW = HarmReviewed(reason="skin looked at", **BY)


def told(session: str = "0001-001", because: StoppedBecause = StoppedBecause.BURNING) -> HarmTold:
    return HarmTold(session=session, because=because, **BY)


def explained(because: StoppedBecause, session: str = "0001-001") -> StopExplained:
    return StopExplained(session=session, because=because, **BY)


def after(*facts: Any) -> HarmState:
    state = HarmState()
    for fact in facts:
        state = state.after(fact, AT)
    return state


@pytest.mark.parametrize("because", StoppedBecause)
def test_what_ends_a_session_asks_for_a_reason_before_the_next(because: StoppedBecause) -> None:
    findings = judge_harm(after(explained(because)))
    asked = because in {
        StoppedBecause.BURNING,
        StoppedBecause.FAINTNESS,
        StoppedBecause.SKIN,
    }
    assert [each.item for each in findings] == ([because.value] if asked else [])
    assert all(each.consequence is Consequence.CONFIRM for each in findings)


def test_a_look_is_for_every_harm_before_it_and_for_none_after_it() -> None:
    assert judge_harm(after(told(), REVIEW)) == ()
    assert judge_harm(after(told(), REVIEW, explained(StoppedBecause.SKIN))) == ()
    assert judge_harm(after(told(), REVIEW, told("0001-002")))
    assert judge_harm(after(told(), REVIEW, explained(StoppedBecause.SKIN, "0001-002")))


def test_a_review_needs_a_reason_harm_and_the_end_of_the_session() -> None:
    assert refuse_review(REVIEW, after(), None) is not None
    assert refuse_review(REVIEW, after(told()), "0001-001") is not None
    assert refuse_review(HarmReviewed(reason="", **BY), after(told()), None) is not None
    assert refuse_review(REVIEW, after(told()), None) is None
