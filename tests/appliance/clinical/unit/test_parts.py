"""The unit is looked at once a day; a damaged part stays out of use until service releases it."""

import itertools

import pytest

from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence
from appliance.clinical.unit.facts import PartReleased, PartState, UnitChecked, UnitPart
from appliance.clinical.unit.parts import (
    UnitChecks,
    judge_unit,
    refuse_release,
    refuse_unit_check,
)
from appliance.texts.english import english
from tests.support.facts import day
from tests.support.texts import problems, said

pytestmark = pytest.mark.proves("unit-check")

PARTS = ["case", "display", "plugs", "hand_switch", "emergency_stop", "lead_1", "lead_2"]


def look(**states: PartState) -> UnitChecked:
    good = dict.fromkeys(PARTS, PartState.GOOD)
    return UnitChecked(operator="op-1", simulated=False, answers={**good, **states})


def release(part: str, reason: str = "new lead fitted") -> PartReleased:
    return PartReleased(operator="service-1", simulated=False, part=UnitPart(part), reason=reason)


def judged(
    checks: UnitChecks, now: FactTime, channels: tuple[int, ...] = (1, 2)
) -> dict[str, Consequence]:
    findings = judge_unit(checks, channels, now)
    assert [found for finding in findings for found in problems(finding.text())] == []
    return {finding.item: finding.consequence for finding in findings}


LOOKED = UnitChecks().after(look(), day(0))


def test_a_unit_nobody_looked_at_today_asks_for_each_part() -> None:
    assert judged(UnitChecks(), day(0)) == dict.fromkeys(PARTS, Consequence.ASK)
    assert judged(LOOKED, day(0)) == {}
    assert judged(LOOKED, day(1)) == dict.fromkeys(PARTS, Consequence.ASK)


def test_only_the_leads_of_the_channels_that_are_used_have_to_be_looked_at() -> None:
    assert judged(LOOKED, day(0), (1,)) == {}
    assert judged(LOOKED, day(0), (1, 3)) == {"lead_3": Consequence.ASK}


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_part_is_out_of_use_until_service_releases_it(part: str) -> None:
    damaged = LOOKED.after(look(**{part: PartState.DAMAGED}), day(0))
    assert judged(damaged, day(0)) == {part: Consequence.STOP}
    assert judged(damaged.after(look(), day(0)), day(0)) == {part: Consequence.STOP}
    later = damaged.after(look(), day(40))
    assert judged(later, day(40)) == {part: Consequence.STOP}
    released = later.after(release(part), day(40))
    assert judged(released, day(40)) == {part: Consequence.ASK}
    assert judged(released.after(look(), day(40)), day(40)) == {}


def test_a_damaged_lead_leaves_the_other_channel_in_use() -> None:
    damaged = LOOKED.after(look(lead_2=PartState.DAMAGED), day(0))
    assert judged(damaged, day(0), (1,)) == {}
    assert judged(damaged, day(0), (2,)) == {"lead_2": Consequence.STOP}


def test_the_first_time_a_part_was_found_damaged_is_kept() -> None:
    damaged = look(plugs=PartState.DAMAGED)
    checks = UnitChecks().after(damaged, day(0)).after(damaged, day(3))
    (finding,) = [each for each in judge_unit(checks, (1, 2), day(3)) if each.item == "plugs"]
    assert finding.since == day(0)


@pytest.mark.parametrize("part", ["emergency_stop", "hand_switch"])
def test_what_is_out_of_reach_stops_until_it_is_put_within_reach(part: str) -> None:
    away = LOOKED.after(look(**{part: PartState.OUT_OF_REACH}), day(0))
    assert judged(away, day(0)) == {part: Consequence.STOP}
    assert judged(away.after(look(), day(0)), day(0)) == {}


def test_without_a_trusted_clock_a_look_counts_within_the_same_boot_for_a_day() -> None:
    checks = UnitChecks().after(look(), day(0, trusted=False))
    assert judged(checks, day(0.9, trusted=False)) == {}
    assert judged(checks, day(1.1, trusted=False)) != {}
    assert judged(checks, day(0.1, trusted=False, boot=2)) != {}


@pytest.mark.parametrize("part", PARTS)
def test_a_look_with_a_gap_is_refused_and_names_the_gap(part: str) -> None:
    answers = {name: PartState.GOOD for name in PARTS if name != part}
    refusal = refuse_unit_check(
        UnitChecked(operator="op-1", simulated=False, answers=answers), (1, 2)
    )
    assert refusal is not None
    assert said(refusal).asked == f"no answer to {part}"
    assert said(refusal).nearest == "answer each part"


@pytest.mark.parametrize("name", ["engine", "", "LEAD_1", "lead_3", "case\x1b[2J"])
def test_a_part_the_unit_does_not_have_is_refused_without_repeating_it(name: str) -> None:
    answers = {**dict.fromkeys(PARTS, PartState.GOOD), name: PartState.GOOD}
    refusal = refuse_unit_check(
        UnitChecked(operator="op-1", simulated=False, answers=answers), (1, 2)
    )
    assert refusal is not None
    assert said(refusal).asked == "1 answers to parts the unit does not have"
    assert str(refusal.nearest) in PARTS


def test_only_what_has_to_be_reached_can_be_out_of_reach() -> None:
    for part in PARTS:
        refusal = refuse_unit_check(look(**{part: PartState.OUT_OF_REACH}), (1, 2))
        assert (refusal is None) is (part in {"emergency_stop", "hand_switch"})
    assert refuse_unit_check(look(), (1, 2)) is None


def test_every_combination_of_answers_is_judged_and_the_worst_part_is_never_lost() -> None:
    for state, channels in itertools.product(PartState, [(1,), (2,), (1, 2)]):
        for part in PARTS:
            checks = UnitChecks().after(look(**{part: state}), day(0))
            needed = part not in {"lead_1", "lead_2"} or int(part[-1]) in channels
            stops = state is not PartState.GOOD and needed
            assert bool(judged(checks, day(0), channels)) is stops


def test_a_part_in_use_cannot_be_released_and_a_release_needs_a_reason() -> None:
    assert refuse_release(release("plugs"), LOOKED) is not None
    damaged = LOOKED.after(look(plugs=PartState.DAMAGED), day(0))
    assert refuse_release(release("plugs"), damaged) is None
    for reason in ("", "  ", "\u200b"):
        assert refuse_release(release("plugs", reason), damaged) is not None
    refusal = refuse_release(release("case"), damaged)
    assert refusal is not None
    assert said(refusal).allowed == "plugs"


def test_each_part_says_what_to_look_at() -> None:
    findings = judge_unit(UnitChecks(), (1, 2, 3, 4), day(0))
    assert len(findings) == len(UnitPart)
    assert all(english(finding.found).startswith("not looked at today: ") for finding in findings)


def test_a_look_of_another_day_does_not_count_again_when_the_clock_is_set_back() -> None:
    checks = LOOKED.seen(day(3))
    assert judged(checks, day(0.5, boot=2)) == dict.fromkeys(PARTS, Consequence.ASK)
    assert judged(checks.after(look(), day(0.5, boot=2)), day(0.6, boot=2)) == {}
