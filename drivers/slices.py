"""The unit that the hardware plays: a finite slice that starts and ends with every gate off.

A slice says *when* each gate is on. *How much* current flows is a DAC code per channel, latched
once at the slice's start (see `interfaces.CurrentSource`), so a slice holds no amplitude.
"""

from dataclasses import dataclass
from typing import NamedTuple

from drivers.errors import SliceRejected
from drivers.quantities import Microseconds

ALL_OFF = 0
LEAD_IN_US = Microseconds(200)
"""All-off time at the start of every slice: DMA start-up (pigpio PCM FIFO) and the LDAC strobe."""
LDAC_LOW_US = Microseconds(20)
"""Length of the strobe that opens the lead-in; the first pulse comes at least as long after it."""
MIN_SLICE_US = Microseconds(20_000)
MAX_SLICE_US = Microseconds(30_000)
DEAD_TIME_US = Microseconds(10)
"""Minimum all-off time between the two polarities of one bridge (prevents shoot-through)."""


class Segment(NamedTuple):
    """A span of time with constant gate levels.

    `gates` is a bit mask over the board's gates: bit `2*(channel-1)` is the channel's positive
    gate, bit `2*(channel-1)+1` its negative one.
    """

    gates: int
    duration_us: int


@dataclass(frozen=True, slots=True)
class Slice:
    """A finite span of output; `number` counts from 1 within a stream.

    `segments` cover `duration_us` without a gap; the first is all off for at least `LEAD_IN_US` and
    the last is all off. The driver adds the LDAC strobe in the lead-in and ends the wave with a
    zero-delay clear of every gate.
    """

    number: int
    duration_us: Microseconds
    segments: tuple[Segment, ...]


def positive_gate(channel: int) -> int:
    """Return the mask of a channel's positive gate (channels count from 1)."""
    return 1 << (2 * (channel - 1))


def negative_gate(channel: int) -> int:
    """Return the mask of a channel's negative gate (channels count from 1)."""
    return 2 << (2 * (channel - 1))


def check_slice(slice_: Slice, channels: int) -> None:
    """Raise `SliceRejected` unless the output stage may play this slice.

    These rules protect the output stage, not the patient: allowed length, all gates off at both
    ends, one gate at a time on the whole board (channels never overlap, no shoot-through), and a
    dead time between gates.
    """
    first, last = (slice_.segments[0], slice_.segments[-1]) if slice_.segments else (None, None)
    if not MIN_SLICE_US <= slice_.duration_us <= MAX_SLICE_US:
        raise SliceRejected(f"slice {slice_.number} lasts {slice_.duration_us} µs, not 20 to 30 ms")
    if first is None or first.gates != ALL_OFF or first.duration_us < LEAD_IN_US:
        raise SliceRejected(f"slice {slice_.number} does not open with {LEAD_IN_US} µs all off")
    if last is None or last.gates != ALL_OFF:
        raise SliceRejected(f"slice {slice_.number} does not end with every gate off")
    if sum(segment.duration_us for segment in slice_.segments) != slice_.duration_us:
        raise SliceRejected(f"slice {slice_.number}: segments do not add up to its duration")
    _check_segments(slice_, channels)


def _check_segments(slice_: Slice, channels: int) -> None:
    known = (1 << (2 * channels)) - 1
    previous = Segment(ALL_OFF, LEAD_IN_US)
    for segment in slice_.segments:
        gates, duration_us = segment
        if duration_us <= 0:
            raise SliceRejected(f"slice {slice_.number} has a segment of {duration_us} µs")
        if gates & ~known or gates & (gates - 1):
            raise SliceRejected(f"slice {slice_.number} has gates {gates:#x} on together")
        if gates and previous.gates and gates != previous.gates:
            raise SliceRejected(f"slice {slice_.number} swaps gates without dead time")
        if gates and not previous.gates and previous.duration_us < DEAD_TIME_US:
            raise SliceRejected(f"slice {slice_.number} has a dead time under {DEAD_TIME_US} µs")
        previous = segment
