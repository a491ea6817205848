"""Which pulses the sample-and-hold can have seen by now, and at what amplitude.

A reading taken at time t shows the last pulse that ended before t. When a slice began is known to
about a millisecond (one question to the daemon), so around each pulse's end there is a moment in
which the pulse may or may not have been held; both answers are given.
"""

from bisect import bisect_right
from collections import deque
from typing import NamedTuple

from drivers.quantities import Microamps, Microseconds

UNSURE_US = 1_000
"""How far the engine's idea of a slice's start may be off (a round trip to the daemon)."""
KEPT = 6
"""Slices with pulses that are remembered; holds older than that are judged stale elsewhere."""


class HeldPulses(NamedTuple):
    """What can have been held: see `ChannelReading` of the interlocks.

    `pulses` have ended for certain, `most` at the most; `ended_us` is when the last of the former
    ended, None before the first.
    """

    pulses: int
    most: int
    low_ua: Microamps
    high_ua: Microamps
    phase_us: Microseconds
    ended_us: Microseconds | None = None

    @property
    def exact(self) -> bool:
        """Say whether it is certain which pulse was held."""
        return self.pulses == self.most


class _Played(NamedTuple):
    start_us: int
    ends_us: tuple[int, ...]
    before: int
    least_ua: int
    amplitude_ua: int
    phase_us: int

    def end_of(self, pulses: int) -> Microseconds:
        """Return when the last of this many pulses of the stream ended, on the engine clock."""
        return Microseconds(self.start_us + self.ends_us[pulses - self.before - 1])


NOTHING = HeldPulses(0, 0, Microamps(0), Microamps(0), Microseconds(0))


class PulseTracker:
    """One channel of one stream; a new one for each stream."""

    def __init__(self) -> None:
        self._slices: deque[_Played] = deque(maxlen=KEPT)
        self._pulses = 0
        self._next_us = 0
        self._next_ends_us: tuple[int, ...] = ()

    def played(
        self,
        start_us: int,
        ends_us: tuple[int, ...],
        amplitude_ua: int,
        phase_us: int,
        least_ua: int | None = None,
    ) -> None:
        """Book a slice that began at engine time `start_us`; `ends_us` are its pulses' ends.

        `least_ua` is given where it may have played at less than `amplitude_ua`: nobody knows
        which codes its strobe latched.
        """
        if ends_us:
            low_ua = amplitude_ua if least_ua is None else least_ua
            entry = _Played(start_us, ends_us, self._pulses, low_ua, amplitude_ua, phase_us)
            self._slices.append(entry)
            self._pulses += len(ends_us)

    def expect(self, start_us: int, ends_us: tuple[int, ...]) -> None:
        """Note the slice that follows the one booked last.

        Its pulses may be held before the daemon has reported that it began.
        """
        self._next_us, self._next_ends_us = start_us, ends_us

    @property
    def total(self) -> int:
        """Return how many pulses the slices booked hold, played to their end or not."""
        return self._pulses

    def at(self, now_us: int, next_ua: int = 0) -> HeldPulses:
        """Return what a reading taken at `now_us` can show; `next_ua` is the next slice's."""
        sure, sure_from = self._ended(now_us - UNSURE_US)
        maybe, maybe_from = self._ended(now_us + UNSURE_US)
        begun = bisect_right(self._next_ends_us, now_us + UNSURE_US - self._next_us)
        if begun:
            phase_us = maybe_from.phase_us if maybe_from is not None else 0
            maybe = self._pulses + begun
            low_ua, high_ua = self._bounds_of_next(next_ua)
            maybe_from = _Played(self._next_us, self._next_ends_us, 0, low_ua, high_ua, phase_us)
        if maybe_from is None:
            return NOTHING
        oldest = sure_from if sure_from is not None else maybe_from
        low_ua = min(maybe_from.least_ua, oldest.least_ua)
        high_ua = max(maybe_from.amplitude_ua, oldest.amplitude_ua)
        return HeldPulses(
            sure,
            maybe,
            Microamps(low_ua),
            Microamps(high_ua),
            Microseconds(maybe_from.phase_us),
            None if sure_from is None else sure_from.end_of(sure),
        )

    def _bounds_of_next(self, next_ua: int) -> tuple[int, int]:
        """Bound the amplitude of a slice whose start has not been reported yet.

        Its codes may have been written behind its strobe; then those of the slice before play.
        """
        newest = self._slices[-1] if self._slices else None
        if newest is None:
            return next_ua, next_ua
        return min(next_ua, newest.least_ua), max(next_ua, newest.amplitude_ua)

    def _ended(self, at_us: int) -> tuple[int, _Played | None]:
        """Return how many pulses have ended by `at_us`, and the slice of the last of them."""
        for entry in reversed(self._slices):
            ended = bisect_right(entry.ends_us, at_us - entry.start_us)
            if ended:
                return entry.before + ended, entry
        return 0, None
