"""Edges of the rules over channels that their own tests do not stand on."""

import pytest

from appliance.safety.interlocks.held_value import sign_of
from drivers.quantities import Microseconds
from tests.appliance.safety.interlocks.bench import (
    MS,
    T,
    at_set,
    channel,
    code_of,
    look_channel,
    pulses,
    repeat,
)

pytestmark = pytest.mark.proves("set-against-measured", "readings-fresh")


@pytest.mark.parametrize(
    ("measured_ua", "code"),
    [(10_000, None), (8_000, None), (7_999, "T05"), (12_000, None), (12_001, "T05")],
)
def test_just_what_was_set_is_no_deviation_and_2_ma_are_allowed(
    measured_ua: int, code: str | None
) -> None:
    found = look_channel("set_against_measured", pulses(repeat(3, **at_set(10_000, measured_ua))))
    assert code_of(found[-1]) == code


def test_while_the_amplitude_changes_only_what_lies_outside_of_both_is_off() -> None:
    rising = {"set_low_ua": 10_000, "set_high_ua": 20_000, "held": at_set(0, 20_000)["held"]}
    assert code_of(look_channel("set_against_measured", pulses(repeat(6, **rising)))[-1]) is None
    above = {**rising, "held": at_set(0, 20_001)["held"]}
    assert code_of(look_channel("set_against_measured", pulses(repeat(6, **above)))[-1]) is None


@pytest.mark.parametrize(
    ("current_ua", "voltage_mv", "sign"),
    [(500, 0, 1), (-500, 0, -1), (499, 999, 0), (499, 1_000, 1), (-499, -1_000, -1)],
)
def test_a_sign_is_told_from_half_a_milliampere_or_a_volt(
    current_ua: int, voltage_mv: int, sign: int
) -> None:
    assert sign_of(current_ua, voltage_mv) == sign


def test_a_residual_is_judged_at_a_mean_period_of_a_microsecond() -> None:
    # No train is that fast; nothing but an unknown period (0) may keep the rule from judging.
    series = [
        channel(
            pulses=n + 1,
            held_at_us=Microseconds(T + n * 10 * MS),
            mean_period_us=Microseconds(1),
            held=at_set(20_000, current_ua)["held"],
        )
        for n, current_ua in enumerate([20_100, -20_000, -20_000, 20_100] * 4)
    ]
    assert code_of(look_channel("residual", series)[-1]) == "T10"


def test_three_of_six_holds_count_and_three_of_seven_do_not() -> None:
    off, well = at_set(20_000, 16_000), at_set(20_000, 20_000)
    six = [off, well, off, well, well, off]
    assert code_of(look_channel("set_against_measured", pulses(six))[-1]) == "T05"
    seven = [off, well, off, well, well, well, off]
    assert code_of(look_channel("set_against_measured", pulses(seven))[-1]) is None
