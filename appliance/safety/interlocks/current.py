"""Rules that compare the held current with the set current."""

from typing import NamedTuple

from appliance.safety.interlocks.limits import (
    ABOVE_CEILING_PERCENT,
    ABOVE_CEILING_UA,
    ABOVE_SET_PERCENT,
    ABOVE_SET_UA,
    DEVIATION_PERCENT,
    DEVIATION_UA,
    HOLDS_LOOKED_AT,
    PULSES_IN_A_ROW,
    SILENT_HOLDS,
)
from appliance.safety.interlocks.readings import Readings
from appliance.safety.interlocks.sample_and_hold import HeldValue, at_rail, is_weak
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import microamps, text

_ALL_HOLDS = (1 << HOLDS_LOOKED_AT) - 1


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
    bound_ua = reading.set_high_ua
    deviation_ua = held.measured_ua - bound_ua
    if deviation_ua < 0:
        bound_ua = reading.set_low_ua
        deviation_ua = bound_ua - held.measured_ua
    off = deviation_ua > max(DEVIATION_UA, bound_ua * DEVIATION_PERCENT // 100)
    memory = Deviations((memory.bits << 1 | off) & _ALL_HOLDS)
    if not off or memory.bits.bit_count() < PULSES_IN_A_ROW:
        return memory, None
    return memory, _differs(held, bound_ua, PULSES_IN_A_ROW)


def _differs(held: HeldValue, set_ua: int, pulses: int) -> Trip:
    set_, measured = microamps(set_ua), microamps(held.measured_ua)
    detail = text("trip.detail.differs", set=set_, measured=measured, pulses=pulses)
    return trip(TripCode.SET_AGAINST_MEASURED, detail, held.reading.channel)
