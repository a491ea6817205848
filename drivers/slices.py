"""What the hardware plays in one go: finite, starts and ends with every gate off.

A slice says *when* each gate is on. *How much* current flows is a DAC code per channel, latched
once at the slice's start (see `interfaces.CurrentSource`), so a slice holds no amplitude.
"""

from dataclasses import dataclass
from typing import NamedTuple

from drivers.errors import SliceRejected
from drivers.quantities import Microseconds

ALL_OFF = 0
LEAD_IN_US = Microseconds(200)
"""All-off time every slice opens with: DMA start-up (pigpio PCM FIFO) and the LDAC strobe."""
LDAC_LOW_US = Microseconds(20)
"""The strobe that opens the lead-in; the first pulse comes at least as long after it."""
MIN_SLICE_US = Microseconds(20_000)
MAX_SLICE_US = Microseconds(30_000)
DEAD_TIME_US = Microseconds(10)
"""Least all-off time between the two polarities of one bridge (shoot-through)."""


class Segment(NamedTuple):
    """A stretch of constant gate levels.

    `gates` is a bit mask over the board's gates: bit `2*(channel-1)` is the channel's positive
    gate, bit `2*(channel-1)+1` its negative one.
    """

    gates: int
    duration_us: int


@dataclass(frozen=True, slots=True)
class Slice:
    """A finite stretch of output; `number` counts from 1 within a stream.

    `segments` cover `duration_us` without a hole; the first is all off for at least `LEAD_IN_US`
    and the last is all off. The driver puts the LDAC strobe into the lead-in and ends the wave
    with a zero-delay clear of every gate.
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


def check_slice(piece: Slice, channels: int) -> None:
    """Raise `SliceRejected` unless the hardware may play `piece` at all.

    These are the rules of the output stage, not of the patient: bounds of length, all-off ends,
    one gate at a time on the whole board (channels never overlap, no shoot-through), and a dead
    time between gates.
    """
    first, last = (piece.segments[0], piece.segments[-1]) if piece.segments else (None, None)
    if not MIN_SLICE_US <= piece.duration_us <= MAX_SLICE_US:
        raise SliceRejected(f"slice {piece.number} lasts {piece.duration_us} µs, not 20 to 30 ms")
    if first is None or first.gates != ALL_OFF or first.duration_us < LEAD_IN_US:
        raise SliceRejected(f"slice {piece.number} does not open with {LEAD_IN_US} µs all off")
    if last is None or last.gates != ALL_OFF:
        raise SliceRejected(f"slice {piece.number} does not end with every gate off")
    if sum(segment.duration_us for segment in piece.segments) != piece.duration_us:
        raise SliceRejected(f"slice {piece.number}: segments do not add up to its duration")
    _check_segments(piece, channels)


def _check_segments(piece: Slice, channels: int) -> None:
    known = (1 << (2 * channels)) - 1
    previous = Segment(ALL_OFF, LEAD_IN_US)
    for segment in piece.segments:
        gates, duration_us = segment
        if duration_us <= 0:
            raise SliceRejected(f"slice {piece.number} has a segment of {duration_us} µs")
        if gates & ~known or gates & (gates - 1):
            raise SliceRejected(f"slice {piece.number} has gates {gates:#x} on together")
        if gates and previous.gates and gates != previous.gates:
            raise SliceRejected(f"slice {piece.number} swaps gates without dead time")
        if gates and not previous.gates and previous.duration_us < DEAD_TIME_US:
            raise SliceRejected(f"slice {piece.number} has a dead time under {DEAD_TIME_US} µs")
        previous = segment
