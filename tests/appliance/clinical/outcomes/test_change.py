"""Measurement error and importance of a change are two readings, never one."""

import re

import pytest

from appliance.clinical.outcomes.change import (
    Change,
    Direction,
    Reading,
    activity_change,
    index_change,
    load_thresholds,
    pain_change,
)
from appliance.clinical.outcomes.facts import DisabilityIndex
from appliance.core.limits.limits import Region
from appliance.texts.english import english
from tests.support.texts import problems

NDI = DisabilityIndex.NECK_DISABILITY_INDEX
OSWESTRY = DisabilityIndex.OSWESTRY


def read(change: Change) -> str:
    assert [found for text in change.texts() for found in problems(text)] == []
    return "; ".join(map(english, change.texts()))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (6, 6, "unchanged"),
        (6, 5, "1 point better; within measurement error; smaller than people usually notice"),
        (6, 4, "2 points better; within measurement error; as large as people usually notice"),
        (6, 3, "3 points better; within measurement error; as large as people usually notice"),
        (6, 2, "4 points better; beyond measurement error; as large as people usually notice"),
        (2, 6, "4 points worse; beyond measurement error; as large as people usually notice"),
        (0, 1, "1 point worse; within measurement error; smaller than people usually notice"),
    ],
)
def test_pain_of_the_neck_is_read_by_4_points_detectable_and_1_5_important(
    first: int, last: int, words: str
) -> None:
    assert read(pain_change(Region.NECK, first, last)) == words
    assert pain_change(Region.SUBOCCIPITAL, first, last) == pain_change(Region.NECK, first, last)


@pytest.mark.parametrize(
    ("points", "detectable", "important"),
    [
        (7, Reading.BELOW, Reading.BELOW),
        (8, Reading.BELOW, Reading.REACHED),
        (10, Reading.BELOW, Reading.REACHED),
        (11, Reading.REACHED, Reading.REACHED),
    ],
)
def test_the_neck_disability_index_is_read_by_10_2_detectable_and_7_5_important(
    points: int, detectable: Reading, important: Reading
) -> None:
    change = index_change(NDI, 30, 30 - points)
    assert (change.direction, change.points) == (Direction.BETTER, points)
    assert (change.detectable, change.important) == (detectable, important)


@pytest.mark.parametrize(("points", "important"), [(9, Reading.BELOW), (10, Reading.REACHED)])
def test_oswestry_has_an_important_change_of_10_and_no_known_error(
    points: int, important: Reading
) -> None:
    change = index_change(OSWESTRY, 40, 40 - points)
    assert (change.detectable, change.important) == (Reading.NOT_KNOWN, important)


@pytest.mark.parametrize(("points", "important"), [(1, Reading.BELOW), (2, Reading.REACHED)])
def test_pain_of_the_lower_back_has_an_important_change_of_2_and_no_known_error(
    points: int, important: Reading
) -> None:
    change = pain_change(Region.LOWER_BACK, 7, 7 - points)
    assert (change.detectable, change.important) == (Reading.NOT_KNOWN, important)
    assert "measurement error not known" in read(change)


def test_where_no_number_was_found_nothing_is_claimed() -> None:
    for change in (pain_change(Region.UPPER_BACK, 9, 1), activity_change(1, 9)):
        assert (change.detectable, change.important) == (Reading.NOT_KNOWN, Reading.NOT_KNOWN)


def test_more_of_an_activity_is_better_and_less_is_worse() -> None:
    assert activity_change(3, 7).direction is Direction.BETTER
    assert activity_change(7, 3).direction is Direction.WORSE
    assert activity_change(7, 7).direction is Direction.SAME


def test_each_threshold_has_its_source_and_mark() -> None:
    thresholds = load_thresholds()
    assert set(thresholds.pain) == set(Region)
    assert set(thresholds.index) == set(DisabilityIndex)
    for threshold in (
        *thresholds.pain.values(),
        *thresholds.index.values(),
        thresholds.activity,
    ):
        assert re.search(r"\((Ca|M|D)\)|NF", threshold.source)
        if threshold.detectable is None:
            assert "NF" in threshold.source
