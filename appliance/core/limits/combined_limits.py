"""Limits that join more than one quantity: what may be done where, carriers, on and off times.

Numbers are in `limits`; this module only compares.
"""

from appliance.core.limits import limits
from appliance.core.limits.limits import Layout, Purpose, Region
from appliance.core.refusal import Refusal, in_cm2, in_ms


def check_place(region: Region, purpose: Purpose, layout: Layout) -> Refusal | None:
    """Refuse muscle work under the skull and pads across the upper back.

    No current path may lead from chest to back or across the heart [AS 60601.2.10:2018 extract]: a
    pair on one side of the upper back stays clear of it. Suboccipital pads are sensory only (D).
    """
    if region is Region.SUBOCCIPITAL and purpose is Purpose.MOTOR:
        return Refusal("region", "motor, suboccipital", "sensory, suboccipital", "motor, neck")
    if region is Region.UPPER_BACK and layout is not Layout.VERTICAL:
        asked = f"{layout} pads on the upper back"
        return Refusal("pad layout", asked, "vertical pairs on one side", "vertical")
    return None


def check_brief_intense(region: Region, *, brief_intense: bool) -> Refusal | None:
    """Refuse brief-intense stimulation on the neck."""
    if not brief_intense or not region.is_neck:
        return None
    return Refusal("brief-intense", f"region {region}", "upper or lower back", "lower_back")


def check_carrier_place(region: Region, pad_area_mm2: int) -> tuple[Refusal, ...]:
    """Refuse a carrier anywhere but on the lower back, or on small pads."""
    refusals: list[Refusal] = []
    if region is not Region.LOWER_BACK:
        refusals.append(Refusal("carrier region", region, "lower_back alone", "lower_back"))
    if pad_area_mm2 < limits.CARRIER_PAD_MIN_MM2:
        least = in_cm2(limits.CARRIER_PAD_MIN_MM2)
        refusals.append(Refusal("carrier pads", in_cm2(pad_area_mm2), f"at least {least}", least))
    return tuple(refusals)


def check_carrier(phase_us: int, gap_us: int, cycles: int, period_us: int) -> tuple[Refusal, ...]:
    """Refuse a carrier's phases, frequency, burst length and duty, each by itself."""
    cycle_us = 2 * (phase_us + gap_us)
    burst_us = cycles * cycle_us - gap_us
    checks = (
        limits.within_us(
            "carrier phase", phase_us, limits.CARRIER_PHASE_MIN_US, limits.CARRIER_PHASE_MAX_US
        ),
        limits.check_interphase(gap_us),
        _check_cycle(cycle_us, gap_us),
        _check_burst(burst_us, cycle_us, gap_us),
        _check_duty(burst_us, period_us),
    )
    return tuple(refusal for refusal in checks if refusal is not None)


def check_off(on_us: int, off_us: int, shortest_on_us: int) -> tuple[Refusal, ...]:
    """Refuse an on-time that cannot hold its ramps or is held too long, or too short a rest."""
    refusals: list[Refusal] = []
    if on_us > limits.ON_MAX_US:
        most = in_ms(limits.ON_MAX_US)
        refusals.append(Refusal("on-time", in_ms(on_us), f"at most {most}, both ramps in it", most))
    if on_us < shortest_on_us:
        least = in_ms(shortest_on_us)
        refusals.append(Refusal("on-time", in_ms(on_us), f"at least {least}, its ramps", least))
    if off_us < limits.OFF_MIN_US:
        least = in_ms(limits.OFF_MIN_US)
        refusals.append(Refusal("off-time", in_ms(off_us), f"at least {least}", least))
    return tuple(refusals)


def check_ramp_down(ramp_down_us: int) -> Refusal | None:
    """Refuse a fall of the envelope that would startle."""
    if ramp_down_us >= limits.RAMP_DOWN_MIN_US:
        return None
    least = in_ms(limits.RAMP_DOWN_MIN_US)
    return Refusal("ramp down", in_ms(ramp_down_us), f"at least {least}", least)


def _check_cycle(cycle_us: int, gap_us: int) -> Refusal | None:
    nearest_us = min(max(cycle_us, limits.CARRIER_CYCLE_MIN_US), limits.CARRIER_CYCLE_MAX_US)
    if cycle_us == nearest_us:
        return None
    allowed = f"{limits.CARRIER_CYCLE_MIN_US} to {limits.CARRIER_CYCLE_MAX_US} µs (4 to 1 kHz)"
    nearest = f"a phase of {nearest_us // 2 - gap_us} µs"
    return Refusal("carrier cycle", f"{cycle_us} µs", allowed, nearest)


def _check_burst(burst_us: int, cycle_us: int, gap_us: int) -> Refusal | None:
    if 0 < burst_us <= limits.CARRIER_BURST_MAX_US:
        return None
    fitting = max((limits.CARRIER_BURST_MAX_US + gap_us) // max(cycle_us, 1), 1)
    nearest = f"{fitting if burst_us > 0 else 1} cycles"
    allowed = f"at most {in_ms(limits.CARRIER_BURST_MAX_US)}"
    return Refusal("carrier burst", in_ms(burst_us), allowed, nearest)


def _check_duty(burst_us: int, period_us: int) -> Refusal | None:
    needed_us = burst_us * limits.CARRIER_DUTY_PARTS
    if needed_us <= period_us:
        return None
    asked = f"{burst_us} µs every {period_us} µs"
    allowed = f"on:off at most 1:{limits.CARRIER_DUTY_PARTS - 1}"
    return Refusal("carrier duty", asked, allowed, f"a period of {needed_us} µs")
