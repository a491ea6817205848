"""The page `missing:PATIENT:PROGRAMME:REGION:SIDE`: what is missing before such a treatment.

Placement and pads are those that lie on the patient, if they are of this programme, region and
side.
"""

from appliance.clinical.body import Side
from appliance.clinical.catalogue import find
from appliance.clinical.finding import Finding
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.control.pages.page import (
    KnownPatients,
    PageSources,
    Row,
    Rows,
    plain_text,
    plain_time,
)
from appliance.control.pages.patients import find_file
from appliance.core.limits.limits import Region
from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import listed
from appliance.texts.text import text

_RULE = "refusal.query"


def missing_rows(wanted: str, sources: PageSources) -> Rows:
    """Return a row for each finding, in the order a clinician resolves them."""
    found = missing_of(wanted, sources.patients)
    return found if isinstance(found, Refusal) else map(finding_row, found)


def missing_of(wanted: str, known: KnownPatients) -> tuple[Finding, ...] | Refusal:
    """Return what is missing before a treatment, named as PATIENT:PROGRAMME:REGION:SIDE."""
    parts = wanted.split(":")
    if len(parts) != 4 or parts[2] not in set(Region) or parts[3] not in set(Side):  # noqa: PLR2004
        return Refusal(
            _RULE, text("query.patients"), text("query.missing"), listed([*Region, *Side])
        )
    file, programme = find_file(parts[0], known), find(parts[1])
    if isinstance(file, Refusal):
        return file
    if isinstance(programme, tuple):
        return Refusal(
            "refusal.programme", parts[1], text("programme.allowed"), listed(list(programme))
        )
    region, side = Region(parts[2]), Side(parts[3])
    if region not in programme.regions:
        asked = text("region.asked", programme=programme.name, region=region)
        return Refusal("refusal.region", asked, listed(programme.regions), programme.region)
    placement = _lying(file, programme.name, region, side)
    pad_set = (
        "" if placement is None or not file.placement.placed else file.placement.placed.pad_set
    )
    treatment = WantedTreatment(
        programme=programme, region=region, side=side, placement=placement, pad_set=pad_set
    )
    return known.files.missing_before_start(file.patient, treatment, known.now)


def _lying(file: PatientFile, name: str, region: Region, side: Side) -> PlannedPlacement | None:
    """Return the plan of the pads that lie on the patient, None if they are for another."""
    placed, programme = file.placement.placed, find(name)
    if placed is None or isinstance(programme, tuple):
        return None
    key = placed.key
    if (key.programme, key.region, key.side) != (name, region, side):
        return None
    planned = plan_placement(programme, region, side, placement=key.placement, depth=key.depth)
    return None if isinstance(planned, Refusal) else planned


def finding_row(finding: Finding) -> Row:
    """Return a finding as a row: what it means, and its texts."""
    return {
        "consequence": finding.consequence,
        "blocks": finding.consequence.blocks,
        "rule": finding.rule,
        "item": finding.item,
        "found": plain_text(finding.found),
        "allowed": plain_text(finding.allowed),
        "nearest": plain_text(finding.nearest),
        "since": plain_time(finding.since),
        "from_utc_us": finding.from_utc_us,
    }
