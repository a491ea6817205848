"""The on-times of a channel in a recording, each with the train of the file that it has to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.campaigns.programmes.asked import Asked, Train
from tests.campaigns.programmes.pulses import Pulse

SILENCE_NS = 900_000_000
"""Longer silence ends an on-time: rests take 1 s and more, and so does the gap between parts."""
SHORTER = 0.7
LEVEL_MARGIN_US = 250_000
"""A level on the screen plays within three slices, and is shown within a twentieth of a second."""


@dataclass(frozen=True, slots=True)
class Run:
    """Pulses of one train; `place` counts the on-times of the channel from 0."""

    train: Train
    place: int
    pulses: tuple[Pulse, ...]
    is_last: bool
    """Nothing that was measured comes behind it."""

    @property
    def start_ns(self) -> int:
        return self.pulses[0].start_ns

    @property
    def end_ns(self) -> int:
        return self.pulses[-1].end_ns


def runs_of(pulses: Sequence[Pulse], asked: Asked, *, finished: bool) -> list[Run]:
    """Return the on-times of one channel, in the order of the file's parts.

    `finished`: the session ended by itself, so what the file has behind its own train came too.
    """
    longest_s = max(1.1 / train.rate_hz for train in asked.trains)
    chunks = list(_chunks(pulses, max(SILENCE_NS, round(longest_s * 1e9))))
    if asked.rest is not None:
        chunks = [part for chunk in chunks for part in _without_rest(chunk, asked.rest)]
    trains = _trains(asked, len(chunks), finished=finished)
    last = len(chunks) - 1
    return [
        Run(train, place, tuple(chunk), place == last)
        for place, (train, chunk) in enumerate(zip(trains, chunks, strict=True))
    ]


def has_one_level(run: Run, levels: Sequence[tuple[int, int]], level_ua: int) -> bool:
    """Say whether the level stood at `level_ua` from before an on-time to its end."""
    begin_us, end_us = run.start_ns // 1_000, run.end_ns // 1_000
    before = [ua for since_us, ua in levels if since_us <= begin_us - LEVEL_MARGIN_US]
    within = [ua for since_us, ua in levels if begin_us - LEVEL_MARGIN_US < since_us <= end_us]
    return bool(before) and {before[-1], *within} == {level_ua}


def at_level(
    run: Run, levels: Sequence[tuple[int, int]], level_ua: int, skips_us: tuple[int, int]
) -> tuple[Pulse, ...]:
    """Return the pulses of an unbroken run at the level; `skips_us` at its ends are left out."""
    changed_us = max((us for us, _ in levels if us <= run.end_ns // 1_000), default=0)
    here_ua = [ua for us, ua in levels if us <= changed_us][-1:]
    if here_ua != [level_ua]:
        return ()
    from_ns = max(changed_us * 1_000, run.start_ns) + skips_us[0] * 1_000
    until_ns = run.end_ns - skips_us[1] * 1_000
    return tuple(pulse for pulse in run.pulses if from_ns <= pulse.start_ns <= until_ns)


def _chunks(pulses: Sequence[Pulse], silence_ns: int) -> Iterator[list[Pulse]]:
    chunk: list[Pulse] = []
    for pulse in pulses:
        if chunk and pulse.start_ns - chunk[-1].end_ns > silence_ns:
            yield chunk
            chunk = []
        chunk.append(pulse)
    if chunk:
        yield chunk


def _without_rest(chunk: list[Pulse], rest: Train) -> Iterator[list[Pulse]]:
    """Split an active rest from the contraction that follows it with less silence."""
    short_ns = 0.5e9 / rest.rate_hz
    gaps_ns = [after.start_ns - before.start_ns for before, after in pairwise(chunk)]
    place = next((n for n, gap_ns in enumerate(gaps_ns) if gap_ns < short_ns), 0)
    if gaps_ns[place + 1 :] and gaps_ns[place + 1] < SHORTER * gaps_ns[place]:
        place += 1  # the short gap is the silence itself, and not the first period
    if place:
        yield chunk[:place]
    yield chunk[place:]


def _trains(asked: Asked, count: int, *, finished: bool) -> Iterator[Train]:
    before = [train for each in asked.before for train in _on_times(each)]
    after = [train for each in asked.after for train in _on_times(each)] if finished else []
    own = count - len(before) - len(after)
    yield from before[:count]
    for place in range(max(own, 0)):
        yield asked.rest if asked.rest is not None and place % 2 else asked.own
    yield from after[: max(count - len(before) - max(own, 0), 0)]


def _on_times(train: Train) -> list[Train]:
    """Return a part once for each of its on-times."""
    if train.times is None:
        return [train]
    cycle_ms = train.times.pulsing + train.times.silent
    return [train] * ((train.duration_s or 0) * 1_000 // cycle_ms)
