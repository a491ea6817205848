"""While a fact is missing a patient gets no current; what its refusal offers is then accepted."""

from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from appliance.clinical.fact import Fact
from appliance.clinical.outcomes.facts import ComplaintOpened, Diagnosis
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.placement.facts import (
    DiscardReason,
    PadSetChecked,
    PadSetDiscarded,
    PadSetLabelled,
    PadSetUsed,
    PadsPlaced,
    PadsRemoved,
    PadState,
)
from appliance.clinical.pre_use.facts import PatientTold
from appliance.clinical.screening.facts import Answer, ScreeningAnswered, VisitListAnswered
from appliance.clinical.skin.facts import (
    AlteredSensationAccepted,
    Feeling,
    Gone,
    NextDay,
    PatchTestApplied,
    PatchTestDeclined,
    PatchTestFollowedUp,
    PatchTestPlace,
    PatchTestRead,
    SensationTested,
    SkinCheckedBefore,
    SkinGrade,
)
from appliance.core.limits.limits import Purpose, Region
from appliance.messages.actions import CheckContact
from tests.support.clinic import DAY_US, Clinic
from tests.support.complete_file import MATERIAL, facts_for, wanted
from tests.support.one_patient import (
    ASKED,
    FACTS,
    PLAN,
    SITES,
    fold,
    only,
    prescribe,
    record,
    refused,
    without,
)
from tests.support.screening import WHO, full, none_changed, part, reasons
from tests.support.skin import after, before, followed_up, reinspected, sensation

pytestmark = pytest.mark.proves("patient-facts")

BACK = Region.LOWER_BACK
APPLIED = PatchTestApplied(material=MATERIAL, place=PatchTestPlace.UPPER_BACK, **WHO)
READ = PatchTestRead(material=MATERIAL, grade=SkinGrade.CLEAR, **WHO)
REACTED = PatchTestRead(material=MATERIAL, grade=SkinGrade.MARKED, **WHO)
DAMAGED = PadSetChecked(
    pad_set="A",
    edges=PadState.GOOD,
    gel=PadState.GOOD,
    whole=PadState.DAMAGED,
    date=PadState.GOOD,
    **WHO,
)


def others(**changes: Any) -> tuple[Fact, ...]:
    """Return another set of pads, labelled B, looked at and placed."""
    facts = [replace(fact, pad_set="B") for fact in only(PadSetLabelled, PadSetChecked, PadsPlaced)]
    return (replace(facts[0], **changes), *facts[1:])


def labelled(**changes: Any) -> tuple[Fact, ...]:
    """Return a complete file whose pads have another label."""
    return tuple(
        replace(fact, **changes) if isinstance(fact, PadSetLabelled) else fact for fact in FACTS
    )


def used(times: int) -> tuple[Fact, ...]:
    return tuple(PadSetUsed(pad_set="A", session=f"0000-{n:03}", **WHO) for n in range(times))


def complaint(reason: str = "") -> ComplaintOpened:
    return ComplaintOpened(
        region=BACK,
        side=ASKED.side,  # type: ignore[arg-type]
        weeks=6,
        diagnosis=Diagnosis.NONE_YET,
        reason=reason,
        **WHO,
    )


@dataclass(frozen=True)
class Case:
    """A file that lacks something, its refusal, and what is recorded then.

    Facts of `before` are so many `days` older than the others. `pads` are those of the prescription
    made again where that is needed, "" where it is not.
    """

    facts: tuple[Fact, ...]
    rule: str
    nearest: str
    done: tuple[Fact, ...]
    before: tuple[Fact, ...] = ()
    days: int = 40
    pads: str = ""


def deep() -> tuple[Fact, ...]:
    """Return pads that lie at another depth than the one prescribed."""
    plan = wanted(side=PLAN.side, region=BACK, depth="deep")
    return tuple(fact for fact in facts_for(plan) if isinstance(fact, PadsPlaced))


CASES = {
    "no complaint": Case(
        without(ComplaintOpened), "refusal.complaint", "complaint.ask", only(ComplaintOpened)
    ),
    "no diagnosis, no reason": Case(
        (*FACTS, complaint()), "refusal.diagnosis", "reason.nearest", (complaint("tense"),)
    ),
    "nobody asked about redness": Case(
        FACTS,
        "refusal.skin",
        "skin.ask_gone",
        (followed_up(Gone.GONE, *SITES),),
        before=(after(SkinGrade.CLEAR, *SITES),),
    ),
    "nobody asked about the next day": Case(
        without(PatchTestDeclined),
        "refusal.patch_test",
        "patch_test.ask_next_day",
        (PatchTestFollowedUp(material=MATERIAL, answer=NextDay.NOTHING, **WHO),),
        before=(APPLIED, READ),
    ),
    "never screened": Case(
        without(ScreeningAnswered), "refusal.screening", "screening.answer_all", (full(BACK),)
    ),
    "screened too long ago": Case(
        without(ScreeningAnswered),
        "refusal.screening",
        "screening.answer_all",
        (full(BACK),),
        before=(full(BACK),),
    ),
    "not asked today": Case(
        without(ScreeningAnswered, VisitListAnswered),
        "refusal.screening",
        "screening.visit_list",
        (none_changed(),),
        before=(full(BACK),),
        days=3,
    ),
    "an answer changed": Case(
        (*FACTS, part(epilepsy=Answer.YES)),
        "refusal.screening",
        "screening.answer_all",
        (full(BACK),),
    ),
    "an answer stops": Case(
        (*FACTS, full(BACK, fever=Answer.YES)),
        "refusal.screening",
        "screening.refer",
        (full(BACK),),
    ),
    "an answer wants a reason": Case(
        (*FACTS, full(BACK, epilepsy=Answer.YES)),
        "refusal.screening",
        "screening.confirm",
        (reasons(BACK, Purpose.SENSORY, epilepsy="free of seizures"),),
    ),
    "pads of another size": Case(
        labelled(width_mm=40), "refusal.pad_set", "pad_set.label_of_size", others(), pads="B"
    ),
    "too few pads": Case(labelled(pads=1), "refusal.pad_set", "pad_set.number", others(), pads="B"),
    "damaged pads": Case(
        (*FACTS, DAMAGED), "refusal.pad_set", "pad_set.label_new", others(), pads="B"
    ),
    "pads thrown away": Case(
        (*FACTS, PadSetDiscarded(pad_set="A", because=DiscardReason.SKIN, **WHO)),
        "refusal.pad_set",
        "pad_set.label_new",
        others(),
        pads="B",
    ),
    "pads used 20 times": Case(
        (*FACTS, *used(20)), "refusal.pad_set", "pad_set.label_new", others(), pads="B"
    ),
    "pads opened long ago": Case(
        without(PadSetLabelled),
        "refusal.pad_set",
        "pad_set.label_new",
        others(),
        before=only(PadSetLabelled),
        pads="B",
    ),
    "nobody looked at the pads": Case(
        without(PadSetChecked), "refusal.pad_set", "pad_set.look", only(PadSetChecked)
    ),
    "pads used since the look": Case(
        (*FACTS, *used(1)), "refusal.pad_set", "pad_set.look", only(PadSetChecked)
    ),
    "patch test not offered": Case(
        without(PatchTestDeclined),
        "refusal.patch_test",
        "patch_test.offer",
        only(PatchTestDeclined),
    ),
    "patch test required": Case(
        (*FACTS, before(SkinGrade.MARKED, *SITES)),
        "refusal.patch_test",
        "patch_test.apply",
        (APPLIED, READ),
        pads="A",
    ),
    "patch test on the skin": Case(
        (*FACTS, APPLIED), "refusal.patch_test", "patch_test.read_now", (READ,)
    ),
    "pads of a material that reacted": Case(
        (*FACTS, APPLIED, REACTED),
        "refusal.patch_test",
        "patch_test.other_material",
        (
            *others(material="hydrogel B"),
            PatchTestDeclined(material="hydrogel B", reason="had them for years", **WHO),
        ),
        pads="B",
    ),
    "sensation not tested": Case(
        without(SensationTested), "refusal.sensation", "sensation.test", only(SensationTested)
    ),
    "sensation altered": Case(
        (*FACTS, sensation(Feeling.ALTERED, *SITES)),
        "refusal.sensation",
        "sensation.give_reason",
        (AlteredSensationAccepted(sites=SITES, reason="after surgery, stable", **WHO),),
        pads="A",
    ),
    "no sensation": Case(
        (*FACTS, sensation(Feeling.ABSENT, *SITES)),
        "refusal.sensation",
        "sensation.other_site",
        (sensation(Feeling.NORMAL, *SITES),),
    ),
    "broken skin": Case(
        (*FACTS, before(SkinGrade.BROKEN, *SITES[:1]), APPLIED, READ),
        "refusal.skin",
        "skin.other_site",
        (reinspected(SkinGrade.CLEAR, "healed", SITES[0]),),
        pads="A",
    ),
    "nobody looked at the skin": Case(
        without(SkinCheckedBefore), "refusal.skin", "skin.check", only(SkinCheckedBefore)
    ),
    "no pads on the patient": Case(
        without(PadsPlaced), "refusal.placement", "placed.place", only(PadsPlaced)
    ),
    "pads at another depth": Case(
        (*FACTS, *deep()), "refusal.placement", "placed.place", only(PadsPlaced)
    ),
    "pads taken off": Case(
        (*FACTS, PadsRemoved(session="0001-001", **WHO)),
        "refusal.placement",
        "placed.place",
        only(PadsPlaced),
    ),
    "pads of another set": Case(
        (*FACTS, *others()), "refusal.placement", "placed.place", only(PadsPlaced)
    ),
    "not told": Case(without(PatientTold), "refusal.patient_told", "told.tell", only(PatientTold)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_missing_fact_refuses_the_contact_check_until_it_is_recorded(
    clinic: Clinic, name: str
) -> None:
    case = CASES[name]
    clinic.unlock()
    fold(clinic, *only(PatientRegistered, PadSetLabelled))
    prescribe(clinic)
    now = clinic.engine.loop._journal.fact_time()
    earlier = now._replace(
        utc_us=now.utc_us - case.days * DAY_US, day=now.day - case.days, boot=now.boot - 1
    )
    fold(clinic, *case.before, at=earlier)
    fold(clinic, *case.facts)
    assert refused(clinic, CheckContact()) == (case.rule, case.nearest)
    for fact in case.done:
        if isinstance(fact, PatchTestRead):
            fold(clinic, fact)  # half an hour later
        else:
            clinic.do(record(fact))
    if case.pads == "A":  # skin or sensation has lowered the limits
        assert refused(clinic, CheckContact())[1] == "before_start.prescribe_again"
    if case.pads:
        prescribe(clinic, replace(ASKED, pad_set=case.pads))
    clinic.do(CheckContact())
    clinic.until("Armed")


def test_every_rule_about_a_patient_is_in_the_table() -> None:
    assert {case.rule for case in CASES.values()} == {
        "refusal.complaint",
        "refusal.diagnosis",
        "refusal.pad_set",
        "refusal.patch_test",
        "refusal.patient_told",
        "refusal.placement",
        "refusal.screening",
        "refusal.sensation",
        "refusal.skin",
    }, "registration and what is wanted are asked by the prescription"


# --- the prescription ------------------------------------------------------------------------


def test_a_patient_who_is_not_registered_gets_no_prescription(clinic: Clinic) -> None:
    clinic.unlock()
    assert refused(clinic, ASKED) == ("refusal.registration", "registration.nearest")
    assert clinic.view.programme is None


def test_a_prescription_for_a_patient_needs_a_side_and_labelled_pads(clinic: Clinic) -> None:
    clinic.unlock()
    fold(clinic, *only(PatientRegistered))
    assert refused(clinic, replace(ASKED, side="")) == ("refusal.side", "side.nearest")
    assert refused(clinic, ASKED) == ("refusal.pad_set", "pad_set.label_new")
    fold(clinic, *only(PadSetLabelled))
    for pads in ("", "B"):
        assert refused(clinic, replace(ASKED, pad_set=pads)) == ("refusal.pad_set", "A")
    prescribe(clinic)


@pytest.mark.parametrize(
    ("facts", "ceiling_ua", "by"),
    [
        ((before(SkinGrade.MARKED, *SITES),), 15_000, "refusal.skin_grade"),
        ((sensation(Feeling.ALTERED, *SITES),), 50_000, "refusal.altered_sensation"),
        (
            (before(SkinGrade.MARKED, *SITES), sensation(Feeling.ALTERED, *SITES)),
            15_000,
            "refusal.skin_grade",
        ),
        ((), 60_000, ""),
    ],
)
def test_skin_and_sensation_lower_what_is_prescribed(
    clinic: Clinic, facts: tuple[Fact, ...], ceiling_ua: int, by: str
) -> None:
    clinic.unlock()
    fold(clinic, *FACTS, *facts)
    prescribe(clinic)
    clinic.wait(60)
    assert (clinic.channel(1).ceiling_ua, clinic.view.ceiling_by) == (ceiling_ua, by)


def test_the_opening_of_a_session_says_where_the_pads_lay(clinic: Clinic) -> None:
    clinic.start(channels=(), side="left", region="lower_back")
    (opened,) = clinic.events("session_opened")
    where = {name: opened[name] for name in ("side", "placement", "depth", "pad_set", "channels")}
    assert PLAN.placement is not None
    assert where == {
        "side": "left",
        "placement": PLAN.placement.key.placement,
        "depth": "usual",
        "pad_set": "A",
        "channels": [1],
    }
