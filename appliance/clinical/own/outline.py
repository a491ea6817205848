"""How the trains of a draft run, as points to draw: per cent of the set level over time."""

from typing import NamedTuple

from appliance.clinical.own.draft import OwnDraft, OwnTrain, parts_of

UNBROKEN_MS = 10_000
"""So much is drawn of a train without on-times."""
CYCLES = 2


class Outline(NamedTuple):
    """A part as it runs; `points` are (ms, per cent), `cycle_ms` is None for an unbroken one."""

    part: str
    train: OwnTrain
    points: tuple[tuple[int, int], ...]
    cycle_ms: int | None


def outlines_of(draft: OwnDraft) -> tuple[Outline, ...]:
    """Return the outline of every part in order; two cycles, or ten seconds of an unbroken one.

    An active rest is drawn in the rests of the work; its share and times are its own.
    """
    host = draft.work.times
    work_ms = 0 if host is None else host.ramp_up_ms + host.plateau_ms + host.ramp_down_ms
    cycle_ms = None if host is None else work_ms + host.off_ms
    found = []
    for name, train in parts_of(draft).items():
        after_ms = work_ms + (train.after_ms or 0) if name == "active_rest" else 0
        found.append(_outline(name, train, after_ms, cycle_ms if name == "active_rest" else None))
    return tuple(found)


def _outline(name: str, train: OwnTrain, after_ms: int, cycle_ms: int | None) -> Outline:
    share, times = train.share_percent, train.times
    if times is None:
        return Outline(name, train, ((0, share), (UNBROKEN_MS, share)), None)
    top_ms = after_ms + times.ramp_up_ms
    falls_ms = top_ms + times.plateau_ms
    ends_ms = falls_ms + times.ramp_down_ms
    every_ms = ends_ms + times.off_ms if cycle_ms is None else cycle_ms
    shape = ((after_ms, 0), (top_ms, share), (falls_ms, share), (ends_ms, 0))
    points = [(n * every_ms + at_ms, high) for n in range(CYCLES) for at_ms, high in shape]
    return Outline(name, train, ((0, 0), *points, (CYCLES * every_ms, 0)), every_ms)
