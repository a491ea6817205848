"""Each step of a close-out says whether it is open, and what may become of it."""

import pytest

from appliance.clinical.closing.close_out import PartOutcome
from appliance.clinical.closing.facts import CloseOutPart
from appliance.clinical.closing.steps import close_out_steps, seated_left_s
from tests.support.close_outs import (
    FIRST,
    STEPS,
    deferred,
    left_out,
    minutes,
    opened,
    skin_not_checked,
    state,
)
from tests.support.facts import day


def steps(*facts: object, outcomes_due: bool = False) -> dict[str, PartOutcome | None]:
    close_out = state(opened(), *facts).by_session[FIRST]  # type: ignore[arg-type]
    found = close_out_steps(close_out, outcomes_due=outcomes_due)
    return {step.part.value: step.outcome for step in found}


def test_every_required_step_is_open_until_it_is_answered() -> None:
    close_outs = state(opened())
    for part, fact in STEPS.items():
        (step,) = [
            step
            for step in close_out_steps(close_outs.by_session[FIRST], outcomes_due=False)
            if step.part == part
        ]
        assert (step.required, step.is_open) == (True, True)
        close_outs = close_outs.after(fact, day(0))
    found = close_out_steps(close_outs.by_session[FIRST], outcomes_due=True)
    assert [step.part for step in found if step.is_open] == []


def test_outcomes_are_a_step_only_where_they_are_offered_or_were_put_off() -> None:
    assert "outcomes" not in steps()
    assert steps(outcomes_due=True)["outcomes"] is None
    assert steps(deferred(CloseOutPart.OUTCOMES))["outcomes"] is PartOutcome.DEFERRED


def test_what_was_put_off_is_open_and_what_was_left_out_is_not() -> None:
    facts = (deferred(CloseOutPart.PAIN_AFTER), left_out(CloseOutPart.SEATED), skin_not_checked())
    found = close_out_steps(state(opened(), *facts).by_session[FIRST], outcomes_due=False)
    open_parts = [step.part.value for step in found if step.is_open]
    assert open_parts == ["pads_off", "pain_before", "pain_after", "stopped_because"]


def test_what_may_be_put_off_and_left_out_is_what_may_be_recorded() -> None:
    found = close_out_steps(state(opened()).by_session[FIRST], outcomes_due=True)
    assert {step.part.value for step in found if step.may_defer} == {
        "pain_before",
        "pain_after",
        "stopped_because",
        "exercises",
        "advice",
        "outcomes",
    }
    assert {step.part.value for step in found if step.may_leave_out} == {
        "skin",
        "seated",
        "pain_before",
        "pain_after",
    }
    assert {step.part.value for step in found if step.holds_up} == {"pads_off", "skin"}


@pytest.mark.parametrize(("passed", "left"), [(0, 120), (1, 60), (2, 0), (9, 0)])
def test_two_minutes_in_the_chair_count_down_to_zero(passed: int, left: int) -> None:
    close_out = state(opened()).by_session[FIRST]
    assert seated_left_s(close_out, minutes(passed)) == left
    part_of_a_second = minutes(1)._replace(monotonic_us=60_000_001)
    assert seated_left_s(close_out, part_of_a_second) == 60


def test_without_a_clock_that_can_tell_no_time_is_left_to_show() -> None:
    close_out = state(opened()).by_session[FIRST]
    assert seated_left_s(close_out, minutes(1, trusted=False, boot=2)) is None
