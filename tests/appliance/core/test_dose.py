"""The ledger: what is added, what is allowed, what the worst second was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.limits.limits import Purpose
from appliance.core.plan.dose import (
    Dose,
    DoseAllowance,
    Portion,
    add,
    allowances,
    allows,
)
from appliance.core.prescription.waveform import Biphasic, ChannelUse, OnOff
from appliance.texts.english import english
from tests.support.strategies import prescription
from tests.support.texts import Said, said

SLICE = Portion(duration_us=25_000, pulses=2, phases_us=1_200, amplitude_ua=20_000, on=True)
REST = Portion(duration_us=25_000, pulses=0, phases_us=0, amplitude_ua=0, on=False)


def test_charge_is_counted_one_way() -> None:
    dose = add(Dose(), SLICE)
    # 2 pulses of 20 mA x 300 µs
    assert (dose.pulses, dose.charge_pc) == (2, 12_000_000)
    assert (dose.on_us, dose.elapsed_us) == (25_000, 25_000)


def test_a_rest_counts_as_time_but_not_as_on_time() -> None:
    dose = add(add(Dose(), SLICE), REST)
    assert (dose.on_us, dose.elapsed_us, dose.pulses) == (25_000, 50_000, 2)


def test_the_worst_second_is_never_averaged_over_rest() -> None:
    dose = Dose()
    for _ in range(40):
        dose = add(dose, SLICE)
    # 80 pulses of 2 x 300 µs at 20 mA: 20 mA x sqrt(0.048)
    assert dose.rms_ua == 4_382
    for _ in range(5):
        dose = add(dose, REST)
        assert len(dose.recent) == 40
    for _ in range(400):
        dose = add(dose, REST)
    assert dose.rms_ua == 4_382


@given(
    st.lists(
        st.tuples(st.integers(5_000, 400_000), st.integers(0, 2_000), st.integers(0, 100_000)),
        min_size=1,
        max_size=60,
    )
)
def test_the_worst_second_is_that_of_all_slices_added_up_anew(
    slices: list[tuple[int, int, int]],
) -> None:
    """Each slice's worst second: the slices behind it that reach into the second before its end."""
    dose, worst = Dose(), 0
    for number, (duration_us, phases_us, amplitude_ua) in enumerate(slices, start=1):
        dose = add(dose, Portion(duration_us, 1, phases_us, amplitude_ua, on=True))
        covered_us = square = 0
        for before_us, on_us, ua in reversed(slices[:number]):
            if covered_us >= 1_000_000:
                break
            covered_us += before_us
            square += ua * ua * on_us
        worst = max(worst, square)
    assert dose.densest_square == worst
    assert Dose().recent_us == Dose().recent_square == 0


def test_a_slice_that_touches_the_second_counts_whole() -> None:
    dose = Dose()
    long = SLICE._replace(duration_us=30_000)
    for _ in range(100):
        dose = add(dose, long)
    assert sum(us for us, _ in dose.recent) == 1_020_000


def test_nothing_delivered_is_no_current() -> None:
    assert Dose().rms_ua == 0


ALLOWANCE = DoseAllowance(elapsed_us=100_000, on_us=75_000, pulses=5, charge_pc=36_000_000)


@pytest.mark.parametrize(
    ("dose", "portion", "limit"),
    [
        (Dose(elapsed_us=75_000), REST, None),
        (Dose(elapsed_us=75_001), REST, "treatment time"),
        (Dose(on_us=50_000), SLICE, None),
        (Dose(on_us=50_001), SLICE, "on-time"),
        (Dose(on_us=75_000), REST, None),
        (Dose(pulses=3), SLICE, None),
        (Dose(pulses=4), SLICE, "pulses"),
        (Dose(charge_pc=24_000_000), SLICE, None),
        (Dose(charge_pc=24_000_001), SLICE, "charge"),
    ],
)
def test_a_slice_beyond_the_allowance_is_refused(
    dose: Dose, portion: Portion, limit: str | None
) -> None:
    found = allows(dose, ALLOWANCE, portion)
    refusal = found and said(found)
    assert (refusal.limit if refusal else None) == limit
    if refusal is not None:
        assert all((refusal.asked, refusal.allowed, refusal.nearest))


def test_an_allowance_is_the_prescription_in_numbers() -> None:
    asked = prescription(period_us=100_000, waveform=Biphasic(200), ceiling_ua=30_000)
    # pulses from 0.2 ms on, none that would end in the last 70 ms: 600 of them
    expected = DoseAllowance(60_000_000, 60_000_000, 600, 600 * 30_000 * 200)
    assert allowances(asked) == {1: expected}


def test_alternating_channels_share_the_on_times() -> None:
    asked = prescription(
        purpose=Purpose.MOTOR,
        channels=(3, 1),
        use=ChannelUse.ALTERNATING,
        on_off=OnOff(4_000_000, 11_000_000, 1_000_000, 500_000),
        duration_us=66_000_000,
    )
    found = allowances(asked)
    # cycles of 15 s: four whole ones, and one more on-time of the first channel
    assert {channel: share.pulses // 197 for channel, share in found.items()} == {3: 5, 1: 4}
    assert {share.on_us for share in found.values()} == {36_000_000}


@pytest.mark.parametrize(
    ("dose", "text"),
    [
        (
            Dose(elapsed_us=90_000),
            "treatment time: asked 0.115 s, allowed 0.1 s; nearest 0.1 s in all",
        ),
        (Dose(on_us=60_000), "on-time: asked 0.085 s, allowed 0.075 s; nearest 0.075 s in all"),
        (Dose(pulses=4), "pulses: asked 6, allowed 5 in all; nearest 1 pulses"),
        (Dose(charge_pc=30_000_000), "charge: asked 42 µC, allowed 36 µC; nearest 6 µC"),
    ],
)
def test_a_refusal_says_what_is_left(dose: Dose, text: str) -> None:
    refusal = allows(dose, ALLOWANCE, SLICE)
    assert refusal is not None
    assert said(refusal).text() == english(refusal.text()) == text


@pytest.mark.proves("gate")
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


@pytest.mark.proves("gate")
@pytest.mark.parametrize(
    ("dose", "words"),
    [
        (Dose(elapsed_us=10**6), Said("treatment time", "1.025 s", "1 s", "1 s in all")),
        (Dose(on_us=10**6), Said("on-time", "1.025 s", "1 s", "1 s in all")),
        (Dose(pulses=8), Said("pulses", "10", "9 in all", "1 pulses")),
        (Dose(charge_pc=88_000_000), Said("charge", "100 µC", "90 µC", "2 µC")),
    ],
)
def test_a_spent_dose_says_what_is_left(dose: Dose, words: Said) -> None:
    allowance = DoseAllowance(elapsed_us=10**6, on_us=10**6, pulses=9, charge_pc=90_000_000)
    # 2 pulses of 300 µs at 20 mA, one way.
    refusal = allows(dose, allowance, Portion(25_000, 2, 1_200, 20_000, on=True))
    assert refusal is not None
    assert said(refusal) == words
