"""Rules over digital lines: stop contacts, fault latch, supply."""

from typing import NamedTuple

from appliance.safety.interlocks.limits import (
    INPUTS_OVERDUE_US,
    RAIL_HIGH_PERCENT,
    RAIL_LOW_PERCENT,
    SAMPLE_OVERDUE_US,
    SUPPLY_FALL_US,
    SUPPLY_SETTLE_US,
)
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import microseconds, millivolts, text


def inputs_fresh(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when the inputs could not be read or are old: no stop would be seen."""
    if readings.inputs is None:
        return memory, trip(TripCode.INPUTS_STALE, text("trip.detail.inputs_not_read"))
    age_us = readings.now_us - readings.inputs_at_us
    if age_us > INPUTS_OVERDUE_US:
        allowed = microseconds(INPUTS_OVERDUE_US)
        detail = text("trip.detail.inputs_old", seen=microseconds(age_us), allowed=allowed)
        return memory, trip(TripCode.INPUTS_STALE, detail)
    return memory, None


def estop(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip while the e-stop loop is open, in any state."""
    inputs = readings.inputs
    if inputs is not None and not inputs.estop_closed:
        return memory, trip(TripCode.ESTOP, text("trip.detail.estop_open"))
    return memory, None


def hand_switch(memory: bool, readings: Readings) -> tuple[bool, Trip | None]:
    """Trip while the hand switch is open and the patient may feel something.

    With output and supply off nobody holds it, and it may be unplugged; but a trip it has raised
    (`memory`) stays until it is closed.
    """
    inputs = readings.inputs
    if inputs is None:
        return memory, None
    live = readings.energising or readings.supply_on
    if inputs.hand_switch_closed or not (memory or live):
        return False, None
    return True, trip(TripCode.HAND_SWITCH, text("trip.detail.hand_switch_open"))


def fault_latch(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip while the hardware latch is set though the e-stop is closed."""
    inputs = readings.inputs
    if readings.guarded and inputs is not None and inputs.estop_closed and not inputs.latch_clear:
        return memory, trip(TripCode.FAULT_LATCH, text("trip.detail.latch_set"))
    return memory, None


class SupplySeen(NamedTuple):
    """Since when SUPPLY_EN has been high, and whether SUPPLY_GOOD was seen since."""

    on_at_us: int = -1
    was_good: bool = False


def supply(memory: SupplySeen, readings: Readings) -> tuple[SupplySeen, Trip | None]:
    """Trip when the supply does not come up, fails, or its rail is not as in the board file."""
    inputs = readings.inputs
    if not readings.supply_on or not readings.guarded or inputs is None:
        return SupplySeen(), None
    if memory.on_at_us != readings.supply_at_us:
        memory = SupplySeen(readings.supply_at_us)
    if inputs.supply_good:
        memory = memory if memory.was_good else memory._replace(was_good=True)
    elif memory.was_good:
        return memory, trip(TripCode.SUPPLY_NOT_GOOD, text("trip.detail.supply_fell"))
    if readings.now_us - memory.on_at_us <= SUPPLY_SETTLE_US:
        return memory, None
    if not memory.was_good:
        allowed = microseconds(SUPPLY_SETTLE_US)
        detail = text("trip.detail.supply_did_not_come", allowed=allowed)
        return memory, trip(TripCode.HEARTBEAT_WITHOUT_SUPPLY, detail)
    return memory, _rail(readings)


def supply_stuck(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when SUPPLY_GOOD stays high though SUPPLY_EN was taken low: no cut could end output."""
    inputs = readings.inputs
    if readings.supply_on or not readings.guarded or inputs is None or not inputs.supply_good:
        return memory, None
    off_us = readings.now_us - readings.supply_at_us
    if off_us <= SUPPLY_FALL_US:
        return memory, None
    detail = text("trip.detail.supply_still_good", seen=microseconds(off_us))
    return memory, trip(TripCode.SUPPLY_STUCK_ON, detail)


def _rail(readings: Readings) -> Trip | None:
    rail = readings.rail
    # A sample from before the rail had settled says nothing about it.
    if rail is None or readings.now_us - rail.at_us > SAMPLE_OVERDUE_US:
        return trip(TripCode.SUPPLY_NOT_GOOD, text("trip.detail.rail_not_read"))
    if rail.at_us - readings.supply_at_us <= SUPPLY_SETTLE_US:
        return None
    nominal_mv = readings.board.compliance_mv
    percent = rail.value * 100
    if percent < nominal_mv * RAIL_LOW_PERCENT or percent > nominal_mv * RAIL_HIGH_PERCENT:
        seen, nominal = millivolts(rail.value), millivolts(nominal_mv)
        detail = text("trip.detail.rail", seen=seen, nominal=nominal)
        return trip(TripCode.SUPPLY_NOT_GOOD, detail)
    return None
