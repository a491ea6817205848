"""What one slice gives each channel, as doses count it."""

from appliance.core.plan.compiler import PlannedSlice, Stage
from appliance.core.plan.decode import DecodedPulse
from appliance.core.plan.dose import Portion


def phase_times(pulses: tuple[DecodedPulse, ...]) -> dict[int, int]:
    """Return the sum of all phases of each channel that pulses in a slice, in µs."""
    times: dict[int, int] = {}
    for pulse in pulses:
        length_us = sum(phase.duration_us for phase in pulse.phases)
        times[pulse.channel] = times.get(pulse.channel, 0) + length_us
    return times


def portion_of(
    planned: PlannedSlice, pulses: tuple[DecodedPulse, ...], channel: int, amplitude_ua: int
) -> Portion:
    """Return what a slice gives one channel at an amplitude."""
    mine = tuple(pulse for pulse in pulses if pulse.channel == channel)
    return Portion(
        planned.slice.duration_us,
        len(mine),
        phase_times(mine).get(channel, 0),
        amplitude_ua,
        planned.stage is not Stage.REST,
        planned.waiting and not pulses,
    )
