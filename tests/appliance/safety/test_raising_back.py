"""Raising back after an interruption: 80 % of the last comfortable level, and when not at all."""

from dataclasses import replace

import pytest

from appliance.core.limits import level_limits
from appliance.safety.levels import (
    LevelState,
    after_interruption,
    begin_pulses,
    derate,
    interrupt,
    lower,
    press,
    raise_back_to_ua,
    settle,
    withdraw,
)
from drivers.quantities import Microamps
from tests.appliance.safety.level_samples import (
    BACK,
    NECK,
    S,
    at,
    playing_at,
    press_until,
    refused,
    risen,
)

pytestmark = pytest.mark.proves("raise-back")


def kept(level_ua: int, from_us: int = 0) -> LevelState:
    """A level that was felt in full for 3 s."""
    return settle(settle(playing_at(level_ua), at(from_us)), at(from_us + 3 * S))


def resumed(state: LevelState, at_us: int = 10 * S) -> LevelState:
    return begin_pulses(interrupt(state, at_us), at(at_us, 0))


def test_raising_back_is_offered_after_an_interruption_up_to_80_percent() -> None:
    assert raise_back_to_ua(kept(10_000), BACK) is None
    back = resumed(kept(10_000))
    assert (back.level_ua, raise_back_to_ua(back, BACK)) == (0, 8_000)


def test_it_is_not_offered_where_no_level_was_kept() -> None:
    assert raise_back_to_ua(resumed(playing_at(10_000)), BACK) is None


def test_it_never_goes_above_the_ceiling() -> None:
    low = replace(BACK, ceiling_ua=Microamps(7_000))
    assert raise_back_to_ua(resumed(kept(10_000)), low) == 7_000


def test_it_is_not_offered_where_single_taps_are_the_rule() -> None:
    taps = replace(BACK, single_taps=True)
    back = resumed(kept(10_000))
    assert raise_back_to_ua(back, taps) is None
    assert refused(press(back, taps, at(10 * S, 1))).limit == "press-and-hold"


def test_the_held_key_ends_at_80_percent_and_the_offer_with_it() -> None:
    back = begin_pulses(interrupt(kept(10_000), 0), at(0, 0))
    arrived = press_until(back, BACK, 5 * S)
    assert (arrived.level_ua, arrived.pressed_us) == (8_000, None)
    assert raise_back_to_ua(arrived, BACK) is None


def test_it_climbs_no_faster_than_a_held_key_ever_does() -> None:
    """0.8 s, then 4 mA a second on the back and 2 on the neck."""
    back = begin_pulses(interrupt(kept(10_000), 0), at(0, 0))
    assert press_until(back, BACK, 800_000).level_ua == 0
    assert press_until(back, BACK, 1_800_000).level_ua == 4_000
    assert press_until(back, NECK, 1_800_000).level_ua == 2_000


def test_a_second_interruption_on_the_way_back_offers_the_same() -> None:
    once = resumed(kept(10_000))
    assert raise_back_to_ua(resumed(once, 20 * S), BACK) == 8_000


def test_a_level_kept_on_the_way_back_ends_the_offer_and_sets_the_next() -> None:
    on_the_way = replace(resumed(kept(10_000)), level_ua=Microamps(5_000))
    settled = settle(settle(on_the_way, at(11 * S)), at(14 * S))
    assert raise_back_to_ua(settled, BACK) is None
    assert raise_back_to_ua(resumed(settled, 20 * S), BACK) == 4_000


@pytest.mark.parametrize("step_ua", [0, 500])
def test_lowering_on_the_way_back_ends_the_offer(step_ua: int) -> None:
    on_the_way = replace(resumed(kept(10_000)), level_ua=Microamps(5_000))
    assert raise_back_to_ua(lower(on_the_way, step_ua), BACK) is None
    assert raise_back_to_ua(derate(on_the_way, step_ua), BACK) is None


def test_it_is_not_offered_after_too_much_was_felt() -> None:
    """Hazard: a held key climbs back to what hurt."""
    back = resumed(withdraw(kept(10_000)))
    assert raise_back_to_ua(back, BACK) is None
    assert refused(press(back, BACK, at(10 * S, 1))).allowed == "up to 0 mA"


def test_too_much_that_is_said_in_the_pause_takes_the_offer_back() -> None:
    paused = withdraw(interrupt(kept(10_000), 10 * S))
    assert raise_back_to_ua(resumed(paused, 11 * S), BACK) is None
    assert paused.comfortable_ua == 10_000  # for the records it stays what was kept


def test_too_much_ends_a_held_key_and_what_it_may_climb_to() -> None:
    state = withdraw(replace(kept(10_000), level_ua=Microamps(6_000), pressed_us=1))
    assert (state.pressed_us, state.tolerated_ua, state.level_ua) == (None, 6_000, 6_000)


def test_a_level_kept_after_too_much_is_a_comfortable_one_again() -> None:
    """The 3 s begin again with what was said, at the same level too."""
    state = withdraw(replace(kept(10_000), steady_from_us=0))
    early = settle(settle(state, at(4 * S)), at(7 * S - 1))
    assert early.withdrawn
    again = settle(early, at(7 * S))
    assert raise_back_to_ua(resumed(again), BACK) == 8_000


def test_a_session_that_continues_an_interrupted_one_begins_at_zero_with_the_offer() -> None:
    begun = begin_pulses(after_interruption(10_000, 77), at(0, 0))
    assert (begun.level_ua, begun.comfortable_ua, begun.rested_from_us) == (0, 0, 77)
    assert raise_back_to_ua(begun, BACK) == 8_000
    assert risen(press(begun, BACK, at(0, 1))).pressed_us == 0
    assert after_interruption(0, None) == LevelState()


def test_the_session_before_counts_for_10_minutes() -> None:
    assert level_limits.RAISE_BACK_WITHIN_US == 600 * S
