"""What a programme can give at most into a load, from its limits and the voltage of the board.

The current is controlled: a load changes it only where it would need more voltage than there is.
"""

from dataclasses import dataclass

from appliance.clinical.catalogue import to_prescription
from appliance.clinical.placement.placement import Millimetres
from appliance.clinical.placement.placements import placements_for
from appliance.clinical.programme import Programme
from appliance.core.limits.limits import Region
from appliance.core.prescription.contracting_current import charge_pc
from appliance.core.prescription.densest import densest_of, highest_rms_ua
from appliance.core.prescription.prescription import Prescription
from appliance.safety.interlocks.limits import RAIL_PERCENT

LOADS_OHM = (500, 1_000)
"""The test loads of the standards and of drills."""
DC_BLOCK_UF = 10
"""docs/design.md section 4: the series capacitor charges by phase over capacity, as if a phase of
10 µs put 1 Ω in series."""
A_REASON = "stated"
"""Stands for a clinician's reason: it lifts what a reason can lift."""


@dataclass(frozen=True, slots=True)
class DeclaredOutput:
    """The most of a programme in a region: peak µA for each of `LOADS_OHM`, charge, r.m.s., pads.

    `sizes_mm` are those of the placements offered.
    """

    region: Region
    into_ua: tuple[int, ...]
    charge_pc: int
    rms_ua: int
    sizes_mm: tuple[Millimetres, ...]


def bounded_ua(load_ohm: int, phase_us: int, compliance_mv: int) -> int:
    """Return the current at which such a load takes the voltage that trips, in µA."""
    volts_mv = compliance_mv * RAIL_PERCENT // 100
    block_ohm = -(-phase_us // DC_BLOCK_UF)
    return volts_mv * 1_000 // (load_ohm + block_ohm)


def declared_output(
    programme: Programme, region: Region, compliance_mv: int, *, reason_given: bool
) -> DeclaredOutput:
    """Return the most that a programme can give on any of the pads offered for a region."""
    placements = placements_for(programme, region)
    areas_mm2 = {programme.pad_area_mm2, *(each.smaller_area_mm2 for each in placements)}
    asked = [_prescribed(programme, region, area, reason_given=reason_given) for area in areas_mm2]
    most = max(asked, key=lambda prescription: prescription.ceiling_ua)
    parts = most.parts
    phases_us = [densest_of(part).phase_us for part in parts]
    into_ua = tuple(
        max(
            min(part.amplitude_ua(most.ceiling_ua), bounded_ua(load_ohm, phase_us, compliance_mv))
            for part, phase_us in zip(parts, phases_us, strict=True)
        )
        for load_ohm in LOADS_OHM
    )
    sizes = {size for placement in placements for size in placement.sizes_mm.values()}
    return DeclaredOutput(
        region=region,
        into_ua=into_ua,
        charge_pc=charge_pc(most),
        rms_ua=highest_rms_ua(most),
        sizes_mm=tuple(sorted(sizes)),
    )


def _prescribed(
    programme: Programme, region: Region, area_mm2: int, *, reason_given: bool
) -> Prescription:
    reason = A_REASON if reason_given else ""
    return to_prescription(programme, region=region, pad_area_mm2=area_mm2, reason=reason)
