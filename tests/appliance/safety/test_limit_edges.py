"""What the limits say and what they take for granted. Numbers are restated here."""

import pytest

from appliance.core.limits import limits
from appliance.core.limits.limits import Purpose, Region
from appliance.core.plan.dose import Dose, DoseAllowance, Portion, add, allows, course_allows
from appliance.core.refusal import Refusal

pytestmark = pytest.mark.proves("limits", "regions")


def test_the_neck_gets_50_ma_only_where_a_reason_was_given() -> None:
    assert limits.ceiling_ua(Region.NECK, Purpose.MOTOR) == 40_000
    assert limits.ceiling_ua(Region.NECK, Purpose.MOTOR, reason_given=True) == 50_000


@pytest.mark.parametrize(
    ("period_us", "asked"),
    [
        (3_999, "3999 µs (250.1 per second)"),
        (1, "1 µs (1e+06 per second)"),
        (0, "0 µs"),
        (-1, "-1 µs"),
    ],
)
def test_a_rate_that_is_refused_is_told_with_the_pulses_it_means(
    period_us: int, asked: str
) -> None:
    assert limits.check_rate(period_us, Region.LOWER_BACK) == Refusal(
        "rate", asked, "a period of 4000 to 1000000 µs", "4000 µs (250 per second)"
    )


def test_a_phase_may_carry_15_uc_on_the_neck_and_40_on_the_back_to_the_last_pc() -> None:
    for region, allowed_pc in ((Region.NECK, 15_000_000), (Region.LOWER_BACK, 40_000_000)):
        assert limits.check_phase_charge(allowed_pc, 1, region) is None
        assert limits.check_phase_charge(allowed_pc + 1, 1, region) is not None


def test_a_ledger_starts_at_nothing() -> None:
    assert Dose() == Dose(0, 0, 0, 0, 0, ())


def test_slices_that_left_the_second_are_dropped_however_many_at_once() -> None:
    dose = Dose()
    for duration_us in (10_000, 10_000, 10_000, 970_000):
        dose = add(dose, Portion(duration_us, 1, 600, 10_000, on=True))
    assert [duration_us for duration_us, _ in dose.recent] == [10_000, 10_000, 10_000, 970_000]
    dose = add(dose, Portion(30_000, 1, 600, 10_000, on=True))
    assert [duration_us for duration_us, _ in dose.recent] == [970_000, 30_000]
    dose = add(dose, Portion(29_999, 1, 600, 10_000, on=True))
    assert [duration_us for duration_us, _ in dose.recent] == [970_000, 30_000, 29_999]


@pytest.mark.parametrize(
    ("given", "this_week", "said"),
    [
        (11, 2, None),
        (12, 0, Refusal("course", "session 13", "12 sessions", "a new assessment")),
        (0, 3, Refusal("course", "4 in 7 days", "3 in 7 days", "a later day")),
    ],
)
def test_a_course_that_is_used_up_says_what_would_be_accepted(
    given: int, this_week: int, said: Refusal | None
) -> None:
    found = course_allows(sessions=12, per_week=3, given=given, given_in_7_days=this_week)
    assert found == said


@pytest.mark.parametrize(
    ("dose", "said"),
    [
        (Dose(elapsed_us=10**6), Refusal("treatment time", "1.025 s", "1 s", "1 s in all")),
        (Dose(on_us=10**6), Refusal("on-time", "1.025 s", "1 s", "1 s in all")),
        (Dose(pulses=8), Refusal("pulses", "10", "9 in all", "1 pulses")),
        (Dose(charge_pc=88_000_000), Refusal("charge", "100 µC", "90 µC", "2 µC")),
    ],
)
def test_a_spent_dose_says_what_is_left(dose: Dose, said: Refusal) -> None:
    allowance = DoseAllowance(elapsed_us=10**6, on_us=10**6, pulses=9, charge_pc=90_000_000)
    # 2 pulses of 300 µs at 20 mA, one way.
    assert allows(dose, allowance, Portion(25_000, 2, 1_200, 20_000, on=True)) == said
