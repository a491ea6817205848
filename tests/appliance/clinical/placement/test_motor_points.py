"""Found motor points: the newest of each place, in words, on the figure, and what is refused."""

from typing import Any

import pytest

from appliance.clinical.body import Side
from appliance.clinical.fact import FactTime
from appliance.clinical.fact_reading import read_fact
from appliance.clinical.placement.facts import MotorPointFound
from appliance.clinical.placement.motor_points import (
    LANDMARKS,
    FoundPoints,
    PointPlace,
    drawn_at,
    refuse_point,
    where_text,
)
from appliance.clinical.placement.positions import Landmark
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.english import english
from tests.support.texts import said

pytestmark = pytest.mark.proves_none

AT = FactTime(1, 0, trusted=True, boot=1)
FOUND: dict[str, Any] = {
    "patient": "P-1",
    "operator": "anna",
    "simulated": False,
    "session": "0001-001",
    "region": "neck",
    "side": "left",
    "placement": "upper-trapezius",
    "channel": 1,
    "landmark": "c7",
    "along_mm": -20,
    "across_mm": 60,
    "level_ua": 7_500,
}


def found(**changes: Any) -> MotorPointFound:
    fact = read_fact(MotorPointFound, {**FOUND, **changes})
    assert isinstance(fact, MotorPointFound)
    return fact


def test_the_newest_point_of_each_region_side_and_placement_is_kept() -> None:
    points = FoundPoints()
    later = AT._replace(utc_us=2)
    for fact, at in (
        (found(), AT),
        (found(side="right"), AT),
        (found(level_ua=6_000), later),
    ):
        points = points.after(fact, at)
    left = PointPlace(Region.NECK, Side.LEFT, "upper-trapezius")
    assert points.points[left] == (found(level_ua=6_000), later)
    assert len(points.points) == 2


@pytest.mark.parametrize(
    ("along_mm", "across_mm", "words"),
    [
        (-20, 60, "C7: 20 mm down, 60 mm outwards"),
        (0, -5, "C7: 0 mm up, 5 mm inwards"),
    ],
)
def test_a_point_is_said_from_its_landmark(along_mm: int, across_mm: int, words: str) -> None:
    assert english(where_text(found(along_mm=along_mm, across_mm=across_mm))) == words


def test_a_point_is_drawn_up_and_outwards_on_its_side() -> None:
    c7 = drawn_at(found(along_mm=0, across_mm=0))
    left, right = drawn_at(found()), drawn_at(found(side="right"))
    assert (left.x, left.y) == (-60.0, c7.y + 20)
    assert (right.x, right.y) == (60.0, left.y)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("along_mm", 301, "-300 to 300"),
        ("across_mm", -301, "-300 to 300"),
        ("level_ua", 25_001, "1 to 25000"),
        ("channel", 5, "1 to 4"),
        ("along_mm", "far", "-300 to 300"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_what_is_accepted(
    name: str, value: object, allowed: str
) -> None:
    refused = read_fact(MotorPointFound, {**FOUND, name: value})
    assert isinstance(refused, Refusal)
    assert said(refused).allowed == allowed


def test_a_point_lies_on_one_side_and_is_measured_from_its_own_region() -> None:
    both = refuse_point(found(side="both"))
    assert both is not None
    assert said(both).limit == "side"
    for region, near in LANDMARKS.items():
        for landmark in Landmark:
            refused = refuse_point(found(region=region.value, landmark=landmark.value))
            assert (refused is None) == (landmark in near)
    assert refuse_point(found(region="suboccipital")) is not None
