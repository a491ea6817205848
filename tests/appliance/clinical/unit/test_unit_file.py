"""The facts about the unit make one file; what it says speaks for or against a treatment."""

import itertools

import pytest

from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Consequence
from appliance.clinical.unit.care import Treated
from appliance.clinical.unit.facts import (
    OutOfUseReason,
    PartReleased,
    PartState,
    UnitCleaned,
    UnitFact,
    UnitPart,
    UnitReleased,
    UnitTakenOutOfUse,
)
from appliance.clinical.unit.noted import noted
from appliance.clinical.unit.out_of_use import refuse_taking_out, refuse_unit_release
from appliance.clinical.unit.recording import refuse_unit_fact
from appliance.clinical.unit.unit_file import (
    UnitFile,
    judge_before_patient,
    judge_during_patient,
)
from appliance.texts.english import english
from tests.support.facts import day
from tests.support.texts import problems, said
from tests.support.unit_facts import PARTS, WHO, all_care, look

pytestmark = pytest.mark.proves("unit-check")

CHANNELS = (1, 2)
NOW = day(0)
TREATED = Treated("P-0021", day(-1))


def taken_out(reason: OutOfUseReason = OutOfUseReason.SHOCK, words: str = "") -> UnitTakenOutOfUse:
    return UnitTakenOutOfUse(**WHO, reason=reason, words=words)


def released(reason: str = "examined, nothing found") -> UnitReleased:
    return UnitReleased(**WHO, reason=reason)


def fold(*facts: UnitFact, at: FactTime = NOW, file: UnitFile | None = None) -> UnitFile:
    folded = file or UnitFile(first_use=noted(day(0)))
    for fact in facts:
        folded = folded.after(fact, at)
    return folded


READY = fold(look(), *all_care(day(0)))


def before(file: UnitFile, now: FactTime = NOW) -> dict[str, Consequence]:
    found = judge_before_patient(file, CHANNELS, "P-0013", TREATED, now)
    assert [problem for finding in found for problem in problems(finding.text())] == []
    return {finding.item: finding.consequence for finding in found}


def during(file: UnitFile, now: FactTime = NOW) -> dict[str, Consequence]:
    found = judge_during_patient(file, CHANNELS, now)
    return {finding.item: finding.consequence for finding in found}


def test_a_unit_that_was_looked_at_and_cared_for_is_ready() -> None:
    assert before(READY) == during(READY) == {}


def test_a_new_unit_asks_for_its_look_and_only_notes_its_care() -> None:
    assert before(UnitFile(first_use=noted(day(0)))) == {
        **dict.fromkeys(PARTS, Consequence.ASK),
        "cleaning": Consequence.ASK,
        **dict.fromkeys(("leads", "safety_check", "calibration"), Consequence.NOTE),
    }


@pytest.mark.parametrize(("part", "state"), list(itertools.product(PARTS, PartState)))
def test_every_state_of_every_part_has_its_consequence_before_and_during_a_session(
    part: str, state: PartState
) -> None:
    file = fold(look(**{part: state}), file=READY)
    expected = {} if state is PartState.GOOD else {part: Consequence.STOP}
    assert before(file) == during(file) == expected


def test_a_session_that_has_begun_outlasts_the_look_of_the_day_and_no_damage() -> None:
    assert set(before(READY, day(1))) == set(PARTS)
    assert during(READY, day(1)) == {}
    damaged = fold(look(plugs=PartState.DAMAGED), file=READY)
    assert during(damaged, day(40)) == {"plugs": Consequence.STOP}


@pytest.mark.proves("out-of-use")
@pytest.mark.parametrize("reason", OutOfUseReason)
def test_a_unit_taken_out_of_use_stays_so_until_service_releases_it(reason: OutOfUseReason) -> None:
    file = fold(taken_out(reason, "at the left pad"), file=READY)
    for now in (day(0), day(0.5, trusted=False), day(0.5, boot=2), day(-3)):
        assert during(file, now) == {"unit": Consequence.STOP}
        assert before(file, now)["unit"] is Consequence.STOP
    again = fold(look(), *all_care(day(400)), at=day(400), file=file)
    assert before(again, day(400)) == {"unit": Consequence.STOP}
    assert before(fold(released(), at=day(400), file=again), day(400)) == {}


@pytest.mark.proves("out-of-use")
def test_the_first_reason_and_time_are_kept_however_often_it_is_taken_out() -> None:
    file = fold(taken_out(), file=READY)
    for hour in range(20):
        file = fold(taken_out(OutOfUseReason.OTHER, "x"), at=day(hour / 24), file=file)
    assert len(file.out_of_use) == 8
    assert file.out_of_use[0] == (OutOfUseReason.SHOCK, "", day(0))
    (finding,) = judge_during_patient(file, CHANNELS, day(1))
    assert english(finding.found) == "the unit was taken out of use: a shock"
    assert finding.since == day(0)


def test_out_of_use_needs_words_only_where_the_reason_says_nothing() -> None:
    for reason in OutOfUseReason:
        refusal = refuse_taking_out(taken_out(reason))
        assert (refusal is None) is (reason is not OutOfUseReason.OTHER)
    assert refuse_taking_out(taken_out(OutOfUseReason.OTHER, "smells burnt")) is None


def test_a_unit_in_use_is_not_released_and_a_release_needs_a_reason() -> None:
    refusal = refuse_unit_release(released(), ())
    assert refusal is not None
    assert said(refusal).asked == "release of a unit that is in use"
    out = fold(taken_out()).out_of_use
    assert refuse_unit_release(released(), out) is None
    assert refuse_unit_release(released(" "), out) is not None


def test_a_release_of_the_unit_releases_no_damaged_part() -> None:
    file = fold(look(case=PartState.DAMAGED), taken_out(), released(), file=READY)
    assert before(file) == {"case": Consequence.STOP}


def test_simulated_facts_count_on_a_virtual_rig_only() -> None:
    simulated = UnitTakenOutOfUse(
        operator="op-1", simulated=True, reason=OutOfUseReason.FAULT, words=""
    )
    assert fold(simulated).out_of_use == ()
    assert fold(simulated, file=UnitFile(virtual=True)).out_of_use != ()
    refusal = refuse_unit_fact(simulated, UnitFile(), CHANNELS, day(0))
    assert refusal is not None
    assert said(refusal).allowed == "on a virtual rig"
    assert refuse_unit_fact(simulated, UnitFile(virtual=True), CHANNELS, day(0)) is None


def test_a_fact_by_nobody_is_refused() -> None:
    refusal = refuse_unit_fact(
        UnitCleaned(operator=" ", simulated=False), UnitFile(), CHANNELS, day(0)
    )
    assert refusal is not None


def test_a_part_in_use_is_not_released() -> None:
    fact = PartReleased(**WHO, part=UnitPart.CASE, reason="new case")
    assert refuse_unit_fact(fact, READY, CHANNELS, day(0)) is not None


def test_each_finding_that_blocks_names_the_fact_that_answers_it() -> None:
    file = fold(look(case=PartState.DAMAGED), taken_out())
    found = judge_before_patient(file, CHANNELS, "P-0013", TREATED, day(40))
    answers = {(finding.rule, finding.item): finding.answered_by for finding in found}
    assert answers["refusal.out_of_use", "unit"] == "unit_released"
    assert answers["refusal.unit_check", "case"] == "part_released"
    assert answers["refusal.unit_check", "plugs"] == "unit_checked"
    assert answers["refusal.care", "cleaning"] == "unit_cleaned"
    assert answers["refusal.care", "leads"] == "leads_inspected"
    assert answers["refusal.care", "safety_check"] == "safety_check_recorded"
    assert answers["refusal.care", "calibration"] == "calibration_recorded"
