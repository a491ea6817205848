"""Answers that cannot be recorded get one refusal that says what would be accepted."""

import pytest

from appliance.clinical.screening.answering import (
    refuse_answers,
    refuse_confirmation,
    refuse_visit_list,
)
from appliance.clinical.screening.facts import (
    Answer,
    ScreeningAnswered,
    ScreeningKind,
    VisitAnswer,
    VisitListAnswered,
)
from appliance.clinical.screening.state import ScreeningState
from appliance.core.limits.limits import Purpose, Region
from appliance.core.refusal import Refusal
from tests.support.screening import (
    WHO,
    at,
    full,
    none_changed,
    part,
    reasons,
    screened,
    visit,
)
from tests.support.texts import Said, said

NOON = at(100.5)


def words(refusal: Refusal | None) -> Said:
    assert refusal is not None
    return said(refusal)


def test_a_full_screening_of_one_or_of_all_regions_is_accepted() -> None:
    assert refuse_answers(full(Region.NECK)) is None
    assert refuse_answers(full()) is None
    assert refuse_answers(part(fever=Answer.NO)) is None
    assert refuse_answers(part(Region.NECK, metal_here=Answer.UNKNOWN)) is None


def test_an_unknown_question_is_refused_with_the_nearest_and_not_repeated() -> None:
    refusal = words(refuse_answers(part(epilepsia=Answer.NO)))
    assert refusal.asked == "1 names that are none of a question"
    assert refusal.nearest == "epilepsy"
    assert words(refuse_answers(part(xxxx=Answer.NO))).nearest == "leave it out"
    assert words(refuse_answers(part(Region.NECK, xxxx=Answer.NO))).nearest == "leave it out"


@pytest.mark.parametrize("missing", ["fever", "consent", "epilepsy"])
def test_a_full_screening_with_a_gap_is_refused_and_names_it(missing: str) -> None:
    answers = {name: answer for name, answer in full().answers.items() if name != missing}
    fact = ScreeningAnswered(kind=ScreeningKind.FULL, answers=answers, here=full().here, **WHO)
    refusal = words(refuse_answers(fact))
    assert refusal.asked.startswith("1 without an answer: ")
    assert refusal.nearest == "answer them"


def test_a_full_screening_with_a_gap_in_one_region_is_refused() -> None:
    here = dict(full().here)
    here[Region.NECK] = {}
    fact = ScreeningAnswered(kind=ScreeningKind.FULL, answers=full().answers, here=here, **WHO)
    assert words(refuse_answers(fact)).asked.startswith("18 without an answer: cancer here, ")


def test_a_full_screening_of_no_region_and_a_part_of_nothing_are_refused() -> None:
    nowhere = ScreeningAnswered(kind=ScreeningKind.FULL, answers=full().answers, **WHO)
    assert words(refuse_answers(nowhere)).nearest == "say which region"
    assert words(refuse_answers(part())).nearest == "answer a question"


def test_an_answer_in_the_wrong_place_is_refused() -> None:
    assert words(refuse_answers(part(Region.NECK, epilepsy=Answer.NO))).asked == (
        "answers in the wrong place: epilepsy"
    )
    assert words(refuse_answers(part(metal_here=Answer.NO))).nearest == "answer for each region"


def test_the_visit_list_is_accepted_on_a_valid_full_screening() -> None:
    state = screened((full(), NOON))
    assert refuse_visit_list(none_changed(), state, at(107)) is None
    assert refuse_visit_list(visit(), state, at(107)) is None
    assert refuse_visit_list(visit(skin=VisitAnswer.CHANGED), state, at(107)) is None


@pytest.mark.parametrize("fact", [none_changed(), visit()])
def test_the_visit_list_is_refused_without_a_valid_full_screening(fact: VisitListAnswered) -> None:
    assert words(refuse_visit_list(fact, ScreeningState(), NOON)).allowed == (
        "on a valid full screening"
    )
    state = screened((full(), NOON))
    assert words(refuse_visit_list(fact, state, at(131))).nearest == "answer all 61 questions"
    changed = state.after(part(cancer=Answer.YES), NOON)
    assert words(refuse_visit_list(fact, changed, NOON)).asked == (
        "changed since the full screening: cancer"
    )


def test_a_visit_list_with_a_gap_is_refused_and_names_it() -> None:
    state = screened((full(), NOON))
    answers = {item: answer for item, answer in visit().answers.items() if item != "skin"}
    fact = VisitListAnswered(none_changed=False, answers=answers, **WHO)
    assert words(refuse_visit_list(fact, state, NOON)).asked == "1 without an answer: skin"
    empty = VisitListAnswered(none_changed=False, **WHO)
    assert words(refuse_visit_list(empty, state, NOON)).asked.startswith("10 without an answer")


def test_a_visit_list_says_one_thing() -> None:
    state = screened((full(), NOON))
    both = VisitListAnswered(none_changed=True, answers=visit().answers, **WHO)
    assert words(refuse_visit_list(both, state, NOON)).nearest == "one of the two"
    unknown = VisitListAnswered(none_changed=False, answers={"skins": VisitAnswer.SAME}, **WHO)
    assert words(refuse_visit_list(unknown, state, NOON)).nearest == "skin"


def test_a_reason_for_what_needs_one_is_accepted() -> None:
    state = screened((full(osteoporosis=Answer.YES, metal_here=Answer.UNKNOWN), NOON))
    fact = reasons(
        Region.NECK, Purpose.SENSORY, osteoporosis="density known", metal_here="one plate"
    )
    assert refuse_confirmation(fact, state) is None


@pytest.mark.parametrize("reason", ["", "   ", "…", "\u202eabc", "\u200b"])
def test_a_reason_that_says_nothing_is_refused(reason: str) -> None:
    state = screened((full(osteoporosis=Answer.YES), NOON))
    fact = reasons(Region.NECK, Purpose.SENSORY, osteoporosis=reason)
    assert words(refuse_confirmation(fact, state)).limit == "reason"


def test_no_reason_changes_a_stop() -> None:
    state = screened((full(epilepsy=Answer.YES, active_implant=Answer.YES), NOON))
    for question in ("epilepsy", "active_implant"):
        fact = reasons(Region.NECK, Purpose.SENSORY, **{question: "asked a doctor"})
        assert words(refuse_confirmation(fact, state)).nearest == "no reason changes it"
    elsewhere = reasons(Region.LOWER_BACK, Purpose.SENSORY, epilepsy="asked a doctor")
    assert refuse_confirmation(elsewhere, state) is None


def test_a_reason_for_what_needs_none_is_refused() -> None:
    state = screened((full(statin=Answer.YES), NOON))
    for question, purpose in (("osteoporosis", Purpose.SENSORY), ("statin", Purpose.SENSORY)):
        fact = reasons(Region.NECK, purpose, **{question: "because"})
        nearest = words(refuse_confirmation(fact, state)).nearest
        assert nearest == "leave it out: nothing has to be confirmed"
    assert (
        refuse_confirmation(reasons(Region.NECK, Purpose.MOTOR, statin="low dose"), state) is None
    )
    nothing = reasons(Region.NECK, Purpose.SENSORY)
    assert words(refuse_confirmation(nothing, state)).nearest == "say why"
    unknown = reasons(Region.NECK, Purpose.SENSORY, statins="low dose")
    assert words(refuse_confirmation(unknown, state)).nearest == "statin"
