"""Rules over the plain lines: stop contacts, fault latch, supply."""

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


def inputs_fresh(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when the inputs could not be read or are old: no stop would be seen."""
    if readings.inputs is None:
        return part, trip(TripCode.INPUTS_STALE, "no reading")
    age_us = readings.now_us - readings.inputs_at_us
    if age_us > INPUTS_OVERDUE_US:
        return part, trip(TripCode.INPUTS_STALE, f"{age_us} µs old, allowed {INPUTS_OVERDUE_US}")
    return part, None


def estop(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip while the e-stop loop is open, in any state."""
    inputs = readings.inputs
    if inputs is not None and not inputs.estop_closed:
        return part, trip(TripCode.ESTOP, "loop open")
    return part, None


def hand_switch(part: bool, readings: Readings) -> tuple[bool, Trip | None]:
    """Trip while the hand switch is open and the patient may feel something.

    With output and supply off nobody holds it, and it may be unplugged; but a trip it has raised
    (`part`) stays until it is closed.
    """
    inputs = readings.inputs
    if inputs is None:
        return part, None
    live = readings.energising or readings.supply_on
    if inputs.hand_switch_closed or not (part or live):
        return False, None
    return True, trip(TripCode.HAND_SWITCH, "open")


def fault_latch(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip while the hardware latch is set though the e-stop is closed."""
    inputs = readings.inputs
    if readings.guarded and inputs is not None and inputs.estop_closed and not inputs.latch_clear:
        return part, trip(TripCode.FAULT_LATCH, "set with the e-stop closed")
    return part, None


class SupplySeen(NamedTuple):
    """Since when SUPPLY_EN has been high, and whether SUPPLY_GOOD was seen since."""

    on_at_us: int = -1
    was_good: bool = False


def supply(part: SupplySeen, readings: Readings) -> tuple[SupplySeen, Trip | None]:
    """Trip when the supply does not come, goes away, or its rail is not what the board says."""
    inputs = readings.inputs
    if not readings.supply_on or not readings.guarded or inputs is None:
        return SupplySeen(), None
    if part.on_at_us != readings.supply_at_us:
        part = SupplySeen(readings.supply_at_us)
    if inputs.supply_good:
        part = part if part.was_good else part._replace(was_good=True)
    elif part.was_good:
        return part, trip(TripCode.SUPPLY_NOT_GOOD, "SUPPLY_GOOD fell")
    if readings.now_us - part.on_at_us <= SUPPLY_SETTLE_US:
        return part, None
    if not part.was_good:
        detail = f"not good {SUPPLY_SETTLE_US // 1_000} ms after SUPPLY_EN"
        return part, trip(TripCode.HEARTBEAT_WITHOUT_SUPPLY, detail)
    return part, _rail(readings)


def supply_stuck(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when SUPPLY_GOOD stays high though SUPPLY_EN was taken low: no cut could end output."""
    inputs = readings.inputs
    if readings.supply_on or not readings.guarded or inputs is None or not inputs.supply_good:
        return part, None
    off_us = readings.now_us - readings.supply_at_us
    if off_us <= SUPPLY_FALL_US:
        return part, None
    return part, trip(TripCode.SUPPLY_STUCK_ON, f"SUPPLY_GOOD {off_us // 1_000} ms after SUPPLY_EN")


def _rail(readings: Readings) -> Trip | None:
    rail = readings.rail
    # A sample from before the rail had settled says nothing about it.
    if rail is None or readings.now_us - rail.at_us > SAMPLE_OVERDUE_US:
        return trip(TripCode.SUPPLY_NOT_GOOD, "rail not read")
    if rail.at_us - readings.supply_at_us <= SUPPLY_SETTLE_US:
        return None
    nominal_mv = readings.board.compliance_mv
    percent = rail.value * 100
    if percent < nominal_mv * RAIL_LOW_PERCENT or percent > nominal_mv * RAIL_HIGH_PERCENT:
        return trip(TripCode.SUPPLY_NOT_GOOD, f"rail {rail.value} mV, nominal {nominal_mv} mV")
    return None
