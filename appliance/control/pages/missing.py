"""The page `missing:PATIENT:PROGRAMME:REGION:SIDE`: what is missing before such a treatment.

Placement and pads are those that lie on the patient, if they are of this programme, region and
side. Before they lie there, `:PLACEMENT:DEPTH:PAD_SET` behind it names them.
"""

from dataclasses import replace

from appliance.clinical.body import Side
from appliance.clinical.finding import Finding
from appliance.clinical.offers.offers import refuse_region
from appliance.clinical.own.shelf import find_any, unknown
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.placement.placements import plan_named
from appliance.clinical.unit.unit_file import judge_before_patient
from appliance.control.pages.page import (
    KnownPatients,
    KnownUnit,
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
_LYING, _NAMED = 4, 7
"""Parts of a query about the pads that lie on the patient, and about others."""


def missing_rows(wanted: str, sources: PageSources) -> Rows:
    """Return a row for each finding, in the order a clinician resolves them."""
    found = missing_of(wanted, sources.patients, sources.unit)
    return found if isinstance(found, Refusal) else map(finding_row, found)


def missing_of(wanted: str, known: KnownPatients, unit: KnownUnit) -> tuple[Finding, ...] | Refusal:
    """Return what is missing before a treatment, named as the page is; the unit comes last."""
    parts = wanted.split(":")
    if (
        len(parts) not in (_LYING, _NAMED)
        or parts[2] not in set(Region)
        or parts[3] not in set(Side)
    ):
        return Refusal(
            _RULE, text("query.patients"), text("query.missing"), listed([*Region, *Side])
        )
    file, programme = find_file(parts[0], known), find_any(parts[1], known.own)
    if isinstance(file, Refusal):
        return file
    if isinstance(programme, tuple):
        return unknown(parts[1], programme)
    region, side = Region(parts[2]), Side(parts[3])
    elsewhere = refuse_region(programme, region)
    if elsewhere is not None:
        return elsewhere
    lying = WantedTreatment(programme=programme, region=region, side=side)
    treatment = _on_named(lying, *parts[4:]) if len(parts) == _NAMED else _on_lying(lying, file)
    if isinstance(treatment, Refusal):
        return treatment
    placement = treatment.placement
    channels = unit.channels if placement is None else placement.channels
    left, now_us = known.interrupted, known.now.monotonic_us
    continued = () if left is None else left.continued_at(file.patient, treatment, now_us)
    return (
        *known.files.missing_before_start(file.patient, treatment, known.now, continued),
        *judge_before_patient(unit.file, channels, file.patient, unit.treated, unit.now),
    )


def _on_named(
    wanted: WantedTreatment, placement: str, depth: str, pad_set: str
) -> WantedTreatment | Refusal:
    """Return the treatment on a placement of the catalogue; "" is the usual one, or its depth."""
    planned = plan_named(wanted.programme, wanted.region, wanted.side, placement, depth)
    if isinstance(planned, Refusal):
        return planned
    return replace(wanted, placement=planned, pad_set=pad_set)


def _on_lying(wanted: WantedTreatment, file: PatientFile) -> WantedTreatment:
    """Return the treatment on the pads that lie on the patient; on none if they are for another."""
    placed = file.placement.placed
    if placed is None:
        return wanted
    key = placed.key
    if (key.programme, key.region, key.side) != (
        wanted.programme.name,
        wanted.region,
        wanted.side,
    ):
        return wanted
    planned = plan_named(wanted.programme, key.region, key.side, key.placement, key.depth)
    if isinstance(planned, Refusal):
        return wanted
    return replace(wanted, placement=planned, pad_set=placed.pad_set)


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
        "answered_by": finding.answered_by,
    }
