"""The time with current within the last second, by which the heating limits are judged."""

from collections import deque

from appliance.core.limits.limits import RMS_WINDOW_US
from appliance.core.plan.decode import DecodedPulse

_Phases = tuple[tuple[int, int], ...]


class LastSecond:
    """The phases of one channel of one stream, in the order in which they will play."""

    __slots__ = ("_pulses", "_reaching", "_whole_us")

    def __init__(self) -> None:
        self._pulses: deque[_Phases] = deque()
        self._reaching: _Phases = ()
        self._whole_us = 0

    def add(self, slice_start_us: int, pulse: DecodedPulse) -> int:
        """Add a pulse of a slice; return the µs with current in the second that ends with it.

        Exact to the microsecond: of a pulse that reaches into that second only the part inside it
        counts, so that a train exactly at its limit is not refused. `slice_start_us` counts from
        the beginning of the stream.
        """
        phases = tuple(
            (slice_start_us + start_us, slice_start_us + start_us + duration_us)
            for _, start_us, duration_us in pulse.phases
        )
        opens_us = phases[-1][1] - RMS_WINDOW_US
        pulses = self._pulses
        pulses.append(phases)
        self._whole_us += _length_us(phases)
        while pulses[0][0][0] < opens_us:
            self._reaching = pulses.popleft()
            self._whole_us -= _length_us(self._reaching)
        return self._whole_us + sum(
            max(end_us - max(start_us, opens_us), 0) for start_us, end_us in self._reaching
        )


def _length_us(phases: _Phases) -> int:
    return sum(end_us - start_us for start_us, end_us in phases)
