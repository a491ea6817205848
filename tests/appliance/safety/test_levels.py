"""The rules of the level to the microsecond and the microampere, with their numbers restated."""

from dataclasses import replace

import pytest

from appliance.core.limits import level_limits
from appliance.safety.levels import (
    LevelState,
    Moment,
    begin_pulses,
    derate,
    end_pulses,
    interrupt,
    is_playing,
    lower,
    play,
    press,
    ramp_down,
    settle,
    tap,
)
from drivers.quantities import Microamps
from tests.appliance.safety.level_samples import (
    BACK,
    FELT,
    MOTOR,
    NECK,
    S,
    at,
    played,
    playing_at,
    press_until,
    refused,
    risen,
)
from tests.support.texts import Said


@pytest.mark.proves("level-rules")
def test_a_level_starts_at_zero_with_nothing_tolerated_pressed_or_owed() -> None:
    nothing = LevelState(
        level_ua=Microamps(0),
        tolerated_ua=Microamps(0),
        comfortable_ua=Microamps(0),
        risen_us=None,
        risen_pulses=0,
        steady_from_us=None,
        pressed_us=None,
        climbed_us=0,
        begun_us=None,
        raised=False,
        rested_from_us=None,
        back_ua=Microamps(0),
        withdrawn=False,
    )
    assert LevelState() == nothing


# --- taps ------------------------------------------------------------------------------------


@pytest.mark.proves("level-rules")
def test_a_tap_adds_half_a_milliampere() -> None:
    assert risen(tap(playing_at(0), BACK, at(1, 1))).level_ua == 500


@pytest.mark.proves("level-rules")
def test_a_tap_adds_one_milliampere_where_a_clinician_chose_so() -> None:
    rules = replace(BACK, tap_ua=1_000)
    assert risen(tap(playing_at(0), rules, at(1, 1))).level_ua == 1_000


@pytest.mark.proves("level-rules")
@pytest.mark.parametrize("tap_ua", [0, 499, 2_000, -500])
def test_no_other_tap_can_be_made(tap_ua: int) -> None:
    with pytest.raises(ValueError, match=f"tap of {tap_ua} µA; accepted are 500 and 1000"):
        replace(BACK, tap_ua=tap_ua)


@pytest.mark.proves("level-rules")
def test_the_second_tap_waits_300_ms() -> None:
    state = played(tap(playing_at(0), BACK, at(S, 1)), 3)
    early = refused(tap(state, BACK, at(S + 299_999, 99)))
    assert early == Said("rise interval", "+0.5 mA", "one rise per 300 ms", "in 0.001 ms")
    assert risen(tap(state, BACK, at(S + 300_000, 99))).level_ua == 1_000


@pytest.mark.proves("level-rules")
def test_the_second_tap_waits_for_a_pulse() -> None:
    state = played(tap(playing_at(0), BACK, at(S, 7)), 7)
    early = refused(tap(state, BACK, at(9 * S, 7)))
    assert early == Said(
        "rise per pulse", "+0.5 mA", "one rise per played pulse", "after the next pulse"
    )
    assert risen(tap(state, BACK, at(9 * S, 8))).level_ua == 1_000


@pytest.mark.proves("level-rules")
def test_pulses_still_queued_without_the_rise_are_no_feeling_of_it() -> None:
    state = risen(tap(playing_at(0), BACK, at(S, 7)))
    assert refused(tap(state, BACK, at(2 * S, 99))).limit == "rise per pulse"
    state = play(state, 99)
    assert refused(tap(state, BACK, at(2 * S, 99))).limit == "rise per pulse"
    assert risen(tap(state, BACK, at(2 * S, 100))).level_ua == 1_000


@pytest.mark.proves("level-rules")
def test_later_slices_at_the_same_level_do_not_put_the_feeling_off() -> None:
    state = played(tap(playing_at(0), BACK, at(S, 7)), 9)
    assert play(state, 12) is state


@pytest.mark.proves("level-rules")
def test_an_on_time_does_not_make_a_rise_felt_that_never_played() -> None:
    state = risen(tap(playing_at(0), BACK, at(S, 7)))
    state = begin_pulses(end_pulses(state, 2 * S), at(3 * S, 20))
    assert refused(tap(state, BACK, at(4 * S, 30))).limit == "rise per pulse"
    assert risen(tap(play(state, 30), BACK, at(4 * S, 31))).level_ua == 1_000


@pytest.mark.proves("level-rules")
def test_the_first_tap_waits_for_the_first_pulse() -> None:
    state = begin_pulses(LevelState(), at(0, 40))
    assert refused(tap(state, BACK, at(S, 40))).limit == "rise per pulse"
    assert risen(tap(state, BACK, at(S, 41))).level_ua == 500


@pytest.mark.proves("level-rules")
def test_no_tap_counts_while_nothing_plays() -> None:
    refusal = Said("rise", "+0.5 mA", "while pulses play", "when the next pulses play")
    assert refused(tap(playing_at(0), BACK, at(S, 9, playing=False))) == refusal
    assert refused(tap(LevelState(), BACK, at(S, 9))) == refusal
    assert refused(tap(end_pulses(playing_at(0), S), BACK, at(S, 9))) == refusal


@pytest.mark.proves("level-rules")
def test_no_tap_counts_while_the_envelope_is_below_the_level() -> None:
    """Hazard: steps nobody felt come all at once with the next contraction."""
    refusal = Said("envelope", "+0.5 mA", "while the envelope is at the level", "after the ramp")
    assert refused(tap(playing_at(0), BACK, at(S, 1, full=False))) == refusal
    assert refused(tap(playing_at(0), MOTOR, at(S, 1, full=False))) == refusal
    pressed = press(playing_at(0, 9_000), BACK, at(S, 1, full=False))
    assert refused(pressed).limit == "envelope"


@pytest.mark.proves("level-rules")
def test_a_tap_reaches_the_ceiling_and_not_beyond() -> None:
    top = risen(tap(playing_at(39_500), NECK, at(S, 1)))
    assert top.level_ua == 40_000
    refusal = refused(tap(top, NECK, at(2 * S, 9)))
    assert refusal == Said("ceiling", "40.5 mA", "40 mA", "40 mA")
    assert refused(tap(playing_at(39_501), NECK, at(S, 1))).limit == "ceiling"


# --- what was tolerated ----------------------------------------------------------------------


def felt(state: LevelState, for_us: int, *, full: bool = True) -> LevelState:
    state = settle(state, at(0, 0, full=full))
    return settle(state, at(for_us, 99, full=full))


@pytest.mark.proves("level-rules")
def test_a_level_is_tolerated_once_felt_unchanged_for_3_s() -> None:
    early = felt(playing_at(8_000), 2_999_999)
    assert (early.tolerated_ua, early.comfortable_ua) == (0, 0)
    kept = felt(playing_at(8_000), 3_000_000)
    assert (kept.tolerated_ua, kept.comfortable_ua) == (8_000, 8_000)
    assert settle(kept, at(9 * S, 999)) is kept


@pytest.mark.proves("level-rules")
def test_time_below_the_level_does_not_count() -> None:
    assert felt(playing_at(8_000), 9 * S, full=False).tolerated_ua == 0
    half = settle(playing_at(8_000), at(0, 0))
    gone = settle(half, at(2 * S, 9, full=False))
    back = settle(gone, at(3 * S, 10))
    assert settle(back, at(4 * S, 11)).tolerated_ua == 0
    unplayed = settle(settle(half, at(S, 1, playing=False)), at(9 * S, 2))
    assert unplayed.tolerated_ua == 0


@pytest.mark.proves("level-rules")
def test_every_change_of_level_starts_the_time_anew() -> None:
    half = settle(playing_at(8_000), at(0, 0))
    up = risen(tap(half, BACK, at(2 * S, 9)))
    assert settle(settle(up, at(2 * S, 9)), at(4 * S, 99)).tolerated_ua == 0
    down = lower(half, 500)
    assert settle(settle(down, at(2 * S, 9)), at(4 * S, 99)).tolerated_ua == 0


@pytest.mark.proves("level-rules")
def test_a_lower_level_kept_is_the_comfortable_one_but_the_highest_stays_tolerated() -> None:
    kept = felt(playing_at(20_000), 3 * S)
    kept_lower = felt(lower(kept, 8_000), 3 * S)
    assert (kept_lower.tolerated_ua, kept_lower.comfortable_ua) == (20_000, 12_000)
    assert interrupt(kept_lower, S).tolerated_ua == 9_600


@pytest.mark.proves("level-rules")
def test_zero_is_no_comfortable_level() -> None:
    paused = interrupt(felt(playing_at(10_000), 3 * S), 4 * S)
    resumed = felt(begin_pulses(paused, at(0, 0)), 9 * S)
    assert (resumed.tolerated_ua, resumed.comfortable_ua) == (8_000, 10_000)
    assert interrupt(resumed, 5 * S).tolerated_ua == 8_000


@pytest.mark.proves("level-rules", "zero-after-interruption")
def test_an_interruption_takes_the_level_to_zero_and_the_key_back_to_80_percent() -> None:
    state = interrupt(felt(playing_at(10_000), 3 * S), 4 * S)
    assert state.level_ua == 0
    assert refused(tap(state, BACK, at(5 * S, 99))).limit == "rise"
    resumed = begin_pulses(state, at(0, 0))
    assert press_until(resumed, BACK, 9 * S).level_ua == 8_000
    never_kept = interrupt(playing_at(10_000), S)
    assert refused(press(begin_pulses(never_kept, at(0, 0)), BACK, at(S, 1))).nearest == (
        "single taps"
    )


# --- lowering -----------------------------------------------------------------------------------


@pytest.mark.proves("level-rules")
@pytest.mark.parametrize(
    ("step_ua", "left_ua"), [(500, 4_500), (5_000, 0), (9_000, 0), (0, 5_000), (-500, 5_000)]
)
def test_lowering_acts_at_once_and_never_raises(step_ua: int, left_ua: int) -> None:
    assert lower(playing_at(5_000), step_ua).level_ua == left_ua


@pytest.mark.proves("soft-fall")
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


@pytest.mark.proves("contact-forecast", "contact-poor")
def test_derating_lowers_the_tolerated_level_too() -> None:
    """Hazard: one key press_until brings back what a pad that dried could bear before."""
    kept = felt(playing_at(20_000), 3 * S)
    derated = derate(kept, 500)
    assert (derated.level_ua, derated.tolerated_ua, derated.comfortable_ua) == (
        19_500,
        19_500,
        19_500,
    )
    assert derated.steady_from_us is None
    low = felt(lower(kept, 8_000), 3 * S)
    assert (derate(low, 500).tolerated_ua, derate(low, 500).comfortable_ua) == (11_500, 11_500)
    assert derate(kept, 30_000).tolerated_ua == 0
    new = derate(playing_at(9_000), 500)
    assert (new.level_ua, new.tolerated_ua, new.comfortable_ua) == (8_500, 0, 0)


@pytest.mark.proves("soft-fall")
@pytest.mark.parametrize(
    ("elapsed_us", "amplitude_ua"),
    [
        (-1, 300_000_000),
        (0, 300_000_000),
        (1, 299_999_000),
        (150_000, 150_000_000),
        (299_999, 1_000),
        (300_000, 0),
        (300_001, 0),
    ],
)
def test_the_fall_on_a_stop_is_a_straight_line_of_300_ms(
    elapsed_us: int, amplitude_ua: int
) -> None:
    # An amplitude no board has, so that each microsecond of the line can be seen.
    assert ramp_down(300_000_000, elapsed_us) == amplitude_ua


@pytest.mark.proves("soft-fall")
def test_a_fall_that_takes_longer_than_450_ms_is_cut() -> None:
    # Acted on in `control.feed`, where the flows measure it in slices; here to the microsecond.
    assert level_limits.RAMP_DOWN_MAX_US == 450_000


# --- what is felt ------------------------------------------------------------------------------


@pytest.mark.proves("felt")
@pytest.mark.parametrize(
    ("changes", "playing", "pulses", "felt"),
    [
        ({}, True, 13, True),
        ({"level_ua": 1}, True, 13, True),
        ({"level_ua": 0}, True, 13, False),
        ({}, False, 13, False),
        ({"begun_us": None}, True, 13, False),
        ({}, True, 12, False),  # its first pulse is still to come
        ({"risen_pulses": None}, True, 13, False),  # its slice is still to come
    ],
)
def test_something_can_be_felt_only_once_a_pulse_at_a_level_above_zero_played(
    changes: dict[str, int | None], playing: bool, pulses: int, felt: bool
) -> None:
    """Hazard: "first felt" is written down for a level at which no pulse has played."""
    state = replace(FELT, **changes)  # type: ignore[arg-type]
    assert is_playing(state, Moment(20, pulses, playing=playing, full=True)) is felt


@pytest.mark.proves_none
def test_a_tick_that_changes_nothing_makes_no_new_value() -> None:
    steady = replace(FELT, steady_from_us=None)
    assert settle(steady, Moment(20, 30, playing=False, full=True)) is steady
