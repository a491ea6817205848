"""How fast a level is derated while its caution is active; the numbers are restated here."""

import pytest

from appliance.control.treatment.cautions import Derating
from tests.support.texts import Said, said

pytestmark = pytest.mark.proves("contact-forecast")

MS, S = 1_000, 1_000_000


def derated(level_ua: int, seconds: int, *, cautions_end_us: int) -> list[tuple[int, int]]:
    """Return (time, level) at every step, with a caution in each tick until it ends."""
    derating, steps = Derating(), []
    for now_us in range(0, seconds * S, 10 * MS):
        if now_us < cautions_end_us:
            derating.caution(1, now_us)
        step_ua = derating.step_ua(1, level_ua, now_us)
        if step_ua:
            level_ua -= step_ua
            steps.append((now_us, level_ua))
    return steps


def test_a_level_falls_by_2_5_percent_every_half_second() -> None:
    steps = derated(40_000, 2, cautions_end_us=9 * S)
    assert [at for at, _ in steps] == [0, 500 * MS, S, 1_500 * MS]
    assert [level for _, level in steps] == [39_000, 38_025, 37_075, 36_149]


def test_small_levels_reach_zero_too() -> None:
    assert derated(300, 2, cautions_end_us=9 * S)[2] == (S, 0)


def test_derating_ends_2_5_s_after_the_last_caution() -> None:
    steps = derated(40_000, 9, cautions_end_us=S)
    assert steps[-1][0] == 3 * S
    derating = Derating()
    derating.caution(1, 0)
    assert derating.stands(1, 2_499_999)
    assert not derating.stands(1, 2_500_000)


def test_only_the_channel_with_the_caution_is_derated() -> None:
    derating = Derating()
    derating.caution(2, 0)
    assert derating.step_ua(1, 40_000, 0) == 0
    assert derating.refusal(1, 0) is None
    assert derating.step_ua(2, 40_000, 0) == 1_000


def test_a_rise_is_refused_while_the_channel_is_derated() -> None:
    derating = Derating()
    derating.caution(1, 0)
    refusal = derating.refusal(1, 2 * S)
    assert refusal is not None
    assert said(refusal) == Said(
        "contact",
        "a rise on channel 1",
        "no rise while its contact gets worse",
        "press on the pads, wait",
    )
    assert derating.refusal(1, 3 * S) is None


def test_a_caution_that_comes_back_lowers_at_once_again() -> None:
    derating = Derating()
    derating.caution(1, 0)
    assert derating.step_ua(1, 40_000, 0)
    derating.caution(1, 9 * S)
    assert derating.step_ua(1, 40_000, 9 * S)
    assert not derating.step_ua(1, 40_000, 9 * S + 499_999)
    assert derating.step_ua(1, 40_000, 9 * S + 500_000)
