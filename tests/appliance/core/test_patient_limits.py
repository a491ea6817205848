"""What one patient may have: numbers written out again, none imported."""

import pytest

from appliance.core.limits.limits import Purpose, Region
from appliance.core.limits.patient_limits import (
    CeilingScope,
    PatientBounds,
    PatientHistory,
    bounds_of,
    check_ceiling,
    check_duration,
    highest_ua,
    scope_of,
)
from appliance.core.refusal import Refusal
from tests.support.texts import Said, said

NECK, BACK = CeilingScope.NECK, CeilingScope.BACK
MOTOR, SENSORY = Purpose.MOTOR, Purpose.SENSORY


@pytest.mark.proves("first-session", "patient-ceiling")
@pytest.mark.parametrize(
    ("region", "scope"),
    [
        (Region.NECK, NECK),
        (Region.SUBOCCIPITAL, NECK),
        (Region.UPPER_BACK, BACK),
        (Region.LOWER_BACK, BACK),
    ],
)
def test_a_ceiling_is_for_the_neck_or_for_the_back(region: Region, scope: CeilingScope) -> None:
    assert scope_of(region) is scope


def refused(refusal: Refusal | None) -> Said:
    assert refusal is not None
    return said(refusal)


@pytest.mark.proves("patient-ceiling")
def test_no_ceiling_is_above_what_anybody_may_have() -> None:
    assert (highest_ua(NECK), highest_ua(BACK)) == (50_000, 100_000)


@pytest.mark.proves("first-session")
@pytest.mark.parametrize(("scope", "first_ua"), [(BACK, 30_000), (NECK, 20_000)])
def test_a_first_motor_session_is_low_short_and_tapped(scope: CeilingScope, first_ua: int) -> None:
    expected = PatientBounds(
        first_ua,
        "refusal.first_motor_session",
        900_000_000,
        single_taps=True,
        first_given_us=0,
    )
    assert bounds_of(PatientHistory(), scope, MOTOR) == expected


@pytest.mark.proves("first-session")
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
    scope: CeilingScope, count: int, kept_ua: int, ceiling_ua: int
) -> None:
    found = bounds_of(PatientHistory(None, count, kept_ua), scope, MOTOR)
    assert found == PatientBounds(ceiling_ua, f"refusal.motor_session_{count + 1}")


@pytest.mark.proves("first-session")
def test_from_the_fourth_on_the_limits_of_all_hold_alone() -> None:
    assert bounds_of(PatientHistory(None, 3, 1_000), BACK, MOTOR) == PatientBounds()


@pytest.mark.proves("first-session")
def test_sensory_programmes_know_no_first_session() -> None:
    assert bounds_of(PatientHistory(), BACK, SENSORY) == PatientBounds()


@pytest.mark.proves("patient-ceiling")
def test_a_patients_own_ceiling_holds_for_every_purpose_and_for_ever() -> None:
    own = PatientBounds(12_000, "refusal.patient_ceiling")
    assert bounds_of(PatientHistory(12_000), NECK, SENSORY) == own
    assert bounds_of(PatientHistory(12_000, 3), NECK, MOTOR) == own
    assert bounds_of(PatientHistory(12_000, 99), BACK, MOTOR) == own
    assert bounds_of(PatientHistory(0, 99), BACK, MOTOR) == PatientBounds(
        0, "refusal.patient_ceiling"
    )


@pytest.mark.proves("first-session", "patient-ceiling")
def test_the_lower_of_both_ceilings_holds_and_is_named() -> None:
    low = bounds_of(PatientHistory(12_000), BACK, MOTOR)
    assert low == PatientBounds(
        12_000, "refusal.patient_ceiling", 900_000_000, single_taps=True, first_given_us=0
    )
    high = bounds_of(PatientHistory(40_000), BACK, MOTOR)
    assert high == PatientBounds(
        30_000, "refusal.first_motor_session", 900_000_000, single_taps=True, first_given_us=0
    )
    same = bounds_of(PatientHistory(30_000), BACK, MOTOR)
    assert same == PatientBounds(
        30_000, "refusal.first_motor_session", 900_000_000, single_taps=True, first_given_us=0
    )
    second = bounds_of(PatientHistory(29_999, 1), BACK, MOTOR)
    assert second == PatientBounds(29_999, "refusal.patient_ceiling")


@pytest.mark.proves("first-session", "patient-ceiling")
def test_a_ceiling_beyond_the_patients_is_refused_by_its_name() -> None:
    bounds = PatientBounds(30_000, "refusal.first_motor_session", 900_000_000, single_taps=True)
    assert check_ceiling(30_000, bounds) is None
    assert check_ceiling(None, bounds) is None
    assert check_ceiling(99_000, PatientBounds()) is None
    refusal = Said("first motor session", "30.001 mA", "up to 30 mA", "30 mA")
    assert refused(check_ceiling(30_001, bounds)) == refusal


@pytest.mark.proves("first-session")
def test_a_length_beyond_a_first_session_is_refused() -> None:
    bounds = bounds_of(PatientHistory(), BACK, MOTOR)
    assert check_duration(900_000_000, bounds) is None
    assert check_duration(None, bounds) is None
    assert check_duration(1_800_000_000, bounds_of(PatientHistory(None, 1), BACK, MOTOR)) is None
    refusal = Said("first motor session", "900.001 s", "up to 900 s", "900 s")
    assert refused(check_duration(900_001_000, bounds)) == refusal


# --- what is only meant to be felt, and can contract -------------------------------------------


@pytest.mark.proves("first-session")
@pytest.mark.parametrize(("scope", "first_ua"), [(BACK, 30_000), (NECK, 20_000)])
def test_what_can_contract_begins_low_whatever_it_is_called(
    scope: CeilingScope, first_ua: int
) -> None:
    """Hazard: brief-intense at 60 mA for somebody who never had any, as it counts as sensory."""
    found = bounds_of(PatientHistory(), scope, SENSORY, able=True)
    assert found == PatientBounds(first_ua, "refusal.first_session", single_taps=True)
    second = bounds_of(
        PatientHistory(felt_sessions=1, felt_comfortable_ua=40_000), scope, SENSORY, able=True
    )
    assert second == PatientBounds(50_000, "refusal.session_2")
    assert bounds_of(PatientHistory(felt_sessions=3), scope, SENSORY, able=True) == PatientBounds()


@pytest.mark.proves("first-session")
def test_days_with_tens_open_no_motor_programme() -> None:
    tens = PatientHistory(felt_sessions=3, felt_comfortable_ua=60_000)
    assert bounds_of(tens, BACK, MOTOR).ceiling_ua == 30_000


@pytest.mark.proves("first-session", "patient-ceiling")
def test_a_clinicians_reason_lifts_it_for_what_is_felt_and_for_nothing_else() -> None:
    assert (
        bounds_of(PatientHistory(), BACK, SENSORY, able=True, reason_given=True) == PatientBounds()
    )
    assert bounds_of(
        PatientHistory(12_000), BACK, SENSORY, able=True, reason_given=True
    ) == PatientBounds(12_000, "refusal.patient_ceiling")
    assert (
        bounds_of(PatientHistory(), BACK, MOTOR, able=True, reason_given=True).ceiling_ua == 30_000
    )


@pytest.mark.proves("first-session", "patient-ceiling")
def test_a_patients_own_ceiling_is_named_where_it_is_lower_than_a_first_session() -> None:
    found = bounds_of(PatientHistory(12_000), BACK, SENSORY, able=True)
    assert found == PatientBounds(12_000, "refusal.patient_ceiling", single_taps=True)


@pytest.mark.proves("first-session")
@pytest.mark.parametrize(
    ("used_us", "left_us"), [(0, 900_000_000), (600_000_000, 300_000_000), (2**40, 0)]
)
def test_the_first_day_has_15_minutes_all_sessions_together(used_us: int, left_us: int) -> None:
    assert bounds_of(PatientHistory(motor_today_us=used_us), BACK, MOTOR).duration_us == left_us


@pytest.mark.proves("first-session")
def test_with_less_than_a_session_left_the_first_day_is_over() -> None:
    enough = bounds_of(PatientHistory(motor_today_us=840_000_000), BACK, MOTOR)
    assert check_duration(None, enough) is None
    over = bounds_of(PatientHistory(motor_today_us=840_000_001), BACK, MOTOR)
    assert refused(check_duration(None, over)) == Said(
        "first motor session",
        "with 59 s left",
        "900 s on the first day, all sessions together",
        "from tomorrow on",
    )


@pytest.mark.proves("first-session")
def test_of_a_patient_without_records_nothing_is_known() -> None:
    assert PatientHistory() == PatientHistory(None, 0, 0, 0, 0, 0)


@pytest.mark.proves("first-session")
@pytest.mark.parametrize("purpose", [MOTOR, SENSORY])
def test_a_level_kept_on_no_day_that_counts_raises_no_first_ceiling(purpose: Purpose) -> None:
    kept = PatientHistory(comfortable_ua=80_000, felt_comfortable_ua=80_000)
    assert bounds_of(kept, BACK, purpose, able=True).ceiling_ua == 30_000
