"""Estimate when the cause of a stop began, and keep how that is known.

A stop is timed from its cause, and a cause is older than the tick that notices it. Where the
moment itself was not seen, the last moment at which all was good is used: the time to zero is then
too long, never too short.
"""

from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from appliance.control.output.held_pulses import PulseTracker
from appliance.control.output.rig_observation import Observation
from appliance.safety.interlocks.limits import (
    CONTACT_FROM_UA,
    DEVIATION_PERCENT,
    DEVIATION_UA,
    DRIFT_PPM,
    JUDGED_FROM_UA,
    LEAD_OFF_PERCENT,
    OPEN_OHM,
    OVERRUN_US,
    RAIL_PERCENT,
    READBACK_CODES,
    SHORT_OHM,
)
from appliance.safety.interlocks.readings import ChannelReading, Readback, Readings, StreamReading
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip
from drivers.interfaces import HeldReading, InputEdge, Inputs

PERCENT = 100
PPM = 1_000_000
BOTH = 2
EDGES_KEPT = 64

LINES: dict[TripCode, tuple[str, ...]] = {
    TripCode.ESTOP: ("estop_closed",),
    TripCode.HAND_SWITCH: ("hand_switch_closed",),
    TripCode.FAULT_LATCH: ("latch_clear", "estop_closed"),
    TripCode.GUARD_SAW_ESTOP: ("estop_closed", "latch_clear"),
    TripCode.SUPPLY_NOT_GOOD: ("supply_good",),
}
"""The lines whose fall is the cause; the first one's reading stands in for an edge."""
SILENCES = frozenset(
    {
        TripCode.FAULT_LATCH,
        TripCode.GUARD_SAW_SILENCE,
        TripCode.LOOP_OVERRUN,
        TripCode.LOOPING_WAVE,
        TripCode.MARKER_GAP,
        TripCode.UNDERRUN,
        TripCode.READINGS_STALE,
    }
)
"""After a tick that was far too late these come from our own silence, and are timed from it."""
HOLDS = frozenset(
    {
        TripCode.MEASURED_ABOVE_SET,
        TripCode.SET_AGAINST_MEASURED,
        TripCode.LEAD_OFF,
        TripCode.SHORT,
        TripCode.COMPLIANCE_REACHED,
        TripCode.READINGS_STALE,
        TripCode.PHASE_MISSING,
        TripCode.ADC_IMPLAUSIBLE,
    }
)
"""Judged by held readings, some of them on the third pulse that shows it."""
ONE_SIDED = HOLDS - {TripCode.LEAD_OFF, TripCode.SHORT, TripCode.COMPLIANCE_REACHED}
"""One leg of a bridge may be at fault: holds of the other phase show nothing of it."""
MARKERS = frozenset(
    {
        TripCode.LOOPING_WAVE,
        TripCode.MARKER_GAP,
        TripCode.WAVE_CLOCK,
        TripCode.UNDERRUN,
    }
)
LIMITER_US = 600
"""The phase limiter sets the latch so long after a gate has stuck (docs/design.md section 4)."""


class OnsetEvidence(StrEnum):
    """How the moment of a cause is known."""

    EDGE = "edge"
    """The daemon reported the edge of the line."""
    COMMAND = "command"
    """A person's command arrived at the link."""
    SILENCE = "silence"
    """The last sign of life of what has fallen silent."""
    HOLD = "hold"
    """The end of the last pulse whose held reading was still well."""
    MARKER = "marker"
    """The beginning of the last slice that played at its planned length."""
    READING = "reading"
    """The last reading that was still well."""
    JUDGED = "judged"
    """The tick that judged it: the cause may be older, nobody knows by how much."""
    PLAN = "plan"
    """The last slice of the plan began to play."""


class Onset(NamedTuple):
    """When a cause was, at the earliest."""

    at_us: int
    known_by: OnsetEvidence


class OnsetTracker:
    """Looks at every tick before it is judged; used only by the control thread."""

    def __init__(self, channels: tuple[int, ...]) -> None:
        self.refreshed_us = 0
        """When the guard was last asked to believe in us, and the daemon last known to live."""
        self.refreshed_by_us = 0
        """When that had been answered."""
        self._now_us = 0
        self._screen_us: int | None = None
        self._spi_us: int | None = None
        self._good_us: dict[str, int] = {}
        self._edges: deque[InputEdge] = deque(maxlen=EDGES_KEPT)
        self._holds = {channel: _Holds() for channel in channels}
        self._readback_us: dict[int, int] = {}
        self._stream = self._markers = self._marker_us = 0
        self._steady_us = 0
        """When the slice began behind which the next marker came in time."""

    def look(
        self, seen: Observation, readings: Readings, trackers: Mapping[int, PulseTracker]
    ) -> None:
        """Take in a tick's readings, before they are judged."""
        self._now_us, self._screen_us = seen.at_us, readings.screen_at_us
        if seen.stream is not None:
            self._edges.extend(seen.stream.edges)
        if seen.inputs is not None:
            for name, well in zip(Inputs._fields, seen.inputs, strict=True):
                if well:
                    self._good_us[name] = seen.at_us
        if None not in seen.held:
            self._spi_us = seen.at_us
        self._look_at_markers(seen, readings.stream)
        for reading in readings.channels:
            tracker, read = trackers.get(reading.channel), reading.readback
            if tracker is not None:
                compliance_mv = readings.board.compliance_mv
                self._holds[reading.channel].look(reading, compliance_mv, tracker)
            if read is not None and _is_as_written(read):
                self._readback_us[reading.channel] = seen.held_at_us

    def refreshed(self, asked_us: int, answered_us: int) -> None:
        """Note that the daemon answered the guard's refresh: it lives, and so do we."""
        self.refreshed_us, self.refreshed_by_us = asked_us, answered_us

    def fall_of(self, name: str) -> InputEdge | None:
        """Return when a line that is low now fell, by the daemon's reports; None if unknown.

        The first fall since the last reading that found it high counts: a contact bounces.
        """
        since_us = self._good_us.get(name, 0)
        falls = (each for each in self._edges if each.line == name and not each.level)
        return next((each for each in falls if each.at_us + each.unsure_us > since_us), None)

    def since(self, trip: Trip) -> Onset:
        """Return when what a trip found had begun, at the earliest."""
        code = trip.code
        if code in SILENCES and self._now_us - self.refreshed_us > OVERRUN_US:
            return Onset(self.refreshed_us, OnsetEvidence.SILENCE)
        if code in LINES:
            return self._since_line(LINES[code])
        if code in HOLDS:
            return self._since_hold(trip.channel, both=code in ONE_SIDED)
        at_us, known_by = self._last_sign(code, trip.channel)
        if at_us:
            return Onset(at_us, known_by)
        if code in SILENCES and self.refreshed_us:
            return Onset(
                self.refreshed_us, OnsetEvidence.SILENCE
            )  # the last tick that came to its end
        return Onset(self._now_us, OnsetEvidence.JUDGED)

    def _last_sign(self, code: TripCode, channel: int | None) -> tuple[int | None, OnsetEvidence]:
        """Return the last moment at which what has failed was well."""
        if code in MARKERS:
            return self._steady_us, OnsetEvidence.MARKER
        if code is TripCode.SCREEN_SILENT:
            return self._screen_us, OnsetEvidence.SILENCE
        if code is TripCode.DAEMON_LOST:
            return self.refreshed_us, OnsetEvidence.READING
        if code is TripCode.SPI_LOST:
            return self._spi_us, OnsetEvidence.READING
        if code is TripCode.DAC_STUCK and channel is not None:
            return self._readback_us.get(channel), OnsetEvidence.READING
        return None, OnsetEvidence.JUDGED

    def _since_line(self, names: tuple[str, ...]) -> Onset:
        falls = [fall for name in names if (fall := self.fall_of(name)) is not None]
        if falls:
            first_us = min(each.at_us - each.unsure_us for each in falls)
            if all(each.line == "latch_clear" for each in falls):
                first_us -= LIMITER_US
            return Onset(first_us, OnsetEvidence.EDGE)
        good_us = self._good_us.get(names[0])
        if good_us is None:
            return Onset(self._now_us, OnsetEvidence.JUDGED)
        return Onset(good_us, OnsetEvidence.READING)

    def _since_hold(self, channel: int | None, *, both: bool) -> Onset:
        known = [
            well_us
            for number, holds in self._holds.items()
            if channel in {None, number} and (well_us := holds.well_us(both=both))
        ]
        return (
            Onset(min(known), OnsetEvidence.HOLD)
            if known
            else Onset(self._now_us, OnsetEvidence.JUDGED)
        )

    def _look_at_markers(self, seen: Observation, stream: StreamReading) -> None:
        """Note a slice that took its planned time: the next one's marker says so."""
        if stream.number != self._stream:
            self._stream, self._markers, self._steady_us = stream.number, 0, 0
        if seen.stream is None or not seen.stream.markers or stream.markers == self._markers:
            return
        off_us = abs(stream.interval_us - stream.planned_us)
        if stream.planned_us and off_us * PPM <= stream.planned_us * DRIFT_PPM:
            self._steady_us = self._marker_us
        self._markers, self._marker_us = stream.markers, seen.stream.markers[-1].at_us


class _Holds:
    """When the last good hold of each phase of one channel ended."""

    def __init__(self) -> None:
        self._pulses = 0
        self._held: HeldReading | None = None
        self._well_us: dict[bool, int] = {}

    def look(self, reading: ChannelReading, compliance_mv: int, tracker: PulseTracker) -> None:
        """Take in a reading; one that stands bit by bit may be frozen and is not believed."""
        if reading.pulses == self._pulses or reading.held is None:
            return
        fresh = reading.held != self._held
        self._pulses, self._held = reading.pulses, reading.held
        end_us = tracker.last_end_us(reading.held_at_us)
        if fresh and end_us is not None and _is_well(reading, compliance_mv):
            self._well_us[reading.held.current_ua > 0] = end_us

    def well_us(self, *, both: bool) -> int | None:
        """Return when the last good one ended, or with `both` the older of the two phases'."""
        if not self._well_us or (both and len(self._well_us) < BOTH):
            return None
        return min(self._well_us.values()) if both else max(self._well_us.values())


def _is_as_written(read: Readback) -> bool:
    return read.lowest - READBACK_CODES <= read.code <= read.highest + READBACK_CODES


def _is_well(reading: ChannelReading, compliance_mv: int) -> bool:
    """Say whether a held reading shows none of what the interlocks on holds look for."""
    if reading.held is None:
        return False
    measured_ua, voltage_mv = abs(reading.held.current_ua), abs(reading.held.voltage_mv)
    low_ua, high_ua = reading.set_low_ua, reading.set_high_ua
    leeway_ua = max(high_ua * DEVIATION_PERCENT // PERCENT, DEVIATION_UA)
    if not low_ua - leeway_ua <= measured_ua <= high_ua + leeway_ua:
        return False
    if low_ua >= JUDGED_FROM_UA and measured_ua * PERCENT < low_ua * LEAD_OFF_PERCENT:
        return False
    if voltage_mv * PERCENT >= compliance_mv * RAIL_PERCENT:
        return False
    if measured_ua < CONTACT_FROM_UA:
        return True
    return SHORT_OHM <= voltage_mv * 1_000 // measured_ua <= OPEN_OHM
