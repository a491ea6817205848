"""The fields of a programme file. Times are in the units that clinicians use."""

import msgspec

from appliance.core.limits.limits import Layout, Purpose, Region
from appliance.core.prescription.densest import period_of
from appliance.core.prescription.waveform import (
    Biphasic,
    Burst,
    Carrier,
    Leading,
    OnOff,
    ProgrammeKind,
    Sweep,
)
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
    """On-times and rests; `on_ms` includes both ramps."""

    on_ms: int
    off_ms: int
    ramp_up_ms: int
    ramp_down_ms: int


class RecommendedCourse(_Table, frozen=True):
    """How often the programme may be given to one patient before a new assessment."""

    sessions: int
    per_week: int


class Evidence(_Table, frozen=True):
    """Published findings for and against the programme, keys of texts that claim nothing."""

    supporting: str
    opposing: str


class Programme(_Table, frozen=True):
    """A programme: its numbers, where each comes from, and what is known about it.

    `title`, `summary` and the evidence are keys of texts.
    `region` is the intended region, `regions` all that are allowed. `sources` gives the source of
    each number; (M) is memory, (D) derived or judged here.
    """

    name: str
    title: str
    summary: str
    kind: ProgrammeKind
    purpose: Purpose
    region: Region
    regions: tuple[Region, ...]
    layout: Layout
    pad_area_mm2: int
    ceiling_ua: int
    duration_s: int
    rate_hz: int
    course: RecommendedCourse
    evidence: Evidence
    sources: dict[str, str]
    pulse: PulseFields | None = None
    carrier: CarrierBurst | None = None
    burst: PulseBurst | None = None
    sweep: RateSweep | None = None
    on_off: Times | None = None

    @property
    def duration_us(self) -> int:
        """Return the duration of a session in µs."""
        return self.duration_s * US_PER_S

    def waveform(self) -> Biphasic | Carrier:
        """Return the pulse or the carrier; the catalogue has checked that there is one."""
        if self.carrier is not None:
            return Carrier(self.carrier.phase_us, self.carrier.cycles, self.carrier.gap_us)
        if self.pulse is None:
            raise ValueError(f"programme {self.name} has neither [pulse] nor [carrier]")
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
        if self.on_off is None:
            return None
        parts = (getattr(self.on_off, name) for name in self.on_off.__struct_fields__)
        return OnOff(*(part * US_PER_MS for part in parts))
