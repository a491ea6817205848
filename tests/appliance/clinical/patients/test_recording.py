"""What may be recorded: each room judges its facts, and everybody is registered first."""

from typing import Any

import msgspec
import pytest

from appliance.clinical.closing.facts import CloseOutOpened
from appliance.clinical.exercises.facts import AdviceGiven, ExercisesAsked, ExercisesGiven
from appliance.clinical.fact import Fact
from appliance.clinical.finding import Finding
from appliance.clinical.patients.facts import AliasChanged, PatientNoted, PatientRegistered
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.patients.ids import make_id
from appliance.clinical.patients.recording import refuse_fact
from appliance.clinical.placement.facts import (
    DiscardReason,
    PadSetDiscarded,
    PadSetLabelled,
    PadSetUsed,
)
from appliance.clinical.screening.facts import Answer
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
    SkinGrade,
)
from appliance.core.limits.limits import Purpose, Region
from appliance.core.refusal import Refusal
from tests.support.screening import WHO, at, full, none_changed, part, reasons
from tests.support.skin import (
    L1,
    after,
    before,
    followed_up,
    not_checked,
    reinspected,
    sensation,
)
from tests.support.texts import said

NOW = at(100.5)
ENDED = CloseOutOpened(
    session="0001-001",
    motor=False,
    region=Region.LOWER_BACK,
    levels=after().levels,
    material=after().material,
    cause="stop",
    **WHO,
)
PATIENT = make_id(1)
ME = {**WHO, "patient": PATIENT}


def registered(**changes: Any) -> PatientRegistered:
    return PatientRegistered(**{**ME, "born": 1970, **changes})


def about(fact: Fact, **changes: Any) -> Fact:
    changed: Fact = msgspec.structs.replace(fact, **{"patient": PATIENT, **changes})
    return changed


def files(*facts: Fact, virtual: bool = False) -> PatientFiles:
    found = PatientFiles(virtual=virtual)
    for fact in (registered(), ENDED, *facts):
        found.take(about(fact), at(100.4))
    return found


def limit(answer: Refusal | Finding | None) -> str | None:
    if answer is None:
        return None
    return said(answer.refusal() if isinstance(answer, Finding) else answer).limit


GOOD: list[Fact] = [
    PatientNoted(note="after lunch", **WHO),
    AliasChanged(alias="B7", **WHO),
    full(Region.NECK),
    part(fever=Answer.NO),
    before(),
    after(),
    not_checked(),
    sensation(Feeling.NORMAL),
    PatchTestApplied(material="hydrogel A", place=PatchTestPlace.UPPER_BACK, **WHO),
    PatchTestDeclined(material="hydrogel A", reason="no time today", **WHO),
    PadSetLabelled(pad_set="A", material="hydrogel A", width_mm=50, height_mm=50, pads=4, **WHO),
]
BAD: list[tuple[Fact, str]] = [
    (PatientNoted(note=" ", **WHO), "note"),
    (PatientNoted(note="Frau Beispiel", **WHO), "note"),
    (AliasChanged(alias="KATE", **WHO), "alias"),
    (part(), "screening answers"),
    (none_changed(), "visit list"),
    (reasons(Region.NECK, Purpose.SENSORY, osteoporosis="why"), "reason for treatment"),
    (before(SkinGrade.CLEAR, L1, L1), "sites"),
    (msgspec.structs.replace(after(), grades=()), "sites"),
    (not_checked(reason=" "), "reason"),
    (followed_up(Gone.GONE), "skin"),
    (reinspected(SkinGrade.CLEAR), "skin"),
    (sensation(Feeling.NORMAL, L1, L1), "sites"),
    (AlteredSensationAccepted(sites=(L1,), reason="why", **WHO), "sensation"),
    (PatchTestApplied(material=" ", place=PatchTestPlace.UPPER_BACK, **WHO), "patch test"),
    (PatchTestRead(material="hydrogel A", grade=SkinGrade.CLEAR, **WHO), "patch test"),
    (PatchTestFollowedUp(material="hydrogel A", answer=NextDay.NOTHING, **WHO), "patch test"),
    (PatchTestDeclined(material="hydrogel A", reason=" ", **WHO), "reason"),
    (
        PadSetLabelled(pad_set="A", material="gel", width_mm=5_000, height_mm=50, pads=4, **WHO),
        "pads",
    ),
    (PadSetUsed(pad_set="A", session="0001-001", **WHO), "pads"),
    (PadSetDiscarded(pad_set="A", because=DiscardReason.SKIN, **WHO), "pads"),
    (ExercisesGiven(session="0001-001", exercises=(), **WHO), "exercises and advice"),
    (ExercisesAsked(answers={}, **WHO), "exercises and advice"),
    (AdviceGiven(session="0001-001", advice=("to fly",), **WHO), "exercises and advice"),
]


@pytest.mark.parametrize("fact", GOOD, ids=lambda fact: type(fact).__name__)
def test_what_is_right_may_be_recorded(fact: Fact) -> None:
    assert refuse_fact(about(fact), files(), NOW) is None


@pytest.mark.parametrize(("fact", "rule"), BAD, ids=lambda each: type(each).__name__)
def test_each_kind_of_fact_is_judged_by_its_room(fact: Fact, rule: str) -> None:
    assert limit(refuse_fact(about(fact), files(), NOW)) == rule


@pytest.mark.parametrize("fact", GOOD, ids=lambda fact: type(fact).__name__)
def test_a_patient_is_registered_first(fact: Fact) -> None:
    refusal = refuse_fact(about(fact), PatientFiles(), NOW)
    assert isinstance(refusal, Refusal)
    assert said(refusal).nearest == "register: the year of birth"


@pytest.mark.parametrize("operator", ["", " ", "\u202e", "…"])
def test_every_fact_names_who_says_so(operator: str) -> None:
    for fact in (registered(operator=operator), about(before(), operator=operator)):
        assert limit(refuse_fact(fact, files(), NOW)) == "operator"


def test_simulated_facts_are_for_a_virtual_rig() -> None:
    simulated = about(before(), simulated=True)
    assert limit(refuse_fact(simulated, files(), NOW)) == "simulated fact"
    assert refuse_fact(simulated, files(virtual=True), NOW) is None


def test_who_is_registered_has_an_id_of_the_device_or_one_of_the_records() -> None:
    assert refuse_fact(registered(), PatientFiles(), NOW) is None
    old = registered(patient="DEMO")
    assert limit(refuse_fact(old, PatientFiles(), NOW)) == "patient"
    assert refuse_fact(old, PatientFiles(), NOW, known={"DEMO"}) is None
    assert limit(refuse_fact(registered(), files(), NOW)) == "registration"
    assert limit(refuse_fact(registered(born=2020), PatientFiles(), NOW)) == "year of birth"


def test_a_similar_patient_and_a_personal_note_are_questions() -> None:
    other = registered(patient=make_id(2))
    assert isinstance(refuse_fact(other, files(), NOW), Finding)
    looked_at = registered(patient=make_id(2), other_than=(PATIENT,))
    assert refuse_fact(looked_at, files(), NOW) is None
    note = about(PatientNoted(note="Frau Beispiel", **WHO))
    assert isinstance(refuse_fact(note, files(), NOW), Finding)


def test_a_clock_behind_the_newest_fact_makes_no_screening_valid_again() -> None:
    screened = files(full(), part(fever=Answer.NO))
    assert refuse_fact(about(none_changed()), screened, NOW) is None
    screened.take(about(before()), at(140))
    assert limit(refuse_fact(about(none_changed()), screened, at(101, boot=2))) == "visit list"
