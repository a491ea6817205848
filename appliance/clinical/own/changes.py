"""Steps that change what a draft is made of; each gives a whole draft, which is judged like any."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from appliance.clinical.own.draft import (
    OwnBurst,
    OwnDraft,
    OwnSweep,
    OwnTimes,
    OwnTrain,
    parts_of,
    with_part,
)
from appliance.core.limits.limits import PARTS_MAX

replace = msgspec.structs.replace
PART_S = 120
"""A part that is added begins with two minutes, as a warm-up [CefarCompex Physio 5 manual p. 9]."""
PART_SHARE, REST_SHARE = 50, 50
REST_HZ, REST_AFTER_MS = 4, 1_500
"""An active rest begins with 4 twitches per second, [CefarCompex Physio 5 manual p. 9] has 4."""
TIMES = OwnTimes(plateau_ms=5_000, off_ms=20_000, ramp_up_ms=2_000, ramp_down_ms=1_000)
REST_TIMES = OwnTimes(plateau_ms=5_000, ramp_up_ms=2_000, ramp_down_ms=1_000)
BURST = OwnBurst(pulses=5, rate_hz=100)
BURST_HZ = 2
SWEEP_S = 6
"""What is added begins with these values; a clinician changes them (D)."""


class Change(NamedTuple):
    """A step: its name, the draft it leads to, and the part to look at then."""

    name: str
    draft: OwnDraft
    part: str


def changes_of(draft: OwnDraft, part: str) -> Iterator[Change]:
    """Yield every step that there is for a draft while this part is looked at."""
    yield from _of_parts(draft, part)
    train = parts_of(draft)[part]
    for name, changed in _of_train(train, part):
        yield Change(name, with_part(draft, part, changed), part)


def _of_parts(draft: OwnDraft, part: str) -> Iterator[Change]:
    if len(parts_of(draft)) < PARTS_MAX:
        before, after = draft.before, draft.after
        added = _plain(draft.work)
        first = replace(draft, before=(*before, added))
        yield Change("add_before", first, f"before.{len(before)}")
        if draft.active_rest is None and draft.work.times is not None:
            yield Change("add_active_rest", _with_rest(draft), "active_rest")
        last = replace(draft, after=(*after, added))
        yield Change("add_after", last, f"after.{len(after)}")
    if part != "work":
        yield Change("remove_part", with_part(draft, part, None), "work")


def _plain(work: OwnTrain) -> OwnTrain:
    """Return a part before or after the work: its pulses at a smaller share."""
    return replace(work, share_percent=PART_SHARE, duration_s=PART_S)


def _with_rest(draft: OwnDraft) -> OwnDraft:
    work = draft.work
    share = min(REST_SHARE, work.share_percent)
    rest = replace(
        work,
        rate_hz=REST_HZ,
        share_percent=share,
        times=REST_TIMES,
        burst=None,
        sweep=None,
        after_ms=REST_AFTER_MS,
    )
    return replace(draft, active_rest=rest)


def _of_train(train: OwnTrain, part: str) -> Iterator[tuple[str, OwnTrain]]:
    if train.times is None:
        yield "add_times", replace(train, times=TIMES)
    elif part != "active_rest":
        yield "remove_times", replace(train, times=None)
    if train.carrier_cycles is not None:
        return
    if train.burst is not None:
        yield "remove_burst", replace(train, burst=None, rate_hz=train.burst.rate_hz)
    elif train.sweep is None:
        yield "add_burst", replace(train, burst=BURST, rate_hz=BURST_HZ)
    if train.burst is None:
        yield from _of_sweep(train)


def _of_sweep(train: OwnTrain) -> Iterator[tuple[str, OwnTrain]]:
    sweep = train.sweep or OwnSweep(cycle_s=SWEEP_S)
    if sweep.rate_hz is None:
        yield "add_sweep_rate", replace(train, sweep=replace(sweep, rate_hz=train.rate_hz))
    if sweep.phase_us is None:
        yield "add_sweep_phase", replace(train, sweep=replace(sweep, phase_us=train.phase_us))
    if train.sweep is not None:
        yield "remove_sweep", replace(train, sweep=None)
