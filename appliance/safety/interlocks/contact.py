"""Rules over pads and leads by their size in ohms and the voltage they take.

None of them judges during the contact check, which has a verdict of its own, nor below the
amplitude at which the ADC tells a pad from nothing.
"""

from appliance.safety.interlock_limits import (
    CONTACT_FROM_UA,
    DEVIATION_PERCENT,
    HIGH_OHM,
    LEAD_OFF_PERCENT,
    LEAD_WINDOW,
    LEAD_WINDOW_OPEN,
    OPEN_OHM,
    PULSES_IN_A_ROW,
    RAIL_PERCENT,
    SHORT_OHM,
)
from appliance.safety.interlocks.findings import Caution, CautionCode
from appliance.safety.interlocks.hold import Hold
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips import Trip, TripCode, trip


def _at_rail(hold: Hold, readings: Readings) -> bool:
    return hold.voltage_mv * 100 >= readings.board.compliance_mv * RAIL_PERCENT


def _falls_short(hold: Hold) -> bool:
    """Tell whether less than the tolerated share of the current gets through."""
    return hold.measured_ua * 100 < hold.reading.set_low_ua * (100 - DEVIATION_PERCENT)


def _is_open(hold: Hold, readings: Readings) -> bool:
    if hold.measured_ua * 100 < hold.reading.set_low_ua * LEAD_OFF_PERCENT:
        return True
    if hold.voltage_mv * 1_000 > hold.measured_ua * OPEN_OHM:
        return True
    return _at_rail(hold, readings) and _falls_short(hold)


def _is_short(hold: Hold) -> bool:
    return hold.voltage_mv * 1_000 < hold.measured_ua * SHORT_OHM


def lead_off(
    part: tuple[bool, ...], hold: Hold, readings: Readings
) -> tuple[tuple[bool, ...], Trip | None]:
    """Trip when three pulses in a row find no path: little current, > 5 kΩ, or at the rail.

    Five of the last twelve do as well: a lead that chatters. `part` says of each of the last
    twelve whether it was open.
    """
    if not hold.new:
        return part, None
    if not hold.judged or readings.checking:
        return (), None
    part = (*part[1 - LEAD_WINDOW :], _is_open(hold, readings))
    if len(part) >= PULSES_IN_A_ROW and all(part[-PULSES_IN_A_ROW:]):
        return part, _open_trip(hold, f"on {PULSES_IN_A_ROW} pulses")
    if part[-1] and len(part) == LEAD_WINDOW and sum(part) >= LEAD_WINDOW_OPEN:
        return part, _open_trip(hold, f"on {sum(part)} of {LEAD_WINDOW} pulses")
    return part, None


def compliance_reached(part: int, hold: Hold, readings: Readings) -> tuple[int, Trip | None]:
    """Trip when three pulses in a row stand at the rail though nearly all current flows."""
    if not hold.new:
        return part, None
    full = hold.judged and _at_rail(hold, readings) and not _is_open(hold, readings)
    if not full or readings.checking:
        return 0, None
    return _count(part, TripCode.COMPLIANCE_REACHED, hold)


def short(part: int, hold: Hold, readings: Readings) -> tuple[int, Trip | None]:
    """Trip when three pulses in a row find less than 100 Ω while current flows."""
    if not hold.new:
        return part, None
    large = hold.reading.set_low_ua >= CONTACT_FROM_UA
    if not large or readings.checking or not _is_short(hold):
        return 0, None
    return _count(part, TripCode.SHORT, hold)


def contact_high(part: int, hold: Hold, readings: Readings) -> tuple[int, Caution | None]:
    """Caution while the contact is worse than 2500 Ω on three pulses in a row."""
    if not hold.new:
        return part, None
    large = hold.reading.set_low_ua >= CONTACT_FROM_UA
    if not large or readings.checking or hold.voltage_mv * 1_000 <= hold.measured_ua * HIGH_OHM:
        return 0, None
    if part + 1 < PULSES_IN_A_ROW:
        return part + 1, None
    detail = f"{hold.voltage_mv} mV at {hold.measured_ua} µA"
    return part, Caution(CautionCode.CONTACT_HIGH, hold.reading.channel, detail)


def _count(part: int, code: TripCode, hold: Hold) -> tuple[int, Trip | None]:
    if part + 1 < PULSES_IN_A_ROW:
        return part + 1, None
    return part + 1, trip(code, _detail(hold, f"on {PULSES_IN_A_ROW} pulses"), hold.reading.channel)


def _open_trip(hold: Hold, where: str) -> Trip:
    return trip(TripCode.LEAD_OFF, _detail(hold, where), hold.reading.channel)


def _detail(hold: Hold, where: str) -> str:
    set_ua, measured_ua = hold.reading.set_low_ua, hold.measured_ua
    return f"set {set_ua} µA, measured {measured_ua} µA at {hold.voltage_mv} mV {where}"
