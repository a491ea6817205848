"""What the gate may pass for a prescription."""

from appliance.core.plan.dose import allowances
from appliance.core.prescription.prescription import Prescription
from appliance.core.readable_text import says_something
from appliance.safety.gate import Permit


def permit_of(prescription: Prescription, board_channels: int) -> Permit:
    """Return the permit of a prescription on a board with this many channels."""
    ceilings = dict.fromkeys(prescription.channels, prescription.ceiling_ua)
    return Permit(
        region=prescription.region,
        pad_area_mm2=prescription.pad_area_mm2,
        ceilings_ua=tuple(ceilings.get(n, 0) for n in range(1, board_channels + 1)),
        reason_given=says_something(prescription.reason),
        allowances=allowances(prescription),
    )
