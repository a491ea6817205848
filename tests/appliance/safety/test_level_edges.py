"""The rules of the level to the microsecond and the microampere. Numbers are restated here."""

from dataclasses import replace

import pytest

from appliance.core.limits import level_limits
from appliance.safety.levels import (
    LevelRules,
    LevelState,
    Moment,
    begin_pulses,
    climb,
    end_pulses,
    interrupt,
    is_playing,
    press,
    ramp_down,
    settle,
)
from drivers.quantities import Microamps

pytestmark = pytest.mark.proves("level-rules")

BACK = LevelRules(Microamps(60_000), neck=False, contractions=False)
NECK = LevelRules(Microamps(40_000), neck=True, contractions=False)


def at(now_us: int, pulses: int = 99) -> Moment:
    return Moment(now_us, pulses, playing=True, full=True)


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
def test_a_held_key_begins_to_climb_after_800_ms_and_not_a_microsecond_sooner(
    rules: LevelRules, first_us: int
) -> None:
    state = pressed(rules)
    assert climb(state, rules, at(first_us - 1)) == state
    assert climb(state, rules, at(first_us)).level_ua == 5_001


@pytest.mark.parametrize(("rules", "rate_ua_per_s"), [(NECK, 2_000), (BACK, 4_000)])
def test_a_held_key_climbs_2_ma_a_second_on_the_neck_and_4_on_the_back(
    rules: LevelRules, rate_ua_per_s: int
) -> None:
    assert rules.climb_ua_per_s == rate_ua_per_s


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


def test_a_fall_that_takes_longer_than_450_ms_is_cut() -> None:
    # Acted on in `control.feed`, where the flows measure it in slices; here to the microsecond.
    assert level_limits.FALL_WITHIN_US == 450_000


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
    )
    assert LevelState() == nothing


FELT = LevelState(
    level_ua=Microamps(5_000),
    tolerated_ua=Microamps(4_000),
    comfortable_ua=Microamps(4_000),
    risen_us=11,
    risen_pulses=12,
    steady_from_us=13,
    pressed_us=14,
    climbed_us=15,
    begun_us=16,
    raised=True,
    rested_from_us=None,
)


def test_when_pulses_end_no_key_counts_any_more_and_a_rise_owes_its_rest_from_there() -> None:
    ended = replace(
        FELT, steady_from_us=None, pressed_us=None, begun_us=None, raised=False, rested_from_us=99
    )
    assert end_pulses(FELT, 99) == ended
    assert end_pulses(replace(FELT, raised=False, rested_from_us=7), 99).rested_from_us == 7


def test_an_interruption_owes_the_rest_of_a_contraction_as_its_end_does() -> None:
    # 80 % of the 4 mA that were comfortable
    back = replace(end_pulses(FELT, 99), level_ua=Microamps(0), tolerated_ua=Microamps(3_200))
    assert interrupt(FELT, 99) == back


def test_a_contraction_begins_without_a_rise_in_it() -> None:
    begun = begin_pulses(FELT, at(50, 20))
    assert (begun.raised, begun.steady_from_us, begun.begun_us) == (False, None, 50)
    assert begun.risen_pulses == 20


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


def test_a_tick_that_changes_nothing_makes_no_new_value() -> None:
    steady = replace(FELT, steady_from_us=None)
    assert settle(steady, Moment(20, 30, playing=False, full=True)) is steady
