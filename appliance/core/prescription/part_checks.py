"""Check one part of a draft by itself: shape, times, turns of its channels, exposure."""

from collections.abc import Iterator

from appliance.core.limits import heating, joint_limits, limits
from appliance.core.prescription import contracting_current
from appliance.core.prescription.densest import densest_of, on_us_of, period_of
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.waveform import (
    SETTLE_US,
    Biphasic,
    Burst,
    ChannelUse,
    Part,
    PartKind,
    Sweep,
)
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE, at_least, bare_microseconds, period, seconds
from appliance.texts.text import microseconds, text

SWEEP_CYCLE_MIN_US = 1_000_000
"""Devices sweep within 1 to 12 s [Neotek DT8003TP manual p. 23; Enraf 1498-901 manual]."""


def of_part(draft: PrescriptionDraft, number: int) -> Iterator[Refusal]:
    """Yield every limit that part `number`, from 0, breaks by itself."""
    part = draft.parts[number]
    yield from _of_shape(draft, part)
    yield from _of_times(draft, part)
    yield from _of_turns(draft, part)
    yield from _of_exposure(draft, number)


def _of_shape(draft: PrescriptionDraft, part: Part) -> Iterator[Refusal]:
    form, region, finds = part.waveform, draft.region, draft.kind.finds
    yield from _given(limits.check_rate(part.period_us, region, finds=finds))
    if not isinstance(form, Biphasic):
        yield from joint_limits.check_carrier_place(region, draft.pad_area_mm2)
        yield from joint_limits.check_carrier(
            form.phase_us, form.gap_us, form.cycles, part.period_us
        )
    else:
        yield from _given(
            limits.check_phase(form.phase_us, region, finds=finds),
            limits.check_interphase(form.interphase_us),
        )
    if not isinstance(form, Biphasic) and (part.burst or part.sweep):
        wanted, allowed = text("carrier.asked"), text("carrier.allowed")
        yield Refusal("refusal.carrier", wanted, allowed, NONE)
    if part.burst is not None:
        yield from _of_burst(draft, part, part.burst)
    if part.sweep is not None:
        yield from _of_sweep(draft, part, part.sweep)


def _of_burst(draft: PrescriptionDraft, part: Part, burst: Burst) -> Iterator[Refusal]:
    yield from _given(
        limits.check_rate(burst.pulse_period_us, draft.region, "refusal.rate_in_the_burst")
    )
    if burst.pulses < 1:
        wanted, least = text("pulses", count=burst.pulses), text("one_pulse")
        yield Refusal("refusal.burst", wanted, at_least(least), least)
    length_us = max(burst.pulses, 1) * burst.pulse_period_us
    if length_us > part.period_us:
        fitting = part.period_us // max(burst.pulse_period_us, 1)
        allowed = text("burst.allowed", period=microseconds(part.period_us))
        nearest = text("pulses", count=fitting) if fitting > 0 else period(length_us)
        yield Refusal("refusal.burst", microseconds(length_us), allowed, nearest)
    if part.sweep is not None:
        wanted, allowed = text("burst.with_sweep"), text("burst.or_sweep")
        yield Refusal("refusal.burst", wanted, allowed, text("burst.no_sweep"))


def _of_sweep(draft: PrescriptionDraft, part: Part, sweep: Sweep) -> Iterator[Refusal]:
    if sweep.cycle_us < SWEEP_CYCLE_MIN_US:
        least = seconds(SWEEP_CYCLE_MIN_US)
        yield Refusal("refusal.sweep_cycle", seconds(sweep.cycle_us), at_least(least), least)
    for rate_hz in sweep.rate_hz or ():
        yield from _given(limits.check_rate(period_of(rate_hz), draft.region))
        if rate_hz < 1:
            wanted, slowest = text("per_second", rate=rate_hz), text("per_second", rate=1)
            yield Refusal("refusal.sweep_rate", wanted, at_least(slowest), slowest)
    for phase_us in sweep.phase_us or ():
        yield from _given(limits.check_phase(phase_us, draft.region))
    if sweep.rate_hz is not None and period_of(sweep.rate_hz[0]) != part.period_us:
        start = bare_microseconds(period_of(sweep.rate_hz[0]))
        yield Refusal("refusal.sweep_start", period(part.period_us), start, start)
    if sweep.phase_us is not None and sweep.phase_us[0] != part.waveform.phase_us:
        start = bare_microseconds(sweep.phase_us[0])
        wanted = text("phase", phase=microseconds(part.waveform.phase_us))
        yield Refusal("refusal.sweep_start", wanted, start, start)


def _of_times(draft: PrescriptionDraft, part: Part) -> Iterator[Refusal]:
    rests = part.kind is PartKind.ACTIVE_REST  # its own length is judged by the rest it is in
    if min(densest_of(part)) >= 1 and not rests:  # else refused by shape, or as an active rest
        yield from _given(contracting_current.check_rests(draft, part))
    times = part.on_off
    if times is None:
        return
    amplitude_ua = part.amplitude_ua(draft.ceiling_ua)
    yield from _given(
        limits.check_ramp_up(times.ramp_up_us, draft.region, amplitude_ua, active_rest=rests),
        joint_limits.check_ramp_down(times.ramp_down_us),
    )
    # Ramps as long as they have to be: else the ramp that is offered would not fit.
    shortest_up_us = limits.shortest_ramp_up_us(draft.region, amplitude_ua, active_rest=rests)
    up_us = max(times.ramp_up_us, shortest_up_us)
    shortest_us = up_us + max(times.ramp_down_us, limits.RAMP_DOWN_MIN_US)
    ramps_us = times.ramp_up_us + times.ramp_down_us
    yield from joint_limits.check_times(times.pulsing_us, ramps_us, times.silent_us, shortest_us)


def _of_turns(draft: PrescriptionDraft, part: Part) -> Iterator[Refusal]:
    """Check that channels fit one after the other, in a period or in a cycle of on-times."""
    densest, form, count = densest_of(part), part.waveform, len(draft.channels)
    block_us = 2 * densest.phase_us + densest.interphase_us
    period_us = densest.pulse_period_us
    if not isinstance(form, Biphasic):
        block_us, period_us = form.burst_us, densest.period_us
    simultaneous = draft.use is ChannelUse.SIMULTANEOUS
    together = simultaneous or part.on_off is None  # which is what is offered then
    yield from _given(limits.check_sum(count if together else 1, block_us, period_us))
    beside = part.on_off is None and draft.contracts  # unbroken, beside contractions in turns
    if simultaneous or beside or part.kind is PartKind.ACTIVE_REST:
        return
    if part.on_off is None:
        wanted = text("alternating_channels.without_times")
        allowed = text("alternating_channels.with_times")
        yield Refusal("refusal.alternating_channels", wanted, allowed, ChannelUse.SIMULTANEOUS)
    elif count * part.on_off.on_us > part.on_off.on_us + part.on_off.off_us:
        needed = microseconds((count - 1) * part.on_off.on_us + SETTLE_US)
        wanted = text("alternating_channels.off", off=microseconds(part.on_off.silent_us))
        allowed = text("alternating_channels.allowed", least=needed, channels=count)
        nearest = text("alternating_channels.off", off=needed)
        yield Refusal("refusal.alternating_channels", wanted, allowed, nearest)


def _of_exposure(draft: PrescriptionDraft, number: int) -> Iterator[Refusal]:
    part = draft.parts[number]
    densest, amplitude_ua = densest_of(part), part.amplitude_ua(draft.ceiling_ua)
    yield from _given(limits.check_phase_charge(amplitude_ua, densest.phase_us, draft.region))
    if min(densest) < 1 or draft.pad_area_mm2 < 1:
        return  # refused by shape already; its densest second means nothing
    on_us, area_mm2 = on_us_of(draft, number), draft.pad_area_mm2
    given = says_something(draft.reason)
    yield from _given(
        heating.check_rms(amplitude_ua, on_us),
        heating.check_density(amplitude_ua, on_us, area_mm2, draft.region, acknowledged=given),
        heating.check_power(amplitude_ua, on_us, area_mm2),
    )


def _given(*checked: Refusal | None) -> Iterator[Refusal]:
    return (refusal for refusal in checked if refusal is not None)
