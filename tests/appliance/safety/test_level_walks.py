"""The level driven by moves in any order: never too fast, never too high, never unfelt."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.core.refusal import Refusal
from appliance.safety.levels import (
    LevelRules,
    LevelState,
    Moment,
    begin_pulses,
    climb,
    end_pulses,
    interrupt,
    lower,
    play,
    press,
    release,
    settle,
    tap,
)
from drivers.quantities import Microamps

pytestmark = pytest.mark.proves("level-rules")


class Walk:
    """A level driven by moves in any order."""

    def __init__(self, rules: LevelRules) -> None:
        self.rules = rules
        self.state = LevelState()
        self.now_us = self.pulses = 0
        self.playing = False
        self.full = True

    @property
    def here(self) -> Moment:
        return Moment(self.now_us, self.pulses, self.playing, self.full)

    def take(self, answer: LevelState | Refusal) -> None:
        self.state = self.state if isinstance(answer, Refusal) else answer

    def tap(self) -> None:
        self.take(tap(self.state, self.rules, self.here))

    def press(self) -> None:
        self.take(press(self.state, self.rules, self.here))

    def release(self) -> None:
        self.state = release(self.state)

    def lower(self) -> None:
        self.state = lower(self.state, 700)

    def tick(self) -> None:
        self.pulses += 1 if self.playing else 0
        self.state = climb(settle(self.state, self.here), self.rules, self.here)

    def play(self) -> None:
        if self.playing:
            self.state = play(self.state, self.pulses)

    def rest(self) -> None:
        self.state, self.playing = end_pulses(self.state, self.now_us), False

    def begin(self) -> None:
        self.state, self.playing = begin_pulses(self.state, self.here), True

    def ramp(self) -> None:
        self.full = not self.full

    def interrupt(self) -> None:
        self.state, self.playing = interrupt(self.state, self.now_us), False


MOVES = (Walk.tap, Walk.press, Walk.release, Walk.lower, Walk.rest, Walk.begin, Walk.interrupt)
RAMPS = (Walk.ramp,)
moves = st.lists(
    st.tuples(
        st.sampled_from((*MOVES, *RAMPS, Walk.play, Walk.tick, Walk.tick, Walk.tick)),
        st.integers(1, 900_000),
    ),
    max_size=120,
)


@settings(max_examples=300, deadline=None)
@given(moves, st.booleans(), st.booleans(), st.integers(1_000, 100_000))
def test_no_sequence_rises_faster_than_allowed_or_above_the_ceiling(
    sequence: list[tuple[Callable[[Walk], None], int]],
    neck: bool,
    contractions: bool,
    ceiling_ua: int,
) -> None:
    walk = Walk(LevelRules(Microamps(ceiling_ua), neck, contractions))
    for move, wait_us in sequence:
        walk.now_us += wait_us
        before = walk.state
        move(walk)
        assert 0 <= walk.state.level_ua <= ceiling_ua
        assert walk.state.level_ua - before.level_ua <= 500
        if walk.state.level_ua > before.level_ua:
            assert walk.playing, "a rise in a rest"
            assert walk.full, "a rise in a ramp"
            assert before.risen_pulses is not None, "the rise before has not played yet"
            assert walk.pulses > before.risen_pulses


@settings(max_examples=300, deadline=None)
@given(moves, st.booleans(), st.booleans())
def test_no_sequence_rises_by_more_than_taps_and_keys_allow_over_time(
    sequence: list[tuple[Callable[[Walk], None], int]], neck: bool, contractions: bool
) -> None:
    """Over any stretch: one tap per 300 ms, and what a held key climbs in that time."""
    walk = Walk(LevelRules(Microamps(100_000), neck, contractions))
    per_s = 2_000 if neck else 4_000
    trail: list[tuple[int, int]] = []
    risen_ua = 0
    for move, wait_us in sequence:
        walk.now_us += wait_us
        before_ua = walk.state.level_ua
        move(walk)
        risen_ua += max(walk.state.level_ua - before_ua, 0)
        trail.append((walk.now_us, risen_ua))
        for from_us, from_ua in trail:
            passed_us = walk.now_us - from_us
            taps_ua = 500 * (passed_us // 300_000 + 1)
            assert risen_ua - from_ua <= taps_ua + per_s * passed_us // 1_000_000


@settings(max_examples=300, deadline=None)
@given(moves)
def test_a_first_motor_session_rises_by_taps_alone(
    sequence: list[tuple[Callable[[Walk], None], int]],
) -> None:
    walk = Walk(LevelRules(Microamps(30_000), neck=False, contractions=True, single_taps=True))
    for move, wait_us in sequence:
        walk.now_us += wait_us
        before_ua = walk.state.level_ua
        move(walk)
        assert walk.state.pressed_us is None
        assert walk.state.level_ua <= before_ua or move is Walk.tap
