"""Skin before and after: what each grade means, and until when."""

from dataclasses import replace

import msgspec
import pytest

from appliance.clinical.body import PadSite, Side
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Consequence
from appliance.clinical.skin.facts import Gone, SkinGrade
from appliance.clinical.skin.skin import (
    judge_follow_up,
    judge_skin,
    refuse_after,
    refuse_before,
    refuse_follow_up,
    refuse_reinspection,
    skin_bounds,
)
from appliance.clinical.skin.skin_state import SkinState
from appliance.core.limits.limits import Region
from appliance.core.limits.patient_limits import NO_BOUNDS
from tests.support.screening import at
from tests.support.skin import (
    L1,
    L5,
    NECK_C4,
    RIGHT_L1,
    after,
    before,
    followed_up,
    not_checked,
    planned_at,
    reinspected,
    site,
)
from tests.support.texts import said

FIRST, AFTER = at(100.5), at(100.55)
NEXT = at(107.5)
NOW = at(107.55)


def folded(*facts: tuple[Fact, FactTime]) -> SkinState:
    state = SkinState()
    for fact, when in facts:
        state = state.after(fact, when)
    return state


def findings(state: SkinState, *sites: PadSite, now: FactTime = NOW) -> list[tuple[str, str]]:
    found = judge_skin(state, planned_at(*sites or (L1, L5)), now)
    return [(finding.item, finding.consequence.value) for finding in found]


def test_skin_that_nobody_looked_at_for_this_session_is_asked_for_at_each_site() -> None:
    assert findings(SkinState()) == [
        ("skin_before:lower_back/left/l1", "ask"),
        ("skin_before:lower_back/left/l5", "ask"),
    ]


def test_a_clear_check_of_today_leaves_nothing_open() -> None:
    state = folded((before(), NEXT))
    assert findings(state) == []
    assert skin_bounds(state, planned_at(L1, L5)) == NO_BOUNDS


def test_a_check_before_is_for_one_session_and_one_day() -> None:
    assert findings(folded((before(), at(106.5))), L1) == [
        ("skin_before:lower_back/left/l1", "ask")
    ]
    state = folded((before(), NEXT), (after(), NEXT))
    assert findings(state, L1) == [("skin_before:lower_back/left/l1", "ask")]


def test_a_check_of_one_site_says_nothing_about_another() -> None:
    state = folded((before(SkinGrade.CLEAR, L1), NEXT))
    assert findings(state, L1, RIGHT_L1) == [("skin_before:lower_back/right/l1", "ask")]


@pytest.mark.parametrize("grade", list(SkinGrade))
def test_what_a_grade_before_means(grade: SkinGrade) -> None:
    state = folded((before(grade, L1), NEXT))
    means = {
        SkinGrade.CLEAR: [],
        SkinGrade.MARKED: [("skin_cap:lower_back/left/l1", "note")],
        SkinGrade.BROKEN: [("skin:lower_back/left/l1", "stop")],
    }
    assert findings(state, L1) == means[grade]


@pytest.mark.parametrize("grade", list(SkinGrade))
def test_what_a_grade_after_means_next_time(grade: SkinGrade) -> None:
    state = folded((before(), FIRST), (after(grade, L1), AFTER))
    asked = {finding.item for finding in judge_follow_up(state)}
    assert asked == ({"skin_follow_up:lower_back/left/l1"} if grade == 0 else set())
    gone = folded((before(), FIRST), (after(grade, L1), AFTER), (before(SkinGrade.CLEAR, L1), NEXT))
    means = {
        SkinGrade.CLEAR: [],
        SkinGrade.MARKED: [("skin_cap:lower_back/left/l1", "note")],
        SkinGrade.BROKEN: [("skin:lower_back/left/l1", "stop")],
    }
    assert findings(gone, L1) == means[grade]


def test_a_marked_site_is_capped_at_half_its_last_level() -> None:
    state = folded((after(SkinGrade.MARKED, L1, level_ua=30_000), AFTER))
    bounds = skin_bounds(state, planned_at(L1, L5))
    assert (bounds.ceiling_ua, bounds.ceiling_by) == (15_000, "refusal.skin_grade")
    (cap,) = [each for each in judge_skin(state, planned_at(L1), NOW) if "cap" in each.item]
    assert said(cap.refusal()).allowed == "at most 15 mA"
    assert skin_bounds(state, planned_at(L5)) == NO_BOUNDS


@pytest.mark.parametrize(("where", "cap_ua"), [(L1, 15_000), (NECK_C4, 10_000)])
def test_a_marked_site_without_a_level_is_capped_at_half_of_a_first_session(
    where: PadSite, cap_ua: int
) -> None:
    state = folded((before(SkinGrade.MARKED, where), NEXT))
    assert skin_bounds(state, planned_at(where)).ceiling_ua == cap_ua


def test_a_session_without_current_leaves_the_last_level_as_it_was() -> None:
    state = folded(
        (after(SkinGrade.CLEAR, L1, level_ua=30_000), AFTER),
        (after(SkinGrade.MARKED, L1, level_ua=0), NEXT),
    )
    assert skin_bounds(state, planned_at(L1)).ceiling_ua == 15_000


def test_the_lowest_cap_of_the_sites_counts() -> None:
    state = folded(
        (after(SkinGrade.MARKED, L1, level_ua=30_000), AFTER),
        (after(SkinGrade.MARKED, L5, level_ua=18_000), AFTER),
    )
    assert skin_bounds(state, planned_at(L1, L5)).ceiling_ua == 9_000


def test_a_cap_stands_until_one_session_there_ends_with_clear_skin() -> None:
    marked = folded((after(SkinGrade.MARKED, L1), AFTER), (before(SkinGrade.CLEAR, L1), NEXT))
    assert skin_bounds(marked, planned_at(L1)).ceiling_ua == 10_000
    elsewhere = marked.after(after(SkinGrade.CLEAR, L5), NEXT)
    assert skin_bounds(elsewhere, planned_at(L1)).ceiling_ua == 10_000
    without_current = marked.after(after(SkinGrade.CLEAR, L1, level_ua=0), NEXT)
    assert skin_bounds(without_current, planned_at(L1)).ceiling_ua == 10_000
    not_looked_at = marked.after(not_checked(L1, level_ua=9_000), NEXT)
    assert skin_bounds(not_looked_at, planned_at(L1)).ceiling_ua == 10_000
    clear = marked.after(after(SkinGrade.CLEAR, L1, level_ua=9_000), NEXT)
    assert skin_bounds(clear, planned_at(L1)) == NO_BOUNDS


def test_marked_again_halves_again() -> None:
    state = folded(
        (after(SkinGrade.MARKED, L1, level_ua=30_000), AFTER),
        (after(SkinGrade.MARKED, L1, level_ua=15_000), NEXT),
    )
    assert skin_bounds(state, planned_at(L1)).ceiling_ua == 7_500


@pytest.mark.parametrize(
    ("answer", "cap_ua"), [(Gone.GONE, None), (Gone.STILL_THERE, 10_000), (Gone.UNKNOWN, 10_000)]
)
def test_redness_that_was_not_gone_makes_the_last_session_grade_1(
    answer: Gone, cap_ua: int | None
) -> None:
    state = folded((after(SkinGrade.CLEAR, L1), AFTER))
    (asked,) = judge_follow_up(state)
    assert (asked.consequence, asked.since) == (Consequence.ASK, AFTER)
    answered = state.after(followed_up(answer, L1), NEXT)
    assert judge_follow_up(answered) == ()
    assert skin_bounds(answered, planned_at(L1)).ceiling_ua == cap_ua
    assert answered.of(L1).grade == (SkinGrade.CLEAR if cap_ua is None else SkinGrade.MARKED)


def test_redness_not_gone_brings_a_lifted_cap_back_at_half_of_the_newer_level() -> None:
    state = folded(
        (after(SkinGrade.MARKED, L1, level_ua=30_000), AFTER),
        (after(SkinGrade.CLEAR, L1, level_ua=14_000), at(103.5)),
        (followed_up(Gone.STILL_THERE, L1), NEXT),
    )
    assert skin_bounds(state, planned_at(L1)).ceiling_ua == 7_000


def test_skin_that_nobody_looked_at_is_asked_about_at_the_next_visit() -> None:
    state = folded((not_checked(L1), AFTER))
    assert [finding.item for finding in judge_follow_up(state)] == [
        "skin_follow_up:lower_back/left/l1"
    ]


def test_broken_skin_blocks_its_site_until_a_clinician_looks_again() -> None:
    state = folded((after(SkinGrade.BROKEN, L1), AFTER))
    healed = before(SkinGrade.CLEAR, L1)
    assert ("skin:lower_back/left/l1", "stop") in findings(state.after(healed, NEXT), L1)
    still = state.after(reinspected(SkinGrade.BROKEN), NEXT)
    assert ("skin:lower_back/left/l1", "stop") in findings(still, L1)
    opened = state.after(reinspected(SkinGrade.CLEAR), NEXT).after(healed, NEXT)
    assert findings(opened, L1) == [("skin_cap:lower_back/left/l1", "note")]
    assert skin_bounds(opened, planned_at(L1)).ceiling_ua == 10_000


def test_broken_skin_near_the_pads_is_noted_on_its_side_and_region() -> None:
    state = folded((after(SkinGrade.BROKEN, L1), AFTER), (before(SkinGrade.CLEAR, L5), NEXT))
    assert findings(state, L5) == [("skin_near:lower_back/left/l1", "note")]
    on_the_right = replace(planned_at(RIGHT_L1), side=Side.RIGHT)
    right = state.after(before(SkinGrade.CLEAR, RIGHT_L1), NEXT)
    assert judge_skin(right, on_the_right, NOW) == ()


def test_sites_materials_and_reactions_are_remembered() -> None:
    state = folded((before(), FIRST), (after(SkinGrade.CLEAR, L1), AFTER))
    assert state.treated == (L1,)
    assert state.materials == {"hydrogel A"}
    assert state.reacted is None
    assert state.after(before(SkinGrade.MARKED, L5), NEXT).reacted == NEXT
    assert state.after(followed_up(Gone.UNKNOWN, L1), NEXT).reacted == NEXT
    healed = state.after(before(SkinGrade.MARKED, L5), NEXT).after(before(), at(110.5))
    assert healed.reacted == NEXT


def test_a_list_of_sites_has_each_once_on_one_side_with_a_name() -> None:
    assert refuse_before(before()) is None
    for sites, asked in (
        ((L1, L1), "a site twice"),
        ((site("l1", Side.BOTH),), "a site on both sides"),
        ((site("l1 \u202e"),), "a spot that no placement has"),
        ((site(""),), "a spot that no placement has"),
    ):
        refusal = refuse_before(before(SkinGrade.CLEAR, *sites))
        assert refusal is not None
        assert said(refusal).asked == asked


def test_a_close_out_leaves_no_treated_site_out() -> None:
    assert refuse_after(after()) is None
    assert refuse_after(not_checked()) is None
    both, one = after(SkinGrade.CLEAR, L1, L5), after(SkinGrade.CLEAR, L1)
    left_out = msgspec.structs.replace(both, grades=one.grades)
    refusal = refuse_after(left_out)
    assert refusal is not None
    assert said(refusal).asked == "without left L5, lower back"


@pytest.mark.parametrize("reason", ["", " ", "\u200b", "!"])
def test_not_looking_at_the_skin_needs_a_reason(reason: str) -> None:
    refusal = refuse_after(not_checked(reason=reason))
    assert refusal is not None
    assert said(refusal).limit == "reason"


def test_every_site_that_has_to_be_asked_about_is() -> None:
    state = folded((after(), AFTER))
    assert refuse_follow_up(followed_up(Gone.GONE), state) is None
    one = refuse_follow_up(followed_up(Gone.GONE, L1), state)
    assert one is not None
    assert said(one).asked == "without left L5, lower back"
    other = refuse_follow_up(followed_up(Gone.GONE, L1, L5, RIGHT_L1), state)
    assert other is not None
    assert said(other).nearest == "without right L1, lower back"


def test_a_blocked_site_is_opened_with_a_reason_and_a_grade_below_2() -> None:
    state = folded((after(SkinGrade.BROKEN, L1), AFTER))
    assert refuse_reinspection(reinspected(SkinGrade.CLEAR), state) is None
    assert refuse_reinspection(reinspected(SkinGrade.MARKED), state) is None
    for fact, limit in (
        (reinspected(SkinGrade.BROKEN), "skin"),
        (reinspected(SkinGrade.CLEAR, reason=" "), "reason"),
        (reinspected(SkinGrade.CLEAR, where=L5), "skin"),
    ):
        refusal = refuse_reinspection(fact, state)
        assert refusal is not None
        assert said(refusal).limit == limit


def test_a_neck_site_is_another_site_than_one_of_the_back() -> None:
    state = folded((after(SkinGrade.BROKEN, NECK_C4), AFTER), (before(), NEXT))
    assert findings(state) == []
    assert NECK_C4.region is Region.NECK
