"""Rules over pads and leads: their load in ohms and the voltage across them.

None of them judges during the contact check, which has its own limits, nor below the amplitude at
which the ADC can tell a pad from nothing. On skin the second phase of a pulse starts from
the first one's charge and reads lower, so what is too large is judged by first phases. A pulse
that did not flow has no load.

Where a pad is held by hand to search a motor point, its contact opens again and again: one pulse
that shows it open sets the level of its channel to zero, and nothing trips.
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
    """What the last twelve holds showed of a lead.

    `open` and `gone` have a flag a hold, the latest last; `gone_us` is when it was first seen gone
    and not seen closed since, None while it is closed.
    """

    open: tuple[bool, ...] = ()
    gone: tuple[bool, ...] = ()
    gone_us: int | None = None


NEW_LEAD = LeadState()


def lead_off(
    memory: LeadState, held: HeldValue, readings: Readings
) -> tuple[LeadState, Trip | None]:
    """Trip on a lead seen open twice in twelve pulses, or not seen closed within 50 ms.

    Over 5 kΩ with current still flowing it takes three pulses in a row or five of twelve. The time
    runs on without pulses to judge: at a low rate the next one would come back in full.
    """
    if readings.checking or not readings.energising or held.reading.pad_is_held:
        return NEW_LEAD, None
    if held.new:
        memory = _looked(memory, held, readings)
    seen = memory.open
    if sum(memory.gone) >= LEAD_GONE and memory.gone[-1]:
        return memory, _load_trip(TripCode.LEAD_OFF, held, sum(memory.gone), len(seen))
    if memory.gone_us is not None and readings.now_us - memory.gone_us >= LEAD_GONE_US:
        after = microseconds(LEAD_GONE_US)
        detail = text("trip.detail.load_not_closed", **_load(held), seen=after)
        return memory, trip(TripCode.LEAD_OFF, detail, held.reading.channel)
    if not held.new:
        return memory, None
    if len(seen) >= PULSES_IN_A_ROW and all(seen[-PULSES_IN_A_ROW:]):
        return memory, _load_trip(TripCode.LEAD_OFF, held, PULSES_IN_A_ROW)
    if seen and seen[-1] and len(seen) == LEAD_WINDOW and sum(seen) >= LEAD_WINDOW_OPEN:
        return memory, _load_trip(TripCode.LEAD_OFF, held, sum(seen), LEAD_WINDOW)
    return memory, None


def _looked(memory: LeadState, held: HeldValue, readings: Readings) -> LeadState:
    """Add a new hold; one that is too small to judge shows nothing, and starts the row again."""
    if not held.judged:
        return LeadState(gone_us=memory.gone_us)
    gone, over = is_gone(held, readings.board), _is_over(held)
    since_us = memory.gone_us
    if gone:
        since_us = readings.now_us if since_us is None else since_us
    elif not over and not is_weak(held):
        since_us = None
    keep = 1 - LEAD_WINDOW
    return LeadState((*memory.open[keep:], gone or over), (*memory.gone[keep:], gone), since_us)


def _is_over(held: HeldValue) -> bool:
    """Return whether the load is over 5 kΩ; a voltage without current is not that of a load."""
    return not is_weak(held) and held.voltage_mv * 1_000 > held.measured_ua * OPEN_OHM


def compliance_reached(
    memory: tuple[bool, ...], held: HeldValue, readings: Readings
) -> tuple[tuple[bool, ...], Trip | None]:
    """Trip when three of twelve pulses are at the rail with half of their current or more.

    Not three in a row: on skin only the first phase of a pulse reaches the rail.
    """
    if not held.new:
        return memory, None
    if not held.judged or readings.checking or held.reading.pad_is_held:
        return (), None
    board = readings.board
    full = at_rail(held, board) and not is_gone(held, board) and not _is_over(held)
    memory = (*memory[1 - RAIL_WINDOW :], full)
    if not full or sum(memory) < RAIL_HOLDS:
        return memory, None
    return memory, _load_trip(TripCode.COMPLIANCE_REACHED, held, sum(memory))


def pad_lifted(memory: None, held: HeldValue, readings: Readings) -> tuple[None, Caution | None]:
    """Find the contact of a held pad open on one pulse, so that its level goes to zero."""
    if readings.checking or not readings.energising or not shows_lifted(held, readings):
        return memory, None
    detail = text("caution.pad_lifted")
    return memory, Caution(CautionCode.PAD_LIFTED, held.reading.channel, detail, zeroes=True)


def shows_lifted(held: HeldValue, readings: Readings) -> bool:
    """Return whether a new hold shows a held pad open: the source at its rail, or over 5 kΩ.

    At the rail any current counts, however small; the voltage alone tells.
    """
    reading = held.reading
    if not (held.new and reading.pad_is_held and reading.set_high_ua):
        return False
    return at_rail(held, readings.board) or (held.judged and _is_over(held))


def short(
    memory: tuple[bool, ...], held: HeldValue, readings: Readings
) -> tuple[tuple[bool, ...], Trip | None]:
    """Trip when three pulses in a row, or five of twelve, find less than 100 Ω with current."""
    if not held.new:
        return memory, None
    if held.reading.set_low_ua < CONTACT_FROM_UA or readings.checking:
        return (), None
    memory = (*memory[1 - LEAD_WINDOW :], _is_short(held))
    if not memory[-1]:
        return memory, None
    if len(memory) >= PULSES_IN_A_ROW and all(memory[-PULSES_IN_A_ROW:]):
        return memory, _load_trip(TripCode.SHORT, held, PULSES_IN_A_ROW)
    if len(memory) == LEAD_WINDOW and sum(memory) >= LEAD_WINDOW_OPEN:
        return memory, _load_trip(TripCode.SHORT, held, sum(memory), LEAD_WINDOW)
    return memory, None


def _is_short(held: HeldValue) -> bool:
    return held.voltage_mv * 1_000 < held.measured_ua * SHORT_OHM


def is_load(held: HeldValue) -> bool:
    """Return whether a hold shows neither an open lead nor a short, where it is enough to tell."""
    large = max(held.reading.set_low_ua, held.measured_ua) >= CONTACT_FROM_UA
    open_ = (large or held.judged) and _is_over(held)
    return not open_ and not (large and _is_short(held))


def contact_high(
    memory: tuple[int, ...], held: HeldValue, readings: Readings
) -> tuple[tuple[int, ...], Caution | None]:
    """Caution while the first phases meet more than 2500 Ω."""
    if not held.new:
        return memory, None
    if held.reading.set_low_ua < CONTACT_FROM_UA or readings.checking:
        return (), None
    if is_weak(held):
        return memory, None
    memory = (*memory[1 - FIRST_PHASE_HOLDS :], contact_ohm(held))
    if len(memory) < FIRST_PHASE_HOLDS or second_largest(memory) <= HIGH_OHM:
        return memory, None
    detail = text("caution.contact_high", seen=ohms(second_largest(memory)))
    return memory, Caution(CautionCode.CONTACT_HIGH, held.reading.channel, detail)


def contact_poor(
    memory: tuple[int, ...], held: HeldValue, readings: Readings
) -> tuple[tuple[int, ...], Caution | None]:
    """Caution, and derate, while a pad at therapy current looks dry or half lifted.

    The contact check cannot tell: at 2 mA a good pad reads like a bad one at 20. `memory` holds how
    far the last holds were from what their phase allows, in permille.
    """
    if not held.new:
        return memory, None
    reading = held.reading
    if reading.set_low_ua < THERAPY_FROM_UA or readings.checking:
        return (), None
    if is_weak(held):
        return memory, None
    allowed = poor_ohm(reading.phase_us)
    memory = (*memory[1 - FIRST_PHASE_HOLDS :], contact_ohm(held) * ALLOWED_PERMILLE // allowed)
    if len(memory) < FIRST_PHASE_HOLDS or second_largest(memory) <= ALLOWED_PERMILLE:
        return memory, None
    seen, current = ohms(second_largest(memory) * allowed // ALLOWED_PERMILLE), reading.set_high_ua
    detail = text(
        "caution.contact_poor", seen=seen, current=microamps(current), allowed=ohms(allowed)
    )
    return memory, Caution(CautionCode.CONTACT_POOR, reading.channel, detail, derates=True)


def poor_ohm(phase_us: int) -> int:
    """Return the load in ohms, at the end of such a phase, from which a pad is poor."""
    return max(POOR_LEAST_OHM, POOR_BASE_OHM + POOR_OHM_PER_100_US * phase_us // 100)


def _load_trip(code: TripCode, held: HeldValue, pulses: int, of: int | None = None) -> Trip:
    """Make a trip that says on how many pulses (of the last `of`) the load was wrong."""
    if of is None:
        detail = text("trip.detail.load_on", **_load(held), pulses=pulses)
    else:
        detail = text("trip.detail.load_on_some", **_load(held), pulses=pulses, of=of)
    return trip(code, detail, held.reading.channel)


def _load(held: HeldValue) -> dict[str, TextValue]:
    return {
        "set": microamps(held.reading.set_low_ua),
        "measured": microamps(held.measured_ua),
        "voltage": millivolts(held.voltage_mv),
    }
