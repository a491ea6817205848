"""The envelope of a contraction from the amplitudes of its pulses: two straight lines and a top.

An amplitude stands for a whole slice of 20 to 30 ms, so a time is known to about one slice.
"""

from collections.abc import Sequence
from typing import NamedTuple

LOWEST, HIGHEST = 0.05, 0.95
"""Pulses between these shares of the top are on a ramp."""
LEAST_POINTS = 4


class Envelope(NamedTuple):
    """Times in ms from the first pulse; `down_from` is when the fall begins."""

    up: float
    down_from: float
    down: float
    top_ua: float

    @property
    def plateau(self) -> float:
        return self.down_from - self.up


def envelope_of(amplitudes: Sequence[tuple[float, float]], last_ms: float) -> Envelope:
    """Return the envelope of (ms since the first pulse, µA); the last pulse ends at `last_ms`.

    A ramp with too few pulses for a line is as long as it takes to the first pulse at the top, or
    from the last one.
    """
    top_ua = max((ua for _, ua in amplitudes), default=0.0)
    full = [place for place, (_, ua) in enumerate(amplitudes) if ua >= HIGHEST * top_ua]
    if not full or not top_ua:
        return Envelope(0.0, 0.0, 0.0, 0.0)
    rising = _ramp(amplitudes[: full[0]], top_ua)
    falling = _ramp(amplitudes[full[-1] + 1 :], top_ua)
    up_ms = amplitudes[full[0]][0] if rising is None else rising[0] + rising[1]
    if falling is None:
        down_from_ms = amplitudes[full[-1]][0]
        return Envelope(up_ms, down_from_ms, last_ms - down_from_ms, top_ua)
    return Envelope(up_ms, falling[0] + falling[1], -falling[1], top_ua)


def _ramp(points: Sequence[tuple[float, float]], top_ua: float) -> tuple[float, float] | None:
    """Return (time at zero, time from zero to the top) of a line through what is on the ramp."""
    on_it = [(ua / top_ua, ms) for ms, ua in points if LOWEST <= ua / top_ua < HIGHEST]
    if len(on_it) < LEAST_POINTS:
        return None
    count = len(on_it)
    mean_share = sum(share for share, _ in on_it) / count
    mean_ms = sum(ms for _, ms in on_it) / count
    spread = sum((share - mean_share) ** 2 for share, _ in on_it)
    if not spread:
        return None
    slope = sum((share - mean_share) * (ms - mean_ms) for share, ms in on_it) / spread
    return mean_ms - slope * mean_share, slope
