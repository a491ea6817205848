"""What a screen asks: everything or the rest, in the order of asking, with nothing filled in."""

from appliance.clinical.finding import Consequence
from appliance.clinical.screening.answering import refuse_answers, refuse_visit_list
from appliance.clinical.screening.facts import (
    Answer,
    ScreeningAnswered,
    ScreeningKind,
    VisitAnswer,
)
from appliance.clinical.screening.form import ScreeningForm, screening_form
from appliance.clinical.screening.judge import judge_screening
from appliance.clinical.screening.questions import load_questions, load_visit_list
from appliance.clinical.screening.state import ScreeningState
from appliance.core.limits.limits import Purpose, Region
from tests.support.screening import WHO, at, full, none_changed, planned, screened, visit

FIRST = at(100.5)
LATER = at(107.5)


def answered(form: ScreeningForm) -> ScreeningAnswered:
    """Answer every line of a form without a consequence."""
    answers: dict[str, Answer] = {}
    here: dict[Region, dict[str, Answer]] = {}
    for line in form.lines:
        harmless = Answer.NO if line.question.flagged == "yes" else Answer.YES
        if line.asked.region is None:
            answers[line.asked.question] = harmless
        else:
            here.setdefault(line.asked.region, {})[line.asked.question] = harmless
    return ScreeningAnswered(kind=form.kind, answers=answers, here=here, **WHO)


def test_a_new_patient_is_asked_everything_and_the_answers_are_a_full_screening() -> None:
    form = screening_form(ScreeningState(), planned(), FIRST)
    assert form.kind is ScreeningKind.FULL
    assert form.visit_list == ()
    assert [line.question.id for line in form.lines] == list(load_questions())
    fact = answered(form)
    assert refuse_answers(fact) is None
    assert judge_screening(screened((fact, FIRST)), planned(), FIRST) == ()


def test_at_a_later_visit_the_list_comes_first_and_then_what_changed() -> None:
    state = screened((full(), FIRST))
    form = screening_form(state, planned(), LATER)
    assert form.lines == ()
    assert [item.id for item in form.visit_list] == list(load_visit_list())
    assert refuse_visit_list(none_changed(), state, LATER) is None
    changed = state.after(visit(medicines=VisitAnswer.CHANGED), LATER)
    after_list = screening_form(changed, planned(), LATER)
    assert after_list.visit_list == ()
    assert {line.question.id for line in after_list.lines} == set(
        load_visit_list()["medicines"].questions
    )
    fact = answered(after_list)
    assert refuse_answers(fact) is None
    assert judge_screening(changed.after(fact, LATER), planned(), LATER) == ()


def test_nothing_is_asked_where_nothing_is_open() -> None:
    form = screening_form(screened((full(), FIRST)), planned(), FIRST)
    assert (form.lines, form.visit_list) == ((), ())


def test_a_line_says_what_the_answer_would_mean_for_this_treatment() -> None:
    def meaning(region: Region, purpose: Purpose, question: str) -> Consequence:
        form = screening_form(ScreeningState(), planned(region, purpose), FIRST)
        (line,) = [line for line in form.lines if line.question.id == question]
        return line.consequence

    assert meaning(Region.NECK, Purpose.SENSORY, "epilepsy") is Consequence.STOP
    assert meaning(Region.LOWER_BACK, Purpose.SENSORY, "epilepsy") is Consequence.CONFIRM
    assert meaning(Region.LOWER_BACK, Purpose.SENSORY, "statin") is Consequence.NOTE
    assert meaning(Region.LOWER_BACK, Purpose.MOTOR, "statin") is Consequence.CONFIRM


def test_another_region_is_asked_only_about_itself() -> None:
    form = screening_form(screened((full(Region.NECK), FIRST)), planned(), FIRST)
    assert {line.asked.region for line in form.lines} == {Region.LOWER_BACK}
    assert all(line.question.local for line in form.lines)
