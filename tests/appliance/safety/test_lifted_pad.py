"""The level under a held pad: zero when contact opens, back by a pressed key alone, to 80 %."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.core.refusal import Refusal
from appliance.safety.levels import (
    LevelRules,
    LevelState,
    climb,
    interrupt,
    lift,
    lower,
    press,
    raise_back_to_ua,
    settle,
    tap,
    withdraw,
)
from drivers.quantities import Microamps
from tests.appliance.safety.level_samples import (
    MS,
    S,
    at,
    playing_at,
    press_until,
    refused,
    risen,
)

pytestmark = pytest.mark.proves("held-pad")

SEARCH = LevelRules(Microamps(25_000), neck=False, contractions=False, finds=True)
FIRST = replace(SEARCH, single_taps=True)


def test_an_open_contact_takes_the_level_to_zero_and_releases_the_key() -> None:
    pressed = risen(press(lift(playing_at(10_000)), SEARCH, at(0)))
    assert pressed.pressed_us is not None
    lifted = lift(replace(pressed, level_ua=Microamps(3_000)))
    assert (lifted.level_ua, lifted.pressed_us, lifted.lifted) == (0, None, True)
    assert climb(lifted, SEARCH, at(10 * S)) == lifted


@pytest.mark.parametrize("rules", [SEARCH, FIRST])
def test_a_held_key_brings_back_80_percent_and_no_more(rules: LevelRules) -> None:
    lifted = lift(playing_at(10_000))
    assert raise_back_to_ua(lifted, rules) == 8_000
    assert press_until(lifted, rules, 60 * S).level_ua == 8_000


def test_it_comes_back_as_slowly_as_any_level_rises() -> None:
    """Hazard: the current that a lifted pad took returns as a jolt."""
    lifted = lift(playing_at(10_000))
    assert press_until(lifted, SEARCH, 800 * MS).level_ua == 0
    assert press_until(lifted, SEARCH, 1_800 * MS).level_ua <= 4_000
    state = risen(press(lifted, SEARCH, at(0, 1)))
    assert climb(state, SEARCH, at(60 * S, 2)).level_ua <= 500  # a tap for each pulse at most


@given(st.lists(st.sampled_from(["open", "tick", "settle"]), max_size=60))
def test_without_a_key_nothing_ever_brings_a_level_back(events: list[str]) -> None:
    state, now_us = lift(playing_at(10_000)), 0
    for event in events:
        now_us += 500 * MS
        moment = at(now_us, now_us // (500 * MS) + 1)
        acts = {"open": lift(state), "tick": climb(state, SEARCH, moment)}
        state = acts.get(event) or settle(state, moment)
        assert state.level_ua == 0
    assert raise_back_to_ua(state, SEARCH) == 8_000


def test_a_pad_that_opens_on_the_way_back_loses_nothing_but_needs_a_new_press() -> None:
    half = press_until(lift(playing_at(10_000)), SEARCH, 1_500 * MS)
    assert 0 < half.level_ua < 8_000
    again = lift(half)
    assert (again.level_ua, again.pressed_us) == (0, None)
    assert raise_back_to_ua(again, SEARCH) == 8_000


def test_a_level_that_came_back_and_is_lost_again_comes_back_to_80_percent_of_that() -> None:
    back = press_until(lift(playing_at(10_000)), SEARCH, 60 * S)
    assert raise_back_to_ua(lift(back), SEARCH) == 6_400


def test_in_a_search_a_held_key_raises_nothing_else() -> None:
    tolerated = settle(settle(playing_at(10_000), at(0)), at(3 * S))
    down = lower(tolerated, 4_000)
    words = refused(press(down, SEARCH, at(4 * S)))
    assert (words.limit, words.allowed) == (
        "press-and-hold",
        "in a search only to bring a level back",
    )
    assert isinstance(tap(down, SEARCH, at(4 * S)), LevelState)


def test_minus_ends_what_could_be_brought_back() -> None:
    lifted = lower(lift(playing_at(10_000)), 0)
    assert raise_back_to_ua(lifted, SEARCH) is None
    assert not lifted.lifted


def test_nothing_is_brought_back_after_harm() -> None:
    hurt = withdraw(lift(playing_at(10_000)))
    assert raise_back_to_ua(hurt, SEARCH) is None
    assert isinstance(press(hurt, SEARCH, at(0)), Refusal)
    assert raise_back_to_ua(lift(withdraw(playing_at(10_000))), SEARCH) is None


def test_in_a_first_session_only_a_lifted_pad_lets_a_key_be_held() -> None:
    kept = settle(settle(playing_at(10_000), at(0)), at(3 * S))
    paused = interrupt(kept, 4 * S)
    assert raise_back_to_ua(paused, FIRST) is None
    assert isinstance(press(paused, FIRST, at(5 * S)), Refusal)


def test_a_pad_lifted_at_zero_changes_nothing() -> None:
    fresh = playing_at(0)
    assert lift(fresh) == fresh
