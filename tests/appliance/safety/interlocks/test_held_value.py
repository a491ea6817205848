"""What counts as a new hold, and which phase it was."""

import pytest

from appliance.safety.interlocks.held_value import LastJudged, sign_of, take_held
from tests.appliance.safety.interlocks.bench import (
    MS,
    T,
    channel,
    held,
)


@pytest.mark.proves("measured-above-set", "set-against-measured")
def test_a_reading_is_judged_once_and_only_after_a_new_pulse() -> None:
    seen, hold = take_held(LastJudged(), channel(pulses=5))
    assert hold.new
    assert not take_held(seen, channel(pulses=5, held_at_us=T + 10 * MS))[1].new
    assert not take_held(seen, channel(pulses=6))[1].new
    assert not take_held(seen, channel(pulses=4, held_at_us=T + 10 * MS))[1].new
    assert take_held(seen, channel(pulses=6, held_at_us=T + 1))[1].new
    assert not take_held(LastJudged(), channel(pulses=0))[1].new


@pytest.mark.proves("measured-above-set", "set-against-measured")
def test_a_missing_reading_is_no_hold() -> None:
    seen, hold = take_held(LastJudged(3, T), channel(held=None, pulses=9, held_at_us=T + 1))
    assert seen == LastJudged(3, T)
    assert (hold.new, hold.judged, hold.measured_ua, hold.voltage_mv, hold.sign) == (
        *(False, False, 0, 0, 0),
    )


@pytest.mark.proves("phase-missing", "residual-charge", "readings-fresh")
@pytest.mark.parametrize(
    ("current_ua", "voltage_mv", "sign"),
    [
        (500, -9_000, 1),
        (-500, 9_000, -1),
        (499, 1_000, 1),
        (499, -1_000, -1),
        (-499, 999, 0),
        (499, -999, 0),
        (0, 0, 0),
    ],
)
def test_the_sign_is_that_of_the_current_or_else_of_the_voltage(
    current_ua: int, voltage_mv: int, sign: int
) -> None:
    assert take_held(LastJudged(), channel(held=held(current_ua, voltage_mv)))[1].sign == sign


@pytest.mark.proves("phase-missing", "residual-charge", "readings-fresh")
@pytest.mark.parametrize(
    ("current_ua", "voltage_mv", "sign"),
    [(500, 0, 1), (-500, 0, -1), (499, 999, 0), (499, 1_000, 1), (-499, -1_000, -1)],
)
def test_a_sign_is_told_from_half_a_milliampere_or_a_volt(
    current_ua: int, voltage_mv: int, sign: int
) -> None:
    assert sign_of(current_ua, voltage_mv) == sign
