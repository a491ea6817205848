"""A prescription on one timeline of integer microseconds: which pulse when, and how strong.

Treatment time runs from 0 to `duration_us`. On-times follow each other at fixed moments; within
an on-time, group k of a train (one pulse or carrier burst on each of its channels, taken in turns)
opens `LEAD_IN_US` + `train.group_us(k)` after the on-time began. Nothing here accumulates: every
moment is computed from the start of its on-time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from appliance.core.limits.limits import DISCHARGE_US
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.limit_checks import SETTLE_US
from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import (
    Biphasic,
    Carrier,
    ChannelUse,
    Leading,
    OnOff,
    Sweep,
)
from drivers.quantities import PPM, US_PER_S, Microseconds
from drivers.slices import LEAD_IN_US

END_RAMP_US = 1_000_000
"""The ramp down that ends a treatment without on-times (D; at least 0.5 s by the limits)."""
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
        repeat_us = self.pulse_period_us if self.sweep else self.period_us
        bursts, rest_us = divmod(self.latest_us, repeat_us)
        groups = bursts * self.pulses + min(self.pulses, rest_us // self.pulse_period_us + 1)
        return groups * (self.waveform.cycles if isinstance(self.waveform, Carrier) else 1)

    def groups(self) -> Iterator[tuple[int, int]]:
        """Yield (k, start) of every group of one on-time."""
        k, at_us = 0, 0
        while at_us <= self.latest_us:
            yield k, at_us
            k, at_us = k + 1, self.after_us(k, at_us)


@dataclass(frozen=True, slots=True)
class PulseTrainPlan:
    """What is played when. On-times are numbered from 0; number w uses `trains[w % len(trains)]`.

    `on_us`, `ramp_up_us` and `ramp_down_us` are those of each on-time; a continuous treatment is
    one on-time as long as itself, without a ramp up (the level starts at zero anyway).
    """

    duration_us: int
    channels: tuple[int, ...]
    trains: tuple[Train, ...]
    cycle_us: int
    on_us: int
    ramp_up_us: int
    ramp_down_us: int
    on_times: int

    def train(self, number: int) -> Train:
        """Return the train of an on-time."""
        return self.trains[number % len(self.trains)]

    def on_start_us(self, number: int) -> int:
        """Return when an on-time begins; past the last one, when the treatment ends."""
        if number >= self.on_times:
            return self.duration_us
        cycle, turn = divmod(number, len(self.trains))
        return cycle * self.cycle_us + turn * (self.cycle_us // len(self.trains))

    def on_time_at(self, plan_us: int) -> int:
        """Return the on-time that a moment of the plan belongs to, its rest included."""
        cycle, into_us = divmod(plan_us, self.cycle_us)
        turns = len(self.trains)
        return cycle * turns + into_us // (self.cycle_us // turns)

    @property
    def settled_us(self) -> int:
        """Return when the last silence of an on-time begins; no pulse ends after it."""
        return self.on_us - SETTLE_US

    def envelope_ppm(self, since_on_us: int) -> int:
        """Return the share of the level, in parts per million, so long after an on-time began."""
        if since_on_us < self.ramp_up_us:
            return PPM * since_on_us // self.ramp_up_us
        left_us = self.settled_us - since_on_us
        if left_us < self.ramp_down_us:
            return PPM * max(left_us, 0) // self.ramp_down_us
        return PPM

    def pulses(self) -> Iterator[PlannedPulse]:
        """Yield every pulse of the whole treatment in the order of time."""
        for number in range(self.on_times):
            train, origin_us = self.train(number), self.on_start_us(number) + LEAD_IN_US
            for k, at_us in train.groups():
                yield from _group(train, k, at_us, origin_us)


def plan_train(prescription: Prescription, ends_us: int | None = None) -> PulseTrainPlan:
    """Lay a prescription on its timeline; `ends_us` is its end where that is not as prescribed."""
    duration_us = prescription.duration_us if ends_us is None else ends_us
    times = prescription.on_off or _continuous(duration_us)
    alternating = prescription.use is ChannelUse.ALTERNATING
    channels = prescription.channels
    turns = tuple((channel,) for channel in channels) if alternating else (channels,)
    trains = tuple(_train(prescription, turn, times.on_us) for turn in turns)
    cycle_us = times.on_us + times.off_us
    return PulseTrainPlan(
        duration_us=duration_us,
        channels=channels,
        trains=trains,
        cycle_us=cycle_us,
        on_us=times.on_us,
        ramp_up_us=times.ramp_up_us,
        ramp_down_us=times.ramp_down_us,
        on_times=_on_times(duration_us, cycle_us, times.on_us, len(trains)),
    )


def _continuous(duration_us: int) -> OnOff:
    return OnOff(on_us=duration_us, off_us=0, ramp_up_us=0, ramp_down_us=END_RAMP_US)


def _on_times(duration_us: int, cycle_us: int, on_us: int, turns: int) -> int:
    """Count the on-times that fit whole into the treatment."""
    cycles, rest_us = divmod(duration_us, cycle_us)
    begun = sum(turn * (cycle_us // turns) + on_us <= rest_us for turn in range(turns))
    return cycles * turns + begun


def _train(prescription: Prescription, channels: tuple[int, ...], on_us: int) -> Train:
    densest, form, count = densest_of(prescription), prescription.waveform, len(channels)
    block_us, turn_us = 2 * densest.phase_us + densest.interphase_us, densest.pulse_period_us
    pulses = densest.pulses
    if isinstance(form, Carrier):
        block_us, turn_us, pulses = form.burst_us, densest.period_us, 1
    stagger_us = max(min(turn_us, TOGETHER_US) // count, block_us + DISCHARGE_US)
    span_us = (count - 1) * stagger_us + block_us
    return Train(
        channels=channels,
        waveform=form,
        period_us=prescription.period_us,
        pulses=pulses,
        pulse_period_us=turn_us,
        sweep=prescription.sweep,
        stagger_us=stagger_us,
        block_us=block_us,
        latest_us=on_us - SETTLE_US - LEAD_IN_US - span_us,
    )


def _group(train: Train, k: int, at_us: int, origin_us: int) -> Iterator[PlannedPulse]:
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
