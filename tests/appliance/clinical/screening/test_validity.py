"""How long a screening is valid, what re-opens it, and what the visit list can say."""

import pytest

from appliance.clinical.fact import FactTime, judged_at
from appliance.clinical.finding import Consequence
from appliance.clinical.screening.facts import Answer, VisitAnswer
from appliance.clinical.screening.judge import judge_screening, open_questions
from appliance.clinical.screening.questions import (
    ScreeningSettings,
    load_questions,
    load_visit_list,
)
from appliance.clinical.screening.state import ScreeningState
from appliance.core.limits.limits import Purpose, Region
from tests.support.screening import (
    at,
    full,
    none_changed,
    part,
    planned,
    reasons,
    screened,
    visit,
)
from tests.support.texts import said

FIRST = at(100.5)
LATER = at(107.5)


def items(
    state: ScreeningState, now: FactTime, settings: ScreeningSettings | None = None
) -> list[str]:
    findings = judge_screening(state, planned(), now, settings or ScreeningSettings())
    return [finding.item for finding in findings]


def test_a_patient_who_was_never_screened_needs_a_full_screening() -> None:
    (finding,) = judge_screening(ScreeningState(), planned(), FIRST)
    assert (finding.item, finding.consequence) == ("full_screening", Consequence.ASK)
    assert said(finding.refusal()).nearest == "answer all 61 questions"


def test_a_full_screening_is_valid_for_thirty_days_with_the_visit_list_each_day() -> None:
    state = screened((full(), FIRST))
    assert items(state, at(100.9)) == []
    assert items(state, at(101.1)) == ["visit_list"]
    state = screened((full(), FIRST), (none_changed(), at(130.4)))
    assert items(state, at(130.45)) == []
    assert items(state, at(130.5)) == ["full_screening"]


def test_an_expired_screening_says_of_which_day_it_is() -> None:
    (finding,) = judge_screening(screened((full(), FIRST)), planned(), at(200))
    assert said(finding.refusal()).asked == "a full screening of 1970-04-11"
    assert finding.since == FIRST


@pytest.mark.parametrize("days", [7, 60])
def test_a_clinic_can_set_another_number_of_days(days: int) -> None:
    settings = ScreeningSettings(valid_days=days)
    state = screened((full(), FIRST))
    assert items(state, at(100.4 + days), settings) == ["visit_list"]
    assert items(state, at(100.6 + days), settings) == ["full_screening"]


def test_the_visit_list_is_for_one_day() -> None:
    state = screened((full(), FIRST), (none_changed(), LATER))
    assert items(state, at(107.9)) == []
    assert items(state, at(108.1)) == ["visit_list"]


def test_without_a_trusted_clock_a_screening_is_valid_only_in_its_boot() -> None:
    state = screened((full(), at(100, trusted=False)))
    assert items(state, judged_at(at(100.1, trusted=False), None)) == []
    other_boot = judged_at(at(100.1, trusted=False, boot=2), None)
    assert items(state, other_boot) == ["full_screening"]
    (finding,) = judge_screening(state, planned(), other_boot)
    assert said(finding.refusal()).asked == "a full screening that may be older than 30 days"
    assert items(screened((full(), FIRST)), other_boot) == ["full_screening"]


def test_a_clock_set_back_makes_no_screening_valid_again() -> None:
    newest = at(131)
    state = screened((full(), FIRST))
    assert items(state, judged_at(at(101, boot=2), newest)) == ["full_screening"]


def test_a_changed_answer_reopens_the_full_screening() -> None:
    state = screened((full(), FIRST), (part(epilepsy=Answer.YES), LATER))
    assert items(state, LATER) == ["full_screening", "epilepsy"]
    (finding, _) = judge_screening(state, planned(), LATER)
    assert said(finding.refusal()).asked == "changed since the full screening: epilepsy"


def test_an_answer_changed_back_leaves_the_full_screening_open() -> None:
    state = screened(
        (full(), FIRST), (part(epilepsy=Answer.YES), LATER), (part(epilepsy=Answer.NO), LATER)
    )
    assert items(state, LATER) == ["full_screening"]
    again = state.after(full(epilepsy=Answer.NO), LATER)
    assert items(again, LATER) == []


def test_the_same_answer_again_reopens_nothing() -> None:
    state = screened((full(), FIRST), (part(epilepsy=Answer.NO), at(100.6)))
    assert items(state, at(100.7)) == []


def test_to_find_out_what_was_unknown_reopens_nothing() -> None:
    state = screened((full(epilepsy=Answer.UNKNOWN), FIRST), (part(epilepsy=Answer.NO), FIRST))
    assert items(state, FIRST) == []
    now_unknown = screened((full(), FIRST), (part(epilepsy=Answer.UNKNOWN), FIRST))
    assert items(now_unknown, FIRST) == ["full_screening", "epilepsy"]


def test_a_question_for_the_day_may_be_answered_differently_each_day() -> None:
    state = screened((full(drowsy=Answer.YES), FIRST), (part(drowsy=Answer.NO), at(100.6)))
    assert items(state, at(100.7)) == []


def test_the_answers_of_another_region_are_asked_for_once() -> None:
    state = screened((full(Region.NECK), FIRST))
    asked = open_questions(state, (Region.LOWER_BACK,), FIRST)
    answers = {each.question: Answer.NO for each in asked}
    state = state.after(part(Region.LOWER_BACK, **{**answers, "go_ahead": Answer.YES}), FIRST)
    assert items(state, FIRST) == []


def test_answers_of_a_part_get_as_old_as_those_of_a_full_screening() -> None:
    settings = ScreeningSettings(valid_days=5)
    state = screened((full(), FIRST), (none_changed(), at(105.4)))
    assert open_questions(state, (Region.NECK,), at(105.4), settings) == ()
    aged = open_questions(state, (Region.NECK,), at(105.6), settings)
    assert len(aged) == 61


@pytest.mark.parametrize("item", load_visit_list())
@pytest.mark.parametrize("answer", [VisitAnswer.CHANGED, VisitAnswer.UNKNOWN])
def test_an_item_that_is_not_the_same_asks_its_questions_again(
    item: str, answer: VisitAnswer
) -> None:
    state = screened((full(), FIRST), (visit(**{item: answer}), LATER))
    assert set(items(state, LATER)) == set(load_visit_list()[item].questions)


def test_the_answers_to_an_item_close_it_again() -> None:
    state = screened((full(), FIRST), (visit(pregnancy=VisitAnswer.CHANGED), LATER))
    assert items(state, LATER) == ["pregnancy"]
    assert items(state.after(part(pregnancy=Answer.NO), LATER), LATER) == []
    assert items(state.after(none_changed(), LATER), LATER) == ["pregnancy"]
    stopped = state.after(part(pregnancy=Answer.YES), LATER)
    assert items(stopped, LATER) == ["full_screening", "pregnancy"]


def test_every_item_the_same_is_as_good_as_none_changed() -> None:
    assert items(screened((full(), FIRST), (visit(), LATER)), LATER) == []


def test_a_known_stop_stays_when_the_screening_expires() -> None:
    state = screened((full(active_implant=Answer.YES), FIRST))
    findings = judge_screening(state, planned(), at(300))
    assert [finding.item for finding in findings] == ["full_screening", "active_implant"]


def test_a_reason_holds_for_its_region_and_purpose_alone() -> None:
    state = screened(
        (full(osteoporosis=Answer.YES), FIRST),
        (reasons(Region.LOWER_BACK, Purpose.SENSORY, osteoporosis="bone density known"), FIRST),
    )

    def consequence(region: Region, purpose: Purpose) -> Consequence:
        (finding,) = judge_screening(state, planned(region, purpose), FIRST)
        return finding.consequence

    assert consequence(Region.LOWER_BACK, Purpose.SENSORY) is Consequence.NOTE
    assert consequence(Region.LOWER_BACK, Purpose.MOTOR) is Consequence.CONFIRM
    assert consequence(Region.UPPER_BACK, Purpose.SENSORY) is Consequence.CONFIRM


def test_a_reason_lasts_as_long_as_its_answer() -> None:
    given = (reasons(Region.LOWER_BACK, Purpose.SENSORY, osteoporosis="density known"), FIRST)
    state = screened((full(osteoporosis=Answer.YES), FIRST), given, (none_changed(), LATER))

    def consequences(screening: ScreeningState) -> list[Consequence]:
        found = judge_screening(screening, planned(), LATER)
        return [finding.consequence for finding in found if finding.item == "osteoporosis"]

    assert consequences(state) == [Consequence.NOTE]
    same = state.after(part(osteoporosis=Answer.YES), LATER)
    assert consequences(same) == [Consequence.NOTE]
    other = state.after(part(osteoporosis=Answer.UNKNOWN), LATER)
    assert consequences(other) == [Consequence.CONFIRM]
    assert consequences(state.after(full(osteoporosis=Answer.YES), LATER)) == [Consequence.CONFIRM]


def test_a_reason_for_an_answer_of_the_day_lasts_for_the_day() -> None:
    state = screened(
        (full(heat_here=Answer.YES), FIRST),
        (reasons(Region.LOWER_BACK, Purpose.SENSORY, heat_here="an hour ago"), FIRST),
        (none_changed(), LATER),
    )
    assert items(state, FIRST) == ["heat_here"]
    (today,) = judge_screening(state, planned(), FIRST)
    (later,) = judge_screening(state, planned(), LATER)
    assert today.consequence is Consequence.NOTE
    assert later.consequence is Consequence.CONFIRM


def test_only_allergy_and_eczema_ask_for_a_patch_test() -> None:
    asking = set()
    for question in load_questions().values():
        flagged = Answer.YES if question.flagged == "yes" else Answer.NO
        for answer in (flagged, Answer.UNKNOWN):
            if screened((full(**{question.id: answer}), FIRST)).is_sensitive:
                asking.add((question.id, answer))
    assert asking == {
        (question, answer)
        for question in ("contact_allergy", "eczema", "eczema_here")
        for answer in (Answer.YES, Answer.UNKNOWN)
    }
    assert not screened((full(), FIRST)).is_sensitive


def test_a_reason_for_a_region_is_dropped_when_the_answer_for_it_changes() -> None:
    state = screened(
        (full(metal_here=Answer.YES), FIRST),
        (reasons(Region.NECK, Purpose.SENSORY, metal_here="one plate"), FIRST),
        (reasons(Region.LOWER_BACK, Purpose.SENSORY, metal_here="one plate"), FIRST),
        (part(Region.NECK, metal_here=Answer.UNKNOWN), FIRST),
    )
    assert [reason.region for reason in state.reasons] == [Region.LOWER_BACK]
