"""Rules over pads and leads by their size in ohms and the voltage they take.

None of them judges during the contact check, which has a verdict of its own, nor below the
amplitude at which the ADC tells a pad from nothing. On skin the second phase of a pulse starts from
the first one's charge and reads lower, so what is too large is judged by first phases. A pulse
that did not flow has no load.
"""

from typing import NamedTuple

from appliance.safety.interlocks.held_value import (
    HeldValue,
    at_rail,
    contact_ohm,
    is_gone,
    is_weak,
    second_largest,
)
from appliance.safety.interlocks.limits import (
    CONTACT_FROM_UA,
    FIRST_PHASE_HOLDS,
    HIGH_OHM,
    LEAD_GONE,
    LEAD_GONE_US,
    LEAD_WINDOW,
    LEAD_WINDOW_OPEN,
    OPEN_OHM,
    POOR_BASE_OHM,
    POOR_LEAST_OHM,
    POOR_OHM_PER_100_US,
    PULSES_IN_A_ROW,
    RAIL_HOLDS,
    RAIL_WINDOW,
    SHORT_OHM,
    THERAPY_FROM_UA,
)
from appliance.safety.interlocks.readings import Readings
from appliance.safety.interlocks.rule import Caution, CautionCode
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import TextValue, microamps, microseconds, millivolts, ohms, text

ALLOWED_PERMILLE = 1_000


class LeadState(NamedTuple):
    """What the last twelve holds said of a lead.

    `open` and `gone` have a flag a hold, the latest last; `gone_us` is when it was first seen gone
    and not seen closed since, None while it is closed.
    """

    open: tuple[bool, ...] = ()
    gone: tuple[bool, ...] = ()
    gone_us: int | None = None


NEW_LEAD = LeadState()


def lead_off(part: LeadState, hold: HeldValue, readings: Readings) -> tuple[LeadState, Trip | None]:
    """Trip on a lead seen open twice in twelve pulses, or not seen closed within 50 ms.

    Over 5 kΩ with current still flowing it takes three pulses in a row or five of twelve. The time
    runs on without pulses to judge: at a low rate the next one would come back in full.
    """
    if readings.checking or not readings.energising:
        return NEW_LEAD, None
    if hold.new:
        part = _looked(part, hold, readings)
    seen = part.open
    if sum(part.gone) >= LEAD_GONE and part.gone[-1]:
        return part, _load_trip(TripCode.LEAD_OFF, hold, sum(part.gone), len(seen))
    if part.gone_us is not None and readings.now_us - part.gone_us >= LEAD_GONE_US:
        after = microseconds(LEAD_GONE_US)
        detail = text("trip.detail.load_not_closed", **_load(hold), seen=after)
        return part, trip(TripCode.LEAD_OFF, detail, hold.reading.channel)
    if not hold.new:
        return part, None
    if len(seen) >= PULSES_IN_A_ROW and all(seen[-PULSES_IN_A_ROW:]):
        return part, _load_trip(TripCode.LEAD_OFF, hold, PULSES_IN_A_ROW)
    if seen and seen[-1] and len(seen) == LEAD_WINDOW and sum(seen) >= LEAD_WINDOW_OPEN:
        return part, _load_trip(TripCode.LEAD_OFF, hold, sum(seen), LEAD_WINDOW)
    return part, None


def _looked(part: LeadState, hold: HeldValue, readings: Readings) -> LeadState:
    """Take a new hold; one too small to be judged tells nothing, and ends the row."""
    if not hold.judged:
        return LeadState(gone_us=part.gone_us)
    gone, over = is_gone(hold, readings.board), _is_over(hold)
    since_us = part.gone_us
    if gone:
        since_us = readings.now_us if since_us is None else since_us
    elif not over and not is_weak(hold):
        since_us = None
    keep = 1 - LEAD_WINDOW
    return LeadState((*part.open[keep:], gone or over), (*part.gone[keep:], gone), since_us)


def _is_over(hold: HeldValue) -> bool:
    """Say whether the load is over 5 kΩ; what stands where nothing flows is no load's voltage."""
    return not is_weak(hold) and hold.voltage_mv * 1_000 > hold.measured_ua * OPEN_OHM


def compliance_reached(
    part: tuple[bool, ...], hold: HeldValue, readings: Readings
) -> tuple[tuple[bool, ...], Trip | None]:
    """Trip when three of twelve pulses stand at the rail with half of their current or more.

    Not three in a row: skin stands there in the first phase of a pulse alone.
    """
    if not hold.new:
        return part, None
    if not hold.judged or readings.checking:
        return (), None
    board = readings.board
    full = at_rail(hold, board) and not is_gone(hold, board) and not _is_over(hold)
    part = (*part[1 - RAIL_WINDOW :], full)
    if not full or sum(part) < RAIL_HOLDS:
        return part, None
    return part, _load_trip(TripCode.COMPLIANCE_REACHED, hold, sum(part))


def short(
    part: tuple[bool, ...], hold: HeldValue, readings: Readings
) -> tuple[tuple[bool, ...], Trip | None]:
    """Trip when three pulses in a row, or five of twelve, find less than 100 Ω with current."""
    if not hold.new:
        return part, None
    if hold.reading.set_low_ua < CONTACT_FROM_UA or readings.checking:
        return (), None
    part = (*part[1 - LEAD_WINDOW :], _is_short(hold))
    if not part[-1]:
        return part, None
    if len(part) >= PULSES_IN_A_ROW and all(part[-PULSES_IN_A_ROW:]):
        return part, _load_trip(TripCode.SHORT, hold, PULSES_IN_A_ROW)
    if len(part) == LEAD_WINDOW and sum(part) >= LEAD_WINDOW_OPEN:
        return part, _load_trip(TripCode.SHORT, hold, sum(part), LEAD_WINDOW)
    return part, None


def _is_short(hold: HeldValue) -> bool:
    return hold.voltage_mv * 1_000 < hold.measured_ua * SHORT_OHM


def contact_high(
    part: tuple[int, ...], hold: HeldValue, readings: Readings
) -> tuple[tuple[int, ...], Caution | None]:
    """Caution while the first phases meet more than 2500 Ω."""
    if not hold.new:
        return part, None
    if hold.reading.set_low_ua < CONTACT_FROM_UA or readings.checking:
        return (), None
    if is_weak(hold):
        return part, None
    part = (*part[1 - FIRST_PHASE_HOLDS :], contact_ohm(hold))
    if len(part) < FIRST_PHASE_HOLDS or second_largest(part) <= HIGH_OHM:
        return part, None
    detail = text("caution.contact_high", seen=ohms(second_largest(part)))
    return part, Caution(CautionCode.CONTACT_HIGH, hold.reading.channel, detail)


def contact_poor(
    part: tuple[int, ...], hold: HeldValue, readings: Readings
) -> tuple[tuple[int, ...], Caution | None]:
    """Caution, and ask to fade, while a pad at therapy current looks dry or half lifted.

    The contact check cannot tell: at 2 mA a good pad reads like a bad one at 20. `part` holds how
    far the last holds were from what their phase allows, in permille.
    """
    if not hold.new:
        return part, None
    reading = hold.reading
    if reading.set_low_ua < THERAPY_FROM_UA or readings.checking:
        return (), None
    if is_weak(hold):
        return part, None
    allowed = poor_ohm(reading.phase_us)
    part = (*part[1 - FIRST_PHASE_HOLDS :], contact_ohm(hold) * ALLOWED_PERMILLE // allowed)
    if len(part) < FIRST_PHASE_HOLDS or second_largest(part) <= ALLOWED_PERMILLE:
        return part, None
    seen, current = ohms(second_largest(part) * allowed // ALLOWED_PERMILLE), reading.set_high_ua
    detail = text(
        "caution.contact_poor", seen=seen, current=microamps(current), allowed=ohms(allowed)
    )
    return part, Caution(CautionCode.CONTACT_POOR, reading.channel, detail, fade=True)


def poor_ohm(phase_us: int) -> int:
    """Return from which load on, at the end of such a phase, a pad is dry or half lifted."""
    return max(POOR_LEAST_OHM, POOR_BASE_OHM + POOR_OHM_PER_100_US * phase_us // 100)


def _load_trip(code: TripCode, hold: HeldValue, pulses: int, of: int | None = None) -> Trip:
    """Make a trip that says on how many pulses (of the last `of`) the load was wrong."""
    if of is None:
        detail = text("trip.detail.load_on", **_load(hold), pulses=pulses)
    else:
        detail = text("trip.detail.load_on_some", **_load(hold), pulses=pulses, of=of)
    return trip(code, detail, hold.reading.channel)


def _load(hold: HeldValue) -> dict[str, TextValue]:
    return {
        "set": microamps(hold.reading.set_low_ua),
        "measured": microamps(hold.measured_ua),
        "voltage": millivolts(hold.voltage_mv),
    }
