"""A prescription before its limits are checked."""

from dataclasses import dataclass

from appliance.core.limits.limits import Layout, Purpose, Region
from appliance.core.prescription.waveform import (
    Biphasic,
    Burst,
    Carrier,
    ChannelUse,
    OnOff,
    ProgrammeKind,
    Sweep,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionDraft:
    """The values of a prescription, not yet checked; a `Prescription` keeps every limit.

    `period_us` is the time from pulse to pulse, or from burst to burst where there are bursts.
    `ceiling_ua` is the highest amplitude this treatment may ever reach: charge, heating and ramp
    slope are judged there. `pad_area_mm2` is the smaller pad of a pair. `reason` is what a
    clinician gives to pass a caution or the neck's lower cap; blank is none.
    """

    programme: str
    kind: ProgrammeKind
    region: Region
    purpose: Purpose
    pad_area_mm2: int
    channels: tuple[int, ...]
    ceiling_ua: int
    waveform: Biphasic | Carrier
    period_us: int
    duration_us: int
    burst: Burst | None = None
    sweep: Sweep | None = None
    on_off: OnOff | None = None
    use: ChannelUse = ChannelUse.SIMULTANEOUS
    layout: Layout = Layout.VERTICAL
    tap_ua: int = 500
    patient_ceiling_ua: int | None = None
    reason: str = ""
