"""What each answer means: every question x region x purpose x answer, restated by hand."""

import pytest

from appliance.clinical.choice import choice_text
from appliance.clinical.finding import Consequence, Finding
from appliance.clinical.screening.facts import Answer
from appliance.clinical.screening.judge import judge_screening
from appliance.clinical.screening.questions import load_questions
from appliance.clinical.screening.state import Asked, ScreeningState
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.texts.english import english
from tests.support.screening import at, full, none_changed, planned, reasons, screened
from tests.support.texts import said

NOON = at(100.5)
REGIONS = (Region.NECK, Region.SUBOCCIPITAL, Region.UPPER_BACK, Region.LOWER_BACK)
CONSEQUENCES = {
    "S": Consequence.STOP,
    "C": Consequence.CONFIRM,
    "N": Consequence.NOTE,
}
"""Letters of the table below."""
TABLE = {
    # question: consequence for neck, suboccipital, upper back, lower back; sensory, motor.
    # One letter stands for all eight.
    "bladder_control": "S",
    "bowel_control": "S",
    "saddle_numbness": "S",
    "growing_deficit": "S",
    "myelopathy": "S",
    "neck_artery": "S",
    "fever": "S",
    "weight_loss": "S",
    "injury_not_examined": "S",
    "active_implant": "S",
    "pregnancy": "S",
    "deep_vein_thrombosis": "S",
    "thrombophlebitis": "S",
    "earlier_thrombosis": "C",
    "bleeding": "S",
    "bleeding_disorder": "S",
    "infection": "S",
    "tuberculosis": "S",
    "osteomyelitis": "S",
    "cancer": "C",
    "epilepsy": "SSCC SSCC",
    "heart_disease": "CCSC CCSC",
    "heart_failure": "CCSC CCSC",
    "arrhythmia": "CCSC CCSC",
    "cord_injury_t6": "S",
    "cord_injury_below_t6": "C",
    "neuromuscular_disease": "NNNN CCCC",
    "rhabdomyolysis": "NNNN SSSS",
    "statin": "NNNN CCCC",
    "osteoporosis": "C",
    "hernia": "NNNN NNNC",
    "contact_allergy": "N",
    "eczema": "N",
    "cancer_here": "S",
    "radiotherapy_here": "S",
    "circulation_here": "S",
    "surgery_here": "C",
    "stitches_here": "C",
    "fracture_here": "C",
    "bruise_here": "C",
    "metal_here": "C",
    "broken_skin_here": "S",
    "inflamed_skin_here": "S",
    "eczema_here": "S",
    "varicose_veins_here": "S",
    "numb_here": "N",
    "drug_patch_here": "S",
    "numbing_cream_here": "CCCC SSSS",
    "heat_here": "C",
    "cold_here": "C",
    "understands": "S",
    "can_report": "S",
    "drowsy": "S",
    "hf_surgery": "S",
    "shortwave": "S",
    "ecg_monitor": "S",
    "awake": "S",
    "driving": "S",
    "water": "S",
    "go_ahead": "S",
    "consent": "S",
}
NO_STOPS = {"understands", "can_report", "awake", "go_ahead", "consent"}
"""Questions to which "no" is the answer with a consequence."""


def expected(question: str, region: Region, purpose: Purpose) -> Consequence:
    letters = TABLE[question].replace(" ", "") * (8 if len(TABLE[question]) == 1 else 1)
    return CONSEQUENCES[letters[REGIONS.index(region) + 4 * (purpose is Purpose.MOTOR)]]


def without(question: str) -> ScreeningState:
    """Return a screening with one answer missing, as after a question is added to the list."""
    state = screened((full(), NOON))
    answers = {asked: given for asked, given in state.answers.items() if asked.question != question}
    return ScreeningState(full=state.full, answers=answers)


def found(question: str, answer: Answer, region: Region, purpose: Purpose) -> tuple[Finding, ...]:
    state = screened((full(**{question: answer}), NOON))
    return judge_screening(state, planned(region, purpose), NOON)


def test_the_table_has_every_question_in_the_order_of_asking() -> None:
    assert list(TABLE) == list(load_questions())


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("purpose", list(Purpose))
def test_harmless_answers_to_every_question_leave_nothing_open(
    region: Region, purpose: Purpose
) -> None:
    assert judge_screening(screened((full(), NOON)), planned(region, purpose), NOON) == ()


@pytest.mark.parametrize("question", TABLE)
def test_every_answer_to_a_question_means_what_the_table_says(question: str) -> None:
    harmless, flagged = (Answer.YES, Answer.NO)
    if question not in NO_STOPS:
        harmless, flagged = flagged, harmless
    for region in REGIONS:
        for purpose in Purpose:
            assert found(question, harmless, region, purpose) == ()
            for answer in (flagged, Answer.UNKNOWN):
                (finding,) = found(question, answer, region, purpose)
                assert finding.consequence is expected(question, region, purpose)
                assert finding.item == question
                assert finding.since == NOON
                assert said(finding.refusal()).asked.endswith(f": {answer}")


@pytest.mark.parametrize("question", TABLE)
def test_a_question_without_an_answer_is_asked(question: str) -> None:
    for region in REGIONS:
        for purpose in Purpose:
            (finding,) = judge_screening(without(question), planned(region, purpose), NOON)
            assert finding.consequence is Consequence.ASK
            assert finding.item == question


@pytest.mark.parametrize("question", TABLE)
def test_a_reason_changes_what_is_confirmed_and_nothing_else(question: str) -> None:
    for region in REGIONS:
        for purpose in Purpose:
            flagged = Answer.NO if question in NO_STOPS else Answer.YES
            state = screened(
                (full(**{question: flagged}), NOON),
                (reasons(region, purpose, **{question: "seen by the surgeon"}), NOON),
            )
            (finding,) = judge_screening(state, planned(region, purpose), NOON)
            consequence = expected(question, region, purpose)
            if consequence is Consequence.CONFIRM:
                assert finding.consequence is Consequence.NOTE
                assert said(finding.refusal()).nearest == "confirmed: seen by the surgeon"
            else:
                assert finding.consequence is consequence


@pytest.mark.parametrize("kind", list(ProgrammeKind))
def test_a_numbing_cream_stops_brief_intense_as_it_stops_motor(kind: ProgrammeKind) -> None:
    state = screened((full(numbing_cream_here=Answer.YES), NOON))
    (finding,) = judge_screening(state, planned(kind=kind), NOON)
    stops = kind is ProgrammeKind.BRIEF_INTENSE
    assert finding.consequence is (Consequence.STOP if stops else Consequence.CONFIRM)


def test_a_stop_says_where_or_how_treatment_is_possible() -> None:
    def nearest(question: str, region: Region, purpose: Purpose = Purpose.SENSORY) -> str:
        answer = Answer.NO if question in NO_STOPS else Answer.YES
        return said(found(question, answer, region, purpose)[0].refusal()).nearest

    assert nearest("fever", Region.NECK) == "stop, and refer to a doctor"
    assert nearest("epilepsy", Region.NECK) == "elsewhere: upper back, lower back"
    elsewhere = "elsewhere: neck, under the skull, lower back"
    assert nearest("arrhythmia", Region.UPPER_BACK) == elsewhere
    assert nearest("rhabdomyolysis", Region.LOWER_BACK, Purpose.MOTOR) == "a sensory programme"
    assert nearest("cancer_here", Region.LOWER_BACK) == "not here while it is so"
    assert nearest("drowsy", Region.LOWER_BACK) == "once it has changed, answer again"
    assert nearest("pregnancy", Region.LOWER_BACK) == "no treatment while it is so"
    assert nearest("osteoporosis", Region.LOWER_BACK) == "give a clinician's reason"


def test_where_a_stop_offers_another_region_it_is_no_stop_there() -> None:
    named = {english(choice_text(region)): region for region in Region}
    for question in load_questions().values():
        for region in REGIONS:
            for purpose in Purpose:
                flagged = Answer.NO if question.id in NO_STOPS else Answer.YES
                (finding,) = found(question.id, flagged, region, purpose)
                offer = said(finding.refusal()).nearest
                if offer.startswith("elsewhere: "):
                    for other in offer.removeprefix("elsewhere: ").split(", "):
                        consequence = expected(question.id, named[other], purpose)
                        assert consequence is not Consequence.STOP
                if offer == "a sensory programme":
                    assert expected(question.id, region, Purpose.SENSORY) is not Consequence.STOP


def test_findings_come_in_the_order_of_resolving() -> None:
    answers = {
        "eczema": Answer.YES,
        "osteoporosis": Answer.YES,
        "drowsy": Answer.YES,
        "fever": Answer.YES,
    }
    state = screened((full(**answers), at(99.5)), (none_changed(), at(100.4)))
    assert [finding.item for finding in judge_screening(state, planned(), NOON)] == [
        "fever",
        "drowsy",
        "osteoporosis",
        "eczema",
    ]
    later = judge_screening(state, planned(), at(101.5))
    assert [finding.item for finding in later][:2] == ["visit_list", "fever"]


def test_an_answer_about_one_region_says_nothing_about_another() -> None:
    state = screened((full(Region.NECK, broken_skin_here=Answer.YES), NOON))
    (stop,) = judge_screening(state, planned(Region.NECK), NOON)
    assert (stop.item, stop.consequence) == ("broken_skin_here", Consequence.STOP)
    asked = judge_screening(state, planned(Region.LOWER_BACK), NOON)
    assert {finding.consequence for finding in asked} == {Consequence.ASK}
    assert len(asked) == sum(question.local for question in load_questions().values())
    assert Asked("broken_skin_here", Region.LOWER_BACK) not in state.answers
