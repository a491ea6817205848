"""A patient's file with every fact that a treatment needs, folded straight into an engine."""

from functools import cache
from typing import TypeVar

import msgspec

from appliance.clinical.body import Side
from appliance.clinical.fact import Fact
from appliance.clinical.finding import refusal_of
from appliance.clinical.outcomes.facts import ComplaintOpened, Diagnosis
from appliance.clinical.own.shelf import NONE, OwnProgrammes, find_any
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.placement.facts import (
    FeltAt,
    FirstFeelingMarked,
    PadSetChecked,
    PadSetLabelled,
    PadsPlaced,
    PadState,
)
from appliance.clinical.placement.placement import Depth, PlacementKey, PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.clinical.pre_use.facts import PatientTold
from appliance.clinical.programme import Programme
from appliance.clinical.screening.facts import VisitListAnswered
from appliance.clinical.skin.facts import (
    Feeling,
    Gone,
    PatchTestDeclined,
    SensationMethod,
    SensationTested,
    SiteFollowUp,
    SiteGrade,
    SiteSensation,
    SkinCheckedBefore,
    SkinFollowedUp,
    SkinGrade,
)
from appliance.control.commands.prescribe import AcceptedPrescription
from appliance.control.loop import ControlLoop
from appliance.core.limits.patient_limits import NO_BOUNDS
from appliance.core.prescription.prescription import Prescription
from appliance.messages.actions import Prescribe
from appliance.messages.wire import Subject
from appliance.records.patient_history import pseudonym
from tests.support.screening import WHO, full
from tests.support.unit_in_use import ready_unit

F = TypeVar("F", bound=Fact)
PAD_SET = "A"
MATERIAL = "hydrogel A"


def wanted(
    name: str = "conventional-tens",
    side: Side = Side.BOTH,
    *,
    region: str | None = None,
    placement: str = "",
    depth: str = "",
    own: OwnProgrammes = NONE,
) -> WantedTreatment:
    """Return a treatment with its planned placement and a set of pads."""
    programme = find_any(name, own)
    assert isinstance(programme, Programme), programme
    planned = plan_placement(
        programme,
        region or programme.region,
        side,
        placement=placement,
        depth=Depth(depth) if depth else None,
    )
    assert isinstance(planned, PlannedPlacement), planned
    return WantedTreatment(
        programme=programme,
        region=planned.key.region,
        side=side,
        placement=planned,
        pad_set=PAD_SET,
    )


def side_of(channels: tuple[int, ...]) -> Side:
    """Return a side that needs as many channels; one if none is named."""
    return Side.LEFT if len(channels) <= 1 else Side.BOTH


def facts_for(treatment: WantedTreatment, patient: str = "P-0015") -> tuple[Fact, ...]:
    """Return every fact that a treatment needs, in the order of the work."""
    assert treatment.placement is not None
    if treatment.programme.own_title:
        placement = treatment.placement
        facts = (*_answers(placement.key), *_on_the_skin(placement))
    else:
        facts = _facts(treatment.programme.name, treatment.placement.key)
    return tuple(about(fact, patient) for fact in facts)


def about(fact: F, patient: str) -> F:
    """Return the same fact about another patient."""
    return msgspec.structs.replace(fact, patient=patient)


def complete(loop: ControlLoop, patient: str, treatment: WantedTreatment) -> None:
    """Give a patient what is missing for a treatment; nothing where nothing is missing."""
    ready_unit(loop)
    facts = loop._facts
    now = loop._journal.fact_time()
    if refusal_of(facts.files.missing_before_start(patient, treatment, now)) is None:
        return
    file = facts.files.of(patient)
    for fact in (*_followed_up(file), *facts_for(treatment, patient)):
        if file.identity is None or not isinstance(fact, PatientRegistered):
            facts.files.take(fact, now)
            facts._expected.take(fact, now)


def _followed_up(file: PatientFile) -> tuple[Fact, ...]:
    """Return the answer that no redness of the last session was left, where that is to be asked."""
    sites = [site for site, skin in file.skin.sites.items() if skin.to_follow_up is not None]
    if not sites:
        return ()
    answers = tuple(SiteFollowUp(site=site, answer=Gone.GONE) for site in sites)
    return (about(SkinFollowedUp(answers=answers, **WHO), file.patient),)


@cache
def _facts(name: str, key: PlacementKey) -> tuple[Fact, ...]:
    treatment = wanted(name, key.side, region=key.region, placement=key.placement, depth=key.depth)
    assert treatment.placement is not None
    return (*_answers(key), *_on_the_skin(treatment.placement))


def _answers(key: PlacementKey) -> tuple[Fact, ...]:
    complaint = ComplaintOpened(
        region=key.region,
        side=key.side,
        weeks=6,
        diagnosis=Diagnosis.NON_SPECIFIC_PAIN,
        **WHO,
    )
    return (
        PatientRegistered(born=1980, **WHO),
        complaint,
        full(key.region),
        VisitListAnswered(none_changed=True, **WHO),
    )


def _on_the_skin(plan: PlannedPlacement) -> tuple[Fact, ...]:
    good = dict.fromkeys(("edges", "gel", "whole", "date"), PadState.GOOD)
    clear = tuple(SiteGrade(site=site, grade=SkinGrade.CLEAR) for site in plan.sites)
    normal = tuple(SiteSensation(site=site, feeling=Feeling.NORMAL) for site in plan.sites)
    felt = {
        n: FirstFeelingMarked(key=plan.key, channel=n, felt=FeltAt.THIS_PAIR, level_ua=4_000, **WHO)
        for n in plan.channels
    }
    label = PadSetLabelled(
        pad_set=PAD_SET,
        material=MATERIAL,
        width_mm=plan.pads[0].width_mm,
        height_mm=plan.pads[0].height_mm,
        pads=len(plan.pads),
        **WHO,
    )
    return (
        label,
        PatchTestDeclined(material=MATERIAL, reason="had them for years", **WHO),
        SensationTested(method=SensationMethod.SHARP_BLUNT, sites=normal, **WHO),
        SkinCheckedBefore(grades=clear, **WHO),
        PadSetChecked(pad_set=PAD_SET, **good, **WHO),
        PadsPlaced(key=plan.key, pads=plan.pads, pad_set=PAD_SET, **WHO),
        PatientTold(programme=plan.key.programme, **WHO),
        *felt.values(),
    )


def request_for(loop: ControlLoop, request: Prescribe) -> Prescribe:
    """Return a patient's request with side and pads, once the file has what it needs.

    What no placement fits stays as it is: it is going to be refused.
    """
    patient = pseudonym(request.patient or "")
    own = loop._unit.file.own
    programme = find_any(request.programme, own)
    if request.subject is not Subject.PATIENT or patient is None or isinstance(programme, tuple):
        return request
    region = request.region or programme.region
    if region not in programme.regions:
        return request
    side = Side(request.side) if request.side else side_of(request.channels)
    treatment = wanted(
        programme.name,
        side,
        region=region,
        placement=request.placement,
        depth=request.depth,
        own=own,
    )
    complete(loop, patient, treatment)
    return msgspec.structs.replace(request, side=side, pad_set=request.pad_set or PAD_SET)


def accepted_for(
    loop: ControlLoop, prescription: Prescription, patient: str = "P-1"
) -> AcceptedPrescription:
    """Return a prescription that no programme has, for a patient whose file is complete."""
    treatment = wanted(side=side_of(prescription.channels), region=prescription.region)
    complete(loop, patient, treatment)
    return AcceptedPrescription(prescription, Subject.PATIENT, patient, NO_BOUNDS, treatment)
