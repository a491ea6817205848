"""The pulses of one on-time: when each begins, how long its phases are, which phase leads.

Group k of a train (one pulse or carrier burst on each of its channels, taken in turns) opens
`LEAD_IN_US` + `train.group_us(k)` after its on-time began. Nothing here accumulates.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from appliance.core.limits.limits import DISCHARGE_US
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.waveform import (
    SETTLE_US,
    Biphasic,
    Carrier,
    Leading,
    Part,
    Sweep,
)
from drivers.quantities import US_PER_S, Microseconds
from drivers.slices import LEAD_IN_US

TOGETHER_US = 20_000
"""Channels take turns within this much of a longer period, so that muscles of both sides seem to
work together (D)."""


class PlannedPulse(NamedTuple):
    """One pulse of the plan: both phases last `phase_us`, `interphase_us` apart."""

    channel: int
    start_us: int
    phase_us: int
    interphase_us: int
    positive_first: bool


@dataclass(frozen=True, slots=True)
class Train:
    """The pulses of an on-time. `latest_us` is the last moment a group may begin."""

    channels: tuple[int, ...]
    waveform: Biphasic | Carrier
    period_us: int
    pulses: int
    pulse_period_us: int
    sweep: Sweep | None
    stagger_us: int
    block_us: int
    latest_us: int

    def group_us(self, k: int) -> int:
        """Return the start of group k of a train without a rate sweep."""
        burst, pulse = divmod(k, self.pulses)
        return burst * self.period_us + pulse * self.pulse_period_us

    def after_us(self, k: int, at_us: int) -> int:
        """Return the start of group k+1, given that group k starts at `at_us`."""
        if self.sweep is None or self.sweep.rate_hz is None:
            return self.group_us(k + 1)
        return at_us - (-1_000 * US_PER_S // self.rate_millihertz(at_us))

    def rate_millihertz(self, at_us: int) -> int:
        """Return the rate of pulses, or bursts, at a moment of the on-time."""
        if self.sweep is None or self.sweep.rate_hz is None:
            return 1_000 * US_PER_S // self.period_us
        slow, fast = self.sweep.rate_hz
        return _swept(1_000 * slow, 1_000 * fast, at_us, self.sweep.cycle_us)

    def phase_us(self, at_us: int) -> int:
        """Return the phase of the pulses of a group that starts at `at_us`."""
        if self.sweep is None or self.sweep.phase_us is None:
            return self.waveform.phase_us
        return _swept(*self.sweep.phase_us, at_us, self.sweep.cycle_us)

    def block_of(self, phase_us: int) -> int:
        """Return how long a channel's turn lasts with such phases."""
        if isinstance(self.waveform, Carrier):
            return self.waveform.burst_us
        return 2 * phase_us + self.waveform.interphase_us

    def positive_first(self, k: int) -> bool:
        """Return whether the positive phase leads in group k; a carrier always begins positive."""
        if isinstance(self.waveform, Carrier):
            return True
        leading = self.waveform.leading
        return k % 2 == 0 if leading is Leading.ALTERNATING else leading is Leading.POSITIVE

    @property
    def mean_period_us(self) -> Microseconds:
        """Return the mean time from pulse to pulse on a channel within an on-time."""
        cycles = self.waveform.cycles if isinstance(self.waveform, Carrier) else 1
        return Microseconds(self.period_us // (self.pulses * cycles))

    @property
    def most_pulses(self) -> int:
        """Return the pulses of one on-time on each channel.

        Exact for a steady train; with a sweep, what its fastest rate would give throughout.
        """
        return self.most_pulses_until(self.latest_us)

    def most_pulses_until(self, latest_us: int) -> int:
        """Return the pulses on each channel of groups that begin until `latest_us`, or more."""
        repeat_us = self.pulse_period_us if self.sweep else self.period_us
        bursts, rest_us = divmod(latest_us, repeat_us)
        groups = bursts * self.pulses + min(self.pulses, rest_us // self.pulse_period_us + 1)
        return groups * (self.waveform.cycles if isinstance(self.waveform, Carrier) else 1)

    def until(self, on_us: int) -> "Train":
        """Return the train with an on-time of another length."""
        span_us = (len(self.channels) - 1) * self.stagger_us + self.block_us
        return replace(self, latest_us=on_us - SETTLE_US - LEAD_IN_US - span_us)

    def groups(self) -> Iterator[tuple[int, int]]:
        """Yield (k, start) of every group of one on-time."""
        k, at_us = 0, 0
        while at_us <= self.latest_us:
            yield k, at_us
            k, at_us = k + 1, self.after_us(k, at_us)


def train_of(part: Part, channels: tuple[int, ...], on_us: int) -> Train:
    """Return the train of a part's on-times on channels that pulse together."""
    densest, form, count = densest_of(part), part.waveform, len(channels)
    block_us, turn_us = 2 * densest.phase_us + densest.interphase_us, densest.pulse_period_us
    pulses = densest.pulses
    if isinstance(form, Carrier):
        block_us, turn_us, pulses = form.burst_us, densest.period_us, 1
    stagger_us = max(min(turn_us, TOGETHER_US) // count, block_us + DISCHARGE_US)
    train = Train(
        channels=channels,
        waveform=form,
        period_us=part.period_us,
        pulses=pulses,
        pulse_period_us=turn_us,
        sweep=part.sweep,
        stagger_us=stagger_us,
        block_us=block_us,
        latest_us=0,
    )
    return train.until(on_us)


def pulses_of_group(train: Train, k: int, at_us: int, origin_us: int) -> Iterator[PlannedPulse]:
    """Yield the pulses of group `k`, `at_us` after the first of an on-time at `origin_us`."""
    form, phase_us, first = train.waveform, train.phase_us(at_us), train.positive_first(k)
    for turn, channel in enumerate(train.channels):
        start_us = origin_us + at_us + turn * train.stagger_us
        if isinstance(form, Biphasic):
            yield PlannedPulse(channel, start_us, phase_us, form.interphase_us, first)
            continue
        for cycle in range(form.cycles):
            cycle_us = start_us + cycle * form.cycle_us
            yield PlannedPulse(channel, cycle_us, phase_us, form.gap_us, first)


def _swept(first: int, second: int, at_us: int, cycle_us: int) -> int:
    """Return the value at `at_us` of a triangle from `first` to `second` and back."""
    half_us = cycle_us // 2
    into_us = at_us % cycle_us
    risen_us = min(into_us, cycle_us - into_us, half_us)
    return first + (second - first) * risen_us // half_us
