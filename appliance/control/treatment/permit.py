"""What the gate may pass for a prescription."""

from appliance.core.plan.dose import allowances
from appliance.core.prescription.contracting_current import is_tetanic
from appliance.core.prescription.densest import densest_of
from appliance.core.prescription.prescription import Prescription
from appliance.core.prescription.waveform import Part
from appliance.core.readable_text import says_something
from appliance.safety.gate import PartPermit, Permit


def permit_of(prescription: Prescription, board_channels: int) -> Permit:
    """Return the permit of a prescription on a board with this many channels."""
    ceilings = dict.fromkeys(prescription.channels, prescription.ceiling_ua)
    return Permit(
        region=prescription.region,
        pad_area_mm2=prescription.pad_area_mm2,
        ceilings_ua=tuple(ceilings.get(n, 0) for n in range(1, board_channels + 1)),
        reason_given=says_something(prescription.reason),
        allowances=allowances(prescription),
        parts=tuple(_of_part(prescription, part) for part in prescription.parts),
        finds=prescription.kind.finds,
    )


def _of_part(prescription: Prescription, part: Part) -> PartPermit:
    """Return what the pulses of a part may be: from its own values, not from a plan of it."""
    swept_us = (part.sweep.phase_us if part.sweep is not None else None) or ()
    phases_us = (part.waveform.phase_us, *swept_us)
    return PartPermit(
        share_percent=part.share_percent,
        shortest_us=min(phases_us),
        longest_us=max(phases_us),
        apart_us=densest_of(part).pulse_period_us,
        tetanic=part.on_off is not None and is_tetanic(prescription, part),
    )
