"""The slice stream: one slice playing, two queued, so that silence ends output by itself.

This is the only owner of what is in flight. Each control tick it takes the markers the daemon
reported, works out which slice plays, sends the next one while a whole slice is still queued, and
has the amplitudes of the following slice set while it is early enough. What it learned is handed
to the interlocks as a `StreamReading`; it judges nothing by itself.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from appliance.core.plan.compiler import PlannedSlice
from appliance.safety.gate import Gate
from appliance.safety.interlocks.readings import StreamReading
from drivers.interfaces import Marker, StreamStatus
from drivers.quantities import PPM, Microamps, Microseconds

DEPTH = 3
"""Slices in flight: output ends by itself within 3 x 30 ms of the last one sent."""
CODE_MARGIN_US = 5_000
"""Codes are written at least this long before the strobe that latches them (docs/design.md section
5)."""
CODE_AFTER_US = 1_000
"""And at least this long after the last one. While LDAC is low, 20 µs, the DAC is transparent: a
code written then would act in the slice that has just begun. The start is known to a millisecond.
"""
LATE_SLICES = 3
"""So many slices in a row without a chance to write codes: no fall would act any more (D)."""
DRIFT_LEAST_US = 200_000
DRIFT_SLICES = 40
"""The wave clock is compared with the tick over at least 200 ms and at most this many slices."""

Source = Callable[[int], PlannedSlice | None]
"""Gives the planned slice of a number, each number once in turn; None at the end of the plan."""
AmplitudesFor = Callable[[PlannedSlice, Microseconds], tuple[Microamps, ...]]
"""Gives the amplitudes of a slice that will begin at an engine time, one per channel of the board.
"""


class PlayedSlice(NamedTuple):
    """A slice that has begun to play, with the amplitudes its strobe latched (the gate's report).

    `start_us` is the engine time of the strobe, good to about a millisecond. Where codes were
    still being written around that time nobody knows which were latched: `highest_ua` is the most
    each channel may play at then, which is what a dose is booked by, and `lowest_ua` the least.
    """

    planned: PlannedSlice
    start_us: Microseconds
    highest_ua: tuple[Microamps, ...]
    lowest_ua: tuple[Microamps, ...]

    @property
    def end_us(self) -> Microseconds:
        """Return when the slice should end, on the engine clock."""
        return Microseconds(self.start_us + self.planned.slice.duration_us)


class SliceStream:
    """Feeds one stream from its first slice to its end; a new one for each stream."""

    def __init__(
        self, number: int, gate: Gate, source: Source, amplitudes_for: AmplitudesFor
    ) -> None:
        self._number = number
        self._gate = gate
        self._source = source
        self._amplitudes_for = amplitudes_for
        self._waiting: deque[PlannedSlice] = deque()
        self._history: deque[tuple[int, int]] = deque(maxlen=DRIFT_SLICES + 1)
        self._planned_us = 0
        self._begun_us = Microseconds(0)
        self._ended = False
        self._idle = False
        self._marker_us = Microseconds(0)
        self.sent = 0
        self.markers = 0
        self._in_time = True
        self._late = 0
        self.playing: PlayedSlice | None = None
        self.before_ua: tuple[Microamps, ...] = gate.highest_ua
        """The amplitudes latched before the playing slice's, the highest that may have been."""
        self._latched_ua: tuple[Microamps, ...] = gate.highest_ua
        """The amplitudes the DAC had at the end of the last write but one."""
        self._writing: tuple[int, int] = (0, 0)
        """When the last write began and ended."""

    def begin(self, now_us: Microseconds) -> None:
        """Start with amplitudes of zero latched and three slices in flight."""
        self._begun_us = now_us
        self._gate.begin_stream()
        for _ in range(DEPTH):
            self._send_next()

    def take(self, status: StreamStatus) -> tuple[PlayedSlice, ...]:
        """Book the markers of this tick; return the slices that began to play."""
        self._idle = status.idle
        played = [self._begin_next(marker) for marker in status.markers]
        return tuple(slice_ for slice_ in played if slice_ is not None)

    def feed(self, now: Callable[[], Microseconds]) -> None:
        """Send the next slice if a whole one is queued; set the next amplitudes if early enough.

        Late is safe: nothing sent means the queue runs dry, nothing set means the amplitudes of
        the slice before (zero after every rest). Sending takes six round trips, so `now` is asked
        after it; and a write that took too long is remembered, for its strobe may have passed it.
        """
        if self.playing is None:
            return
        if len(self._waiting) == DEPTH - 2:
            self._send_next()
        ends_us, now_us = self.playing.end_us, now()
        opens_us = self.playing.start_us + CODE_AFTER_US
        if self._waiting and opens_us <= now_us <= ends_us - CODE_MARGIN_US:
            before_ua = self._gate.highest_ua
            upcoming = self._waiting[0]
            asked_ua = self._amplitudes_for(upcoming, ends_us)
            given_ua = self._gate.set_amplitudes(asked_ua, upcoming)
            if given_ua != before_ua:
                self._latched_ua, self._writing = before_ua, (now_us, now())
            self._in_time = now() <= ends_us - CODE_AFTER_US

    @property
    def is_late(self) -> bool:
        """Say whether amplitudes have come too late for so long that a stop would not act.

        One late slice plays at those of the one before. A tick that keeps step with the slices
        may be late at each of them, with nothing else wrong.
        """
        return self._late >= LATE_SLICES

    @property
    def upcoming(self) -> PlannedSlice | None:
        """Return the slice that follows the one playing, None where none was sent."""
        return self._waiting[0] if self._waiting else None

    @property
    def is_spent(self) -> bool:
        """Say whether the source has ended and its last slice has begun."""
        return self._ended and not self._waiting

    def is_over(self, now_us: Microseconds) -> bool:
        """Say whether the last slice has been played to its end."""
        return self.is_spent and self.playing is not None and now_us >= self.playing.end_us

    def reading(self) -> StreamReading:
        """Return what the interlocks may know."""
        history = self._history
        last = len(history) - 1
        steady = last > 0
        return StreamReading(
            number=self._number,
            playing=not self._ended,
            begun_us=self._begun_us,
            sent=self.sent,
            markers=self.markers,
            slice_ends_us=self.playing.end_us if self.playing else None,
            idle=self._idle,
            interval_us=Microseconds(history[last][0] - history[last - 1][0] if steady else 0),
            planned_us=Microseconds(history[last][1] - history[last - 1][1] if steady else 0),
            drift_ppm=self.drift_ppm(),
            marker_us=self._marker_us,
        )

    def drift_ppm(self) -> int | None:
        """Return the error of the wave clock against the tick, None until 200 ms have played."""
        if not self._history:
            return None
        (tick_us, planned_us), (last_us, last_planned_us) = self._history[0], self._history[-1]
        span_us = last_planned_us - planned_us
        if span_us < DRIFT_LEAST_US:
            return None
        return (last_us - tick_us - span_us) * PPM // span_us

    def _amplitudes_at(
        self, strobe_us: Microseconds
    ) -> tuple[tuple[Microamps, ...], tuple[Microamps, ...]]:
        """Return the highest and the lowest amplitudes a strobe may have latched.

        Channels are written one after the other, so each may be the old one or the new.
        """
        written_ua, before_ua = self._gate.highest_ua, self._latched_ua
        began_us, ended_us = self._writing
        if strobe_us >= ended_us + CODE_AFTER_US:
            return written_ua, written_ua
        if strobe_us < began_us - CODE_AFTER_US:
            return before_ua, before_ua
        both = tuple(zip(written_ua, before_ua, strict=True))
        return tuple(map(max, both)), tuple(map(min, both))

    def _send_next(self) -> bool:
        planned = None if self._ended else self._source(self.sent + 1)
        if planned is None:
            self._ended = True
            return False
        self._gate.play(planned)
        self._waiting.append(planned)
        self.sent += 1
        return True

    def _begin_next(self, marker: Marker) -> PlayedSlice | None:
        self.markers += 1
        self._marker_us = marker.at_us
        if not self._waiting:
            return None  # more markers than slices: the looping-wave interlock sees the count
        planned = self._waiting.popleft()
        if self.playing is not None:
            self.before_ua = self.playing.highest_ua
            self._late = 0 if self._in_time else self._late + 1
            self._in_time = False
        self.playing = PlayedSlice(planned, marker.at_us, *self._amplitudes_at(marker.at_us))
        self._history.append((marker.tick_us, self._planned_us))
        self._planned_us += planned.slice.duration_us
        return self.playing
