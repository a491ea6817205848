"""A patient is told what comes, what to say and how to stop it, on each day of a programme."""

import re

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.finding import Consequence
from appliance.clinical.pre_use.facts import PatientTold
from appliance.clinical.pre_use.hand_switch import SwitchStep, step_text
from appliance.clinical.pre_use.told import Told, judge_told, to_tell
from appliance.clinical.programme import Programme
from appliance.texts.catalogue.pre_use import PRE_USE
from appliance.texts.english import english
from tests.support.facts import WHO, day
from tests.support.text_keys import strings_of
from tests.support.texts import problems

CATALOGUE = load_catalogue()


def test_a_patient_who_was_not_told_today_is_told_first() -> None:
    (finding,) = judge_told(Told(), "burst-tens", day(0))
    assert finding.consequence is Consequence.ASK
    assert problems(finding.text()) == []
    told = Told().after(PatientTold(**WHO, programme="burst-tens"), day(0))
    assert judge_told(told, "burst-tens", day(0)) == ()
    assert judge_told(told, "burst-tens", day(1)) != ()
    assert judge_told(told, "low-rate-tens", day(0)) != ()


@pytest.mark.parametrize("programme", CATALOGUE.values(), ids=list(CATALOGUE))
def test_it_is_told_what_to_say_and_that_the_hand_switch_stops(programme: Programme) -> None:
    told = [english(text) for text in to_tell(programme)]
    assert any("Say at once" in text for text in told)
    assert any("Squeeze the hand switch" in text for text in told)


def test_a_contraction_is_told_only_where_a_muscle_moves() -> None:
    for programme in CATALOGUE.values():
        told = " ".join(english(text) for text in to_tell(programme))
        moves = re.search(r"the muscle (moves|tightens) by itself", told, re.IGNORECASE)
        assert bool(moves) is (programme.purpose == "motor")


def test_in_stabilisation_the_patient_is_told_to_work_along() -> None:
    along = {
        name
        for name, programme in CATALOGUE.items()
        if any("lift lightly along with it" in english(each) for each in to_tell(programme))
    }
    assert along == {"stabilisation"}


def test_every_text_before_a_treatment_is_used() -> None:
    used = strings_of("pre_use") | {step_text(step).key for step in SwitchStep}
    assert PRE_USE.keys() - used == set()
    assert {key for key in used if key.startswith("told.")} <= PRE_USE.keys()
