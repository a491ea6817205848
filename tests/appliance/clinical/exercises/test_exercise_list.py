"""The lists: enough exercises for each part, each with all that has to be said, and its source."""

import re
from collections import Counter

import msgspec
import pytest

from appliance.clinical.exercises.exercise_list import (
    Area,
    Exercise,
    check_exercises,
    load_advice,
    load_exercises,
)
from appliance.errors import ConfigError
from appliance.texts.catalogue import TEXTS
from appliance.texts.catalogue.exercises import EXERCISES
from appliance.texts.english import english
from tests.support.text_keys import strings_of
from tests.support.texts import problems

LISTED = load_exercises()
EFFICACY = re.compile(
    r"reliev|heal|cure|therap|effective|recommended for you|proven", re.IGNORECASE
)


@pytest.mark.parametrize("area", Area)
def test_there_are_at_least_eight_exercises_for_each_part(area: Area) -> None:
    assert Counter(each.area for each in LISTED.values())[area] >= 8


@pytest.mark.parametrize("exercise", LISTED.values(), ids=list(LISTED))
def test_each_exercise_says_how_it_is_done_how_often_and_when_to_stop(exercise: Exercise) -> None:
    assert exercise.purpose.startswith("exercise.for.")
    assert exercise.start.startswith("exercise.start.")
    assert len(exercise.step_texts) >= 3
    assert "exercise.stop.pain" in exercise.stop
    assert len(exercise.stop) >= 2
    keys = {exercise.title.key, *(step.key for step in exercise.step_texts)}
    keys |= {exercise.purpose, exercise.start, *exercise.stop}
    assert keys <= TEXTS.keys()
    dose = exercise.dose(exercise.sets, exercise.repetitions, exercise.days_a_week)
    assert problems(dose) == []
    assert re.search(r"\((Ca|S|M|D)\)", exercise.source)


def test_exercises_of_the_neck_stop_for_dizziness_and_those_of_the_loin_for_the_leg() -> None:
    for exercise in LISTED.values():
        stops = " ".join(TEXTS[key] for key in exercise.stop)
        if exercise.area is Area.NECK and exercise.name != "shoulder-rolls":
            assert "dizzy" in stops
        if exercise.area is Area.LOWER_BACK:
            assert "leg" in stops


def test_a_dose_is_said_with_its_numbers() -> None:
    retraction, rolls = LISTED["neck-retraction"], LISTED["shoulder-rolls"]
    assert english(retraction.dose(2, 8, 5)) == "2 times 8, hold 3 s, 5 days a week"
    assert english(rolls.dose(1, 10, 7)) == "1 times 10, 7 days a week"


def test_each_advice_has_a_text_and_a_source() -> None:
    assert len(load_advice()) >= 8
    for advice in load_advice().values():
        assert advice.text.key in TEXTS
        assert re.search(r"\((Ca|S|M|D)\)", advice.source)


def test_no_text_claims_that_something_works() -> None:
    assert [text for text in EXERCISES.values() if EFFICACY.search(text)] == []


def test_every_text_of_exercises_is_used() -> None:
    said = {each.title.key for each in LISTED.values()}
    said |= {step.key for each in LISTED.values() for step in each.step_texts}
    said |= {advice.text.key for advice in load_advice().values()}
    assert EXERCISES.keys() - said - strings_of("exercises") == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sets", 0),
        ("sets", 6),
        ("repetitions", 0),
        ("repetitions", 31),
        ("days_a_week", 0),
        ("days_a_week", 8),
        ("steps", 0),
        ("hold_s", -1),
        ("stop", ()),
    ],
)
def test_a_list_with_a_wrong_dose_or_nothing_to_stop_at_is_refused(
    field: str, value: object
) -> None:
    exercise = msgspec.structs.replace(LISTED["bridge"], **{field: value})
    with pytest.raises(ConfigError, match="bridge"):
        check_exercises((exercise,))


def test_a_list_with_a_name_twice_is_refused() -> None:
    bridge = LISTED["bridge"]
    with pytest.raises(ConfigError, match="two exercises bridge"):
        check_exercises((bridge, bridge))
