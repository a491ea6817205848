"""Check a draft against every limit in one pass, and return all refusals."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from appliance.core.limits import heating, joint_limits, limits
from appliance.core.limits.level_limits import TAP_STEPS_UA
from appliance.core.limits.limits import Purpose
from appliance.core.prescription import contracting_current
from appliance.core.prescription.densest import densest_of, highest_ua, period_of
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.waveform import Biphasic, Burst, ChannelUse, ProgrammeKind, Sweep
from appliance.core.readable_text import says_something
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import (
    NONE,
    at_least,
    bare_microseconds,
    either,
    period,
    seconds,
)
from appliance.texts.text import microamps, microseconds, square_millimetres, text

SETTLE_US = 70_000
"""Silence at the end of every on-time: longer than two slices, so that whatever the pulses left
over, the next on-time can open with a slice of its own (D)."""

SWEEP_CYCLE_MIN_US = 1_000_000
"""Devices sweep within 1 to 12 s [Neotek DT8003TP manual p. 23; Enraf 1498-901 manual]."""


OF_AMPLITUDE = {
    "refusal.peak_current",
    "refusal.charge_per_phase",
    "refusal.rms_current",
    "refusal.current_density",
    "refusal.power_density",
}
"""Limits that one amplitude has to keep together."""
FUSED = "refusal.tetanic_train"
"""One more, where contractions are not meant."""
OF_PADS = {"refusal.pad_area", "refusal.carrier_pads"}


def refusals(draft: PrescriptionDraft) -> tuple[Refusal, ...]:
    """Return every limit that the draft breaks; empty means it may become a prescription."""
    broken = [*_of_use(draft), *_of_place(draft), *_of_shape(draft)]
    broken += [*_of_times(draft), *_of_turns(draft), *_of_exposure(draft)]
    return tuple(dict.fromkeys(_together(draft, broken)))


def _together(draft: PrescriptionDraft, broken: list[Refusal]) -> Iterator[Refusal]:
    """Offer values that all limits of one quantity accept, not only the one that refused."""
    given = says_something(draft.reason)
    highest = highest_ua(densest_of(draft), draft.region, draft.pad_area_mm2, acknowledged=given)
    allowed_ua = max(min(highest, _peak_ua(draft)), 0)
    fused = draft.purpose is Purpose.SENSORY and any(refusal.rule == FUSED for refusal in broken)
    if fused:
        most_pc = limits.UNBROKEN_SENSORY_MAX_PC
        allowed_ua = min(allowed_ua, most_pc // max(densest_of(draft).phase_us, 1))
    for refusal in broken:
        if refusal.rule in OF_AMPLITUDE and draft.ceiling_ua > allowed_ua:
            yield replace(refusal, nearest=microamps(allowed_ua))
        elif fused and refusal.rule == FUSED:
            yield replace(refusal, nearest=text("a_ceiling", ceiling=microamps(allowed_ua)))
        elif refusal.rule in OF_PADS:
            pads_mm2 = _pads_mm2(draft, acknowledged=given)
            yield replace(refusal, nearest=square_millimetres(pads_mm2))
        else:
            yield refusal


def _peak_ua(draft: PrescriptionDraft) -> int:
    return limits.ceiling_ua(
        draft.region,
        draft.purpose,
        reason_given=says_something(draft.reason),
        patient_ceiling_ua=draft.patient_ceiling_ua,
    )


def _pads_mm2(draft: PrescriptionDraft, *, acknowledged: bool) -> int:
    """Return the smallest pads that are allowed and take the ceiling; else the smallest allowed."""
    region, densest = draft.region, densest_of(draft)
    least = limits.smallest_pad_mm2(region, draft.purpose)
    if not isinstance(draft.waveform, Biphasic):
        least = max(least, limits.CARRIER_PAD_MIN_MM2)
    if draft.pad_area_mm2 > limits.PAD_MAX_MM2:
        return limits.PAD_MAX_MM2
    sizes = range(least, limits.PAD_MAX_MM2 + 1)
    place = bisect_left(
        sizes,
        draft.ceiling_ua,
        key=lambda area_mm2: highest_ua(densest, region, area_mm2, acknowledged=acknowledged),
    )
    return sizes[place] if place < len(sizes) else least


def _of_use(draft: PrescriptionDraft) -> Iterator[Refusal]:
    good = range(1, limits.MAX_CHANNELS + 1)
    kept = tuple(dict.fromkeys(channel for channel in draft.channels if channel in good))
    if not kept or kept != draft.channels:
        wanted = ", ".join(map(str, draft.channels)) or NONE
        nearest = ", ".join(map(str, kept)) or 1
        allowed = text("channels.allowed", most=limits.MAX_CHANNELS)
        yield Refusal("refusal.channels", wanted, allowed, nearest)
    if draft.tap_ua not in TAP_STEPS_UA:
        nearest_ua = min(TAP_STEPS_UA, key=lambda tap_ua: abs(tap_ua - draft.tap_ua))
        allowed = either(*map(microamps, TAP_STEPS_UA))
        yield Refusal("refusal.tap", microamps(draft.tap_ua), allowed, microamps(nearest_ua))
    if draft.kind.contracts and draft.purpose is Purpose.SENSORY:
        wanted, allowed = text("purpose.asked", kind=draft.kind), text("purpose.allowed")
        yield Refusal("refusal.purpose", wanted, allowed, Purpose.MOTOR)
    yield from _given(limits.check_amplitude(draft.ceiling_ua, max(_peak_ua(draft), 0)))


def _of_place(draft: PrescriptionDraft) -> Iterator[Refusal]:
    region, area_mm2 = draft.region, draft.pad_area_mm2
    brief = draft.kind is ProgrammeKind.BRIEF_INTENSE
    yield from _given(
        joint_limits.check_place(region, draft.purpose, draft.layout),
        joint_limits.check_brief_intense(region, brief_intense=brief),
        limits.check_pad_area(area_mm2, region, draft.purpose),
    )
    if not isinstance(draft.waveform, Biphasic):
        yield from joint_limits.check_carrier_place(region, area_mm2)


def _of_shape(draft: PrescriptionDraft) -> Iterator[Refusal]:
    form, region = draft.waveform, draft.region
    yield from _given(limits.check_rate(draft.period_us, region))
    if not isinstance(form, Biphasic):
        yield from joint_limits.check_carrier(
            form.phase_us, form.gap_us, form.cycles, draft.period_us
        )
    else:
        yield from _given(
            limits.check_phase(form.phase_us, region), limits.check_interphase(form.interphase_us)
        )
    if not isinstance(form, Biphasic) and (draft.burst or draft.sweep):
        wanted, allowed = text("carrier.asked"), text("carrier.allowed")
        yield Refusal("refusal.carrier", wanted, allowed, NONE)
    if draft.burst is not None:
        yield from _of_burst(draft, draft.burst)
    if draft.sweep is not None:
        yield from _of_sweep(draft, draft.sweep)


def _of_burst(draft: PrescriptionDraft, burst: Burst) -> Iterator[Refusal]:
    yield from _given(
        limits.check_rate(burst.pulse_period_us, draft.region, "refusal.rate_in_the_burst")
    )
    if burst.pulses < 1:
        wanted, least = text("pulses", count=burst.pulses), text("one_pulse")
        yield Refusal("refusal.burst", wanted, at_least(least), least)
    length_us = max(burst.pulses, 1) * burst.pulse_period_us
    if length_us > draft.period_us:
        fitting = draft.period_us // max(burst.pulse_period_us, 1)
        allowed = text("burst.allowed", period=microseconds(draft.period_us))
        nearest = text("pulses", count=fitting) if fitting > 0 else period(length_us)
        yield Refusal("refusal.burst", microseconds(length_us), allowed, nearest)
    if draft.sweep is not None:
        wanted, allowed = text("burst.with_sweep"), text("burst.or_sweep")
        yield Refusal("refusal.burst", wanted, allowed, text("burst.no_sweep"))


def _of_sweep(draft: PrescriptionDraft, sweep: Sweep) -> Iterator[Refusal]:
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
    if sweep.rate_hz is not None and period_of(sweep.rate_hz[0]) != draft.period_us:
        start = bare_microseconds(period_of(sweep.rate_hz[0]))
        yield Refusal("refusal.sweep_start", period(draft.period_us), start, start)
    if sweep.phase_us is not None and sweep.phase_us[0] != draft.waveform.phase_us:
        start = bare_microseconds(sweep.phase_us[0])
        wanted = text("phase", phase=microseconds(draft.waveform.phase_us))
        yield Refusal("refusal.sweep_start", wanted, start, start)


def _of_times(draft: PrescriptionDraft) -> Iterator[Refusal]:
    brief = draft.kind is ProgrammeKind.BRIEF_INTENSE
    yield from _given(limits.check_session(draft.duration_us, draft.purpose, brief_intense=brief))
    if min(densest_of(draft)) >= 1:  # else refused by shape, and nothing can be said of its rate
        yield from _given(contracting_current.check_rests(draft))
    times = draft.on_off
    if times is None:
        return
    yield from _given(
        limits.check_ramp_up(times.ramp_up_us, draft.region, draft.ceiling_ua),
        joint_limits.check_ramp_down(times.ramp_down_us),
    )
    # Ramps as long as they have to be: else the ramp that is offered would not fit.
    up_us = max(times.ramp_up_us, limits.shortest_ramp_up_us(draft.region, draft.ceiling_ua))
    shortest_us = up_us + max(times.ramp_down_us, limits.RAMP_DOWN_MIN_US) + SETTLE_US
    yield from joint_limits.check_off(times.on_us, times.off_us, shortest_us)


def _of_turns(draft: PrescriptionDraft) -> Iterator[Refusal]:
    """Check that channels fit one after the other, in a period or in a cycle of on-times."""
    densest, form, count = densest_of(draft), draft.waveform, len(draft.channels)
    block_us = 2 * densest.phase_us + densest.interphase_us
    period_us = densest.pulse_period_us
    if not isinstance(form, Biphasic):
        block_us, period_us = form.burst_us, densest.period_us
    simultaneous = draft.use is ChannelUse.SIMULTANEOUS
    together = simultaneous or draft.on_off is None  # which is what is offered then
    yield from _given(limits.check_sum(count if together else 1, block_us, period_us))
    if simultaneous:
        return
    if draft.on_off is None:
        wanted = text("alternating_channels.without_times")
        allowed = text("alternating_channels.with_times")
        yield Refusal("refusal.alternating_channels", wanted, allowed, ChannelUse.SIMULTANEOUS)
    elif count * draft.on_off.on_us > draft.on_off.on_us + draft.on_off.off_us:
        needed = microseconds((count - 1) * draft.on_off.on_us)
        wanted = text("alternating_channels.off", off=microseconds(draft.on_off.off_us))
        allowed = text("alternating_channels.allowed", least=needed, channels=count)
        nearest = text("alternating_channels.off", off=needed)
        yield Refusal("refusal.alternating_channels", wanted, allowed, nearest)


def _of_exposure(draft: PrescriptionDraft) -> Iterator[Refusal]:
    densest, amplitude_ua = densest_of(draft), draft.ceiling_ua
    yield from _given(limits.check_phase_charge(amplitude_ua, densest.phase_us, draft.region))
    if min(densest) < 1 or draft.pad_area_mm2 < 1:
        return  # refused by shape already; its densest second means nothing
    on_us, area_mm2 = densest.on_us(), draft.pad_area_mm2
    given = says_something(draft.reason)
    yield from _given(
        heating.check_rms(amplitude_ua, on_us),
        heating.check_density(amplitude_ua, on_us, area_mm2, draft.region, acknowledged=given),
        heating.check_power(amplitude_ua, on_us, area_mm2),
    )


def _given(*checked: Refusal | None) -> Iterator[Refusal]:
    return (refusal for refusal in checked if refusal is not None)
