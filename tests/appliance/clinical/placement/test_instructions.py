"""A placement in words: finger breadths and landmarks, no mm of the figure; every text exists."""

import re
from importlib import resources

import pytest

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.placement.instructions import (
    FIND,
    NAMES,
    how_to_find,
    motor_point_text,
    pad_step,
    position_text,
    spot_text,
    steps,
    to_feel_and_see,
)
from appliance.clinical.placement.placement import PadEnd, PlannedPlacement
from appliance.clinical.placement.placements import load_placements, plan_placement
from appliance.clinical.placement.positions import (
    BesideSpine,
    Between,
    Direction,
    FromLandmark,
    Gap,
    Landmark,
    Level,
    PadPart,
    Position,
)
from appliance.texts.catalogue import TEXTS
from appliance.texts.catalogue.placement import PLACEMENT
from appliance.texts.english import english
from tests.support.text_keys import strings_of
from tests.support.texts import problems

CATALOGUE = load_catalogue()


def planned(programme: str, region: str, side: Side, placement: str = "") -> PlannedPlacement:
    plan = plan_placement(CATALOGUE[programme], region, side, placement=placement)
    assert isinstance(plan, PlannedPlacement)
    return plan


def every_plan() -> list[PlannedPlacement]:
    return [
        planned(programme.name, region, side)
        for programme in CATALOGUE.values()
        for region in programme.regions
        for side in Side
    ]


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (
            BesideSpine(level=Level.L1, gap=Gap.ONE_FINGER),
            "centre at L1, inner edge one finger breadth from the midline",
        ),
        (
            BesideSpine(level=Level.C3_C4, part=PadPart.UPPER_EDGE, gap=Gap.BESIDE_THE_PROCESS),
            "upper edge at C3-C4, inner edge right beside the spine",
        ),
        (
            Between(start=Landmark.C7, end=Landmark.ACROMION, percent=50),
            "centre 50 % of the way from C7 to the outer tip of the shoulder (acromion)",
        ),
        (
            FromLandmark(landmark=Landmark.DIMPLE, direction=Direction.UP, fingers=0),
            "centre on the dimple above the buttock",
        ),
        (
            FromLandmark(landmark=Landmark.DIMPLE, direction=Direction.INWARDS, fingers=1),
            "centre one finger breadth to the inside of the dimple above the buttock",
        ),
        (
            FromLandmark(landmark=Landmark.DIMPLE, direction=Direction.UP, fingers=3),
            "centre 3 finger breadths above the dimple above the buttock",
        ),
    ],
)
def test_a_position_is_said_as_landmark_direction_and_relative_measure(
    position: Position, words: str
) -> None:
    assert english(position_text(position)) == words
    assert problems(position_text(position)) == []


def test_a_pad_is_said_with_its_true_size_and_the_side_of_the_patient() -> None:
    plan = planned("conventional-tens", "lower_back", Side.BOTH)
    assert english(pad_step(plan.pads[3])) == (
        "2B, 50 x 50 mm, patient's right: centre at L5, inner edge one finger breadth from the "
        "midline."
    )


def test_every_position_of_the_data_is_said_without_mm() -> None:
    for placement in load_placements():
        for variant in placement.depth:
            for position in (variant.A.at, variant.B.at):
                assert "mm" not in english(position_text(position))
                assert len(how_to_find(position)) == isinstance(position, BesideSpine)


def test_the_steps_begin_with_the_output_off_and_end_with_the_leads() -> None:
    for plan in every_plan():
        said = [english(step) for step in steps(plan)]
        assert said[0] == "Output is off before a pad is placed or removed."
        assert said[-1].startswith("Connect the leads: the one marked + to the A pad")
        for pad in plan.pads:
            assert sum(step.startswith(f"{pad.label}, ") for step in said) == 1
        assert [found for step in steps(plan) for found in problems(step)] == []
        assert len(set(said)) == len(said)


def test_the_steps_say_the_spacing_in_real_mm() -> None:
    said = [english(step) for step in steps(planned("nmes-endurance", "lower_back", Side.LEFT))]
    assert any(step.startswith("80 to 120 mm from edge to edge") for step in said)


def test_on_the_neck_the_steps_forbid_its_front_and_side() -> None:
    for plan in every_plan():
        said = [english(step) for step in steps(plan)]
        warned = "Never on the front or the side of the neck." in said
        assert warned is (plan.key.region in {"neck", "suboccipital"})


def test_on_the_upper_back_the_steps_forbid_a_channel_across_the_spine() -> None:
    for plan in every_plan():
        said = [english(step) for step in steps(plan)]
        warned = any("none crosses the spine" in step for step in said)
        assert warned is (plan.key.region == "upper_back")


@pytest.mark.parametrize(
    ("programme", "feel", "see"),
    [
        ("conventional-tens", "no contraction", "Nothing moves"),
        ("brief-intense-tens", "close to what the patient tolerates", "Nothing moves"),
        ("low-rate-tens", "twitches", "small twitch"),
        ("relaxation-twitch", "twitches", "small twitch"),
        ("nmes-strengthening", "tightens and lets go", "tightens and lets go"),
        ("burst-ac", "tightens and lets go", "tightens and lets go"),
        ("contract-relax", "light, comfortable", "just seen"),
        ("muscle-pump-neck", "light, comfortable", "no joint moves"),
        ("muscle-pump-twitch", "twitches", "small twitch"),
        ("stabilisation", "lifts lightly along with it", "hardens under a finger"),
        ("rehabilitation-start", "tightens", "tightens and lets go"),
    ],
)
def test_each_programme_says_what_to_feel_and_to_see(programme: str, feel: str, see: str) -> None:
    said = [english(text) for text in to_feel_and_see(CATALOGUE[programme])]
    assert feel in said[0]
    assert see in said[1]


def test_a_motor_point_is_said_to_be_only_where_the_search_begins() -> None:
    for plan in every_plan():
        for text in motor_point_text(plan):
            assert problems(text) == []
            assert english(text).endswith("The mark is only where to begin.")


def test_every_level_and_landmark_has_words() -> None:
    assert set(FIND) == set(Level)
    assert set(NAMES) == set(Landmark)
    assert {*FIND.values(), *NAMES.values()} <= TEXTS.keys()


def test_every_text_of_placements_is_used_and_every_key_of_the_data_exists() -> None:
    muscles = {f"muscle.{point.muscle}" for each in load_placements() for point in each.motor_point}
    muscles |= {f"muscle.{muscle}" for each in load_placements() for muscle in each.muscles}
    spots = {spot_text(point.spot).key for each in load_placements() for point in each.motor_point}
    spots |= {
        spot_text(variant.of(end).spot).key
        for each in load_placements()
        for variant in each.depth
        for end in PadEnd
    }
    used = strings_of("placement") | muscles | spots
    assert spots <= PLACEMENT.keys()
    assert PLACEMENT.keys() - used == set()
    assert muscles <= PLACEMENT.keys()
    titled = {text for text in used if re.fullmatch(r"placement(\.\w+)+", text)}
    assert titled <= PLACEMENT.keys()


def test_the_data_lies_beside_the_code_that_is_installed() -> None:
    files = {file.name for file in resources.files("appliance.clinical.placement").iterdir()}
    assert {"placements.toml", "drawn.toml", "figure.toml"} <= files
