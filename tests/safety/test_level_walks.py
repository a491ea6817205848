"""The level driven by moves in any order: never too fast, never too high, never unfelt."""

from collections.abc import Callable

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
    fall,
    interrupt,
    play,
    press,
    release,
    settle,
    tap,
)
from drivers.quantities import Microamps


class Walk:
    """A level driven by moves in any order."""

    def __init__(self, rules: LevelRules) -> None:
        self.rules = rules
        self.state = LevelState()
        self.now_us = self.pulses = 0
        self.playing = False

    @property
    def here(self) -> Moment:
        return Moment(self.now_us, self.pulses, self.playing, full=True)

    def take(self, answer: LevelState | Refusal) -> None:
        self.state = self.state if isinstance(answer, Refusal) else answer

    def tap(self) -> None:
        self.take(tap(self.state, self.rules, self.here))

    def press(self) -> None:
        self.take(press(self.state, self.rules, self.here))

    def release(self) -> None:
        self.state = release(self.state)

    def fall(self) -> None:
        self.state = fall(self.state, 700)

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

    def interrupt(self) -> None:
        self.state, self.playing = interrupt(self.state, self.now_us), False


MOVES = (Walk.tap, Walk.press, Walk.release, Walk.fall, Walk.rest, Walk.begin, Walk.interrupt)
moves = st.lists(
    st.tuples(
        st.sampled_from((*MOVES, Walk.play, Walk.tick, Walk.tick, Walk.tick)),
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
            assert walk.playing
            assert before.risen_pulses is not None, "the rise before has not played yet"
            assert walk.pulses > before.risen_pulses
