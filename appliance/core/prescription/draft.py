"""A prescription before its limits are checked."""

from dataclasses import dataclass

from appliance.core.limits.limits import Layout, Purpose, Region
from appliance.core.prescription.waveform import ChannelUse, Part, ProgrammeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PrescriptionDraft:
    """The values of a prescription, not yet checked; a `Prescription` keeps every limit.

    `parts` follow each other; most treatments have one. `ceiling_ua` is the highest level this
    treatment may ever reach: charge, heating and ramp slope of each part are judged at its share
    of it. `pad_area_mm2` is the smaller pad of a pair. `reason` is what a clinician gives to pass a
    caution or the neck's lower cap; blank is none.
    """

    programme: str
    kind: ProgrammeKind
    region: Region
    purpose: Purpose
    pad_area_mm2: int
    channels: tuple[int, ...]
    ceiling_ua: int
    parts: tuple[Part, ...]
    duration_us: int
    use: ChannelUse = ChannelUse.SIMULTANEOUS
    layout: Layout = Layout.VERTICAL
    tap_ua: int = 500
    patient_ceiling_ua: int | None = None
    reason: str = ""

    @property
    def contracts(self) -> bool:
        """Return whether a part has on and off times."""
        return any(part.on_off is not None for part in self.parts)
