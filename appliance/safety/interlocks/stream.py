"""Rules over the wave stream: it plays what was sent, on time, and nothing else."""

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
from appliance.texts.text import microseconds, parts_per_million, text

POSITIVE_GATES = 0x5555_5555
"""Every other bit of a mask of gates, as in `Segment.gates`."""


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
