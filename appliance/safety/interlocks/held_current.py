"""Rules over the held current: against the set current, and both phases there and equal."""

from typing import NamedTuple

from appliance.safety.interlocks.held_value import HeldValue, at_rail, is_gone, is_weak
from appliance.safety.interlocks.limits import (
    ABOVE_CEILING_PERCENT,
    ABOVE_CEILING_UA,
    ABOVE_SET_PERCENT,
    ABOVE_SET_UA,
    DEVIATION_PERCENT,
    DEVIATION_UA,
    HOLDS_LOOKED_AT,
    PULSES_IN_A_ROW,
    RESIDUAL_TRIP_UA,
    RESIDUAL_WARN_UA,
    SILENT_HOLDS,
)
from appliance.safety.interlocks.readings import Readings
from appliance.safety.interlocks.rule import Caution, CautionCode, Finding
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import microamps, text
from drivers.quantities import Microamps

_ALL_HOLDS = (1 << HOLDS_LOOKED_AT) - 1

ROUNDS = 8
WEAK = 3
"""Eight pulses hold each phase four times (order + − − +), and eight reads at least twice at any
rate; two weak ones may be chance. (D)"""
UNSEEN_HOLDS = 32
"""Eight rounds, so that chance does not hide a phase; 0.6 s of bursts at 50 a second. (D)"""
BALANCE_HOLDS = 16
EACH_PHASE = 4
"""Averages an ADC step (59 µA) down to 15 µA per phase; over duty ≤ 1/12 that is 1 µA. (D)"""


def measured_above_set(memory: None, held: HeldValue, _: Readings) -> tuple[None, Trip | None]:
    """Trip on one pulse far above what was set, or above the ceiling by more than sensing errs."""
    if not held.new:
        return memory, None
    measured_ua, reading = held.measured_ua, held.reading
    over_ua = measured_ua - reading.set_high_ua
    if over_ua > ABOVE_SET_UA and over_ua * 100 > reading.set_high_ua * ABOVE_SET_PERCENT:
        set_, measured = microamps(reading.set_high_ua), microamps(measured_ua)
        detail = text("trip.detail.above_set", set=set_, measured=measured)
        return memory, trip(TripCode.MEASURED_ABOVE_SET, detail, reading.channel)
    ceiling_ua = reading.ceiling_ua
    slack_ua = max(ABOVE_CEILING_UA, ceiling_ua * ABOVE_CEILING_PERCENT // 100)
    if measured_ua > ceiling_ua + slack_ua:
        ceiling, measured = microamps(ceiling_ua), microamps(measured_ua)
        detail = text("trip.detail.above_ceiling", ceiling=ceiling, measured=measured)
        return memory, trip(TripCode.MEASURED_ABOVE_SET, detail, reading.channel)
    return memory, None


class Deviations(NamedTuple):
    """The last holds as bits, the newest lowest; a bit is set where the hold deviated.

    `silent` counts holds in a row with neither current nor the rail.
    """

    bits: int = 0
    silent: int = 0


def set_against_measured(
    memory: Deviations, held: HeldValue, readings: Readings
) -> tuple[Deviations, Trip | None]:
    """Trip when three of the last six holds deviate from the set current by too much.

    Not three in a row: if one phase alone is wrong, every other hold is right. While the amplitude
    changes, "what was set" is a range, and a hold is off only by what it lies outside of it. A
    source at its rail is the load's doing, and lead and compliance have rules of their own. Under
    half of what was set without the rail is a phase that is missing, or five in a row a source that
    does not push.
    """
    reading = held.reading
    if not held.new or at_rail(held, readings.board):
        return memory, None
    if is_weak(held):
        memory = memory._replace(silent=memory.silent + 1)
        if memory.silent < SILENT_HOLDS:
            return memory, None
        return memory, _differs(held, reading.set_low_ua, memory.silent)
    bound_ua = off_bound_ua(held)
    memory = Deviations((memory.bits << 1 | (bound_ua is not None)) & _ALL_HOLDS)
    if bound_ua is None or memory.bits.bit_count() < PULSES_IN_A_ROW:
        return memory, None
    return memory, _differs(held, bound_ua, PULSES_IN_A_ROW)


def off_bound_ua(held: HeldValue) -> Microamps | None:
    """Return the end of the set range that a hold is too far outside of, None where it is not."""
    bound_ua = held.reading.set_high_ua
    deviation_ua = held.measured_ua - bound_ua
    if deviation_ua < 0:
        bound_ua = held.reading.set_low_ua
        deviation_ua = bound_ua - held.measured_ua
    off = deviation_ua > max(DEVIATION_UA, bound_ua * DEVIATION_PERCENT // 100)
    return bound_ua if off else None


def _differs(held: HeldValue, set_ua: int, pulses: int) -> Trip:
    set_, measured = microamps(set_ua), microamps(held.measured_ua)
    detail = text("trip.detail.differs", set=set_, measured=measured, pulses=pulses)
    return trip(TripCode.SET_AGAINST_MEASURED, detail, held.reading.channel)


def phase_missing(
    memory: tuple[int, ...], held: HeldValue, readings: Readings
) -> tuple[tuple[int, ...], Trip | None]:
    """Trip when, of eight holds, those with current all have one sign and three have none.

    `memory` is the signs of the last holds, 0 where less than half the set current flowed. A hold
    of an open lead is not counted; no current at all is a source that does not push, no change of
    sign a stale reading.
    """
    if not held.new or is_gone(held, readings.board):
        return memory, None
    if not held.judged:
        return (), None
    memory = (*memory[1 - ROUNDS :], 0 if is_weak(held) else held.sign)
    one_sided = (1 in memory) != (-1 in memory)
    if len(memory) < ROUNDS or not one_sided or memory.count(0) < WEAK:
        return memory, None
    missing = "trip.detail.no_negative_phase" if 1 in memory else "trip.detail.no_positive_phase"
    return memory, trip(TripCode.PHASE_MISSING, text(missing), held.reading.channel)


class OneSided(NamedTuple):
    """For how many holds in a row only one sign was seen."""

    sign: int = 0
    holds: int = 0


def phase_unseen(memory: OneSided, held: HeldValue, _: Readings) -> tuple[OneSided, Trip | None]:
    """Trip when 32 holds in a row show only one phase: the other may be missing.

    It catches a train whose every read falls on the same place of the order + − − +
    (bursts of a multiple of four pulses), to which the other rules are blind.
    """
    if not held.new:
        return memory, None
    if not held.judged or held.sign == 0:
        return OneSided(), None
    if held.sign != memory.sign:
        return OneSided(held.sign, 1), None
    memory = OneSided(memory.sign, memory.holds + 1)
    if memory.holds < UNSEEN_HOLDS:
        return memory, None
    unseen = "trip.detail.negative_unseen" if memory.sign > 0 else "trip.detail.positive_unseen"
    detail = text(unseen, holds=memory.holds)
    return memory, trip(TripCode.PHASE_MISSING, detail, held.reading.channel)


class Balance(NamedTuple):
    """Sums of held current, by sign, at one set amplitude."""

    set_ua: int = 0
    plus_ua: int = 0
    pluses: int = 0
    minus_ua: int = 0
    minuses: int = 0


def residual(
    memory: Balance, held: HeldValue, readings: Readings
) -> tuple[Balance, Finding | None]:
    """Trip at 50 µA of mean direct current, caution at 10 µA; judged every 16 holds.

    Mean d.c. = (mean of + holds − mean of − holds) × phase ÷ mean period. Pulses that a load kept
    from flowing say nothing of the bridge and stay out: an open lead, a source at its rail.
    """
    reading = held.reading
    if not held.new or is_weak(held) or at_rail(held, readings.board):
        return memory, None
    steady = reading.set_low_ua == reading.set_high_ua and reading.mean_period_us > 0
    if not held.judged or not steady or held.sign == 0:
        return Balance(), None
    if memory.set_ua != reading.set_low_ua:
        memory = Balance(reading.set_low_ua)
    memory = _add(memory, held)
    if memory.pluses + memory.minuses < BALANCE_HOLDS:
        return memory, None
    return Balance(reading.set_low_ua), _judge(memory, held)


def _add(memory: Balance, held: HeldValue) -> Balance:
    set_ua, plus_ua, pluses, minus_ua, minuses = memory
    if held.sign > 0:
        return Balance(set_ua, plus_ua + held.measured_ua, pluses + 1, minus_ua, minuses)
    return Balance(set_ua, plus_ua, pluses, minus_ua + held.measured_ua, minuses + 1)


def _judge(memory: Balance, held: HeldValue) -> Finding | None:
    if min(memory.pluses, memory.minuses) < EACH_PHASE:
        return None
    reading = held.reading
    # One division at the end, so that nothing is rounded away before it.
    difference = memory.plus_ua * memory.minuses - memory.minus_ua * memory.pluses
    per_us = memory.pluses * memory.minuses * reading.mean_period_us
    direct_ua = abs(difference) * reading.phase_us // per_us
    seen, allowed = microamps(direct_ua), microamps(RESIDUAL_TRIP_UA)
    if direct_ua >= RESIDUAL_TRIP_UA:
        detail = text("trip.detail.direct_current", seen=seen, allowed=allowed)
        return trip(TripCode.RESIDUAL_CHARGE, detail, reading.channel)
    if direct_ua >= RESIDUAL_WARN_UA:
        detail = text("caution.direct_current", seen=seen)
        return Caution(CautionCode.RESIDUAL_RISING, reading.channel, detail)
    return None
