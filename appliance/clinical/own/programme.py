"""A draft becomes a programme like those of the catalogue, and a programme becomes a draft."""

from typing import TypedDict

import msgspec

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.clinical.offers.offers import GoalOffers, load_offers, regions_of
from appliance.clinical.own.draft import OwnBurst, OwnDraft, OwnSweep, OwnTimes, OwnTrain
from appliance.clinical.own.fields import CEILING_STEP_UA
from appliance.clinical.programme import (
    ActiveRest,
    CallUse,
    CarrierBurst,
    PartFields,
    Programme,
    PulseBurst,
    PulseFields,
    RateSweep,
    Times,
    TrainFields,
)
from appliance.core.limits.limits import Layout, Region
from appliance.core.prescription.prescription import PrescriptionError
from appliance.core.prescription.waveform import SETTLE_US, Leading
from drivers.quantities import US_PER_MS

S_PER_MIN = 60
SETTLE_MS = SETTLE_US // US_PER_MS
OWN = "own"
"""The source of every number of an own programme."""


def regions_for(base: Programme) -> tuple[Region, ...]:
    """Return where an own programme made of one of the catalogue may go: where its goal may."""
    for row in load_offers():
        if _names(row, base.name):
            offers = row.by_region
            return tuple(region for region, o in offers.items() if o.programmes or o.own)
    return regions_of(OWN, base.kind)


def is_for(own: Programme, row: GoalOffers) -> bool:
    """Return whether an own programme is for a goal: the first that its base is offered for."""
    base = own.sources.get(OWN, "")
    return row is next((each for each in load_offers() if _names(each, base)), None)


def _names(row: GoalOffers, programme: str) -> bool:
    return any(programme in offer.programmes for offer in row.by_region.values())


def to_programme(draft: OwnDraft, name: str) -> Programme | None:
    """Return the programme that a draft describes, None where its base is not in the catalogue.

    It is not judged: `to_prescription` does that. A region where nothing is offered for its goal
    stays out of its regions, and so is refused there.
    """
    base = load_catalogue().get(draft.base)
    if base is None:
        return None
    offered = regions_for(base)
    known = draft.region in set(Region)
    region = Region(draft.region) if known else base.region
    bilateral = region is not Region.UPPER_BACK and base.layout is Layout.BILATERAL
    rest = draft.active_rest
    programme = Programme(
        name=name,
        title=base.title,
        summary=base.summary,
        kind=base.kind,
        purpose=base.purpose,
        region=region if known and region in offered else offered[0],
        layout=Layout.BILATERAL if bilateral else Layout.VERTICAL,
        pad_area_mm2=draft.pad_area_mm2,
        ceiling_ua=draft.ceiling_ua,
        duration_s=draft.minutes * S_PER_MIN,
        course=base.course,
        evidence=base.evidence,
        sources={OWN: draft.base},
        follows=base.follows,
        after_sessions=base.after_sessions,
        regions=(region,) if known and region in offered else offered,
        before=tuple(map(_timed, draft.before)),
        active_rest=None if rest is None else _resting(rest),
        after=tuple(map(_timed, draft.after)),
        alternating=draft.alternating,
        own_title=draft.title,
        **_train(draft.work),
    )
    # Contractions may be called as those of its base, as long as they are its only part.
    on_call = base.on_call if programme.may_be_called else CallUse.NO
    return msgspec.structs.replace(programme, on_call=on_call)


def without_calls(programme: Programme) -> Programme:
    """Return a programme by cycle alone where its numbers do not allow contractions on call."""
    if programme.on_call is CallUse.NO:
        return programme
    try:
        to_prescription(programme, on_call=True)
    except PrescriptionError:
        return msgspec.structs.replace(programme, on_call=CallUse.NO)
    return programme


def draft_of(programme: Programme, title: str) -> OwnDraft:
    """Return a draft with exactly the numbers of a programme of the catalogue.

    Its highest level is what the programme may have on its own pads, in the steps of the editor.
    """
    rest = programme.active_rest
    ceiling_ua = to_prescription(programme, region=programme.region).ceiling_ua
    return OwnDraft(
        title=title,
        base=programme.name,
        region=programme.region.value,
        minutes=max(programme.duration_s // S_PER_MIN, 1),
        ceiling_ua=ceiling_ua // CEILING_STEP_UA * CEILING_STEP_UA,
        pad_area_mm2=programme.pad_area_mm2,
        work=_own_train(programme),
        alternating=programme.alternating,
        before=tuple(_own_train(part, duration_s=part.duration_s) for part in programme.before),
        active_rest=None if rest is None else _own_train(rest, after_ms=rest.after_ms),
        after=tuple(_own_train(part, duration_s=part.duration_s) for part in programme.after),
    )


class _Tables(TypedDict):
    """What every train of a programme has."""

    rate_hz: int
    pulse: PulseFields | None
    carrier: CarrierBurst | None
    burst: PulseBurst | None
    sweep: RateSweep | None
    on_off: Times | None
    share_percent: int


def _train(train: OwnTrain) -> _Tables:
    """Return the fields that every train of a programme has."""
    has_carrier = train.carrier_cycles is not None
    pulse = PulseFields(
        phase_us=train.phase_us, interphase_us=train.interphase_us, leading=train.leading
    )
    carrier = CarrierBurst(
        phase_us=train.phase_us, gap_us=train.interphase_us, cycles=train.carrier_cycles or 1
    )
    burst, times = train.burst, train.times
    return {
        "rate_hz": train.rate_hz,
        "pulse": None if has_carrier else pulse,
        "carrier": carrier if has_carrier else None,
        "burst": None if burst is None else PulseBurst(pulses=burst.pulses, rate_hz=burst.rate_hz),
        "sweep": None if train.sweep is None else _sweep(train, train.sweep),
        "on_off": None
        if times is None
        else Times(
            off_ms=times.off_ms,
            ramp_up_ms=times.ramp_up_ms,
            ramp_down_ms=times.ramp_down_ms,
            plateau_ms=times.plateau_ms,
        ),
        "share_percent": train.share_percent,
    }


def _sweep(train: OwnTrain, sweep: OwnSweep) -> RateSweep:
    """Return the sweep from the train's own rate and phase, as it has to begin."""
    return RateSweep(
        cycle_s=sweep.cycle_s,
        rate_hz=None if sweep.rate_hz is None else (train.rate_hz, sweep.rate_hz),
        phase_us=None if sweep.phase_us is None else (train.phase_us, sweep.phase_us),
    )


def _timed(part: OwnTrain) -> PartFields:
    return PartFields(duration_s=part.duration_s or 0, **_train(part))


def _resting(part: OwnTrain) -> ActiveRest:
    return ActiveRest(after_ms=part.after_ms or 0, **_train(part))


def _own_train(
    train: TrainFields, *, duration_s: int | None = None, after_ms: int | None = None
) -> OwnTrain:
    form = train.pulse or train.carrier
    if form is None:
        raise ValueError("neither [pulse] nor [carrier]")
    gap_us = form.interphase_us if isinstance(form, PulseFields) else form.gap_us
    burst, sweep, times = train.burst, train.sweep, train.on_off
    return OwnTrain(
        rate_hz=train.rate_hz,
        phase_us=form.phase_us,
        interphase_us=gap_us,
        leading=form.leading if isinstance(form, PulseFields) else Leading.POSITIVE,
        share_percent=train.share_percent,
        times=None if times is None else _own_times(times, rests=after_ms is not None),
        burst=None if burst is None else OwnBurst(pulses=burst.pulses, rate_hz=burst.rate_hz),
        sweep=None if sweep is None else _own_sweep(sweep),
        carrier_cycles=None if isinstance(form, PulseFields) else form.cycles,
        duration_s=duration_s,
        after_ms=after_ms,
    )


def _own_sweep(sweep: RateSweep) -> OwnSweep:
    return OwnSweep(
        cycle_s=sweep.cycle_s,
        rate_hz=None if sweep.rate_hz is None else sweep.rate_hz[1],
        phase_us=None if sweep.phase_us is None else sweep.phase_us[1],
    )


def _own_times(times: Times, *, rests: bool) -> OwnTimes:
    """Return the times with the plateau apart; `on_ms` held both ramps and a silence."""
    ramps_ms = times.ramp_up_ms + times.ramp_down_ms
    plateau_ms, off_ms = times.plateau_ms, times.off_ms
    if plateau_ms is None:
        plateau_ms = (times.on_ms or 0) - ramps_ms - SETTLE_MS
        off_ms += SETTLE_MS
    return OwnTimes(
        plateau_ms=plateau_ms,
        ramp_up_ms=times.ramp_up_ms,
        ramp_down_ms=times.ramp_down_ms,
        off_ms=0 if rests else off_ms,
    )
