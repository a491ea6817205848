"""Rules that compare the current that was held with the one that was set."""

from appliance.safety.interlock_limits import (
    ABOVE_CEILING_PERCENT,
    ABOVE_CEILING_UA,
    ABOVE_SET_PERCENT,
    ABOVE_SET_UA,
    DEVIATION_PERCENT,
    DEVIATION_UA,
    HOLDS_LOOKED_AT,
    LEAD_OFF_PERCENT,
    PULSES_IN_A_ROW,
)
from appliance.safety.interlocks.hold import Hold
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips import Trip, TripCode, trip

_ALL_HOLDS = (1 << HOLDS_LOOKED_AT) - 1


def measured_above_set(part: None, hold: Hold, _: Readings) -> tuple[None, Trip | None]:
    """Trip on one pulse far above what was set, or above the ceiling by more than sensing errs."""
    if not hold.new:
        return part, None
    measured_ua, reading = hold.measured_ua, hold.reading
    over_ua = measured_ua - reading.set_high_ua
    if over_ua > ABOVE_SET_UA and over_ua * 100 > reading.set_high_ua * ABOVE_SET_PERCENT:
        detail = f"set {reading.set_high_ua} µA, measured {measured_ua} µA"
        return part, trip(TripCode.MEASURED_ABOVE_SET, detail, reading.channel)
    ceiling_ua = reading.ceiling_ua
    slack_ua = max(ABOVE_CEILING_UA, ceiling_ua * ABOVE_CEILING_PERCENT // 100)
    if measured_ua > ceiling_ua + slack_ua:
        detail = f"ceiling {ceiling_ua} µA, measured {measured_ua} µA"
        return part, trip(TripCode.MEASURED_ABOVE_SET, detail, reading.channel)
    return part, None


def set_against_measured(part: int, hold: Hold, _: Readings) -> tuple[int, Trip | None]:
    """Trip when three of the last six holds lie outside what was set by more than the tolerance.

    Not three in a row: if one phase alone is wrong, every other hold is right. `part` has a bit
    for each hold, the newest lowest, set where it was off. While the amplitude changes, "what was
    set" is a range, and a hold is off only by what it lies outside of it. Holds under half of what
    was set are left to the cuts for a lead that is off and a phase that is missing.
    """
    reading = hold.reading
    weak = hold.judged and hold.measured_ua * 100 < reading.set_low_ua * LEAD_OFF_PERCENT
    if not hold.new or weak:
        return part, None
    bound_ua = reading.set_high_ua
    deviation_ua = hold.measured_ua - bound_ua
    if deviation_ua < 0:
        bound_ua = reading.set_low_ua
        deviation_ua = bound_ua - hold.measured_ua
    if deviation_ua <= max(DEVIATION_UA, bound_ua * DEVIATION_PERCENT // 100):
        return part << 1 & _ALL_HOLDS, None
    part = part << 1 & _ALL_HOLDS | 1
    if part.bit_count() < PULSES_IN_A_ROW:
        return part, None
    detail = f"set {bound_ua} µA, measured {hold.measured_ua} µA on {PULSES_IN_A_ROW} pulses"
    return part, trip(TripCode.SET_AGAINST_MEASURED, detail, reading.channel)
