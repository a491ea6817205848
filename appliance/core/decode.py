"""What the hardware will do with a slice, read from its segments alone.

Knows nothing of plans: the gate and the tests judge with it what the compiler made.
"""

from functools import lru_cache
from typing import NamedTuple

from appliance.core.limits import INTERPHASE_MAX_US
from drivers.slices import Segment, Slice


class DecodedPhase(NamedTuple):
    """One stretch of current; `sign` is +1 from the positive gate, -1 from the negative one."""

    sign: int
    start_us: int
    duration_us: int


class DecodedPulse(NamedTuple):
    """One or two phases on a channel, `start_us` after the slice's start.

    Two phases of opposite sign at most `INTERPHASE_MAX_US` apart belong together; a phase that
    finds no partner stands alone, with `interphase_us` 0, and is not balanced.
    """

    channel: int
    start_us: int
    phases: tuple[DecodedPhase, ...]
    interphase_us: int

    @property
    def balance_us(self) -> int:
        """Return positive less negative time; times the amplitude this is the net charge."""
        return sum(phase.sign * phase.duration_us for phase in self.phases)

    @property
    def end_us(self) -> int:
        """Return when the last phase ends."""
        return self.phases[-1].start_us + self.phases[-1].duration_us


def decode_slice(piece: Slice, channels: int) -> tuple[DecodedPulse, ...]:
    """Return every pulse of a slice in the order of time.

    Gates on together are each decoded as a current of their own; refusing them is the business
    of `drivers.slices.check_slice`. Slices with equal segments share one result.
    """
    return _decode(piece.segments, channels)


@lru_cache(maxsize=1_024)
def _decode(segments: tuple[Segment, ...], channels: int) -> tuple[DecodedPulse, ...]:
    pulses: list[DecodedPulse] = []
    for channel in range(1, channels + 1):
        pulses += _pair(channel, _phases(segments, channel))
    return tuple(sorted(pulses, key=lambda pulse: (pulse.start_us, pulse.channel)))


def _phases(segments: tuple[Segment, ...], channel: int) -> list[DecodedPhase]:
    """Return the phases of one channel, each as long as its gate stays on."""
    found: list[DecodedPhase] = []
    for sign, bit in ((+1, 2 * channel - 2), (-1, 2 * channel - 1)):
        mask, at_us, since_us = 1 << bit, 0, -1
        for gates, duration_us in segments:
            if gates & mask and since_us < 0:
                since_us = at_us
            elif not gates & mask and since_us >= 0:
                found.append(DecodedPhase(sign, since_us, at_us - since_us))
                since_us = -1
            at_us += duration_us
        if since_us >= 0:
            found.append(DecodedPhase(sign, since_us, at_us - since_us))
    return sorted(found, key=lambda phase: phase.start_us)


def _pair(channel: int, phases: list[DecodedPhase]) -> list[DecodedPulse]:
    pulses: list[DecodedPulse] = []
    waiting: DecodedPhase | None = None
    for phase in phases:
        if waiting is None:
            waiting = phase
            continue
        gap_us = phase.start_us - waiting.start_us - waiting.duration_us
        if phase.sign != waiting.sign and 0 <= gap_us <= INTERPHASE_MAX_US:
            pulses.append(DecodedPulse(channel, waiting.start_us, (waiting, phase), gap_us))
            waiting = None
        else:
            pulses.append(DecodedPulse(channel, waiting.start_us, (waiting,), 0))
            waiting = phase
    if waiting is not None:
        pulses.append(DecodedPulse(channel, waiting.start_us, (waiting,), 0))
    return pulses
