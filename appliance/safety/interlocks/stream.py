"""Rules over the wave stream: does it play what was sent, when it should, and nothing else?"""

from appliance.safety.interlocks.limits import (
    DRIFT_PPM,
    DRIFT_UNKNOWN_MARKERS,
    FIRST_MARKER_US,
    LATE_SLICE_US,
    MARKER_GAP_US,
)
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip

POSITIVE_GATES = 0x5555_5555
"""Every other bit of a mask of gates, as in `Segment.gates`."""


def looping_wave(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip on more markers than slices, or a slice that plays 20 ms past its length.

    Judged whether or not the engine wants a stream: a wave that plays on is the hazard.
    """
    stream = readings.stream
    if stream.markers > stream.sent:
        detail = f"{stream.markers} markers of {stream.sent} slices"
        return part, trip(TripCode.LOOPING_WAVE, detail)
    if stream.idle or stream.slice_ends_us is None:
        return part, None
    over_us = readings.now_us - stream.slice_ends_us
    if over_us > LATE_SLICE_US:
        return part, trip(TripCode.LOOPING_WAVE, f"slice {over_us} µs past its end")
    return part, None


def marker_gap(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when a slice did not follow the one before, or the first one never began."""
    stream = readings.stream
    if not stream.playing:
        return part, None
    waited_us = readings.now_us - stream.begun_us
    if stream.sent and not stream.markers and waited_us > FIRST_MARKER_US:
        return part, trip(TripCode.MARKER_GAP, f"no marker after {waited_us} µs")
    off_us = abs(stream.interval_us - stream.planned_us)
    if off_us > MARKER_GAP_US:
        detail = f"markers {stream.interval_us} µs apart, planned {stream.planned_us}"
        return part, trip(TripCode.MARKER_GAP, detail)
    return part, None


def wave_clock(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when the wave clock is off by more than 1 %, or its error stays unknown."""
    stream = readings.stream
    if not stream.playing:
        return part, None
    if stream.drift_ppm is None:
        unknown = stream.markers >= DRIFT_UNKNOWN_MARKERS
        detail = f"unknown after {stream.markers} markers"
        return part, trip(TripCode.WAVE_CLOCK, detail) if unknown else None
    if abs(stream.drift_ppm) > DRIFT_PPM:
        detail = f"{stream.drift_ppm} ppm off, allowed {DRIFT_PPM}"
        return part, trip(TripCode.WAVE_CLOCK, detail)
    return part, None


def underrun(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when nothing plays though slices were sent and more are wanted."""
    stream = readings.stream
    if stream.playing and stream.sent and stream.idle:
        return part, trip(TripCode.UNDERRUN, f"idle after {stream.markers} of {stream.sent} slices")
    return part, None


def gates_off(part: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when a gate is on where none may be; with both of a channel, say so."""
    high = readings.gate_levels
    if high & POSITIVE_GATES & high >> 1:
        return part, trip(TripCode.BOTH_GATES, f"gates {high:#x}")
    if high:
        return part, trip(TripCode.GATE_STUCK, f"gates {high:#x}")
    return part, None
