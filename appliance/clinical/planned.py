"""What is to be given to a patient, as far as the clinical rules look at it."""

from dataclasses import dataclass

from appliance.clinical.body import PadSite, Side
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTreatment:
    """A programme on a region and side; `sites` are those of its pads, `material` what they are of.

    Without sites nothing is known of the placement yet; without a material nothing of the pads.
    """

    region: Region
    side: Side
    purpose: Purpose
    kind: ProgrammeKind
    sites: tuple[PadSite, ...] = ()
    material: str = ""
