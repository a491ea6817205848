"""Heating limits: r.m.s. current, density and power over the densest second of a train.

The densest second is computed from the phases and never averaged over rest. All comparisons are
between integers, so a limit is exact to the microampere.
"""

from math import isqrt

from appliance.core.limits import limits
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.text import Quantity, Unit, microamps, square_millimetres, text
from drivers.quantities import US_PER_S

MM2_PER_CM2 = 100


def densest_on_us(
    phase_us: int,
    interphase_us: int,
    pulses: int,
    pulse_period_us: int,
    period_us: int,
    *,
    within_us: int = limits.RMS_WINDOW_US,
) -> int:
    """Return the longest time with current within any one second of a train, in µs.

    The train repeats `pulses` pulses, `pulse_period_us` apart, every `period_us`. The second that
    starts with a burst holds the most, because nothing is as dense as the burst itself.
    """
    whole, rest_us = divmod(within_us, period_us)
    begun, tail_us = divmod(min(rest_us, pulses * pulse_period_us), pulse_period_us)
    second_us = min(max(tail_us - phase_us - interphase_us, 0), phase_us)
    return 2 * phase_us * (whole * pulses + begun) + min(tail_us, phase_us) + second_us


def rms_ua(amplitude_ua: int, on_us: int) -> int:
    """Return the r.m.s. current, rounded up, of `on_us` of phases within the densest second."""
    return root_up(-(-amplitude_ua * amplitude_ua * on_us // limits.RMS_WINDOW_US))


def root_up(square: int) -> int:
    """Return the square root, rounded up."""
    return isqrt(square - 1) + 1 if square else 0


def check_rms(amplitude_ua: int, on_us: int) -> Refusal | None:
    """Refuse an amplitude whose r.m.s. current is too high."""
    square = limits.RMS_MAX_UA**2 * US_PER_S
    if amplitude_ua * amplitude_ua * on_us <= square:
        return None
    asked, allowed = microamps(rms_ua(amplitude_ua, on_us)), microamps(limits.RMS_MAX_UA)
    return Refusal("refusal.rms_current", asked, allowed, microamps(_highest(square, on_us)))


def check_density(
    amplitude_ua: int, on_us: int, area_mm2: int, region: Region, *, acknowledged: bool
) -> Refusal | None:
    """Refuse an r.m.s. density at the block level, or at the caution level without a reason.

    `area_mm2` is the smaller pad of the pair.
    """
    block = density_block(region, acknowledged=acknowledged)
    below_ua = _below(block, on_us, area_mm2)
    if amplitude_ua <= below_ua:
        return None
    density = rms_ua(amplitude_ua, on_us) * MM2_PER_CM2 // area_mm2
    seen = Quantity(density, Unit.MICROAMPERE_PER_CM2)
    asked = text("current_density.asked", density=seen, area=square_millimetres(area_mm2))
    by_reason = block < limits.DENSITY_BLOCK_UA_PER_CM2 and not region.is_neck
    key = "current_density.without_reason" if by_reason else "current_density.allowed"
    allowed = text(key, block=Quantity(block, Unit.MICROAMPERE_PER_CM2))
    return Refusal("refusal.current_density", asked, allowed, microamps(below_ua))


def highest_ua(on_us: int, area_mm2: int, region: Region, *, acknowledged: bool) -> int:
    """Return the highest amplitude that heat and density allow; time and area at least 1."""
    heat = limits.RMS_MAX_UA**2 * US_PER_S
    power = limits.POWER_MAX_UW_PER_CM2 * 1_000_000 * area_mm2 * US_PER_S
    return min(
        _highest(heat, on_us),
        _below(density_block(region, acknowledged=acknowledged), on_us, area_mm2),
        _highest(power, on_us * limits.POWER_LOAD_OHM * MM2_PER_CM2),
    )


def check_power(amplitude_ua: int, on_us: int, area_mm2: int) -> Refusal | None:
    """Refuse an amplitude whose power density into the reference load is too high."""
    # µA² x Ω is pW; a µW is 1e6 pW.
    square = limits.POWER_MAX_UW_PER_CM2 * 1_000_000 * area_mm2 * US_PER_S
    weight = on_us * limits.POWER_LOAD_OHM * MM2_PER_CM2
    if amplitude_ua * amplitude_ua * weight <= square:
        return None
    power_uw = amplitude_ua * amplitude_ua * weight // (area_mm2 * US_PER_S * 1_000_000)
    asked = Quantity(power_uw, Unit.MICROWATT_PER_CM2)
    allowed = Quantity(limits.POWER_MAX_UW_PER_CM2, Unit.MICROWATT_PER_CM2)
    return Refusal("refusal.power_density", asked, allowed, microamps(_highest(square, weight)))


def density_block(region: Region, *, acknowledged: bool) -> int:
    """Return the r.m.s. density, in µA/cm², that must not be reached."""
    if region.is_neck:
        return limits.NECK_DENSITY_BLOCK_UA_PER_CM2
    return limits.DENSITY_BLOCK_UA_PER_CM2 if acknowledged else limits.DENSITY_CAUTION_UA_PER_CM2


def _below(block: int, on_us: int, area_mm2: int) -> int:
    """Return the highest amplitude whose density stays below a block."""
    return _highest((block * area_mm2) ** 2 * US_PER_S - 1, on_us * MM2_PER_CM2**2)


def _highest(square: int, weight: int) -> int:
    return isqrt(square // weight)
