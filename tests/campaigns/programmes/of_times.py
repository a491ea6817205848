"""Ramps, plateaus, rests, lengths of parts, and contractions on call, of one channel."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.campaigns.programmes.asked import Asked, Train
from tests.campaigns.programmes.play import LENGTHENED_MS, Played
from tests.campaigns.programmes.pulses import Pulse
from tests.campaigns.programmes.quantity import Quantity, quantity
from tests.campaigns.programmes.ramps import Envelope, envelope_of
from tests.campaigns.programmes.runs import Run

SLICE_MS = 30
"""An amplitude holds for a slice of 20 to 30 ms, so no time of an envelope is known better."""
PART_GAP_MS = 1_000
"""Silence between two parts [docs/decisions/0060-parts.md]."""
FIRST_WAITS_MS = 10_500
"""A contraction is announced 3 s ahead, and comes 10 s after a train in which a level was set."""
CALL_REST_MS = 5_000
CALL_BEGINS_MS = 900
"""A call is tried every 0.1 s, and its contraction begins within 0.7 s."""
RELEASED_MS = 120
"""A release acts behind the slices that are queued."""


def times_of(train: Train, runs: Sequence[Run]) -> Iterator[Quantity]:
    """Yield ramps and plateau of on-times that had one level."""
    times = train.times
    if times is None:
        return
    found = [envelope(run.pulses) for run in runs]
    near_ms = SLICE_MS + (1_000 / train.rate_hz if train.rate_hz * SLICE_MS < 1_000 else 0)
    for name, asked_ms, values_ms, times_near in (
        ("ramp up", times.up, [each.up for each in found], 1),
        ("plateau", times.plateau, [each.plateau for each in found], 2),
        ("ramp down", times.down, [each.down for each in found], 1),
    ):
        values = [value_ms / 1e3 for value_ms in values_ms]
        near_s = times_near * near_ms / 1e3
        yield quantity(train.name, name, "s", asked_ms / 1e3, values, near_s)


def envelope(pulses: Sequence[Pulse]) -> Envelope:
    """Return the envelope of an on-time."""
    start_ns = pulses[0].start_ns
    points = [((pulse.start_ns - start_ns) / 1e6, pulse.first.mean_ua) for pulse in pulses]
    return envelope_of(points, (pulses[-1].end_ns - start_ns) / 1e6)


def rests_of(asked: Asked, runs: Sequence[Run], settled: Sequence[Run]) -> Iterator[Quantity]:
    """Yield the silences behind contractions; behind a rise a short one is longer, and left out."""
    own, rest = asked.own, asked.rest
    if own.times is None:
        return
    begun = {run.place for run in settled if run.train is own}
    if own.times.silent > LENGTHENED_MS:
        begun = {run.place for run in runs if run.train is own}
    to_rest_ms, to_own_ms, from_rest_ms = [], [], []
    for before, after in pairwise(runs):
        if before.place in begun and after.train is rest:
            to_rest_ms.append(_between_ms(before, after))
        if before.place in begun and after.train is own:
            to_own_ms.append(_between_ms(before, after))
    for before, between, after in zip(runs, runs[1:], runs[2:], strict=False):
        if before.place in begun and between.train is rest and after.train is own:
            to_own_ms.append(_between_ms(before, after))
            from_rest_ms.append(_between_ms(between, after))
    name = "rest" if rest is None else "rest, the active one in it"
    yield _silence(own, own, name, own.times.silent, to_own_ms)
    if rest is not None:
        before_ms, long_ms = rest.after_ms or 0, 0 if rest.times is None else rest.times.pulsing
        yield _silence(own, rest, "silence before the active rest", before_ms, to_rest_ms)
        left_ms = own.times.silent - before_ms - long_ms
        yield _silence(rest, rest, "silence behind the active rest", left_ms, from_rest_ms)


def parts_of(asked: Asked, runs: Sequence[Run]) -> Iterator[Quantity]:
    """Yield how long each unbroken part before and after the own train was, and the gap behind."""
    for train in (*asked.before, *asked.after):
        if train.times is not None or train.duration_s is None:
            continue
        mine = [run for run in runs if run.train is train]
        ends = 0 if train is asked.trains[-1] else PART_GAP_MS
        lengths = [(run.end_ns - run.start_ns) / 1e9 for run in mine]
        near_s = (SLICE_MS + 70) / 1e3 + 1 / train.rate_hz
        asked_s = train.duration_s - ends / 1e3
        yield quantity(train.name, "length", "s", asked_s, lengths, near_s)
    for before, after in pairwise(runs):
        if before.train is not after.train and before.train in {*asked.before, *asked.after}:
            gap_s = [_between_ms(before, after) / 1e3]
            above_s = FIRST_WAITS_MS / 1e3 + 1 / before.train.rate_hz
            near_s = SLICE_MS / 1e3
            yield quantity(before.train.name, "silence behind", "s", 1, gap_s, near_s, above_s)


def calls_of(asked: Asked, runs: Sequence[Run], played: Played) -> Iterator[Quantity]:
    """Yield what a release and the end of a called contraction did."""
    times = asked.own.times
    if times is None or not played.on_call:
        return
    called = called_runs(runs, played)
    released = [
        (run, us) for run, us in zip(called, played.released_us, strict=False) if us is not None
    ]
    falls_s = [run.end_ns / 1e9 - us / 1e6 for run, us in released[:1]]
    near_s = (SLICE_MS + 1_000 / asked.own.rate_hz) / 1e3
    yield quantity(
        "",
        "on call: end after the release",
        "s",
        times.down / 1e3,
        falls_s,
        near_s,
        RELEASED_MS / 1e3,
    )
    held_s = [
        (run.end_ns - run.start_ns) / 1e9
        for run, us in zip(called, played.released_us, strict=False)
        if us is None
    ]
    yield quantity(
        "", "on call: held, ends by itself", "s", times.pulsing / 1e3, held_s, 2 * near_s, 0.01
    )
    for name, before, after in zip(("short", "held"), called, called[1:], strict=False):
        length_ms = (before.end_ns - before.start_ns) / 1e6
        least_s = max(length_ms, CALL_REST_MS) / 1e3
        rest_s = [_between_ms(before, after) / 1e3]
        told = f"on call: rest after the {name} one"
        yield quantity("", told, "s", round(least_s, 1), rest_s, 0.1, CALL_BEGINS_MS / 1e3)


def called_runs(runs: Sequence[Run], played: Played) -> list[Run]:
    """Return the called contractions in the order of the calls."""
    if not played.called_us:
        return []
    return [run for run in runs if run.start_ns // 1_000 >= played.called_us[0]]


def _silence(
    last: Train, train: Train, name: str, asked_ms: int, found_ms: Sequence[float]
) -> Quantity:
    """Return a silence; the last pulse before it comes up to a period before the end."""
    values = [each / 1e3 for each in found_ms]
    above_s = (SLICE_MS + 1_000 / last.rate_hz) / 1e3
    return quantity(train.name, name, "s", asked_ms / 1e3, values, SLICE_MS / 1e3, above_s)


def _between_ms(before: Run, after: Run) -> float:
    return (after.start_ns - before.end_ns) / 1e6
