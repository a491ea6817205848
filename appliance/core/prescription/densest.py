"""The densest stretch of a part of a prescription: charge, heat and rate are judged on it.

It is asked for at every limit, and of an own programme at every step of a key: what was computed
once for the same part is known.
"""

from functools import lru_cache
from typing import NamedTuple

from appliance.core.limits import heating, limits
from appliance.core.limits.limits import Region
from appliance.core.prescription.draft import PrescriptionDraft
from appliance.core.prescription.waveform import (
    SETTLE_US,
    Biphasic,
    Burst,
    Carrier,
    Part,
    PartKind,
    Sweep,
)
from drivers.quantities import US_PER_S


class DensestStretch(NamedTuple):
    """The densest a prescription gets: longest phase, shortest period, both at once."""

    phase_us: int
    interphase_us: int
    pulses: int
    pulse_period_us: int
    period_us: int

    def on_us(self, within_us: int = US_PER_S) -> int:
        """Return the time with current within the densest second, or another time, in µs."""
        return heating.densest_on_us(*self, within_us=within_us)


@lru_cache(maxsize=1_024)
def densest_of(part: Part) -> DensestStretch:
    """Return the densest stretch of a part's pulses."""
    return densest_pulses(part.waveform, part.period_us, part.burst, part.sweep)


def on_us_of(draft: PrescriptionDraft, number: int) -> int:
    """Return the time with current within the densest second of part `number`, in µs.

    A second in which a contraction begins may hold pulses of the active rest before it as well.
    Any other two parts are a second apart at least.
    """
    densest = densest_of(draft.parts[number])
    if min(densest) < 1:
        return 1  # refused by its shape
    behind = draft.parts[number + 1 :][:1]
    if not behind or behind[0].kind is not PartKind.ACTIVE_REST:
        return densest.on_us()
    return _joint_on_us(densest_of(behind[0]), densest)


def highest_rms_ua(draft: PrescriptionDraft) -> int:
    """Return the highest r.m.s. current of any part at the ceiling, over its densest second."""
    return max(
        heating.rms_ua(part.amplitude_ua(draft.ceiling_ua), on_us_of(draft, number))
        for number, part in enumerate(draft.parts)
    )


@lru_cache(maxsize=1_024)
def _joint_on_us(first: DensestStretch, second: DensestStretch) -> int:
    """Return the densest second that the pulses of two trains can share, `SETTLE_US` apart.

    It is the most where a phase of the first has just begun to fit.
    """
    if min(first) < 1:
        return second.on_us()
    shared_us, most_us = US_PER_S - SETTLE_US, second.on_us()
    for pulse in range(shared_us // first.pulse_period_us + 1):
        burst, place = divmod(pulse, first.pulses)
        begins_us = burst * first.period_us + place * first.pulse_period_us
        for ends_us in (
            begins_us + first.phase_us,
            begins_us + 2 * first.phase_us + first.interphase_us,
        ):
            if ends_us < shared_us:
                both_us = first.on_us(ends_us) + second.on_us(shared_us - ends_us)
                most_us = max(most_us, both_us)
    return max(most_us, first.on_us())


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


def highest_ua(
    pulses: DensestStretch,
    region: Region,
    area_mm2: int,
    *,
    acknowledged: bool,
    on_us: int | None = None,
) -> int:
    """Return the highest amplitude that charge, heat and density allow on such pads.

    `on_us` is the time with current within the densest second, None for that of the pulses alone.
    Numbers below 1 limit nothing here; other checks refuse them.
    """
    if min(pulses) < 1 or area_mm2 < 1:
        return limits.PEAK_UA
    heats_us = pulses.on_us() if on_us is None else on_us
    by_heat_ua = heating.highest_ua(heats_us, area_mm2, region, acknowledged=acknowledged)
    return min(limits.highest_by_charge_ua(pulses.phase_us, region), by_heat_ua)


def period_of(rate_hz: int) -> int:
    """Return the period of a rate, rounded up: never faster than asked; a rate under 1 is 1."""
    return -(-US_PER_S // max(rate_hz, 1))
