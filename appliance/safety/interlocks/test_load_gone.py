"""The rule over a test load: a run that was allowed for a load ends on anything else.

Somebody may put the leads on skin after the contact check, in a pause as well. A resistor shows one
size in both phases and at any current; skin does not.
"""

from typing import NamedTuple

from appliance.safety.interlocks.held_value import (
    HeldValue,
    contact_ohm,
    is_weak,
    second_largest,
)
from appliance.safety.interlocks.limits import (
    ALIKE_PERCENT,
    LOAD_ALIKE_FROM_UA,
    LOAD_FROM_UA,
    LOAD_HOLDS,
    LOAD_OFF_PERCENT,
    LOAD_WINDOW,
)
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import ohms, text


class LoadHolds(NamedTuple):
    """The ohms of the last holds, and of those large enough to compare with each other."""

    ohms: tuple[int, ...] = ()
    large: tuple[int, ...] = ()


def test_load(
    memory: LoadHolds, held: HeldValue, readings: Readings
) -> tuple[LoadHolds, Trip | None]:
    """Trip when three of twelve holds are 25 % off the load, or its phases differ by over 20 %."""
    load_ohm = held.reading.load_ohm
    if load_ohm is None:
        return LoadHolds(), None
    if not held.new or readings.checking or held.reading.set_low_ua < LOAD_FROM_UA or is_weak(held):
        return memory, None
    ohm = contact_ohm(held)
    large = memory.large
    if held.reading.set_low_ua >= LOAD_ALIKE_FROM_UA:
        large = (*large[1 - LOAD_WINDOW :], ohm)
    memory = LoadHolds((*memory.ohms[1 - LOAD_WINDOW :], ohm), large)
    off = sum(is_off_load(seen_ohm, load_ohm) for seen_ohm in memory.ohms)
    if off < LOAD_HOLDS and not _differs(large):
        return memory, None
    detail = text("trip.detail.other_load", seen=ohms(ohm), allowed=ohms(load_ohm))
    return memory, trip(TripCode.TEST_LOAD_GONE, detail, held.reading.channel)


def is_off_load(ohm: float, load_ohm: int) -> bool:
    """Return whether one reading is too far off the load to be that of it."""
    return abs(ohm - load_ohm) * 100 > load_ohm * LOAD_OFF_PERCENT


def _differs(ohms: tuple[int, ...]) -> bool:
    """Return whether larger and smaller holds differ too much for a resistor, outliers aside."""
    if len(ohms) < LOAD_WINDOW:
        return False
    large, small = second_largest(ohms), sorted(ohms)[1]
    return (large - small) * 100 > large * ALIKE_PERCENT
