"""What a clinician edits: whole numbers with their unit in the name, and no rule. Recorded.

A field is never renamed and never changes its meaning; a new one gets a default, so that a draft
recorded before is read as it was. What a number may be is in `fields`, what they may be together is
for the core to say.
"""

from typing import Annotated, TypeAlias

import msgspec

from appliance.core.prescription.waveform import WHOLE_LEVEL, Leading

Amount: TypeAlias = Annotated[int, msgspec.Meta(ge=-(10**9), le=10**9)]
"""A number as it was entered; any of them can be computed with, in µs too."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a draft; an unknown key is an error."""


class OwnTimes(_Table, frozen=True):
    """On-times and rests: the plateau without its ramps, and the silence behind them.

    An active rest has no `off_ms` of its own: 0.
    """

    plateau_ms: Amount
    ramp_up_ms: Amount
    ramp_down_ms: Amount
    off_ms: Amount = 0


class OwnBurst(_Table, frozen=True):
    """Groups of pulses; the rate of the train is that of the groups."""

    pulses: Amount
    rate_hz: Amount


class OwnSweep(_Table, frozen=True):
    """A rate, a phase or both that change, from those of the train to these and back."""

    cycle_s: Amount
    rate_hz: Amount | None = None
    phase_us: Amount | None = None


class OwnTrain(_Table, frozen=True):
    """One part. With `carrier_cycles` it is bursts of a carrier, `interphase_us` its gap.

    `duration_s` is for parts before and after the work, `after_ms` (the silence before it) for an
    active rest.
    """

    rate_hz: Amount
    phase_us: Amount
    interphase_us: Amount
    leading: Leading = Leading.POSITIVE
    share_percent: Amount = WHOLE_LEVEL
    times: OwnTimes | None = None
    burst: OwnBurst | None = None
    sweep: OwnSweep | None = None
    carrier_cycles: Amount | None = None
    duration_s: Amount | None = None
    after_ms: Amount | None = None


class OwnDraft(_Table, frozen=True):
    """An own programme: the one of the catalogue that it comes from, and what was made of it.

    Kind, purpose, evidence and course are those of `base`. `work` takes what the parts before and
    after it leave of the minutes.
    """

    title: str
    base: str
    region: str
    minutes: Amount
    ceiling_ua: Amount
    pad_area_mm2: Amount
    work: OwnTrain
    alternating: bool = False
    before: tuple[OwnTrain, ...] = ()
    active_rest: OwnTrain | None = None
    after: tuple[OwnTrain, ...] = ()


def parts_of(draft: OwnDraft) -> dict[str, OwnTrain]:
    """Return every part by its name, in the order in which they are given."""
    before = {f"before.{number}": part for number, part in enumerate(draft.before)}
    rest = {} if draft.active_rest is None else {"active_rest": draft.active_rest}
    after = {f"after.{number}": part for number, part in enumerate(draft.after)}
    return {**before, "work": draft.work, **rest, **after}


def with_part(draft: OwnDraft, name: str, part: OwnTrain | None) -> OwnDraft:
    """Return a draft with another part of that name, or without it; the work stays."""
    kind, _, number = name.partition(".")
    if not number:
        return msgspec.structs.replace(draft, **{kind: part})
    parts: list[OwnTrain] = list(getattr(draft, kind))
    parts[int(number) : int(number) + 1] = [] if part is None else [part]
    return msgspec.structs.replace(draft, **{kind: tuple(parts)})
