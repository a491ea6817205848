"""Limits over more than one quantity: region and purpose, carriers, on and off times.

Numbers are in `limits`; this module only compares.
"""

from appliance.core.limits import limits
from appliance.core.limits.limits import Layout, Purpose, Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_least, at_most, bare_microseconds, period
from appliance.texts.text import microseconds, square_millimetres, text


def check_place(region: Region, purpose: Purpose, layout: Layout) -> Refusal | None:
    """Refuse motor work under the skull, and pads across the upper back.

    No current path may lead from chest to back or across the heart [AS 60601.2.10:2018 extract]: a
    pair on one side of the upper back stays clear of it. Suboccipital pads are sensory only (D).
    """
    if region is Region.SUBOCCIPITAL and purpose is Purpose.MOTOR:
        return Refusal(
            "refusal.region",
            text("region.motor_suboccipital"),
            text("region.sensory_suboccipital"),
            text("region.motor_neck"),
        )
    if region is Region.UPPER_BACK and layout is not Layout.VERTICAL:
        asked = text("pad_layout.asked", layout=layout)
        allowed = text("pad_layout.allowed")
        return Refusal("refusal.pad_layout", asked, allowed, Layout.VERTICAL)
    return None


def check_brief_intense(region: Region, *, brief_intense: bool) -> Refusal | None:
    """Refuse brief-intense stimulation on the neck."""
    if not brief_intense or not region.is_neck:
        return None
    asked, allowed = text("brief_intense.asked", region=region), text("brief_intense.allowed")
    return Refusal("refusal.brief_intense", asked, allowed, Region.LOWER_BACK)


def check_carrier_place(region: Region, pad_area_mm2: int) -> tuple[Refusal, ...]:
    """Refuse a carrier anywhere but on the lower back, or on small pads."""
    refusals: list[Refusal] = []
    if region is not Region.LOWER_BACK:
        allowed = text("carrier_region.allowed", region=Region.LOWER_BACK)
        refusals.append(Refusal("refusal.carrier_region", region, allowed, Region.LOWER_BACK))
    if pad_area_mm2 < limits.CARRIER_PAD_MIN_MM2:
        asked = square_millimetres(pad_area_mm2)
        least = square_millimetres(limits.CARRIER_PAD_MIN_MM2)
        refusals.append(Refusal("refusal.carrier_pads", asked, at_least(least), least))
    return tuple(refusals)


def check_carrier(phase_us: int, gap_us: int, cycles: int, period_us: int) -> tuple[Refusal, ...]:
    """Check phase, gap, frequency, burst length and duty of a carrier; return every refusal."""
    cycle_us = 2 * (phase_us + gap_us)
    burst_us = cycles * cycle_us - gap_us
    checks = (
        limits.within_us(
            "refusal.carrier_phase",
            phase_us,
            limits.CARRIER_PHASE_MIN_US,
            limits.CARRIER_PHASE_MAX_US,
        ),
        limits.check_interphase(gap_us),
        _check_cycle(cycle_us, gap_us),
        _check_burst(burst_us, cycle_us, gap_us),
        _check_duty(burst_us, period_us),
    )
    return tuple(refusal for refusal in checks if refusal is not None)


def check_times(
    pulsing_us: int, ramps_us: int, silent_us: int, shortest_us: int
) -> tuple[Refusal, ...]:
    """Refuse an on-time too short for its ramps, or too long with or without them; a short rest.

    `pulsing_us` is a whole contraction, `ramps_us` are its ramps together, `shortest_us` those that
    it has to have.
    """
    refusals: list[Refusal] = []
    plateau_us = pulsing_us - ramps_us
    if plateau_us > limits.PLATEAU_MAX_US:
        most = microseconds(min(limits.PLATEAU_MAX_US, max(limits.ON_MAX_US - ramps_us, 0)))
        allowed = text("plateau.at_most", most=most)
        refusals.append(Refusal("refusal.plateau", microseconds(plateau_us), allowed, most))
    if pulsing_us > limits.ON_MAX_US:
        most = microseconds(limits.ON_MAX_US)
        allowed = text("on_time.at_most", most=most)
        refusals.append(Refusal("refusal.on_time", microseconds(pulsing_us), allowed, most))
    if pulsing_us < shortest_us:
        least = microseconds(shortest_us)
        allowed = text("on_time.at_least", least=least)
        refusals.append(Refusal("refusal.on_time", microseconds(pulsing_us), allowed, least))
    if silent_us < limits.OFF_MIN_US:
        least = microseconds(limits.OFF_MIN_US)
        rest = microseconds(silent_us)
        refusals.append(Refusal("refusal.off_time", rest, at_least(least), least))
    return tuple(refusals)


def check_ramp_down(ramp_down_us: int) -> Refusal | None:
    """Refuse a ramp down of the envelope so short that it would startle."""
    if ramp_down_us >= limits.RAMP_DOWN_MIN_US:
        return None
    least = microseconds(limits.RAMP_DOWN_MIN_US)
    return Refusal("refusal.ramp_down", microseconds(ramp_down_us), at_least(least), least)


def _check_cycle(cycle_us: int, gap_us: int) -> Refusal | None:
    nearest_us = min(max(cycle_us, limits.CARRIER_CYCLE_MIN_US), limits.CARRIER_CYCLE_MAX_US)
    if cycle_us == nearest_us:
        return None
    allowed = text(
        "carrier_cycle.allowed",
        least=microseconds(limits.CARRIER_CYCLE_MIN_US),
        most=microseconds(limits.CARRIER_CYCLE_MAX_US),
    )
    nearest = text("phase", phase=microseconds(nearest_us // 2 - gap_us))
    return Refusal("refusal.carrier_cycle", bare_microseconds(cycle_us), allowed, nearest)


def _check_burst(burst_us: int, cycle_us: int, gap_us: int) -> Refusal | None:
    if 0 < burst_us <= limits.CARRIER_BURST_MAX_US:
        return None
    fitting = max((limits.CARRIER_BURST_MAX_US + gap_us) // max(cycle_us, 1), 1)
    nearest = text("cycles", count=fitting if burst_us > 0 else 1)
    allowed = at_most(microseconds(limits.CARRIER_BURST_MAX_US))
    return Refusal("refusal.carrier_burst", microseconds(burst_us), allowed, nearest)


def _check_duty(burst_us: int, period_us: int) -> Refusal | None:
    needed_us = burst_us * limits.CARRIER_DUTY_PARTS
    if needed_us <= period_us:
        return None
    burst, every = microseconds(burst_us), microseconds(period_us)
    asked = text("carrier_duty.asked", burst=burst, period=every)
    allowed = text("carrier_duty.allowed", off=limits.CARRIER_DUTY_PARTS - 1)
    return Refusal("refusal.carrier_duty", asked, allowed, period(needed_us))
