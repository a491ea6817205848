"""Whole journeys on the real clinical rooms, each touch counted by kind: the limits to Start.

Counted apart: a touch for each question of screening and visit, characters of alias and year, the
squeeze, and the close-out. docs/kiosk-journeys.md states what is measured here. Each journey is on
a day of its own: everything that a day asks once is asked, the check of the unit among it.
"""

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.messages.actions import Prescribe, RepeatLast
from tests.support.kiosk.paper_clinician import PaperClinician

NEW_PATIENT, NEW_PROGRAMME, REPEAT, CLOSE_OUT = 25, 12, 8, 5
TENS = "conventional-tens"
ALIAS, YEAR = "P7", "1974"


def new_patient(programme: str, region: str, side: str = "both") -> PaperClinician:
    who = PaperClinician()
    who.register(ALIAS, YEAR)
    who.choose(programme, region, side)
    assert who.to_start() == "", who.engine.places
    return who


@pytest.mark.parametrize(
    ("programme", "region"),
    [
        (name, region.value)
        for name, programme in load_catalogue().items()
        for region in programme.regions
    ],
)
def test_a_new_patient_is_treated_within_25_touches(programme: str, region: str) -> None:
    who = new_patient(programme, region)
    counts, asked = who.engine.counts, who.engine.set_up
    assert counts["other"] <= NEW_PATIENT, counts
    assert counts["typed"] == len(ALIAS + YEAR)
    assert counts["squeeze"] == 1
    assert isinstance(asked, Prescribe)
    assert (asked.programme, asked.region, asked.side) == (programme, region, "both")
    assert asked.placement
    who.close_out()
    assert counts["close_out"] <= CLOSE_OUT, counts


def test_each_question_of_the_screening_is_one_touch_and_none_is_filled_in() -> None:
    who = new_patient(TENS, "lower_back")
    questions = who.engine.kiosk.rows("screening:conventional-tens:lower_back") or ()
    assert who.engine.counts["screening"] == len(questions) > 0


@pytest.mark.parametrize(
    "programme",
    [
        name
        for name, programme in load_catalogue().items()
        if "lower_back" in programme.regions and name != TENS
    ],
)
def test_a_known_patient_gets_a_new_programme_within_12_touches(programme: str) -> None:
    who = new_patient(TENS, "lower_back")
    who.close_out()
    who.engine.on_day(7)
    who.find("patient")
    who.choose(programme, "lower_back")
    assert who.to_start() == "", who.engine.places
    assert who.engine.counts["other"] <= NEW_PROGRAMME, who.engine.counts
    who.close_out()
    assert who.engine.counts["close_out"] <= CLOSE_OUT, who.engine.counts


@pytest.mark.parametrize("programme", [TENS, "nmes-strengthening"])
def test_a_repeat_takes_8_touches_and_asks_all_that_a_day_asks(programme: str) -> None:
    who = new_patient(programme, "lower_back")
    who.close_out()
    who.engine.on_day(7)
    who.find("repeat")
    assert who.to_start() == "", who.engine.places
    assert who.engine.counts["other"] <= REPEAT, who.engine.counts
    assert isinstance(who.engine.set_up, RepeatLast)
    steps = {"VisitList", "Checks", "Sensation", "PlacePads", "TellPatient", "Ready"}
    assert steps <= set(who.engine.places)
    who.close_out()
    assert who.engine.counts["close_out"] <= CLOSE_OUT, who.engine.counts
