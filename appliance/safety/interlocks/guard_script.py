"""The rule over the guard: the script inside the daemon that cuts if nothing else does."""

from typing import NamedTuple

from appliance.safety.interlocks.limits import GUARD_COUNT_US, GUARD_POLL_OVERDUE_US
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import microseconds, text
from drivers.interfaces import GuardStatus

SAW_NOTHING, SAW_ESTOP, SAW_SILENCE = 0, 1, 2


class GuardSeen(NamedTuple):
    """The guard's counter as last judged; a time of −1 means never."""

    alive: int = 0
    at_us: int = -1


def guard(memory: GuardSeen, readings: Readings) -> tuple[GuardSeen, Trip | None]:
    """Trip when the guard is absent, stopped, stuck, not heard from, or has tripped itself."""
    if not readings.guarded:
        return GuardSeen(), None
    status = readings.guard
    if status is None:
        return memory, trip(TripCode.GUARD_STILL, text("trip.detail.guard_no_answer"))
    age_us = readings.now_us - readings.guard_at_us
    if age_us > GUARD_POLL_OVERDUE_US:
        detail = text("trip.detail.guard_unheard", seen=microseconds(age_us))
        return memory, trip(TripCode.GUARD_STILL, detail)
    guard_trip = _tripped(status)
    if guard_trip is not None:
        return memory, guard_trip
    if memory.at_us < 0:
        return GuardSeen(status.alive, readings.guard_at_us), None
    between_us = readings.guard_at_us - memory.at_us
    if between_us < GUARD_COUNT_US:
        return memory, None
    if status.alive == memory.alive:
        detail = text("trip.detail.guard_counter_still", seen=status.alive)
        return memory, trip(TripCode.GUARD_STILL, detail)
    return GuardSeen(status.alive, readings.guard_at_us), None


def _tripped(status: GuardStatus) -> Trip | None:
    if status.tripped == SAW_ESTOP:
        return trip(TripCode.GUARD_SAW_ESTOP, text("trip.detail.guard_saw_estop"))
    if status.tripped == SAW_SILENCE:
        return trip(TripCode.GUARD_SAW_SILENCE, text("trip.detail.guard_saw_silence"))
    if status.tripped != SAW_NOTHING:
        detail = text("trip.detail.guard_latch", seen=status.tripped)
        return trip(TripCode.GUARD_SAW_SILENCE, detail)
    if not status.running:
        return trip(TripCode.GUARD_STILL, text("trip.detail.guard_not_running"))
    return None
