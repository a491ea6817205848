"""What one patient may have: numbers written out again, none imported."""

import pytest

from appliance.core.limits import Purpose, Region
from appliance.core.patient_limits import (
    Bounds,
    Scope,
    Standing,
    bounds_of,
    check_ceiling,
    check_duration,
    counts_as_motor_session,
    highest_ua,
    scope_of,
)
from appliance.core.refusal import Refusal

pytestmark = pytest.mark.proves("first-session", "patient-ceiling")

NECK, BACK = Scope.NECK, Scope.BACK
MOTOR, SENSORY = Purpose.MOTOR, Purpose.SENSORY


@pytest.mark.parametrize(
    ("region", "scope"),
    [
        (Region.NECK, NECK),
        (Region.SUBOCCIPITAL, NECK),
        (Region.UPPER_BACK, BACK),
        (Region.LOWER_BACK, BACK),
    ],
)
def test_a_ceiling_is_for_the_neck_or_for_the_back(region: Region, scope: Scope) -> None:
    assert scope_of(region) is scope


def test_no_ceiling_is_above_what_anybody_may_have() -> None:
    assert (highest_ua(NECK), highest_ua(BACK)) == (50_000, 100_000)


@pytest.mark.parametrize(("scope", "first_ua"), [(BACK, 30_000), (NECK, 20_000)])
def test_a_first_motor_session_is_low_short_and_tapped(scope: Scope, first_ua: int) -> None:
    expected = Bounds(first_ua, "first motor session", 900_000_000, single_taps=True)
    assert bounds_of(Standing(), scope, MOTOR) == expected


@pytest.mark.parametrize(
    ("scope", "count", "kept_ua", "ceiling_ua"),
    [
        (BACK, 1, 0, 30_000),
        (BACK, 1, 24_000, 30_000),
        (BACK, 1, 24_001, 30_001),
        (BACK, 2, 28_000, 35_000),
        (NECK, 2, 16_000, 20_000),
        (NECK, 2, 18_000, 22_500),
    ],
)
def test_the_second_and_third_go_a_quarter_beyond_what_was_kept(
    scope: Scope, count: int, kept_ua: int, ceiling_ua: int
) -> None:
    found = bounds_of(Standing(None, count, kept_ua), scope, MOTOR)
    assert found == Bounds(ceiling_ua, f"motor session {count + 1}")


def test_from_the_fourth_on_the_limits_of_all_hold_alone() -> None:
    assert bounds_of(Standing(None, 3, 1_000), BACK, MOTOR) == Bounds()


def test_sensory_programmes_know_no_first_session() -> None:
    assert bounds_of(Standing(), BACK, SENSORY) == Bounds()


def test_a_patients_own_ceiling_holds_for_every_purpose_and_for_ever() -> None:
    own = Bounds(12_000, "patient ceiling")
    assert bounds_of(Standing(12_000), NECK, SENSORY) == own
    assert bounds_of(Standing(12_000, 3), NECK, MOTOR) == own
    assert bounds_of(Standing(12_000, 99), BACK, MOTOR) == own
    assert bounds_of(Standing(0, 99), BACK, MOTOR) == Bounds(0, "patient ceiling")


def test_the_lower_of_both_ceilings_holds_and_is_named() -> None:
    low = bounds_of(Standing(12_000), BACK, MOTOR)
    assert low == Bounds(12_000, "patient ceiling", 900_000_000, single_taps=True)
    high = bounds_of(Standing(40_000), BACK, MOTOR)
    assert high == Bounds(30_000, "first motor session", 900_000_000, single_taps=True)
    same = bounds_of(Standing(30_000), BACK, MOTOR)
    assert same == Bounds(30_000, "first motor session", 900_000_000, single_taps=True)
    second = bounds_of(Standing(29_999, 1), BACK, MOTOR)
    assert second == Bounds(29_999, "patient ceiling")


def test_a_ceiling_beyond_the_patients_is_refused_by_its_name() -> None:
    bounds = Bounds(30_000, "first motor session", 900_000_000, single_taps=True)
    assert check_ceiling(30_000, bounds) is None
    assert check_ceiling(None, bounds) is None
    assert check_ceiling(99_000, Bounds()) is None
    refusal = Refusal("first motor session", "30.001 mA", "up to 30 mA", "30 mA")
    assert check_ceiling(30_001, bounds) == refusal


def test_a_length_beyond_a_first_session_is_refused() -> None:
    bounds = bounds_of(Standing(), BACK, MOTOR)
    assert check_duration(900_000_000, bounds) is None
    assert check_duration(None, bounds) is None
    assert check_duration(1_800_000_000, bounds_of(Standing(None, 1), BACK, MOTOR)) is None
    refusal = Refusal("first motor session", "900.001 s", "up to 900 s", "900 s")
    assert check_duration(900_001_000, bounds) == refusal


@pytest.mark.parametrize(
    ("elapsed_us", "comfortable_ua", "counts"),
    [
        (300_000_000, 1, True),
        (299_999_999, 30_000, False),
        (900_000_000, 0, False),
        (900_000_000, 30_000, True),
    ],
)
def test_a_motor_session_counts_from_five_minutes_with_a_level_that_was_kept(
    elapsed_us: int, comfortable_ua: int, counts: bool
) -> None:
    """Hazard: three sessions in which nothing was felt open everybody's limits."""
    assert counts_as_motor_session(elapsed_us, comfortable_ua) == counts
