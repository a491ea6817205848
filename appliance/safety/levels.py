"""The level of one channel: what the operator set, and how fast it may change. Pure.

The level is not the envelope: the ramps of an on-time stay below the level and belong to the plan.
A rise may be refused; lowering never is. The level rises only while pulses play with the envelope
at the level: during a ramp a step could not be felt in full before the next, and the slopes of
both would add up. A level that was felt and kept for a while is tolerated, and press-and-hold
climbs by itself only up to there.

While a motor point is searched the level rises by single taps alone. Contact that opens sets it to
zero (`lift`); from there a pressed key may bring back 80 % of it, as slowly as taps.

The order of calls: `begin_pulses` when pulses begin (each on-time), `play` when a slice at the
present level begins, `settle` and `climb` every tick, `tap`, `press`, `release` and `lower` on a
person's command, `end_pulses` when pulses end, `interrupt` after anything but an off-time.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from appliance.core.limits.level_limits import (
    CLIMB_AFTER_US,
    CLIMB_BACK_UA_PER_S,
    CLIMB_NECK_UA_PER_S,
    CONTRACTION_REST_US,
    CONTRACTION_US,
    RAMP_DOWN_US,
    RETURN_PERCENT,
    TAP_EVERY_US,
    TAP_STEPS_UA,
    TOLERATED_AFTER_US,
)
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import seconds, up_to
from appliance.texts.text import Text, microamps, microseconds, text
from drivers.quantities import US_PER_S, Microamps

ZERO_UA = Microamps(0)
PRESS_AND_HOLD, SINGLE_TAPS = text("press_and_hold"), text("single_taps")


@dataclass(frozen=True, slots=True)
class LevelRules:
    """The level rules of a channel in a session. Raises `ValueError` on a tap of another size.

    `contractions` says that the programme has on and off times and rises by set level;
    `single_taps` that press-and-hold is not allowed at all. `finds` says that a motor point is
    searched with a pad held by hand: press-and-hold only brings a level back.
    """

    ceiling_ua: Microamps
    neck: bool
    contractions: bool
    tap_ua: int = TAP_STEPS_UA[0]
    single_taps: bool = False
    finds: bool = False

    def __post_init__(self) -> None:
        if self.tap_ua not in TAP_STEPS_UA:
            raise ValueError(f"a tap of {self.tap_ua} µA; accepted are 500 and 1000")

    @property
    def climb_ua_per_s(self) -> int:
        """Return how fast press-and-hold climbs."""
        return CLIMB_NECK_UA_PER_S if self.neck else CLIMB_BACK_UA_PER_S


class Moment(NamedTuple):
    """The moment of a command or tick: engine time, pulses played on the channel in this stream.

    `playing` says that pulses play and the state allows rises; `full` that the envelope is at the
    level, so that the patient feels all of it.
    """

    now_us: int
    pulses: int
    playing: bool
    full: bool


@dataclass(frozen=True, slots=True)
class LevelState:
    """The level of a channel and what its rules remember.

    `risen_pulses` counts the pulses before the first at the present level, None while that one is
    still to come. `tolerated_ua` is how far press-and-hold may climb, `comfortable_ua` the level
    last kept for `TOLERATED_AFTER_US`. `begun_us` is None while no pulses play; `raised` says that
    the level rose since, and `rested_from_us` is when the last on time with a rise ended. `back_ua`
    is where raising back after an interruption ends, 0 where it is not offered; `withdrawn` that
    the patient felt too much since a level was last kept. `lifted` says that contact of a held pad
    opened and that nobody has lowered the level or begun anew since.
    """

    level_ua: Microamps = ZERO_UA
    tolerated_ua: Microamps = ZERO_UA
    comfortable_ua: Microamps = ZERO_UA
    risen_us: int | None = None
    risen_pulses: int | None = 0
    steady_from_us: int | None = None
    pressed_us: int | None = None
    climbed_us: int = 0
    begun_us: int | None = None
    raised: bool = False
    rested_from_us: int | None = None
    back_ua: Microamps = ZERO_UA
    withdrawn: bool = False
    lifted: bool = False


def after_interruption(comfortable_ua: int, rested_from_us: int | None) -> LevelState:
    """Return level zero, from where press-and-hold may return to 80 % of a comfortable level.

    Zero for `comfortable_ua` offers nothing.
    """
    back_ua = Microamps(comfortable_ua * RETURN_PERCENT // 100)
    return LevelState(tolerated_ua=back_ua, back_ua=back_ua, rested_from_us=rested_from_us)


def begin_pulses(state: LevelState, moment: Moment) -> LevelState:
    """Note that pulses begin; the first rise waits for the first of them."""
    return replace(
        state,
        begun_us=moment.now_us,
        risen_pulses=None if state.risen_pulses is None else moment.pulses,
        raised=False,
        steady_from_us=None,
    )


def play(state: LevelState, pulses: int) -> LevelState:
    """Note that slices at the present level begin to play, after `pulses` pulses.

    A rise is felt with the first pulse at the new level, not with those queued before it.
    """
    return state if state.risen_pulses is not None else replace(state, risen_pulses=pulses)


def end_pulses(state: LevelState, now_us: int) -> LevelState:
    """Note that pulses end; a key that is still pressed has no effect any more."""
    rested_from_us = now_us if state.raised else state.rested_from_us
    return replace(
        state,
        begun_us=None,
        raised=False,
        rested_from_us=rested_from_us,
        steady_from_us=None,
        pressed_us=None,
    )


def interrupt(state: LevelState, now_us: int) -> LevelState:
    """Set the level to zero; press-and-hold may return to 80 % of the last comfortable level.

    It may not return at all where the patient felt too much since that level was kept. Where no
    level was kept, what was offered before stays so: a check and a start are interruptions too.
    """
    kept_ua = Microamps(state.comfortable_ua * RETURN_PERCENT // 100)
    back_ua = ZERO_UA if state.withdrawn else kept_ua or state.back_ua
    ended = end_pulses(state, now_us)
    return replace(ended, level_ua=ZERO_UA, tolerated_ua=back_ua, back_ua=back_ua, lifted=False)


def lift(state: LevelState) -> LevelState:
    """Set the level to zero because the contact of a held pad opened; a pressed key ends.

    A key that is pressed anew may bring back 80 % of it. A level that was still on its way back
    has not been lost: what was offered then stays.
    """
    if not state.level_ua:
        return release(state)
    lost_ua = Microamps(state.level_ua * RETURN_PERCENT // 100)
    back_ua = state.back_ua if state.back_ua > state.level_ua else lost_ua
    back_ua = ZERO_UA if state.withdrawn else back_ua
    return replace(
        state,
        level_ua=ZERO_UA,
        tolerated_ua=back_ua,
        steady_from_us=None,
        pressed_us=None,
        back_ua=back_ua,
        lifted=True,
    )


def begin_part(state: LevelState) -> LevelState:
    """Set the level to zero where more may be felt at it than before: nothing is tolerated yet."""
    return replace(
        interrupt(state, state.rested_from_us or 0),
        tolerated_ua=ZERO_UA,
        comfortable_ua=ZERO_UA,
        back_ua=ZERO_UA,
        rested_from_us=state.rested_from_us,
    )


def settle(state: LevelState, moment: Moment) -> LevelState:
    """Count, once a tick, how long the level has been felt in full; after 3 s it is tolerated."""
    if not (moment.playing and moment.full):
        return state if state.steady_from_us is None else replace(state, steady_from_us=None)
    if state.steady_from_us is None:
        return replace(state, steady_from_us=moment.now_us)
    level_ua = state.level_ua
    known = level_ua == state.comfortable_ua and level_ua <= state.tolerated_ua
    known = known and not state.withdrawn
    # Zero is not a comfortable level; it would replace the one from before a pause.
    if known or not level_ua or moment.now_us - state.steady_from_us < TOLERATED_AFTER_US:
        return state
    tolerated_ua = max(level_ua, state.tolerated_ua)
    return replace(
        state,
        comfortable_ua=level_ua,
        tolerated_ua=tolerated_ua,
        back_ua=ZERO_UA,
        withdrawn=False,
    )


def tap(state: LevelState, rules: LevelRules, moment: Moment) -> LevelState | Refusal:
    """Raise the level by one tap, or refuse with the reason and the next chance."""
    asked = text("rise.by", step=microamps(rules.tap_ua))
    if state.level_ua + rules.tap_ua > rules.ceiling_ua:
        level = microamps(state.level_ua + rules.tap_ua)
        allowed = microamps(rules.ceiling_ua)
        return Refusal("refusal.ceiling", level, allowed, microamps(state.level_ua))
    refusal = _may_rise(state, rules, moment, asked)
    if refusal is not None:
        return refusal
    if state.risen_us is not None and moment.now_us - state.risen_us < TAP_EVERY_US:
        left_us = TAP_EVERY_US - (moment.now_us - state.risen_us)
        one_per = text("rise_interval.allowed", time=microseconds(TAP_EVERY_US))
        nearest = text("rise_interval.nearest", time=microseconds(left_us))
        return Refusal("refusal.rise_interval", asked, one_per, nearest)
    if not _is_felt(state, moment):
        one_per_pulse, nearest = text("rise_per_pulse.allowed"), text("rise_per_pulse.nearest")
        return Refusal("refusal.rise_per_pulse", asked, one_per_pulse, nearest)
    return _risen(state, state.level_ua + rules.tap_ua, moment)


def press(state: LevelState, rules: LevelRules, moment: Moment) -> LevelState | Refusal:
    """Note that the key is pressed; `climb` raises the level from 0.8 s on."""
    if not _may_hold(state, rules):
        key = "press_and_hold.find" if rules.finds else "press_and_hold.first_session"
        return Refusal("refusal.press_and_hold", PRESS_AND_HOLD, text(key), SINGLE_TAPS)
    limit_ua = climb_limit_ua(state, rules)
    if state.level_ua >= limit_ua:
        asked = text("press_and_hold.above", level=microamps(state.level_ua))
        return Refusal("refusal.press_and_hold", asked, up_to(microamps(limit_ua)), SINGLE_TAPS)
    refusal = _may_rise(state, rules, moment, PRESS_AND_HOLD)
    if refusal is not None:
        return refusal
    if state.pressed_us is not None:
        return state
    return replace(state, pressed_us=moment.now_us, climbed_us=moment.now_us + CLIMB_AFTER_US)


def release(state: LevelState) -> LevelState:
    """Note that the key is released; the level stays where it is."""
    return state if state.pressed_us is None else replace(state, pressed_us=None)


def climb(state: LevelState, rules: LevelRules, moment: Moment) -> LevelState:
    """Raise the level by a pressed key, once a tick; at most by one tap per pulse."""
    if state.pressed_us is None:
        return state
    limit_ua = climb_limit_ua(state, rules)
    stuck = _may_rise(state, rules, moment, PRESS_AND_HOLD) is not None
    if stuck or state.level_ua >= limit_ua:
        return release(state)
    if not _is_felt(state, moment):
        return state
    rise_ua = (moment.now_us - state.climbed_us) * rules.climb_ua_per_s // US_PER_S
    if rise_ua <= 0:
        return state
    level_ua = min(state.level_ua + min(rise_ua, rules.tap_ua), limit_ua)
    return replace(_risen(state, level_ua, moment), climbed_us=moment.now_us)


def lower(state: LevelState, step_ua: int) -> LevelState:
    """Lower the level by `step_ua` (not negative), at once and always; a pressed key ends."""
    level_ua = Microamps(max(state.level_ua - max(step_ua, 0), 0))
    return replace(
        state,
        level_ua=level_ua,
        steady_from_us=None,
        pressed_us=None,
        back_ua=ZERO_UA,
        lifted=False,
    )


def derate(state: LevelState, step_ua: int) -> LevelState:
    """Lower the level and the tolerated level with it, because contact has changed."""
    lowered = lower(state, step_ua)
    return replace(
        lowered,
        tolerated_ua=min(lowered.tolerated_ua, lowered.level_ua),
        comfortable_ua=min(lowered.comfortable_ua, lowered.level_ua),
    )


def withdraw(state: LevelState) -> LevelState:
    """Offer no way back up after pain, burning, faintness or what was too strong; a key ends.

    Press-and-hold ends at the present level, and after an interruption at zero, until a level was
    felt in full and kept again.
    """
    return replace(
        state,
        tolerated_ua=min(state.tolerated_ua, state.level_ua),
        steady_from_us=None,
        pressed_us=None,
        back_ua=ZERO_UA,
        withdrawn=True,
        lifted=False,
    )


def raise_back_to_ua(state: LevelState, rules: LevelRules) -> Microamps | None:
    """Return where raising back by the pressed key ends, None where it is not offered."""
    target_ua = min(state.back_ua, climb_limit_ua(state, rules))
    offered = target_ua > state.level_ua and _may_hold(state, rules)
    return Microamps(target_ua) if offered else None


def climb_limit_ua(state: LevelState, rules: LevelRules) -> Microamps:
    """Return the level up to which press-and-hold may climb."""
    tolerated_ua = min(state.tolerated_ua, state.back_ua) if rules.finds else state.tolerated_ua
    return min(tolerated_ua, rules.ceiling_ua)


def is_playing(state: LevelState, moment: Moment) -> bool:
    """Return whether pulses play at the level, above zero, so that something can be felt."""
    plays = moment.playing and state.begun_us is not None
    return plays and state.level_ua > 0 and _is_felt(state, moment)


def rests_until_us(state: LevelState) -> int:
    """Return when the rest owed after a contraction with a rise is over, 0 where none was."""
    return 0 if state.rested_from_us is None else state.rested_from_us + CONTRACTION_REST_US


def ramp_down(amplitude_ua: int, elapsed_us: int) -> Microamps:
    """Return the amplitude of a slice that begins `elapsed_us` into a ramp down: linear to 0."""
    left_us = min(max(RAMP_DOWN_US - elapsed_us, 0), RAMP_DOWN_US)
    return Microamps(amplitude_ua * left_us // RAMP_DOWN_US)


def _risen(state: LevelState, level_ua: int, moment: Moment) -> LevelState:
    return replace(
        state,
        level_ua=Microamps(level_ua),
        risen_us=moment.now_us,
        risen_pulses=None,
        steady_from_us=None,
        raised=True,
    )


def _is_felt(state: LevelState, moment: Moment) -> bool:
    return state.risen_pulses is not None and moment.pulses > state.risen_pulses


def _may_hold(state: LevelState, rules: LevelRules) -> bool:
    """Return whether press-and-hold may raise anything.

    In a search it only brings back what was lost, in a first session only what a lifted pad took:
    it climbs by a tap for each pulse at most, no faster than single taps do there.
    """
    if rules.single_taps and not state.lifted:
        return False
    return not rules.finds or state.back_ua > state.level_ua


def _may_rise(state: LevelState, rules: LevelRules, moment: Moment, asked: Text) -> Refusal | None:
    if not moment.playing or state.begun_us is None:
        return Refusal("refusal.rise", asked, text("rise.allowed"), text("when_pulses_play"))
    if not moment.full:
        return Refusal(
            "refusal.envelope", asked, text("envelope.allowed"), text("envelope.nearest")
        )
    if not rules.contractions:
        return None
    if moment.now_us - state.begun_us > CONTRACTION_US:
        allowed = text("set_level.at_the_beginning", time=seconds(CONTRACTION_US))
        return Refusal("refusal.set_level", asked, allowed, text("set_level.nearest"))
    if state.begun_us < rests_until_us(state):
        allowed = text("set_level.after_rest", time=seconds(CONTRACTION_REST_US))
        return Refusal("refusal.set_level", asked, allowed, text("set_level.nearest"))
    return None
