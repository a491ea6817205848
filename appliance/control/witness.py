"""Since when was it so? What was last known to be well, for the record of a stop.

A stop is timed from its cause, and a cause is older than the tick that notices it. Where nobody
saw the moment itself, the last moment at which all was still well stands in: the time to zero is
then too long, never too short. How it is known is kept with it.
"""

from collections import deque
from enum import StrEnum
from typing import NamedTuple

from appliance.control.holds import HoldTracker
from appliance.control.observe import Observation
from appliance.safety.interlock_limits import (
    CONTACT_FROM_UA,
    DEVIATION_PERCENT,
    DEVIATION_UA,
    JUDGED_FROM_UA,
    LEAD_OFF_PERCENT,
    OPEN_OHM,
    OVERRUN_US,
    RAIL_PERCENT,
    SHORT_OHM,
)
from appliance.safety.interlocks.readings import ChannelReading, Readings
from appliance.safety.trips import Trip, TripCode
from drivers.interfaces import InputEdge, Inputs

PERCENT = 100
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
    }
)
"""Judged by held readings, some of them on the third pulse that shows it."""


class Known(StrEnum):
    """How the moment of a cause is known."""

    EDGE = "edge"
    """The daemon reported the edge of the line."""
    COMMAND = "command"
    """A person's command arrived at the link."""
    SILENCE = "silence"
    """The last sign of life of what has fallen silent."""
    HOLD = "hold"
    """The end of the last pulse whose held reading was still well."""
    READING = "reading"
    """The last reading that was still well."""
    JUDGED = "judged"
    """The tick that judged it: the cause may be older, nobody knows by how much."""
    PLAN = "plan"
    """The last slice of the plan began to play."""


class Since(NamedTuple):
    """When a cause was, at the earliest."""

    at_us: int
    known_by: Known


class Witness:
    """Looks at every tick before it is judged; used by the control thread alone."""

    def __init__(self, channels: tuple[int, ...]) -> None:
        self.refreshed_us = 0
        """When the guard was last asked to believe in us, and the daemon last known to live."""
        self.refreshed_by_us = 0
        """When that had been answered."""
        self._now_us = self._beat_us = 0
        self._screen_us: int | None = None
        self._spi_us: int | None = None
        self._good_us: dict[str, int] = {}
        self._edges: deque[InputEdge] = deque(maxlen=EDGES_KEPT)
        self._holds: dict[int, tuple[int, int]] = dict.fromkeys(channels, (0, 0))
        """Of each channel: pulses counted at its newest hold, and when its last good one ended."""

    def look(self, seen: Observation, readings: Readings, trackers: dict[int, HoldTracker]) -> None:
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
        for reading in readings.channels:
            tracker = trackers.get(reading.channel)
            if tracker is not None:
                self._look_at_hold(reading, readings, tracker)

    def refreshed(self, asked_us: int, answered_us: int) -> None:
        """Note that the daemon answered the guard's refresh: it lives, and so do we."""
        self.refreshed_us, self.refreshed_by_us = asked_us, answered_us

    def fall_of(self, name: str) -> int | None:
        """Return when a line that is low now fell, by the daemon's reports; None if unknown.

        The first fall since the last reading that found it high counts: a contact bounces.
        """
        since_us = self._good_us.get(name, 0)
        falls = [e.at_us for e in self._edges if e.line == name and not e.level]
        return next((at_us for at_us in falls if at_us > since_us), None)

    def since(self, trip: Trip) -> Since:
        """Return when what a trip found had begun, at the earliest."""
        code = trip.code
        if code in SILENCES and self._now_us - self.refreshed_us > OVERRUN_US:
            return Since(self.refreshed_us, Known.SILENCE)
        if code in LINES:
            return self._since_line(LINES[code])
        if code is TripCode.SCREEN_SILENT and self._screen_us is not None:
            return Since(self._screen_us, Known.SILENCE)
        if code is TripCode.DAEMON_LOST:
            return Since(self.refreshed_us, Known.READING)
        if code is TripCode.SPI_LOST and self._spi_us is not None:
            return Since(self._spi_us, Known.READING)
        if code in HOLDS:
            return self._since_hold(trip.channel)
        return Since(self._now_us, Known.JUDGED)

    def _since_line(self, names: tuple[str, ...]) -> Since:
        falls = [at_us for name in names if (at_us := self.fall_of(name)) is not None]
        if falls:
            return Since(min(falls), Known.EDGE)
        good_us = self._good_us.get(names[0])
        if good_us is None:
            return Since(self._now_us, Known.JUDGED)
        return Since(good_us, Known.READING)

    def _since_hold(self, channel: int | None) -> Since:
        known = [
            well_us
            for number, (_, well_us) in self._holds.items()
            if well_us and channel in {None, number}
        ]
        return Since(min(known), Known.HOLD) if known else Since(self._now_us, Known.JUDGED)

    def _look_at_hold(
        self, reading: ChannelReading, readings: Readings, tracker: HoldTracker
    ) -> None:
        pulses, well_us = self._holds[reading.channel]
        if reading.pulses == pulses or reading.held is None:
            return
        if _is_well(reading, readings.board.compliance_mv):
            well_us = tracker.last_end_us(reading.held_at_us) or well_us
        self._holds[reading.channel] = reading.pulses, well_us


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
