"""Decode the pulses of a slice from nothing but its segments.

It does not use the plan, so the gate and the tests can check with it what the compiler made.
"""

from functools import lru_cache
from typing import NamedTuple

from appliance.core.limits.limits import INTERPHASE_MAX_US
from drivers.slices import ALL_OFF, Segment, Slice


class DecodedPhase(NamedTuple):
    """One stretch of current; `sign` is +1 from the positive gate, -1 from the negative one."""

    sign: int
    start_us: int
    duration_us: int


class DecodedPulse(NamedTuple):
    """One or two phases on a channel, `start_us` after the slice's start.

    Two phases of opposite sign at most `INTERPHASE_MAX_US` apart belong together; a phase
    without a partner is a pulse by itself, with `interphase_us` 0, and is not balanced.
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


def decode_slice(slice_: Slice, channels: int) -> tuple[DecodedPulse, ...]:
    """Return every pulse of a slice in the order of time.

    Gates that are on together are decoded as separate currents; `drivers.slices.check_slice`
    refuses them. Slices with equal segments share one result.
    """
    return _decode(slice_.segments, channels)


@lru_cache(maxsize=64)
def _decode(segments: tuple[Segment, ...], channels: int) -> tuple[DecodedPulse, ...]:
    pulses: list[DecodedPulse] = []
    for channel, phases in enumerate(_phases(segments, channels), start=1):
        pulses += _pair(channel, phases)
    pulses.sort(key=_order)
    return tuple(pulses)


def _order(pulse: DecodedPulse) -> tuple[int, int]:
    return pulse.start_us, pulse.channel


def _phases(segments: tuple[Segment, ...], channels: int) -> list[list[DecodedPhase]]:
    """Return the phases of each channel, each as long as its gate stays on."""
    by_channel: list[list[DecodedPhase]] = [[] for _ in range(channels)]
    since_us = [0] * (2 * channels)
    before = at_us = 0
    for gates, duration_us in (*segments, Segment(ALL_OFF, 0)):
        changed = before ^ gates
        while changed:
            mask = changed & -changed
            changed ^= mask
            gate = mask.bit_length() - 1
            if gate >= len(since_us):
                continue  # the board has no such gate; the hardware rules refuse it
            if gates & mask:
                since_us[gate] = at_us
                continue
            sign = -1 if gate & 1 else +1
            start_us = since_us[gate]
            by_channel[gate >> 1].append(DecodedPhase(sign, start_us, at_us - start_us))
        before = gates
        at_us += duration_us
    for phases in by_channel:
        phases.sort(key=_start)
    return by_channel


def _start(phase: DecodedPhase) -> int:
    return phase.start_us


def _pair(channel: int, phases: list[DecodedPhase]) -> list[DecodedPulse]:
    pulses: list[DecodedPulse] = []
    first: DecodedPhase | None = None
    for phase in phases:
        if first is None:
            first = phase
            continue
        gap_us = phase.start_us - first.start_us - first.duration_us
        if phase.sign != first.sign and 0 <= gap_us <= INTERPHASE_MAX_US:
            pulses.append(DecodedPulse(channel, first.start_us, (first, phase), gap_us))
            first = None
        else:
            pulses.append(DecodedPulse(channel, first.start_us, (first,), 0))
            first = phase
    if first is not None:
        pulses.append(DecodedPulse(channel, first.start_us, (first,), 0))
    return pulses
