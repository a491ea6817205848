"""Find where a slice ends, and build its segments.

Times count from the start of the slice. Every gate must be off before the end, and the output
stream needs its lead-in after it. So a slice ends one lead-in before a pulse if it can: slices of
a steady train are then equal and built once.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from appliance.core.plan.slice_shapes import IDLE_US, Segments, block_segments, silence
from appliance.core.plan.train import Train
from appliance.core.prescription.waveform import Carrier
from appliance.errors import InternalFault
from drivers.slices import ALL_OFF, LEAD_IN_US, MAX_SLICE_US, MIN_SLICE_US, Segment

LEAD_OUT_US = 100
"""All-off time between a pulse and the end of its slice: 300 µs of discharge less the lead-in."""
GRID_US = 500
"""Step of the search for an end where no pulse offers one."""
_GRID = sorted(range(MIN_SLICE_US, MAX_SLICE_US + 1, GRID_US), key=lambda us: abs(us - IDLE_US))
_CROWDED_US = MAX_SLICE_US - MIN_SLICE_US - LEAD_IN_US - LEAD_OUT_US
"""Blocks up to this long always leave an end possible; longer ones (carrier bursts) need a look
ahead, so that the slice after this one can end too."""


class TrainPosition(NamedTuple):
    """A block of a train: group `k`, from its channel `turn` on, the group at `group_us`."""

    k: int
    turn: int
    group_us: int


class SliceEnd(NamedTuple):
    """The length and the segments of a slice, and where the next one continues.

    `counts` has the pulses per channel of the train, `following` is what is next to play.
    """

    duration_us: int
    segments: Segments
    counts: tuple[int, ...]
    following: TrainPosition


class _Block(NamedTuple):
    start_us: int
    end_us: int
    segments: Segments
    place: TrainPosition


def slice_end(train: Train, place: TrainPosition, since_us: int) -> SliceEnd:
    """Return the slice that begins `since_us` after its on-time and plays from `place` on."""
    k, turn, group_us = place
    origin_us = LEAD_IN_US - since_us
    if train.sweep is not None or since_us + 3 * MAX_SLICE_US > train.latest_us:
        return _slice_end(train, place, origin_us, train.latest_us)
    # Far from its end, a steady train repeats: equal places in a repetition give equal slices.
    repeat_k = k % (2 * train.pulses)
    repeat_us = train.group_us(repeat_k)
    alike = TrainPosition(repeat_k, turn, repeat_us)
    end = _steady_end(train, alike, origin_us + group_us - repeat_us)
    k += end.following.k - repeat_k
    return SliceEnd(*end[:3], TrainPosition(k, end.following.turn, train.group_us(k)))


@lru_cache(maxsize=256)
def _steady_end(train: Train, place: TrainPosition, origin_us: int) -> SliceEnd:
    return _slice_end(train, place, origin_us, place.group_us + 3 * MAX_SLICE_US)


def _slice_end(train: Train, place: TrainPosition, origin_us: int, latest_us: int) -> SliceEnd:
    crowded = train.block_us > _CROWDED_US
    horizon_us = LEAD_IN_US + MAX_SLICE_US * (2 if crowded else 1)
    blocks, after = _upcoming(train, place, origin_us, (horizon_us, latest_us))
    duration_us = _find_end(blocks, crowded=crowded)
    segments: list[Segment] = []
    counts = [0] * len(train.channels)
    pulses_a_block = train.waveform.cycles if isinstance(train.waveform, Carrier) else 1
    at_us = 0
    for block in blocks:
        if block.start_us >= duration_us:
            after = block.place
            break
        segments.append(Segment(ALL_OFF, block.start_us - at_us))
        segments += block.segments
        counts[block.place.turn] += pulses_a_block
        at_us = block.end_us
    played = (*segments, Segment(ALL_OFF, duration_us - at_us)) if segments else None
    return SliceEnd(duration_us, played or silence(duration_us), tuple(counts), after)


def _upcoming(
    train: Train, place: TrainPosition, origin_us: int, until_us: tuple[int, int]
) -> tuple[list[_Block], TrainPosition]:
    """Return the blocks that start before the horizon, and the place behind them.

    `until_us` is the horizon and the latest start of a group in its on-time.
    """
    horizon_us, latest_us = until_us
    blocks: list[_Block] = []
    k, turn, group_us = place
    while group_us <= latest_us:
        phase_us, first = train.phase_us(group_us), train.positive_first(k)
        block_us = train.block_of(phase_us)
        while turn < len(train.channels):
            start_us = origin_us + group_us + turn * train.stagger_us
            here = TrainPosition(k, turn, group_us)
            if start_us >= horizon_us:
                return blocks, here
            channel = train.channels[turn]
            shape = block_segments(channel, train.waveform, phase_us, positive_first=first)
            blocks.append(_Block(start_us, start_us + block_us, shape, here))
            turn += 1
        k, turn, group_us = k + 1, 0, train.after_us(k, group_us)
    return blocks, TrainPosition(k, turn, group_us)


def _find_end(blocks: list[_Block], *, crowded: bool) -> int:
    for end_us in _candidates(blocks):
        if _is_clear(blocks, end_us) and not (crowded and _is_dead_end(blocks, end_us)):
            return end_us
    raise InternalFault("no gap between pulses is wide enough to cut a slice")


def _candidates(blocks: list[_Block]) -> Iterator[int]:
    """Yield ends to try, the best first: whole rounds of channels, then long and equal slices."""
    before = [(block.start_us - LEAD_IN_US, block.place.turn) for block in reversed(blocks)]
    within = [(us, turn) for us, turn in before if MIN_SLICE_US <= us <= MAX_SLICE_US]
    yield from (us for us, turn in within if turn == 0)
    yield from (us for us, turn in within if turn)
    yield from _GRID
    after = (block.end_us + LEAD_OUT_US for block in blocks)
    yield from (us for us in after if MIN_SLICE_US <= us <= MAX_SLICE_US)


def _is_clear(blocks: list[_Block], end_us: int) -> bool:
    return not any(
        block.start_us - LEAD_IN_US < end_us < block.end_us + LEAD_OUT_US for block in blocks
    )


def _is_dead_end(blocks: list[_Block], end_us: int) -> bool:
    """Return whether a slice from `end_us` on could not end: one block covers all its ends."""
    earliest_us, latest_us = end_us + MIN_SLICE_US, end_us + MAX_SLICE_US
    return any(
        block.start_us - LEAD_IN_US < earliest_us and block.end_us + LEAD_OUT_US > latest_us
        for block in blocks
    )
