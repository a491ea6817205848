"""A wrong PIN costs little once and much in a row; no restart and no clock shortens the wait."""

import pytest

from appliance.clinical.fact import FactTime
from appliance.operators.lock_out import Attempts, refuse_try
from appliance.texts.english import english

S = 1_000_000
FIVE_MINUTES_US = 300 * S


def at(monotonic_s: int, *, boot: int = 1, utc_s: int = 1_700_000_000) -> FactTime:
    return FactTime(utc_s * S, utc_s // 86_400, True, boot, monotonic_s * S)


def failed(times: int, *, last_s: int = 100, boot: int = 1) -> Attempts:
    attempts = Attempts()
    for _ in range(times):
        attempts = attempts.failed(at(last_s, boot=boot))
    return attempts


@pytest.mark.parametrize("times", range(5))
def test_up_to_four_wrong_pins_wait_for_nothing(times: int) -> None:
    assert refuse_try(failed(times), at(100), 0) is None


@pytest.mark.parametrize(
    ("times", "wait_s"), [(5, 30), (6, 60), (7, 120), (8, 240), (9, 300), (10, 300), (5_000, 300)]
)
def test_each_further_wrong_pin_doubles_the_wait_up_to_five_minutes(
    times: int, wait_s: int
) -> None:
    attempts = failed(times)
    assert attempts.wait_us(at(100), 0) == wait_s * S
    assert attempts.wait_us(at(100 + wait_s - 1), 0) == S
    assert attempts.wait_us(at(100 + wait_s), 0) == 0


def test_a_step_of_the_calendar_does_not_shorten_the_wait() -> None:
    attempts = failed(9)
    tomorrow = at(101, utc_s=1_700_086_400)
    yesterday = at(101, utc_s=1_699_913_600)
    assert attempts.wait_us(tomorrow, 0) == attempts.wait_us(yesterday, 0) == 299 * S


def test_after_a_restart_the_whole_wait_begins_again() -> None:
    """The monotonic clock of another boot says nothing about the time of the last wrong PIN."""
    attempts = failed(9, boot=1)
    just_started = at(5_000, boot=2)
    assert attempts.wait_us(just_started, 0) == FIVE_MINUTES_US
    assert attempts.wait_us(just_started, FIVE_MINUTES_US) == 0


def test_a_monotonic_clock_that_went_back_does_not_lengthen_the_wait_beyond_the_limit() -> None:
    assert failed(9, last_s=900).wait_us(at(100), 0) == FIVE_MINUTES_US


def test_the_refusal_says_when_the_next_try_is_accepted() -> None:
    attempts = failed(5)
    now = at(102)
    refusal = refuse_try(attempts, now, 0)
    assert refusal is not None
    assert english(refusal.text()) == (
        "sign-in: asked a PIN after 5 wrong ones, allowed a PIN once the wait is over; "
        "nearest again in 28 s"
    )
    assert refuse_try(attempts, at(102 + 28), 0) is None
