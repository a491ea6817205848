"""A prescription on one timeline of integer microseconds: which pulse when, and how strong.

Treatment time runs from 0 to `duration_us`. Parts follow each other as sections; in each, on-times
follow each other at moments computed from the section's beginning, so nothing accumulates. An
active rest is an on-time in each rest of its section. Only a section on call has on-times that
a person moves (`on_call`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, takewhile
from typing import NamedTuple

from appliance.core.limits.level_limits import CONTRACTION_REST_US
from appliance.core.limits.limits import ON_CALL_REST_MIN_US, PART_GAP_US, shortest_ramp_up_us
from appliance.core.plan.train import PlannedPulse, Train, pulses_of_group, train_of
from appliance.core.prescription.contracting_current import is_stronger
from appliance.core.prescription.part_list_checks import part_durations
from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import (
    SETTLE_US,
    WHOLE_LEVEL,
    ChannelUse,
    OnOff,
    Part,
    PartKind,
)
from appliance.errors import InternalFault
from drivers.quantities import PPM
from drivers.slices import LEAD_IN_US

END_RAMP_US = 1_000_000
"""The ramp down that ends a part without on-times (D; at least 0.5 s by the limits)."""
CALL_WINDOW_US = 5_000_000
"""For so long in each rest by cycle a contraction on call may be called: time to see that the rest
is over, to tell the patient and to press (D)."""


class OnTimeKind(StrEnum):
    """What an on-time is to the patient."""

    UNBROKEN = "unbroken"
    CONTRACTION = "contraction"
    """Announced before it begins."""
    ACTIVE_REST = "active_rest"
    CALLED = "called"
    """A contraction that a clinician called and holds."""


class OnTime(NamedTuple):
    """A stretch of pulses under one envelope; `offset_us` is its place in the cycle of a section.

    `on_us` ends with a silence of `SETTLE_US`. `falls_us` is when the ramp down begins, which
    takes `ramp_down_us` from the level itself.
    """

    kind: OnTimeKind
    part: int
    train: Train
    offset_us: int
    on_us: int
    ramp_up_us: int
    ramp_down_us: int
    falls_us: int
    share_percent: int = WHOLE_LEVEL

    @property
    def settled_us(self) -> int:
        """Return when the last silence begins; no pulse ends after it."""
        return self.on_us - SETTLE_US

    def envelope_ppm(self, since_us: int) -> int:
        """Return the share of the level, in parts per million, so long after it began."""
        return self._ramps_ppm(since_us) * self.share_percent // WHOLE_LEVEL

    def _ramps_ppm(self, since_us: int) -> int:
        share_ppm = PPM
        if since_us < self.ramp_up_us:
            share_ppm = PPM * since_us // self.ramp_up_us
        left_us = self.settled_us - since_us
        if left_us < self.ramp_down_us:
            share_ppm = min(share_ppm, PPM * max(left_us, 0) // self.ramp_down_us)
        return share_ppm

    def released(self, since_us: int) -> "OnTime":
        """Return the on-time with its ramp down from now on, as steep as it always is."""
        if since_us >= self.falls_us:
            return self
        fall_us = self.ramp_down_us * self._ramps_ppm(since_us) // PPM
        return self._ending(since_us, since_us + fall_us + SETTLE_US)

    def ended(self, since_us: int) -> "OnTime":
        """Return the on-time without any pulse from now on."""
        return self._ending(min(since_us, self.falls_us), min(since_us + SETTLE_US, self.on_us))

    def _ending(self, falls_us: int, on_us: int) -> "OnTime":
        return self._replace(falls_us=falls_us, on_us=on_us, train=self.train.until(on_us))


class Placed(NamedTuple):
    """An on-time of a section on call, and when it begins in the treatment."""

    start_us: int
    on_time: OnTime


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the treatment, with its active rest: on-times in a cycle that repeats.

    `on_times` counts those that fit whole. `placed` are the on-times of a section on call, None for
    any other; no more than `most` are ever placed, None for any number.
    """

    begins_us: int
    ends_us: int
    cycle_us: int
    cycle: tuple[OnTime, ...]
    on_times: int
    placed: tuple[Placed, ...] | None = None
    most: int | None = None

    def on_time(self, k: int) -> OnTime:
        """Return on-time `k` of the section."""
        return self.cycle[k % len(self.cycle)] if self.placed is None else self.placed[k].on_time

    def start_us(self, k: int) -> int:
        """Return when on-time `k` of the section begins."""
        if self.placed is not None:
            return self.placed[k].start_us
        whole, place = divmod(k, len(self.cycle))
        return self.begins_us + whole * self.cycle_us + self.cycle[place].offset_us

    @property
    def rest_us(self) -> int:
        """Return the rest between two contractions of a channel, the last silence not counted."""
        return self.cycle_us - self.cycle[0].on_us

    def contractions(self, on_times: int) -> int:
        """Return how many of its first on-times are contractions."""
        own = sum(on_time.kind is OnTimeKind.CONTRACTION for on_time in self.cycle)
        if self.placed is not None or own == len(self.cycle):
            return on_times
        whole, more = divmod(on_times, len(self.cycle))
        begun = sum(each.kind is OnTimeKind.CONTRACTION for each in self.cycle[:more])
        return whole * own + begun


@dataclass(frozen=True, slots=True)
class PulseTrainPlan:
    """What is played when. On-times are numbered from 0 through all sections."""

    duration_us: int
    channels: tuple[int, ...]
    sections: tuple[Section, ...]
    firsts: tuple[int, ...]
    """The number of the first on-time of each section."""
    groups: tuple[int, ...]
    """The group of the level of each part of the prescription."""

    @classmethod
    def of(
        cls,
        duration_us: int,
        channels: tuple[int, ...],
        sections: tuple[Section, ...],
        groups: tuple[int, ...],
    ) -> "PulseTrainPlan":
        """Return the plan of these sections."""
        counts = (section.on_times for section in sections)
        firsts = tuple(accumulate(counts, initial=0))[:-1]
        return cls(duration_us, channels, sections, firsts, groups)

    @property
    def on_times(self) -> int:
        """Return how many on-times there are."""
        return self.firsts[-1] + self.sections[-1].on_times

    def on_time(self, number: int) -> OnTime:
        """Return an on-time; `number` may not be past the last."""
        section, k = self._place(number)
        return section.on_time(k)

    def train(self, number: int) -> Train:
        """Return the train of an on-time."""
        return self.on_time(number).train

    def on_start_us(self, number: int) -> int:
        """Return when an on-time begins; past the last one, when the treatment ends."""
        if number >= self.on_times:
            return self.duration_us
        section, k = self._place(number)
        return section.start_us(k)

    def on_time_at(self, plan_us: int) -> int:
        """Return the on-time that a moment of the plan belongs to, its rest included."""
        low, high = 0, self.on_times
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if self.on_start_us(middle) <= plan_us else (low, middle)
        return low

    def section_of(self, number: int) -> Section:
        """Return the section of an on-time."""
        return self._place(number)[0]

    def section_at(self, plan_us: int) -> Section:
        """Return the section that a moment of the plan belongs to."""
        begun = [section for section in self.sections if section.begins_us <= plan_us]
        return begun[-1] if begun else self.sections[0]

    def contraction(self, number: int) -> int:
        """Return how many contractions begin before an on-time."""
        found = 0
        for section, first in zip(self.sections, self.firsts, strict=True):
            found += section.contractions(min(max(number - first, 0), section.on_times))
        return found

    def _place(self, number: int) -> tuple[Section, int]:
        place = max(n for n, first in enumerate(self.firsts) if first <= max(number, 0))
        return self.sections[place], number - self.firsts[place]

    def pulses(self) -> Iterator[PlannedPulse]:
        """Yield every pulse of the whole treatment in the order of time."""
        for number in range(self.on_times):
            train, origin_us = self.train(number), self.on_start_us(number) + LEAD_IN_US
            for k, at_us in train.groups():
                yield from pulses_of_group(train, k, at_us, origin_us)


def plan_train(prescription: Prescription, ends_us: int | None = None) -> PulseTrainPlan:
    """Lay a prescription on its timeline; `ends_us` is its end where that is not as prescribed."""
    duration_us = prescription.duration_us if ends_us is None else ends_us
    lengths = part_durations(prescription.parts, prescription.duration_us)
    if len(lengths) == 1:
        lengths = dict.fromkeys(lengths, duration_us)
    sections: list[Section] = []
    begins_us = 0
    for number, length_us in lengths.items():
        if begins_us >= duration_us:
            break
        ends = _Ends(begins_us, min(begins_us + length_us, duration_us), duration_us)
        sections.append(_section(prescription, number, ends))
        begins_us += length_us
    groups = level_groups(prescription)
    return PulseTrainPlan.of(duration_us, prescription.channels, tuple(sections), groups)


def level_groups(prescription: Prescription) -> tuple[int, ...]:
    """Return the group of each part: a part of another group than before begins at level zero.

    A level counts for the part it was set in, and for those after it that are not stronger. An
    active rest, never stronger than its part, has the group of that.
    """
    groups: list[int] = []
    before: Part | None = None
    for part in prescription.parts:
        group = groups[-1] if groups else 0
        if part.kind is PartKind.ACTIVE_REST:
            groups.append(group)
            continue
        if before is not None and is_stronger(prescription, part, before):
            group += 1
        groups.append(group)
        before = part
    return tuple(groups)


class _Ends(NamedTuple):
    """Where a section begins and ends, and where the treatment does."""

    begins_us: int
    ends_us: int
    duration_us: int

    @property
    def is_last(self) -> bool:
        return self.ends_us == self.duration_us


def _section(prescription: Prescription, number: int, ends: _Ends) -> Section:
    part = prescription.parts[number]
    length_us = ends.ends_us - ends.begins_us
    if part.on_off is None:
        gap_us = 0 if ends.is_last else PART_GAP_US - SETTLE_US
        only = _unbroken(
            prescription, number, max(length_us - gap_us, 1), first=ends.begins_us == 0
        )
        on_times = int(only.on_us > SETTLE_US)
        return Section(ends.begins_us, ends.ends_us, length_us, (only,), on_times)
    cycle_us = part.on_off.on_us + part.on_off.off_us
    if part.kind is PartKind.ON_CALL:
        cycle_us = max(cycle_us, _cycle_with_calls_us(part.on_off))
    cycle = _cycle(prescription, number, cycle_us)
    rest_us = 0 if ends.is_last else cycle_us - cycle[0].on_us
    # A last on-time that is not the treatment's own has its rest before the next part.
    fits = [on_time.offset_us + on_time.on_us + _own_rest(on_time, rest_us) for on_time in cycle]
    often = [max((length_us - end_us) // cycle_us + 1, 0) for end_us in fits]
    whole = min(often)
    begun = sum(1 for _ in takewhile(lambda times: times > whole, often))
    on_times = whole * len(cycle) + begun
    section = Section(ends.begins_us, ends.ends_us, cycle_us, cycle, on_times)
    return _placed(section) if part.kind is PartKind.ON_CALL else section


def _cycle_with_calls_us(times: OnOff) -> int:
    """Return the shortest cycle in which a call has its time behind the rest that it waits for.

    That rest is longest after a rise. Without it the next contraction by cycle would come first,
    wherever a programme rests no longer than it works, and nobody could ever call one.
    """
    rest_us = max(times.pulsing_us, ON_CALL_REST_MIN_US, CONTRACTION_REST_US)
    return times.pulsing_us + rest_us + CALL_WINDOW_US


def _own_rest(on_time: OnTime, rest_us: int) -> int:
    """Return the rest an on-time needs behind it; an active rest is rest already."""
    if on_time.kind is OnTimeKind.ACTIVE_REST:
        return PART_GAP_US - SETTLE_US if rest_us else 0
    return rest_us


def _placed(section: Section) -> Section:
    """Return a section on call, with its on-times by cycle until one is called."""
    by_cycle = (Placed(section.start_us(k), section.on_time(k)) for k in range(section.on_times))
    return replace(section, placed=tuple(by_cycle))


def _unbroken(prescription: Prescription, number: int, on_us: int, *, first: bool) -> OnTime:
    """Return the one on-time of a part; the first of a treatment starts at level zero anyway."""
    part = prescription.parts[number]
    most_ua = part.amplitude_ua(prescription.ceiling_ua)
    up_us = 0 if first else shortest_ramp_up_us(prescription.region, most_ua)
    return OnTime(
        kind=OnTimeKind.UNBROKEN,
        part=number,
        train=train_of(part, prescription.channels, on_us),
        offset_us=0,
        on_us=on_us,
        ramp_up_us=up_us,
        ramp_down_us=END_RAMP_US,
        falls_us=on_us - SETTLE_US - END_RAMP_US,
        share_percent=part.share_percent,
    )


def _cycle(prescription: Prescription, number: int, cycle_us: int) -> tuple[OnTime, ...]:
    """Return the on-times of one cycle: of each channel in its turn, or all and an active rest."""
    channels = prescription.channels
    alternating = prescription.use is ChannelUse.ALTERNATING
    turns = tuple((channel,) for channel in channels) if alternating else (channels,)
    found = [
        _contraction(prescription, number, turn, place * (cycle_us // len(turns)))
        for place, turn in enumerate(turns)
    ]
    behind = prescription.parts[number + 1 :][:1]
    if behind and behind[0].kind is PartKind.ACTIVE_REST and behind[0].on_off is not None:
        offset_us = found[0].settled_us + behind[0].on_off.off_us
        rest = _contraction(prescription, number + 1, channels, offset_us)
        found.append(rest._replace(kind=OnTimeKind.ACTIVE_REST))
    return tuple(found)


def _contraction(
    prescription: Prescription, number: int, channels: tuple[int, ...], offset_us: int
) -> OnTime:
    part = prescription.parts[number]
    times = part.on_off
    if times is None:
        raise InternalFault(f"part {number} has no on-times")
    return OnTime(
        kind=OnTimeKind.CONTRACTION,
        part=number,
        train=train_of(part, channels, times.on_us),
        offset_us=offset_us,
        on_us=times.on_us,
        ramp_up_us=times.ramp_up_us,
        ramp_down_us=times.ramp_down_us,
        falls_us=times.pulsing_us - times.ramp_down_us,
        share_percent=part.share_percent,
    )
