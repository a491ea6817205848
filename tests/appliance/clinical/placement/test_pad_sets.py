"""Pads belong to one patient, are counted, looked at before each session, and wear out."""

import msgspec
import pytest

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.placement.facts import (
    DiscardReason,
    PadSetChecked,
    PadSetDiscarded,
    PadSetLabelled,
    PadSetUsed,
    PadState,
)
from appliance.clinical.placement.pad_sets import (
    PadLimits,
    PadSets,
    judge_pads,
    next_label,
    refuse_label,
    refuse_unknown_set,
)
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.errors import ConfigError
from appliance.texts.english import english
from tests.support.facts import WHO, day
from tests.support.texts import problems, said


def plan(side: Side = Side.BOTH) -> PlannedPlacement:
    answer = plan_placement(load_catalogue()["conventional-tens"], "lower_back", side)
    assert isinstance(answer, PlannedPlacement)
    return answer


def label(
    name: str = "A", *, width_mm: int = 50, height_mm: int = 50, pads: int = 4
) -> PadSetLabelled:
    return PadSetLabelled(
        **WHO,
        pad_set=name,
        material="hydrogel-1",
        width_mm=width_mm,
        height_mm=height_mm,
        pads=pads,
    )


def look(name: str = "A", **states: PadState) -> PadSetChecked:
    good = dict.fromkeys(("edges", "gel", "whole", "date"), PadState.GOOD)
    return PadSetChecked(**WHO, pad_set=name, **{**good, **states})


def used(session: int, name: str = "A") -> PadSetUsed:
    return PadSetUsed(**WHO, pad_set=name, session=f"0001-{session:03d}")


def sets(*facts: tuple[Fact, FactTime]) -> PadSets:
    state = PadSets()
    for fact, at in facts:
        state = state.after(fact, at)
    return state


def judged(
    state: PadSets, now: FactTime, *, name: str = "A", limits: PadLimits | None = None
) -> list[tuple[Consequence, str]]:
    findings = judge_pads(state, name, plan(), limits or PadLimits(), now)
    return [(finding.consequence, read(finding)) for finding in findings]


def read(finding: Finding) -> str:
    assert problems(finding.text()) == []
    return english(finding.found)


def uses(count: int) -> list[tuple[Fact, FactTime]]:
    facts: list[tuple[Fact, FactTime]] = [(label(), day(0))]
    facts += [(used(number), day(0)) for number in range(count)]
    return [*facts, (look(), day(0))]


def test_a_labelled_set_that_was_looked_at_today_is_accepted() -> None:
    assert judged(sets((label(), day(0)), (look(), day(0))), day(0)) == []


def test_a_set_nobody_labelled_for_this_patient_is_refused() -> None:
    assert judged(sets((label(), day(0))), day(0), name="B") == [
        (Consequence.STOP, "pads that are not labelled for this patient")
    ]


def test_a_set_is_looked_at_again_on_another_day_and_after_each_use() -> None:
    asked = [(Consequence.ASK, "pads not looked at")]
    assert judged(sets((label(), day(0))), day(0)) == asked
    seen = sets((label(), day(0)), (look(), day(0)))
    assert judged(seen, day(1)) == asked
    assert judged(seen.after(used(1), day(0)), day(0)) == asked
    assert judged(seen.after(used(1), day(0)).after(look(), day(0)), day(0)) == []


@pytest.mark.parametrize("damaged", ["edges", "gel", "whole", "date"])
def test_a_damaged_set_is_out_of_use_for_good(damaged: str) -> None:
    state = sets((label(), day(0)), (look(**{damaged: PadState.DAMAGED}), day(0)))
    out = [(Consequence.STOP, "pads out of use: damaged or thrown away")]
    assert judged(state, day(0)) == out
    assert judged(state.after(look(), day(0)), day(0)) == out


def test_a_set_that_was_thrown_away_is_refused() -> None:
    gone = PadSetDiscarded(**WHO, pad_set="A", because=DiscardReason.USED_UP)
    state = sets((label(), day(0)), (look(), day(0)), (gone, day(0)))
    assert [each[0] for each in judged(state, day(0))] == [Consequence.STOP]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (9, []),
        (10, [(Consequence.NOTE, "10 uses")]),
        (19, [(Consequence.NOTE, "19 uses")]),
        (20, [(Consequence.STOP, "20 uses")]),
        (21, [(Consequence.STOP, "21 uses")]),
    ],
)
def test_a_set_is_warned_of_at_10_uses_and_refused_at_20(
    count: int, expected: list[tuple[Consequence, str]]
) -> None:
    assert judged(sets(*uses(count)), day(0)) == expected


def test_a_session_counts_once_however_often_it_is_noted() -> None:
    state = sets((label(), day(0)), (used(7), day(0)), (used(7), day(0)))
    assert state.sets["A"].uses == 1
    assert state.after(used(8), day(0)).sets["A"].uses == 2


def test_a_set_is_refused_30_days_after_it_was_opened() -> None:
    def opened_before(days: float) -> list[tuple[Consequence, str]]:
        return judged(sets((label(), day(0)), (look(), day(days))), day(days))

    assert opened_before(29.99) == []
    assert [each[0] for each in opened_before(30)] == [Consequence.STOP]


def test_without_a_trusted_clock_a_set_of_another_boot_has_no_known_age() -> None:
    state = sets((label(), day(0, trusted=False)), (look(), day(0, trusted=False)))
    assert judged(state, day(0.5, trusted=False)) == []
    other = day(0.5, trusted=False, boot=2)
    assert (Consequence.STOP, "pads that are too old, or whose age no clock can tell") in judged(
        state, other
    )


def test_the_limits_can_be_set_within_what_sources_give() -> None:
    careful = PadLimits(warn_uses=2, block_uses=3, block_days=5)
    assert judged(sets(*uses(3)), day(0), limits=careful) == [(Consequence.STOP, "3 uses")]
    for wrong in ((0, 20, 30), (10, 31, 30), (21, 20, 30), (10, 20, 31), (10, 20, 0)):
        with pytest.raises(ConfigError):
            PadLimits(warn_uses=wrong[0], block_uses=wrong[1], block_days=wrong[2])


@pytest.mark.parametrize(
    ("labelled", "found"),
    [
        (label(width_mm=40, height_mm=40), "pads of 40 x 40 mm"),
        (label(height_mm=90), "pads of 50 x 90 mm"),
        (label(pads=2), "2 pads"),
    ],
)
def test_a_set_of_another_size_or_with_too_few_pads_is_refused(
    labelled: PadSetLabelled, found: str
) -> None:
    state = sets((labelled, day(0)), (look(), day(0)))
    assert judged(state, day(0)) == [(Consequence.STOP, found)]


def test_a_label_is_given_once_and_the_one_offered_is_accepted() -> None:
    state = sets((label(), day(0)))
    refusal = refuse_label(state, label())
    assert refusal is not None
    assert said(refusal).nearest == "B"
    assert refuse_label(state, label(str(refusal.nearest))) is None
    assert refuse_label(state, label("set A")) is not None
    for wrong in ("", "a", "AB", "A1234", "1", "Ä", "A\n"):
        assert refuse_label(state, label(wrong)) is not None


@pytest.mark.parametrize("material", ["", "  ", "\u200b", "x" * 65, "gel\x1b[2J"])
def test_a_set_without_a_material_that_can_be_read_is_refused(material: str) -> None:
    refusal = refuse_label(PadSets(), msgspec.structs.replace(label(), material=material))
    assert refusal is not None
    assert said(refusal).nearest == "read it from the bag"
    assert refuse_label(PadSets(), msgspec.structs.replace(label(), material="x" * 64)) is None


def test_after_z_the_labels_go_on_with_a_number() -> None:
    state = PadSets()
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        state = state.after(label(letter), day(0))
    assert next_label(state.sets) == "A1"


@pytest.mark.parametrize(
    "wrong",
    [label(width_mm=9), label(height_mm=201), label(pads=1), label(pads=9), label(width_mm=-50)],
)
def test_a_set_of_impossible_size_or_number_is_refused(wrong: PadSetLabelled) -> None:
    refusal = refuse_label(PadSets(), wrong)
    assert refusal is not None
    said(refusal)


def test_a_fact_about_a_set_nobody_labelled_for_this_patient_is_refused() -> None:
    state = sets((label(), day(0)))
    gone = PadSetDiscarded(**WHO, pad_set="B", because=DiscardReason.SKIN)
    for wrong in (look("B"), used(1, "B"), gone):
        refusal = refuse_unknown_set(state, wrong)
        assert refusal is not None
        assert said(refusal).allowed == "A"
    for right in (look(), used(1)):
        assert refuse_unknown_set(state, right) is None


def test_facts_about_a_set_nobody_labelled_change_nothing() -> None:
    assert PadSets().after(used(1), day(0)) == PadSets()
    assert PadSets().after(look(), day(0)) == PadSets()
