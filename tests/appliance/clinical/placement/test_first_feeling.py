"""Each channel alone is felt at its own pads; anything else goes to zero and back to the pads."""

import msgspec
import pytest

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Consequence
from appliance.clinical.placement.facts import FeltAt, FirstFeelingMarked, PadsPlaced, PadsRemoved
from appliance.clinical.placement.first_feeling import FeelingStep, judge_feeling, refuse_rise
from appliance.clinical.placement.history import (
    PlacementHistory,
    channel_to_feel,
    judge_placed,
    refuse_feeling,
    refuse_placed,
    refuse_playing_on,
)
from appliance.clinical.placement.placement import Depth, PlacementKey, PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.core.limits.limits import Region
from appliance.texts.english import english
from tests.support.facts import WHO, day
from tests.support.texts import problems, said


def plan(
    programme: str = "conventional-tens", side: Side = Side.BOTH, depth: Depth = Depth.USUAL
) -> PlannedPlacement:
    answer = plan_placement(load_catalogue()[programme], "lower_back", side, depth=depth)
    assert isinstance(answer, PlannedPlacement)
    return answer


PLAN = plan()


def placed(planned: PlannedPlacement = PLAN) -> PadsPlaced:
    return PadsPlaced(**WHO, key=planned.key, pads=planned.pads, pad_set="A")


def mark(
    felt: FeltAt, channel: int = 1, level_ua: int = 8_000, key: PlacementKey = PLAN.key
) -> FirstFeelingMarked:
    return FirstFeelingMarked(**WHO, key=key, channel=channel, felt=felt, level_ua=level_ua)


def history(*facts: tuple[Fact, FactTime]) -> PlacementHistory:
    state = PlacementHistory()
    for fact, at in facts:
        state = state.after(fact, at)
    return state


def both_right(at: FactTime) -> PlacementHistory:
    return history((placed(), at), (mark(FeltAt.THIS_PAIR, 1), at), (mark(FeltAt.THIS_PAIR, 2), at))


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize(
    "felt", [felt for felt in FeltAt if felt not in {FeltAt.THIS_PAIR, FeltAt.NOTHING}]
)
def test_felt_anywhere_else_goes_to_zero_and_back_to_placement(
    region: Region, felt: FeltAt
) -> None:
    outcome = judge_feeling(region, felt, 500)
    assert outcome.step is FeelingStep.PLACE_AGAIN
    assert outcome.step.to_zero
    assert "evel to zero" in english(outcome.text)
    assert problems(outcome.text) == []


@pytest.mark.parametrize("region", Region)
def test_felt_at_its_own_pads_is_right(region: Region) -> None:
    outcome = judge_feeling(region, FeltAt.THIS_PAIR, 500)
    assert outcome.step is FeelingStep.RIGHT
    assert not outcome.step.to_zero


@pytest.mark.parametrize(
    ("region", "limit_ua"),
    [
        (Region.NECK, 10_000),
        (Region.SUBOCCIPITAL, 10_000),
        (Region.UPPER_BACK, 20_000),
        (Region.LOWER_BACK, 20_000),
    ],
)
def test_nothing_felt_at_10_ma_on_the_neck_or_20_on_the_back_goes_to_zero(
    region: Region, limit_ua: int
) -> None:
    below = judge_feeling(region, FeltAt.NOTHING, limit_ua - 1)
    assert (below.step, below.step.to_zero) == (FeelingStep.RAISE, False)
    at_limit = judge_feeling(region, FeltAt.NOTHING, limit_ua)
    assert at_limit.step is FeelingStep.CHECK_PADS_AND_SENSATION
    assert at_limit.step.to_zero
    assert "sensation" in english(at_limit.text)


def test_channel_1_is_felt_first_then_2_then_none() -> None:
    state = history((placed(), day(0)))
    assert channel_to_feel(state, PLAN, day(0)) == 1
    state = state.after(mark(FeltAt.THIS_PAIR, 1), day(0))
    assert channel_to_feel(state, PLAN, day(0)) == 2
    state = state.after(mark(FeltAt.THIS_PAIR, 2), day(0))
    assert channel_to_feel(state, PLAN, day(0)) is None


def test_one_side_has_one_channel_to_feel() -> None:
    one = plan(side=Side.LEFT)
    state = history((placed(one), day(0)))
    assert channel_to_feel(state, one, day(0)) == 1
    state = state.after(mark(FeltAt.THIS_PAIR, key=one.key), day(0))
    assert channel_to_feel(state, one, day(0)) is None


def test_nothing_yet_keeps_the_same_channel() -> None:
    state = history((placed(), day(0)), (mark(FeltAt.NOTHING, 1), day(0)))
    assert channel_to_feel(state, PLAN, day(0)) == 1
    assert refuse_playing_on(state) is None


def test_a_first_feeling_that_was_begun_again_is_finished() -> None:
    state = both_right(day(0)).after(placed(), day(1))
    assert channel_to_feel(state, PLAN, day(1)) is None
    state = state.after(mark(FeltAt.NOTHING, 1), day(1))
    assert channel_to_feel(state, PLAN, day(1)) == 1


def test_a_wrong_feeling_forbids_current_until_the_pads_are_placed_again() -> None:
    state = history((placed(), day(0)), (mark(FeltAt.BURNING, 1), day(0)))
    refusal = refuse_playing_on(state)
    assert refusal is not None
    assert said(refusal).nearest == "place the pads again, then start from zero"
    off = state.after(PadsRemoved(**WHO, session="0001-001"), day(0))
    assert refuse_playing_on(off) is not None
    again = off.after(placed(), day(0))
    assert refuse_playing_on(again) is None
    assert channel_to_feel(again, PLAN, day(0)) == 1


@pytest.mark.parametrize(("days", "channel"), [(29.9, None), (30, 1)])
def test_the_same_placement_felt_right_within_30_days_is_not_asked_again(
    days: float, channel: int | None
) -> None:
    later = both_right(day(0)).after(placed(), day(days))
    assert channel_to_feel(later, PLAN, day(days)) == channel
    assert channel_to_feel(later, PLAN, day(days), asked=True) == 1


def test_where_it_is_asked_each_channel_is_felt_once_more() -> None:
    state = both_right(day(0)).after(placed(), day(1))
    assert channel_to_feel(state, PLAN, day(1), asked=True) == 1
    state = state.after(mark(FeltAt.THIS_PAIR, 1), day(1))
    assert channel_to_feel(state, PLAN, day(1), asked=True) == 2
    state = state.after(mark(FeltAt.THIS_PAIR, 2), day(1))
    assert channel_to_feel(state, PLAN, day(1), asked=True) is None


@pytest.mark.parametrize(
    "other",
    [
        plan("modulated-tens"),
        plan(side=Side.LEFT),
        plan(side=Side.RIGHT),
        plan(depth=Depth.DEEP),
        plan(depth=Depth.SHALLOW),
    ],
    ids=["programme", "left", "right", "deep", "shallow"],
)
def test_another_placement_is_asked_for_itself(other: PlannedPlacement) -> None:
    state = both_right(day(0)).after(placed(other), day(1))
    assert channel_to_feel(state, other, day(1)) == 1


@pytest.mark.parametrize("channel", [1, 2])
def test_a_wrong_feeling_ends_what_was_right_before_on_both_channels(channel: int) -> None:
    state = both_right(day(0)).after(placed(), day(1))
    state = state.after(mark(FeltAt.OTHER_PAIR, channel), day(1)).after(placed(), day(1))
    assert channel_to_feel(state, PLAN, day(1)) == 1
    state = state.after(mark(FeltAt.THIS_PAIR, 1), day(1))
    assert channel_to_feel(state, PLAN, day(1)) == 2


def test_a_wrong_feeling_leaves_other_placements_as_they_were() -> None:
    deep = plan(depth=Depth.DEEP)
    state = both_right(day(0)).after(placed(deep), day(1))
    state = state.after(mark(FeltAt.BURNING, 1, key=deep.key), day(1)).after(placed(), day(2))
    assert channel_to_feel(state, PLAN, day(2)) is None


def test_without_a_trusted_clock_right_counts_within_the_same_boot_only() -> None:
    state = both_right(day(0, trusted=False))
    state = state.after(placed(), day(1, trusted=False))
    assert channel_to_feel(state, PLAN, day(1, trusted=False)) is None
    assert channel_to_feel(state, PLAN, day(1, trusted=False, boot=2)) == 1
    assert channel_to_feel(state, PLAN, day(1, boot=2)) == 1


def test_a_mark_counts_only_for_the_pads_that_lie_there_in_turn_and_with_current() -> None:
    state = history((placed(), day(0)))
    first, second = mark(FeltAt.THIS_PAIR, 1), mark(FeltAt.THIS_PAIR, 2)
    assert refuse_feeling(state, PLAN, first, day(0)) is None
    cases = [
        (PlacementHistory(), PLAN, first, "place the pads, then mark"),
        (state, plan("modulated-tens"), first, "place the pads, then mark"),
        (state, PLAN, second, "channel 1"),
        (state, PLAN, mark(FeltAt.THIS_PAIR, 3), "channel 1"),
        (state, PLAN, mark(FeltAt.NOTHING, 1, level_ua=0), "raise first"),
    ]
    for present, planned, fact, nearest in cases:
        refusal = refuse_feeling(present, planned, fact, day(0))
        assert refusal is not None
        assert said(refusal).nearest == nearest
    later = state.after(first, day(0))
    assert refuse_feeling(later, PLAN, second, day(0)) is None


def test_a_wrong_feeling_is_taken_of_a_channel_whose_turn_it_is_not() -> None:
    """Hazard: burning under the channel that was right before is refused, and current returns."""
    state = history((placed(), day(0)), (mark(FeltAt.THIS_PAIR, 1), day(0)))
    assert refuse_feeling(state, PLAN, mark(FeltAt.THIS_PAIR, 1), day(0)) is not None
    assert refuse_feeling(state, PLAN, mark(FeltAt.BURNING, 1), day(0)) is None
    fresh = history((placed(), day(0)))
    assert refuse_feeling(fresh, PLAN, mark(FeltAt.BURNING, 2), day(0)) is None
    assert refuse_feeling(fresh, PLAN, mark(FeltAt.NOTHING, 2), day(0)) is not None
    assert refuse_feeling(fresh, PLAN, mark(FeltAt.BURNING, 3), day(0)) is not None


@pytest.mark.parametrize(
    ("region", "most_ua"),
    [
        (Region.NECK, 10_000),
        (Region.SUBOCCIPITAL, 10_000),
        (Region.UPPER_BACK, 20_000),
        (Region.LOWER_BACK, 20_000),
    ],
)
def test_the_channel_to_be_felt_rises_alone_and_no_further_without_a_mark(
    region: Region, most_ua: int
) -> None:
    assert refuse_rise(region, 1, 1, most_ua) is None
    further = refuse_rise(region, 1, 1, most_ua + 1)
    assert further is not None
    assert said(further).nearest == "mark where channel 1 is felt, or that nothing is felt"
    other = refuse_rise(region, 1, 2, 500)
    assert other is not None
    assert (said(other).asked, said(other).nearest) == ("channel 2", "channel 1")
    assert refuse_rise(region, 2, 1, 500) is not None


def test_where_the_first_channel_was_right_before_the_second_may_be_marked_at_once() -> None:
    state = history((placed(), day(0)), (mark(FeltAt.THIS_PAIR, 1), day(0)), (placed(), day(1)))
    assert channel_to_feel(state, PLAN, day(1)) == 2
    assert refuse_feeling(state, PLAN, mark(FeltAt.THIS_PAIR, 2), day(1)) is None
    assert refuse_feeling(state, PLAN, mark(FeltAt.THIS_PAIR, 1), day(1)) is None


def test_pads_have_to_lie_as_planned_and_since_today() -> None:
    def asked(
        state: PlacementHistory, planned: PlannedPlacement, now: FactTime, pad_set: str = "A"
    ) -> list[str]:
        findings = judge_placed(state, planned, pad_set, now)
        assert {finding.consequence for finding in findings} <= {Consequence.ASK}
        assert [problem for finding in findings for problem in problems(finding.text())] == []
        return [english(finding.found) for finding in findings]

    state = history((placed(), day(0)))
    assert asked(state, PLAN, day(0)) == []
    assert asked(PlacementHistory(), PLAN, day(0)) == ["no pads on the patient"]
    assert asked(state, PLAN, day(1)) == ["pads that were placed on another day"]
    assert asked(state, PLAN, day(0), "B") == ["pads of another set than the one chosen"]
    for other in (plan("modulated-tens"), plan(side=Side.LEFT), plan(depth=Depth.DEEP)):
        assert asked(state, other, day(0)) == ["pads that lie elsewhere than planned"]


def test_once_the_pads_are_off_they_are_placed_again_before_the_next_current() -> None:
    state = both_right(day(0)).after(PadsRemoved(**WHO, session="0001-001"), day(0))
    assert judge_placed(state, PLAN, "A", day(0)) != ()
    assert refuse_feeling(state, PLAN, mark(FeltAt.THIS_PAIR), day(0)) is not None
    assert channel_to_feel(state.after(placed(), day(0)), PLAN, day(0)) is None


def test_pads_are_recorded_only_where_they_were_planned() -> None:
    assert refuse_placed(placed(), PLAN) is None
    deep = plan(depth=Depth.DEEP)
    for wrong in (placed(deep), msgspec.structs.replace(placed(), pads=deep.pads)):
        refusal = refuse_placed(wrong, PLAN)
        assert refusal is not None
        said(refusal)


@pytest.mark.parametrize("fact", [placed(), mark(FeltAt.BURNING)])
def test_a_fact_is_recorded_whole_and_read_back_the_same(fact: Fact) -> None:
    raw = msgspec.json.encode(fact)
    assert msgspec.json.decode(raw, type=type(fact)) == fact
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw[:-1] + b',"extra":1}', type=type(fact))


def test_a_placed_pad_is_recorded_as_landmark_and_measure_without_mm_of_the_figure() -> None:
    recorded = msgspec.to_builtins(placed())
    assert recorded["pads"][0] == {
        "channel": 1,
        "end": "A",
        "side": "left",
        "spot": "l1",
        "at": {"kind": "beside_spine", "level": "L1", "part": "centre", "gap": "one_finger"},
        "width_mm": 50,
        "height_mm": 50,
    }
