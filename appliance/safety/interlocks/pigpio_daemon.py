"""Rules over the daemon: it plays the waves that were sent, on time; its guard script runs.

The guard is the script inside the daemon that cuts if nothing else does.
"""

from typing import NamedTuple

from appliance.safety.interlocks.limits import (
    DRIFT_PPM,
    DRIFT_UNKNOWN_MARKERS,
    FIRST_MARKER_US,
    GUARD_COUNT_US,
    GUARD_POLL_OVERDUE_US,
    LATE_SLICE_US,
    MARKER_GAP_US,
)
from appliance.safety.interlocks.readings import Readings, StreamReading
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import microseconds, parts_per_million, text
from drivers.interfaces import GuardStatus
from drivers.quantities import PPM

POSITIVE_GATES = 0x5555_5555
"""Every other bit of a mask of gates, as in `Segment.gates`."""

SAW_NOTHING, SAW_ESTOP, SAW_SILENCE = 0, 1, 2


def looping_wave(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip on more markers than slices, or a slice that plays 20 ms past its length.

    Judged whether or not the engine wants a stream: a wave that plays on is the hazard.
    """
    stream = readings.stream
    if stream.markers > stream.sent:
        detail = text("trip.detail.more_markers", markers=stream.markers, slices=stream.sent)
        return memory, trip(TripCode.LOOPING_WAVE, detail)
    if stream.idle or stream.slice_ends_us is None:
        return memory, None
    over_us = readings.now_us - stream.slice_ends_us
    if over_us > LATE_SLICE_US:
        detail = text("trip.detail.slice_past_end", seen=microseconds(over_us))
        return memory, trip(TripCode.LOOPING_WAVE, detail)
    return memory, None


def marker_gap(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when a slice did not follow the one before, or the first one never began."""
    stream = readings.stream
    if not stream.playing:
        return memory, None
    waited_us = readings.now_us - stream.begun_us
    if stream.sent and not stream.markers and waited_us > FIRST_MARKER_US:
        detail = text("trip.detail.no_marker", seen=microseconds(waited_us))
        return memory, trip(TripCode.MARKER_GAP, detail)
    off_us = abs(stream.interval_us - stream.planned_us)
    if off_us > MARKER_GAP_US:
        seen, planned = microseconds(stream.interval_us), microseconds(stream.planned_us)
        detail = text("trip.detail.marker_interval", seen=seen, planned=planned)
        return memory, trip(TripCode.MARKER_GAP, detail)
    return memory, None


def took_its_time(stream: StreamReading) -> bool:
    """Return whether the slice between the last two markers was as long as planned, within 1 %."""
    off_us = abs(stream.interval_us - stream.planned_us)
    return stream.planned_us > 0 and off_us * PPM <= stream.planned_us * DRIFT_PPM


def wave_clock(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when the wave clock is off by more than 1 %, or its error stays unknown."""
    stream = readings.stream
    if not stream.playing:
        return memory, None
    if stream.drift_ppm is None:
        if stream.markers < DRIFT_UNKNOWN_MARKERS:
            return memory, None
        detail = text("trip.detail.clock_unknown", markers=stream.markers)
        return memory, trip(TripCode.WAVE_CLOCK, detail)
    if abs(stream.drift_ppm) > DRIFT_PPM:
        seen, allowed = parts_per_million(stream.drift_ppm), parts_per_million(DRIFT_PPM)
        detail = text("trip.detail.clock_off", seen=seen, allowed=allowed)
        return memory, trip(TripCode.WAVE_CLOCK, detail)
    return memory, None


def underrun(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when nothing plays although slices were sent and the engine wants a stream."""
    stream = readings.stream
    if stream.playing and stream.sent and stream.idle:
        detail = text("trip.detail.stream_idle", markers=stream.markers, slices=stream.sent)
        return memory, trip(TripCode.UNDERRUN, detail)
    return memory, None


def gates_off(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when a gate is on where none may be, with a code of its own for both of a channel."""
    high = readings.gate_levels
    if not high:
        return memory, None
    both = high & POSITIVE_GATES & high >> 1
    code = TripCode.BOTH_GATES if both else TripCode.GATE_STUCK
    return memory, trip(code, text("trip.detail.gates_on", mask=f"{high:#x}"))


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
