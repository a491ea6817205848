"""Estimate when the cause of a stop began, and keep how that is known.

A stop is timed from its cause, and a cause is older than the tick that notices it. Where the
moment itself was not seen, the last moment at which the interlocks judged all good is used: the
time to zero is then too long, never too short.
"""

from collections import deque
from enum import StrEnum
from typing import NamedTuple

from appliance.control.output.rig_observation import Observation
from appliance.safety.interlocks.last_good import LastGood
from appliance.safety.interlocks.limits import OVERRUN_US
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip
from drivers.interfaces import InputEdge

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
    """The end of the last pulse whose held reading was still good."""
    MARKER = "marker"
    """The beginning of the last slice that played at its planned length."""
    READING = "reading"
    """The last reading that was still good."""
    JUDGED = "judged"
    """The tick that judged it: the cause may be older, nobody knows by how much."""
    PLAN = "plan"
    """The last slice of the plan began to play."""


class Onset(NamedTuple):
    """When a cause was, at the earliest."""

    at_us: int
    known_by: OnsetEvidence


class OnsetTracker:
    """Looks at every tick once it is judged; used only by the control thread."""

    def __init__(self) -> None:
        self.refreshed_us = 0
        """When the guard was last asked to believe in us, and the daemon last known to live."""
        self.refreshed_by_us = 0
        """When that had been answered."""
        self._now_us = 0
        self._good = LastGood()
        self._spi_us: int | None = None
        self._edges: deque[InputEdge] = deque(maxlen=EDGES_KEPT)

    def look(self, seen: Observation, good: LastGood) -> None:
        """Take in a tick's observation, and what the interlocks have last judged good."""
        self._now_us, self._good = seen.at_us, good
        if seen.stream is not None:
            self._edges.extend(seen.stream.edges)
        if None not in seen.held:
            self._spi_us = seen.at_us

    def refreshed(self, asked_us: int, answered_us: int) -> None:
        """Note that the daemon answered the guard's refresh: it lives, and so do we."""
        self.refreshed_us, self.refreshed_by_us = asked_us, answered_us

    def fall_of(self, name: str) -> InputEdge | None:
        """Return when a line that is low now fell, by the daemon's reports; None if unknown.

        The first fall since the last reading that found it high counts: a contact bounces.
        """
        since_us = self._good.line_us(name) or 0
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
        """Return the last moment at which what has failed was good."""
        if code in MARKERS:
            return self._good.slices.began_us, OnsetEvidence.MARKER
        if code is TripCode.SCREEN_SILENT:
            return self._good.screen_us, OnsetEvidence.SILENCE
        if code is TripCode.DAEMON_LOST:
            return self.refreshed_us, OnsetEvidence.READING
        if code is TripCode.SPI_LOST:
            return self._spi_us, OnsetEvidence.READING
        if code is TripCode.DAC_STUCK and channel is not None:
            return self._good.channel(channel).readback_us, OnsetEvidence.READING
        return None, OnsetEvidence.JUDGED

    def _since_line(self, names: tuple[str, ...]) -> Onset:
        falls = [fall for name in names if (fall := self.fall_of(name)) is not None]
        if falls:
            first_us = min(each.at_us - each.unsure_us for each in falls)
            if all(each.line == "latch_clear" for each in falls):
                first_us -= LIMITER_US
            return Onset(first_us, OnsetEvidence.EDGE)
        good_us = self._good.line_us(names[0])
        if good_us is None:
            return Onset(self._now_us, OnsetEvidence.JUDGED)
        return Onset(good_us, OnsetEvidence.READING)

    def _since_hold(self, channel: int | None, *, both: bool) -> Onset:
        known = [
            good_us
            for number, good in enumerate(self._good.channels, start=1)
            if channel in {None, number} and (good_us := good.hold_us(both=both)) is not None
        ]
        return (
            Onset(min(known), OnsetEvidence.HOLD)
            if known
            else Onset(self._now_us, OnsetEvidence.JUDGED)
        )
