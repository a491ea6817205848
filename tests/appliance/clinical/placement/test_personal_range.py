"""The personal range: of each kind of mark the newest, for one patient, placement and channel."""

import pytest

from appliance.clinical.placement.personal_range import PersonalRange, PersonalRanges, RangeOf
from tests.appliance.clinical.placement.test_first_feeling import PLAN, plan

MINE = RangeOf("P-0015", PLAN.key, 1)


def test_the_newest_mark_of_each_kind_makes_the_range() -> None:
    ranges = PersonalRanges()
    for felt, level_ua in (
        ("first_felt", 4_000),
        ("comfortable", 9_000),
        ("too_strong", 12_000),
        ("comfortable", 8_000),
    ):
        ranges.take(MINE, felt, level_ua)
    assert ranges.of(MINE) == PersonalRange(4_000, 8_000, 12_000)


@pytest.mark.parametrize("felt", ["pain", "burning", "faintness"])
def test_what_hurt_is_no_range(felt: str) -> None:
    ranges = PersonalRanges()
    ranges.take(MINE, felt, 4_000)
    assert ranges.of(MINE) == PersonalRange()


@pytest.mark.parametrize(
    "other",
    [
        MINE._replace(patient="P-0023"),
        MINE._replace(channel=2),
        MINE._replace(key=plan("modulated-tens").key),
    ],
    ids=["patient", "channel", "programme"],
)
def test_a_range_is_of_one_patient_placement_and_channel(other: RangeOf) -> None:
    ranges = PersonalRanges()
    ranges.take(MINE, "comfortable", 9_000)
    assert ranges.of(other) == PersonalRange()
