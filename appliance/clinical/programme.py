"""The fields of a programme file. Times are in the units that clinicians use."""

from dataclasses import replace
from enum import StrEnum

import msgspec

from appliance.core.limits.limits import Layout, Purpose, Region
from appliance.core.prescription.densest import period_of
from appliance.core.prescription.waveform import (
    WHOLE_LEVEL,
    Biphasic,
    Burst,
    Carrier,
    Leading,
    OnOff,
    Part,
    PartKind,
    ProgrammeKind,
    Sweep,
)
from appliance.texts.text import Text, TextValue
from drivers.quantities import US_PER_MS, US_PER_S


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a programme file; an unknown key is an error."""


class PulseFields(_Table, frozen=True):
    """A symmetric pulse."""

    phase_us: int
    interphase_us: int
    leading: Leading = Leading.POSITIVE


class CarrierBurst(_Table, frozen=True):
    """A carrier in bursts; the programme's rate is that of the bursts."""

    phase_us: int
    gap_us: int
    cycles: int


class PulseBurst(_Table, frozen=True):
    """Groups of pulses; the programme's rate is that of the groups."""

    pulses: int
    rate_hz: int


class RateSweep(_Table, frozen=True):
    """Rate, phase or both, back and forth."""

    cycle_s: int
    rate_hz: tuple[int, int] | None = None
    phase_us: tuple[int, int] | None = None


class Times(_Table, frozen=True):
    """On-times and rests: the plateau with its ramps before and after it, or all of it at once.

    `plateau_ms` lies between the ramps and `off_ms` is the silence behind them. `on_ms`, given in
    place of it, holds both ramps and the last 70 ms of silence.
    """

    off_ms: int
    ramp_up_ms: int
    ramp_down_ms: int
    plateau_ms: int | None = None
    on_ms: int | None = None

    def on_off(self) -> OnOff:
        """Return the times in µs; the file's check has seen that one of both is given."""
        ramps_us = self.ramp_up_ms * US_PER_MS, self.ramp_down_ms * US_PER_MS
        off_us = self.off_ms * US_PER_MS
        if self.plateau_ms is not None:
            up_us, down_us = ramps_us
            plateau_us = self.plateau_ms * US_PER_MS
            return OnOff.of_plateau(plateau_us, off_us, ramp_up_us=up_us, ramp_down_us=down_us)
        return OnOff((self.on_ms or 0) * US_PER_MS, off_us, *ramps_us)

    @property
    def whole_ms(self) -> int:
        """Return the time from the first pulse to the last of a contraction, ramps in it."""
        if self.plateau_ms is None:
            return self.on_ms or 0
        return self.ramp_up_ms + self.plateau_ms + self.ramp_down_ms


class CallUse(StrEnum):
    """Whether a clinician may call each contraction of a programme's own train."""

    NO = "no"
    MAY = "may"
    """By cycle, or on call where that is chosen."""
    USUAL = "usual"
    """On call, unless by cycle is chosen."""


class RecommendedCourse(_Table, frozen=True):
    """How often the programme may be given to one patient before a new assessment."""

    sessions: int
    per_week: int


class Evidence(_Table, frozen=True):
    """Published findings for and against the programme, keys of texts that claim nothing."""

    supporting: str
    opposing: str


class TrainFields(_Table, frozen=True, kw_only=True):
    """A train: its rate, its pulses or carrier bursts, its times; at a share of the set level."""

    rate_hz: int
    pulse: PulseFields | None = None
    carrier: CarrierBurst | None = None
    burst: PulseBurst | None = None
    sweep: RateSweep | None = None
    on_off: Times | None = None
    share_percent: int = WHOLE_LEVEL

    def waveform(self) -> Biphasic | Carrier:
        """Return the pulse or the carrier; the catalogue has checked that there is one."""
        if self.carrier is not None:
            return Carrier(self.carrier.phase_us, self.carrier.cycles, self.carrier.gap_us)
        if self.pulse is None:
            raise ValueError("neither [pulse] nor [carrier]")
        return Biphasic(self.pulse.phase_us, self.pulse.interphase_us, self.pulse.leading)

    def bursts(self) -> Burst | None:
        """Return the groups of pulses, if there are any."""
        if self.burst is None:
            return None
        return Burst(self.burst.pulses, period_of(self.burst.rate_hz))

    def sweeps(self) -> Sweep | None:
        """Return the sweep, if there is one."""
        if self.sweep is None:
            return None
        cycle_us = self.sweep.cycle_s * US_PER_S
        return Sweep(cycle_us, self.sweep.rate_hz, self.sweep.phase_us)

    def times(self) -> OnOff | None:
        """Return on-times and rests, if there are any."""
        return None if self.on_off is None else self.on_off.on_off()

    def part(self, *, kind: PartKind = PartKind.TIMED, duration_us: int | None = None) -> Part:
        """Return the train as a part of a prescription."""
        return Part(
            waveform=self.waveform(),
            period_us=period_of(self.rate_hz),
            burst=self.bursts(),
            sweep=self.sweeps(),
            on_off=self.times(),
            share_percent=self.share_percent,
            duration_us=duration_us,
            kind=kind,
        )

    @property
    def is_whole(self) -> bool:
        """Say whether it has one of pulse and carrier, and times that are given in one way."""
        times = self.on_off
        one_way = times is None or (times.on_ms is None) != (times.plateau_ms is None)
        return (self.pulse is None) != (self.carrier is None) and one_way


class PartFields(TrainFields, frozen=True, kw_only=True):
    """A part before or after the programme's own train, as long as `duration_s`."""

    duration_s: int


class ActiveRest(TrainFields, frozen=True, kw_only=True):
    """A train of twitches in each rest of the programme's own, after a silence of `after_ms`.

    `on_ms` of its times holds both ramps and the last 70 ms of silence; they have no off time.
    """

    after_ms: int


class Programme(TrainFields, frozen=True, kw_only=True):
    """A programme: its numbers, where each comes from, and what is known about it.

    `title`, `summary` and the evidence are keys of texts.
    `region` is the intended region, `regions` are all that `offers.toml` offers it on; no programme
    file names those. `sources` gives the source of each number; (M) is memory, (D) derived or
    judged here.

    Its own train takes what the parts in `before` and `after` leave of the session; `active_rest`
    lies in the rests of it. `alternating` lets channels take turns. Contractions `on_call` go with
    a treatment of one part only. An own programme has the words of whoever made it in `own_title`;
    no programme file has them.

    In a course it comes after `after_sessions` sessions, in the place of the programme that it
    `follows`; "" and 0 for one that follows none.
    """

    name: str
    title: str
    summary: str
    kind: ProgrammeKind
    purpose: Purpose
    region: Region
    layout: Layout
    pad_area_mm2: int
    ceiling_ua: int
    duration_s: int
    course: RecommendedCourse
    evidence: Evidence
    sources: dict[str, str]
    on_call: CallUse = CallUse.NO
    follows: str = ""
    after_sessions: int = 0
    regions: tuple[Region, ...] = ()
    before: tuple[PartFields, ...] = ()
    active_rest: ActiveRest | None = None
    after: tuple[PartFields, ...] = ()
    alternating: bool = False
    own_title: str = ""

    @property
    def title_text(self) -> TextValue:
        """Return what it is called: the words of whoever made it, or a text."""
        return self.own_title or Text(self.title)

    @property
    def may_be_called(self) -> bool:
        """Say whether it is one part of contractions of all channels together, as a call needs."""
        return self.on_off is not None and len(self.parts()) == 1 and not self.alternating

    @property
    def duration_us(self) -> int:
        """Return the duration of a session in µs."""
        return self.duration_s * US_PER_S

    @property
    def trains(self) -> tuple[TrainFields, ...]:
        """Return every train of the programme in the order of its parts."""
        rest = () if self.active_rest is None else (self.active_rest,)
        return (*self.before, self, *rest, *self.after)

    def parts(self, *, on_call: bool = False) -> tuple[Part, ...]:
        """Return the parts; `on_call` lets a clinician call the contractions of its own train."""
        kind = PartKind.ON_CALL if on_call else PartKind.TIMED
        found = [self.part(kind=kind)]
        if self.active_rest is not None:
            found.append(_resting(self.active_rest))
        return (*map(_timed, self.before), *found, *map(_timed, self.after))


def _timed(part: PartFields) -> Part:
    return part.part(duration_us=part.duration_s * US_PER_S)


def _resting(rest: ActiveRest) -> Part:
    part = rest.part(kind=PartKind.ACTIVE_REST)
    if part.on_off is None:
        return part
    return replace(part, on_off=replace(part.on_off, off_us=rest.after_ms * US_PER_MS))
