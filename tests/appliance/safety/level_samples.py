"""Levels, rules and moments that the tests of the level share."""

from dataclasses import replace

from appliance.core.refusal import Refusal
from appliance.safety.levels import LevelRules, LevelState, Moment, begin_pulses, climb, play, press
from drivers.quantities import Microamps
from tests.support.texts import Said, said

MS, S = 1_000, 1_000_000
BACK = LevelRules(Microamps(60_000), neck=False, contractions=False)
NECK = LevelRules(Microamps(40_000), neck=True, contractions=False)
MOTOR = LevelRules(Microamps(80_000), neck=False, contractions=True)
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


def at(now_us: int, pulses: int = 99, *, playing: bool = True, full: bool = True) -> Moment:
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


def refused(state: LevelState | Refusal) -> Said:
    assert isinstance(state, Refusal)
    return said(state)


def press_until(
    state: LevelState, rules: LevelRules, until_us: int, step_us: int = 10 * MS
) -> LevelState:
    """Keep the key pressed from 0 with a pulse each tick; return the state at `until_us`."""
    state = risen(press(state, rules, at(0, 1)))
    for now_us in range(step_us, until_us + 1, step_us):
        pulses = 1 + now_us // step_us
        state = play(climb(state, rules, at(now_us, pulses)), pulses)
    return state
