"""Press-and-hold: when a pressed key climbs, how fast, and what stops it. Numbers are restated."""

from dataclasses import replace

import pytest

from appliance.safety.levels import (
    LevelRules,
    LevelState,
    begin_pulses,
    climb,
    climb_limit_ua,
    end_pulses,
    lower,
    play,
    press,
    release,
    tap,
)
from drivers.quantities import Microamps
from tests.appliance.safety.level_samples import (
    BACK,
    MOTOR,
    MS,
    NECK,
    S,
    at,
    playing_at,
    press_until,
    refused,
    risen,
)
from tests.support.texts import Said

pytestmark = pytest.mark.proves("level-rules")


@pytest.mark.parametrize(("rules", "per_s"), [(NECK, 2_000), (BACK, 4_000)], ids=["neck", "back"])
def test_a_pressed_key_climbs_after_800_ms(rules: LevelRules, per_s: int) -> None:
    start = playing_at(0, tolerated_ua=30_000)
    assert press_until(start, rules, 800 * MS).level_ua == 0
    assert press_until(start, rules, 810 * MS).level_ua == per_s // 100
    assert press_until(start, rules, 1_800 * MS).level_ua == per_s
    assert press_until(start, rules, 3_800 * MS).level_ua == 3 * per_s


def test_a_released_key_freezes_the_level() -> None:
    state = release(press_until(playing_at(0, 30_000), BACK, 1_800 * MS))
    assert climb(state, BACK, at(9 * S, 999)) == state
    assert state.level_ua == 4_000
    assert release(state) is state


def test_a_pressed_key_stops_at_what_was_tolerated() -> None:
    state = press_until(playing_at(9_000, 10_010), BACK, 3 * S)
    assert state.level_ua == 10_010
    assert state.pressed_us is None
    again = refused(press(state, BACK, at(4 * S, 999)))
    assert again == Said("press-and-hold", "above 10.01 mA", "up to 10.01 mA", "single taps")
    assert risen(tap(play(state, 998), BACK, at(4 * S, 999))).level_ua == 10_510


def test_a_pressed_key_stops_at_the_ceiling() -> None:
    assert press_until(playing_at(39_900, 50_000), NECK, 3 * S).level_ua == 40_000
    assert climb_limit_ua(playing_at(0, 50_000), NECK) == 40_000


def test_a_key_that_cannot_climb_is_refused_at_once() -> None:
    assert refused(press(playing_at(0), BACK, at(0, 1))).limit == "press-and-hold"
    idle = refused(press(playing_at(0, 9_000), BACK, at(0, 1, playing=False)))
    assert idle.asked == "press-and-hold"
    assert idle.limit == "rise"


def test_a_key_pressed_twice_does_not_start_anew() -> None:
    state = risen(press(playing_at(0, 9_000), BACK, at(0, 1)))
    assert press(state, BACK, at(500 * MS, 2)) is state


def test_a_pressed_key_never_raises_by_more_than_a_tap_per_pulse() -> None:
    state = risen(press(playing_at(0, 30_000), BACK, at(0, 1)))
    waiting = climb(state, BACK, at(10 * S, 0))
    assert waiting is state
    after = climb(state, BACK, at(10 * S, 2))
    assert after.level_ua == 500
    assert climb(after, BACK, at(20 * S, 99)) is after
    after = play(after, 2)
    assert climb(after, BACK, at(20 * S, 2)) is after


def test_a_pressed_key_counts_no_more_when_pulses_end() -> None:
    state = risen(press(playing_at(0, 30_000), BACK, at(0, 1)))
    assert climb(state, BACK, at(S, 99, playing=False)).pressed_us is None
    assert end_pulses(state, S).pressed_us is None
    assert climb(LevelState(), BACK, at(S, 99)) == LevelState()


def test_lowering_lets_the_key_go() -> None:
    state = risen(press(playing_at(5_000, 30_000), BACK, at(0, 1)))
    assert lower(state, 500).pressed_us is None


def test_a_pressed_key_counts_no_more_at_a_ramp() -> None:
    state = risen(press(playing_at(0, 30_000), BACK, at(0, 1)))
    assert climb(state, BACK, at(S, 99, full=False)).pressed_us is None
    assert climb(state, BACK, at(S, 99)).level_ua == 500


def test_a_first_motor_session_knows_no_pressed_key() -> None:
    rules = replace(BACK, single_taps=True)
    assert refused(press(playing_at(0, 9_000), rules, at(0, 1))) == Said(
        "press-and-hold",
        "press-and-hold",
        "single taps in a first session, or where sensation is altered",
        "single taps",
    )
    assert risen(tap(playing_at(0), rules, at(S, 1))).level_ua == 500


def test_a_pressed_key_counts_no_more_at_the_end_of_the_contraction_window() -> None:
    state = risen(press(playing_at(0, 30_000), MOTOR, at(9 * S, 1)))
    assert climb(state, MOTOR, at(10 * S + 1, 99)).pressed_us is None


def pressed(rules: LevelRules) -> LevelState:
    state = begin_pulses(LevelState(tolerated_ua=Microamps(20_000)), at(0, 0))
    state = press(replace(state, level_ua=Microamps(5_000)), rules, at(0))  # type: ignore[assignment]
    assert state.pressed_us == 0
    return state


@pytest.mark.parametrize(
    ("rules", "first_us"),
    # 1 µA takes 500 µs at 2 mA/s and 250 µs at 4 mA/s.
    [(NECK, 800_500), (BACK, 800_250)],
)
def test_a_pressed_key_begins_to_climb_after_800_ms_and_not_a_microsecond_sooner(
    rules: LevelRules, first_us: int
) -> None:
    state = pressed(rules)
    assert climb(state, rules, at(first_us - 1)) == state
    assert climb(state, rules, at(first_us)).level_ua == 5_001


@pytest.mark.parametrize(("rules", "rate_ua_per_s"), [(NECK, 2_000), (BACK, 4_000)])
def test_a_pressed_key_climbs_2_ma_a_second_on_the_neck_and_4_on_the_back(
    rules: LevelRules, rate_ua_per_s: int
) -> None:
    assert rules.climb_ua_per_s == rate_ua_per_s
