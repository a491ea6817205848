"""The rules of the level, with their numbers written out again."""

from dataclasses import replace

import pytest

from appliance.core.refusal import Refusal
from appliance.safety.levels import (
    LevelRules,
    LevelState,
    Moment,
    begin_pulses,
    climb,
    climb_limit_ua,
    end_pulses,
    fade,
    fall,
    interrupt,
    play,
    press,
    ramp_down,
    release,
    rests_until_us,
    settle,
    tap,
)
from drivers.quantities import Microamps

pytestmark = pytest.mark.proves("level-rules", "zero-after-interruption")

MS, S = 1_000, 1_000_000
BACK = LevelRules(Microamps(60_000), neck=False, contractions=False)
NECK = LevelRules(Microamps(40_000), neck=True, contractions=False)
MOTOR = LevelRules(Microamps(80_000), neck=False, contractions=True)


def at(now_us: int, pulses: int, *, playing: bool = True, full: bool = True) -> Moment:
    return Moment(now_us, pulses, playing, full)


def playing_at(level_ua: int, tolerated_ua: int = 0, begun_us: int = 0) -> LevelState:
    state = begin_pulses(LevelState(), at(begun_us, 0))
    return replace(state, level_ua=Microamps(level_ua), tolerated_ua=Microamps(tolerated_ua))


def risen(state: LevelState | Refusal) -> LevelState:
    assert isinstance(state, LevelState)
    return state


def played(state: LevelState | Refusal, pulses: int) -> LevelState:
    """A rise whose first slice has begun to play, behind `pulses` pulses."""
    return play(risen(state), pulses)


def refused(state: LevelState | Refusal) -> Refusal:
    assert isinstance(state, Refusal)
    return state


# --- taps ------------------------------------------------------------------------------------


def test_a_tap_adds_half_a_milliampere() -> None:
    assert risen(tap(playing_at(0), BACK, at(1, 1))).level_ua == 500


def test_a_tap_adds_one_milliampere_where_a_clinician_chose_so() -> None:
    rules = replace(BACK, tap_ua=1_000)
    assert risen(tap(playing_at(0), rules, at(1, 1))).level_ua == 1_000


@pytest.mark.parametrize("tap_ua", [0, 499, 2_000, -500])
def test_no_other_tap_can_be_made(tap_ua: int) -> None:
    with pytest.raises(ValueError, match=f"tap of {tap_ua} µA; accepted are 500 and 1000"):
        replace(BACK, tap_ua=tap_ua)


def test_the_second_tap_waits_300_ms() -> None:
    state = played(tap(playing_at(0), BACK, at(S, 1)), 3)
    early = refused(tap(state, BACK, at(S + 299_999, 99)))
    assert early == Refusal("rise interval", "+0.5 mA", "one rise per 300 ms", "in 0.001 ms")
    assert risen(tap(state, BACK, at(S + 300_000, 99))).level_ua == 1_000


def test_the_second_tap_waits_for_a_pulse() -> None:
    state = played(tap(playing_at(0), BACK, at(S, 7)), 7)
    early = refused(tap(state, BACK, at(9 * S, 7)))
    assert early == Refusal(
        "rise per pulse", "+0.5 mA", "one rise per played pulse", "after the next pulse"
    )
    assert risen(tap(state, BACK, at(9 * S, 8))).level_ua == 1_000


def test_pulses_still_queued_without_the_rise_are_no_feeling_of_it() -> None:
    state = risen(tap(playing_at(0), BACK, at(S, 7)))
    assert refused(tap(state, BACK, at(2 * S, 99))).limit == "rise per pulse"
    state = play(state, 99)
    assert refused(tap(state, BACK, at(2 * S, 99))).limit == "rise per pulse"
    assert risen(tap(state, BACK, at(2 * S, 100))).level_ua == 1_000


def test_later_slices_at_the_same_level_do_not_put_the_feeling_off() -> None:
    state = played(tap(playing_at(0), BACK, at(S, 7)), 9)
    assert play(state, 12) is state


def test_an_on_time_does_not_make_a_rise_felt_that_never_played() -> None:
    state = risen(tap(playing_at(0), BACK, at(S, 7)))
    state = begin_pulses(end_pulses(state, 2 * S), at(3 * S, 20))
    assert refused(tap(state, BACK, at(4 * S, 30))).limit == "rise per pulse"
    assert risen(tap(play(state, 30), BACK, at(4 * S, 31))).level_ua == 1_000


def test_the_first_tap_waits_for_the_first_pulse() -> None:
    state = begin_pulses(LevelState(), at(0, 40))
    assert refused(tap(state, BACK, at(S, 40))).limit == "rise per pulse"
    assert risen(tap(state, BACK, at(S, 41))).level_ua == 500


def test_no_tap_counts_while_nothing_plays() -> None:
    refusal = Refusal("rise", "+0.5 mA", "while pulses play", "when the next pulses play")
    assert tap(playing_at(0), BACK, at(S, 9, playing=False)) == refusal
    assert tap(LevelState(), BACK, at(S, 9)) == refusal
    assert tap(end_pulses(playing_at(0), S), BACK, at(S, 9)) == refusal


def test_no_tap_counts_while_the_envelope_is_below_the_level() -> None:
    """Hazard: steps nobody felt come all at once with the next contraction."""
    refusal = Refusal("envelope", "+0.5 mA", "while the envelope is at the level", "after the ramp")
    assert tap(playing_at(0), BACK, at(S, 1, full=False)) == refusal
    assert tap(playing_at(0), MOTOR, at(S, 1, full=False)) == refusal
    pressed = press(playing_at(0, 9_000), BACK, at(S, 1, full=False))
    assert refused(pressed).limit == "envelope"


def test_a_held_key_lets_go_at_a_ramp() -> None:
    state = risen(press(playing_at(0, 30_000), BACK, at(0, 1)))
    assert climb(state, BACK, at(S, 99, full=False)).pressed_us is None
    assert climb(state, BACK, at(S, 99)).level_ua == 500


def test_a_first_motor_session_knows_no_held_key() -> None:
    rules = replace(BACK, single_taps=True)
    assert press(playing_at(0, 9_000), rules, at(0, 1)) == Refusal(
        "press-and-hold",
        "press-and-hold",
        "single taps in a first motor session",
        "single taps",
    )
    assert risen(tap(playing_at(0), rules, at(S, 1))).level_ua == 500


def test_a_tap_reaches_the_ceiling_and_not_beyond() -> None:
    top = risen(tap(playing_at(39_500), NECK, at(S, 1)))
    assert top.level_ua == 40_000
    refusal = tap(top, NECK, at(2 * S, 9))
    assert refusal == Refusal("ceiling", "40.5 mA", "40 mA", "40 mA")
    assert refused(tap(playing_at(39_501), NECK, at(S, 1))).limit == "ceiling"


# --- press-and-hold --------------------------------------------------------------------------


def held(state: LevelState, rules: LevelRules, until_us: int, step_us: int = 10 * MS) -> LevelState:
    """Keep the key pressed from 0 with a pulse each tick; return the state at `until_us`."""
    state = risen(press(state, rules, at(0, 1)))
    for now_us in range(step_us, until_us + 1, step_us):
        pulses = 1 + now_us // step_us
        state = play(climb(state, rules, at(now_us, pulses)), pulses)
    return state


@pytest.mark.parametrize(("rules", "per_s"), [(NECK, 2_000), (BACK, 4_000)], ids=["neck", "back"])
def test_a_held_key_climbs_after_800_ms(rules: LevelRules, per_s: int) -> None:
    start = playing_at(0, tolerated_ua=30_000)
    assert held(start, rules, 800 * MS).level_ua == 0
    assert held(start, rules, 810 * MS).level_ua == per_s // 100
    assert held(start, rules, 1_800 * MS).level_ua == per_s
    assert held(start, rules, 3_800 * MS).level_ua == 3 * per_s


def test_a_released_key_freezes_the_level() -> None:
    state = release(held(playing_at(0, 30_000), BACK, 1_800 * MS))
    assert climb(state, BACK, at(9 * S, 999)) == state
    assert state.level_ua == 4_000
    assert release(state) is state


def test_a_held_key_stops_at_what_was_tolerated() -> None:
    state = held(playing_at(9_000, 10_010), BACK, 3 * S)
    assert state.level_ua == 10_010
    assert state.pressed_us is None
    again = refused(press(state, BACK, at(4 * S, 999)))
    assert again == Refusal("press-and-hold", "above 10.01 mA", "up to 10.01 mA", "single taps")
    assert risen(tap(play(state, 998), BACK, at(4 * S, 999))).level_ua == 10_510


def test_a_held_key_stops_at_the_ceiling() -> None:
    assert held(playing_at(39_900, 50_000), NECK, 3 * S).level_ua == 40_000
    assert climb_limit_ua(playing_at(0, 50_000), NECK) == 40_000


def test_a_key_that_cannot_climb_is_refused_at_once() -> None:
    assert refused(press(playing_at(0), BACK, at(0, 1))).limit == "press-and-hold"
    idle = refused(press(playing_at(0, 9_000), BACK, at(0, 1, playing=False)))
    assert idle.asked == "press-and-hold"
    assert idle.limit == "rise"


def test_a_key_pressed_twice_does_not_start_anew() -> None:
    state = risen(press(playing_at(0, 9_000), BACK, at(0, 1)))
    assert press(state, BACK, at(500 * MS, 2)) is state


def test_a_held_key_never_raises_by_more_than_a_tap_per_pulse() -> None:
    state = risen(press(playing_at(0, 30_000), BACK, at(0, 1)))
    waiting = climb(state, BACK, at(10 * S, 0))
    assert waiting is state
    after = climb(state, BACK, at(10 * S, 2))
    assert after.level_ua == 500
    assert climb(after, BACK, at(20 * S, 99)) is after
    after = play(after, 2)
    assert climb(after, BACK, at(20 * S, 2)) is after


def test_a_held_key_lets_go_when_pulses_end() -> None:
    state = risen(press(playing_at(0, 30_000), BACK, at(0, 1)))
    assert climb(state, BACK, at(S, 99, playing=False)).pressed_us is None
    assert end_pulses(state, S).pressed_us is None
    assert climb(LevelState(), BACK, at(S, 99)) == LevelState()


def test_a_fall_lets_the_key_go() -> None:
    state = risen(press(playing_at(5_000, 30_000), BACK, at(0, 1)))
    assert fall(state, 500).pressed_us is None


# --- what was tolerated ----------------------------------------------------------------------


def felt(state: LevelState, for_us: int, *, full: bool = True) -> LevelState:
    state = settle(state, at(0, 0, full=full))
    return settle(state, at(for_us, 99, full=full))


def test_a_level_is_tolerated_once_felt_unchanged_for_3_s() -> None:
    early = felt(playing_at(8_000), 2_999_999)
    assert (early.tolerated_ua, early.comfortable_ua) == (0, 0)
    kept = felt(playing_at(8_000), 3_000_000)
    assert (kept.tolerated_ua, kept.comfortable_ua) == (8_000, 8_000)
    assert settle(kept, at(9 * S, 999)) is kept


def test_time_below_the_level_does_not_count() -> None:
    assert felt(playing_at(8_000), 9 * S, full=False).tolerated_ua == 0
    half = settle(playing_at(8_000), at(0, 0))
    gone = settle(half, at(2 * S, 9, full=False))
    back = settle(gone, at(3 * S, 10))
    assert settle(back, at(4 * S, 11)).tolerated_ua == 0
    unplayed = settle(settle(half, at(S, 1, playing=False)), at(9 * S, 2))
    assert unplayed.tolerated_ua == 0


def test_every_change_of_level_starts_the_time_anew() -> None:
    half = settle(playing_at(8_000), at(0, 0))
    up = risen(tap(half, BACK, at(2 * S, 9)))
    assert settle(settle(up, at(2 * S, 9)), at(4 * S, 99)).tolerated_ua == 0
    down = fall(half, 500)
    assert settle(settle(down, at(2 * S, 9)), at(4 * S, 99)).tolerated_ua == 0


def test_a_lower_level_kept_is_the_comfortable_one_but_the_highest_stays_tolerated() -> None:
    kept = felt(playing_at(20_000), 3 * S)
    lower = felt(fall(kept, 8_000), 3 * S)
    assert (lower.tolerated_ua, lower.comfortable_ua) == (20_000, 12_000)
    assert interrupt(lower, S).tolerated_ua == 9_600


def test_zero_is_no_comfortable_level() -> None:
    paused = interrupt(felt(playing_at(10_000), 3 * S), 4 * S)
    resumed = felt(begin_pulses(paused, at(0, 0)), 9 * S)
    assert (resumed.tolerated_ua, resumed.comfortable_ua) == (8_000, 10_000)
    assert interrupt(resumed, 5 * S).tolerated_ua == 8_000


def test_an_interruption_takes_the_level_to_zero_and_the_key_back_to_80_percent() -> None:
    state = interrupt(felt(playing_at(10_000), 3 * S), 4 * S)
    assert state.level_ua == 0
    assert refused(tap(state, BACK, at(5 * S, 99))).limit == "rise"
    resumed = begin_pulses(state, at(0, 0))
    assert held(resumed, BACK, 9 * S).level_ua == 8_000
    never_kept = interrupt(playing_at(10_000), S)
    assert refused(press(begin_pulses(never_kept, at(0, 0)), BACK, at(S, 1))).nearest == (
        "single taps"
    )


# --- falls -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step_ua", "left_ua"), [(500, 4_500), (5_000, 0), (9_000, 0), (0, 5_000), (-500, 5_000)]
)
def test_a_fall_acts_at_once_and_never_raises(step_ua: int, left_ua: int) -> None:
    assert fall(playing_at(5_000), step_ua).level_ua == left_ua


@pytest.mark.parametrize(
    ("elapsed_us", "left_ua"),
    [
        (-1, 30_000),
        (0, 30_000),
        (100_000, 20_000),
        (150_000, 15_000),
        (299_979, 2),
        (299_999, 0),
        (300_000, 0),
        (10**9, 0),
    ],
)
def test_a_stop_falls_in_a_line_within_300_ms(elapsed_us: int, left_ua: int) -> None:
    assert ramp_down(30_000, elapsed_us) == left_ua


def test_a_fade_takes_with_it_what_was_tolerated_above() -> None:
    """Hazard: one key held brings back what a pad that dried could bear before."""
    kept = felt(playing_at(20_000), 3 * S)
    faded = fade(kept, 500)
    assert (faded.level_ua, faded.tolerated_ua, faded.comfortable_ua) == (19_500, 19_500, 19_500)
    assert faded.steady_from_us is None
    low = felt(fall(kept, 8_000), 3 * S)
    assert (fade(low, 500).tolerated_ua, fade(low, 500).comfortable_ua) == (11_500, 11_500)
    assert fade(kept, 30_000).tolerated_ua == 0
    new = fade(playing_at(9_000), 500)
    assert (new.level_ua, new.tolerated_ua, new.comfortable_ua) == (8_500, 0, 0)


# --- contractions ----------------------------------------------------------------------------


def test_a_contraction_takes_rises_for_10_s() -> None:
    assert risen(tap(playing_at(0), MOTOR, at(10 * S, 1))).level_ua == 500
    late = refused(tap(playing_at(0), MOTOR, at(10 * S + 1, 1)))
    assert late == Refusal(
        "set level", "+0.5 mA", "in the first 10 s of a contraction", "in the next contraction"
    )
    assert risen(tap(playing_at(0), BACK, at(99 * S, 1))).level_ua == 500


def after_rest(rest_us: int, *, raised: bool) -> LevelState:
    state = playing_at(0)
    if raised:
        state = played(tap(state, MOTOR, at(S, 1)), 1)
    return begin_pulses(end_pulses(state, 10 * S), at(10 * S + rest_us, 500))


def test_a_contraction_with_a_rise_rests_10_s_before_the_next_rise() -> None:
    early = refused(tap(after_rest(9_999_999, raised=True), MOTOR, at(21 * S, 501)))
    assert early == Refusal("set level", "+0.5 mA", "after 10 s of rest", "in the next contraction")
    assert risen(tap(after_rest(10 * S, raised=True), MOTOR, at(21 * S, 501))).level_ua == 1_000
    assert risen(tap(after_rest(S, raised=False), MOTOR, at(21 * S, 501))).level_ua == 500


def test_a_short_rest_after_a_quiet_contraction_does_not_undo_the_rest_owed() -> None:
    quiet = after_rest(4 * S, raised=True)
    short = begin_pulses(end_pulses(quiet, 15 * S), at(19 * S, 900))
    assert refused(tap(short, MOTOR, at(20 * S, 901))).allowed == "after 10 s of rest"
    long = begin_pulses(end_pulses(quiet, 15 * S), at(20 * S, 900))
    assert risen(tap(long, MOTOR, at(20 * S, 901))).level_ua == 1_000


def test_the_rest_owed_ends_10_s_after_a_contraction_with_a_rise() -> None:
    assert rests_until_us(LevelState()) == 0
    assert rests_until_us(after_rest(S, raised=False)) == 0
    assert rests_until_us(after_rest(S, raised=True)) == 20 * S


def test_a_held_key_lets_go_at_the_end_of_the_contraction_window() -> None:
    state = risen(press(playing_at(0, 30_000), MOTOR, at(9 * S, 1)))
    assert climb(state, MOTOR, at(10 * S + 1, 99)).pressed_us is None
