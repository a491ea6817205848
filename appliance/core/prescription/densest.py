"""The densest stretch of a prescription: charge, heat and rate are judged on it."""

from typing import NamedTuple

from appliance.core.limits import heating, limits
from appliance.core.limits.limits import Region
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.waveform import Biphasic, Burst, Carrier, Sweep
from drivers.quantities import US_PER_S


class DensestStretch(NamedTuple):
    """The densest a prescription gets: longest phase, shortest period, both at once."""

    phase_us: int
    interphase_us: int
    pulses: int
    pulse_period_us: int
    period_us: int

    def on_us(self) -> int:
        """Return the time with current within the densest second, in µs."""
        return heating.densest_on_us(*self)


def densest_of(draft: PrescriptionDraft) -> DensestStretch:
    """Return the densest stretch of a prescription's pulses."""
    return densest_pulses(draft.waveform, draft.period_us, draft.burst, draft.sweep)


def densest_pulses(
    form: Biphasic | Carrier, period_us: int, burst: Burst | None, sweep: Sweep | None
) -> DensestStretch:
    """Return the densest stretch of pulses of a form, in bursts or with a sweep."""
    if not isinstance(form, Biphasic):
        return DensestStretch(form.phase_us, form.gap_us, form.cycles, form.cycle_us, period_us)
    if burst is not None:
        shape = (burst.pulses, burst.pulse_period_us, period_us)
        return DensestStretch(form.phase_us, form.interphase_us, *shape)
    phase_us = form.phase_us
    if sweep is not None:
        phase_us = max((phase_us, *(sweep.phase_us or ())))
        period_us = min((period_us, *map(period_of, sweep.rate_hz or ())))
    return DensestStretch(phase_us, form.interphase_us, 1, period_us, period_us)


def highest_ua(pulses: DensestStretch, region: Region, area_mm2: int, *, acknowledged: bool) -> int:
    """Return the highest amplitude that charge, heat and density allow on such pads.

    Numbers below 1 limit nothing here; other checks refuse them.
    """
    if min(pulses) < 1 or area_mm2 < 1:
        return limits.PEAK_UA
    by_heat_ua = heating.highest_ua(pulses.on_us(), area_mm2, region, acknowledged=acknowledged)
    return min(limits.highest_by_charge_ua(pulses.phase_us, region), by_heat_ua)


def period_of(rate_hz: int) -> int:
    """Return the period of a rate, rounded up: never faster than asked; a rate under 1 is 1."""
    return -(-US_PER_S // max(rate_hz, 1))
