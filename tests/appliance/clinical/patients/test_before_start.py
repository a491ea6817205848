"""What is missing before a start: everything, in the order a clinician resolves it."""

from dataclasses import replace

import msgspec
import pytest

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.finding import Consequence, Finding, refusal_of
from appliance.clinical.outcomes.facts import ComplaintOpened, Diagnosis
from appliance.clinical.patients.before_start import WantedTreatment, bounds_before_start
from appliance.clinical.patients.facts import PatientRegistered
from appliance.clinical.patients.files import PatientFiles
from appliance.clinical.placement.facts import (
    PadSetChecked,
    PadSetLabelled,
    PadsPlaced,
    PadState,
)
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.clinical.placement.placements import plan_placement
from appliance.clinical.pre_use.facts import PatientTold
from appliance.clinical.screening.facts import Answer
from appliance.clinical.skin.bounds import tightest
from appliance.clinical.skin.facts import (
    AlteredSensationAccepted,
    Feeling,
    Gone,
    NextDay,
    PatchTestApplied,
    PatchTestFollowedUp,
    PatchTestPlace,
    PatchTestRead,
    SkinGrade,
)
from appliance.core.limits.limits import Purpose, Region
from appliance.core.limits.patient_limits import NO_BOUNDS, PatientBounds
from tests.support.screening import WHO, at, full, none_changed, reasons, visit
from tests.support.skin import after, before, followed_up, sensation
from tests.support.texts import said

GEL = "hydrogel A"
PROGRAMME = load_catalogue()["conventional-tens"]
MORNING, MIDDAY = at(100.4), at(100.45)
NOW = at(100.5)
NEXT = at(107.5)


def placed(side: Side = Side.LEFT, programme: str = "conventional-tens") -> PlannedPlacement:
    planned = plan_placement(load_catalogue()[programme], Region.LOWER_BACK, side)
    assert isinstance(planned, PlannedPlacement)
    return planned


PLACEMENT = placed()
SITES = PLACEMENT.sites
WANTED = WantedTreatment(
    programme=PROGRAMME,
    region=Region.LOWER_BACK,
    side=Side.LEFT,
    placement=PLACEMENT,
    pad_set="A",
)
NAMES = [f"lower_back/left/{site.spot}" for site in SITES]
COMPLAINT = ComplaintOpened(
    region=Region.LOWER_BACK,
    side=Side.LEFT,
    weeks=6,
    diagnosis=Diagnosis.NONE_YET,
    reason="seen by a doctor, no cause found",
    **WHO,
)
PLACED = PadsPlaced(key=PLACEMENT.key, pads=PLACEMENT.pads, pad_set="A", **WHO)


def pads() -> tuple[Fact, ...]:
    (size,) = {(pad.width_mm, pad.height_mm) for pad in PLACEMENT.pads}
    good = PadState.GOOD
    return (
        PadSetLabelled(
            pad_set="A", material=GEL, width_mm=size[0], height_mm=size[1], pads=4, **WHO
        ),
        PadSetChecked(pad_set="A", edges=good, gel=good, whole=good, date=good, **WHO),
    )


def everything(**answers: Answer) -> list[tuple[Fact, FactTime]]:
    """Return every fact that a first session of a new patient needs."""
    place = PatchTestPlace.UPPER_BACK
    facts: list[tuple[Fact, FactTime]] = [
        (PatientRegistered(born=1970, **WHO), MORNING),
        (COMPLAINT, MORNING),
        (full(Region.LOWER_BACK, **answers), MORNING),
        (PatchTestApplied(material=GEL, place=place, **WHO), MORNING),
        (PatchTestRead(material=GEL, grade=SkinGrade.CLEAR, **WHO), MIDDAY),
    ]
    today = (
        *pads(),
        sensation(Feeling.NORMAL, *SITES),
        before(SkinGrade.CLEAR, *SITES),
        PLACED,
        PatientTold(programme=PROGRAMME.name, **WHO),
    )
    return [*facts, *((fact, MIDDAY) for fact in today)]


def filed(*facts: tuple[Fact, FactTime], virtual: bool = False) -> PatientFiles:
    files = PatientFiles(virtual=virtual)
    for fact, when in facts:
        files.take(fact, when)
    return files


def missing(
    files: PatientFiles, now: FactTime = NOW, wanted: WantedTreatment = WANTED
) -> tuple[Finding, ...]:
    return files.missing_before_start("P-0015", wanted, now)


def open_items(files: PatientFiles, now: FactTime = NOW) -> list[str]:
    return [finding.item for finding in missing(files, now) if finding.consequence.blocks]


def test_a_new_patient_is_led_through_everything_in_the_order_of_resolving() -> None:
    nothing = replace(WANTED, placement=None, pad_set="")
    items = [finding.item for finding in missing(filed(), NOW, nothing)]
    assert items == ["registration", "complaint", "full_screening", "placement", PROGRAMME.name]
    with_pads = filed(*((fact, MIDDAY) for fact in pads()))
    assert open_items(with_pads) == [
        "registration",
        "complaint",
        "full_screening",
        f"patch_test:{GEL}",
        *(f"sensation:{name}" for name in NAMES),
        *(f"skin_before:{name}" for name in NAMES),
        PLACEMENT.key.placement,
        PROGRAMME.name,
    ]


def test_each_fact_closes_what_it_is_about_and_in_the_end_nothing_blocks() -> None:
    facts = everything()
    counts = [len(open_items(filed(*facts[:number]))) for number in range(len(facts) + 1)]
    assert counts[-1] == 0
    assert refusal_of(missing(filed(*facts))) is None
    for left_out in range(len(facts)):
        rest = [fact for number, fact in enumerate(facts) if number != left_out]
        if not isinstance(facts[left_out][0], PatchTestApplied):
            assert open_items(filed(*rest)) != [], facts[left_out]


def test_what_stops_comes_first_and_notes_come_last() -> None:
    files = filed(*everything(drowsy=Answer.YES, osteoporosis=Answer.YES, eczema=Answer.YES)[:3])
    found = missing(files)
    assert found[0].item == "drowsy"
    assert found[-1].consequence is Consequence.NOTE
    assert said(found[0].refusal()).nearest == "once it has changed, answer again"
    notes = [finding.consequence is Consequence.NOTE for finding in found]
    assert notes == sorted(notes)


def test_a_stop_of_an_expired_screening_comes_behind_the_question_that_renews_it() -> None:
    files = filed(*everything(fever=Answer.YES))
    items = open_items(files, at(200))
    assert items.index("full_screening") < items.index("fever")
    assert open_items(files, NOW) == ["fever"]


def test_first_thing_at_a_visit_is_what_became_of_the_last_one() -> None:
    session = after(SkinGrade.CLEAR, *SITES, material=GEL)
    files = filed(*everything(), (session, NOW))
    assert open_items(files, NEXT)[:4] == [
        *(f"skin_follow_up:{name}" for name in NAMES),
        f"patch_test:{GEL}",
        "visit_list",
    ]
    for fact in (
        followed_up(Gone.GONE, *SITES),
        PatchTestFollowedUp(material=GEL, answer=NextDay.NOTHING, **WHO),
        none_changed(),
        pads()[1],
        sensation(Feeling.NORMAL, *SITES),
        before(SkinGrade.CLEAR, *SITES),
        PLACED,
        PatientTold(programme=PROGRAMME.name, **WHO),
    ):
        files.take(fact, NEXT)
    assert open_items(files, at(107.6)) == []


def test_a_placement_and_pads_have_to_be_chosen_for_this_region_and_side() -> None:
    files = filed(*everything())
    for wanted, nearest in (
        (replace(WANTED, placement=None), "choose a placement"),
        (replace(WANTED, side=Side.RIGHT), "choose a placement of this region and side"),
        (replace(WANTED, pad_set=""), "choose a labelled set of pads"),
    ):
        refusal = refusal_of(missing(files, NOW, wanted))
        assert refusal is not None
        assert said(refusal).nearest == nearest


def test_the_material_of_the_pads_is_that_of_their_label() -> None:
    files = filed(*everything())
    other = PadSetLabelled(
        pad_set="B", material="hydrogel B", width_mm=50, height_mm=50, pads=4, **WHO
    )
    files.take(other, MIDDAY)
    items = [each.item for each in missing(files, NOW, replace(WANTED, pad_set="B"))]
    assert "patch_test:hydrogel B" in items


@pytest.mark.parametrize("question", ["contact_allergy", "eczema"])
@pytest.mark.parametrize("answer", [Answer.YES, Answer.UNKNOWN])
def test_an_allergy_or_eczema_asks_for_a_patch_test(question: str, answer: Answer) -> None:
    facts = [
        fact
        for fact in everything(**{question: answer})
        if not isinstance(fact[0], PatchTestApplied | PatchTestRead)
    ]
    asked = [each for each in missing(filed(*facts)) if each.item == f"patch_test:{GEL}"]
    assert [said(each.refusal()).asked for each in asked] == [
        "needed: an allergy to adhesive, or eczema"
    ]
    assert open_items(filed(*everything(**{question: answer}))) == []


def test_skin_and_sensation_bound_the_level_together() -> None:
    session = after(SkinGrade.MARKED, *SITES, level_ua=24_000, material=GEL)
    marked = filed(*everything(), (session, NOW))
    bounds = bounds_before_start(marked.of("P-0015"), WANTED, NEXT)
    assert bounds == PatientBounds(12_000, "refusal.skin_grade")
    marked.take(sensation(Feeling.ALTERED, *SITES), NEXT)
    both = bounds_before_start(marked.of("P-0015"), WANTED, NEXT)
    assert both == PatientBounds(12_000, "refusal.skin_grade", single_taps=True)
    altered = filed(*everything(), (sensation(Feeling.ALTERED, *SITES), NEXT))
    only_altered = bounds_before_start(altered.of("P-0015"), WANTED, NEXT)
    assert only_altered == PatientBounds(50_000, "refusal.altered_sensation", single_taps=True)
    assert bounds_before_start(filed(*everything()).of("P-0015"), WANTED, NOW) == NO_BOUNDS


def test_the_tightest_of_several_limits_is_what_all_of_them_allow() -> None:
    first = PatientBounds(30_000, "refusal.first_motor_session", 600_000_000, single_taps=True)
    assert tightest([replace(first, first_given_us=5), NO_BOUNDS]).first_given_us == 5
    assert tightest([first, PatientBounds(12_000, "refusal.skin_grade")]) == PatientBounds(
        12_000, "refusal.skin_grade", 600_000_000, single_taps=True
    )
    zero = PatientBounds(0, "refusal.patient_ceiling", 900_000_000)
    assert tightest([NO_BOUNDS, first, zero]) == PatientBounds(
        0, "refusal.patient_ceiling", 600_000_000, single_taps=True
    )
    assert tightest([]) == NO_BOUNDS


def test_a_reason_for_altered_sensation_closes_it() -> None:
    files = filed(*everything(), (sensation(Feeling.ALTERED, *SITES), MIDDAY))
    assert open_items(files) == [f"sensation:{name}" for name in NAMES]
    files.take(AlteredSensationAccepted(sites=SITES, reason="known scar", **WHO), MIDDAY)
    assert open_items(files) == []


def test_a_reason_given_for_a_confirmation_closes_it() -> None:
    files = filed(*everything(osteoporosis=Answer.YES))
    assert open_items(files) == ["osteoporosis"]
    files.take(reasons(Region.LOWER_BACK, Purpose.SENSORY, osteoporosis="mild"), MIDDAY)
    assert open_items(files) == []


def test_facts_of_a_demonstration_count_on_a_virtual_rig_only() -> None:

    simulated = [
        (msgspec.structs.replace(fact, simulated=True), when) for fact, when in everything()
    ]
    assert open_items(filed(*simulated, virtual=True)) == []
    assert filed(*simulated, virtual=True).of("P-0015").has_simulated
    assert open_items(filed(*simulated))[0] == "registration"
    assert not filed(*simulated).of("P-0015").has_simulated
    assert open_items(filed(*everything(), virtual=True)) == []


def test_a_clock_behind_the_newest_fact_of_any_patient_is_not_trusted() -> None:
    files = filed(*everything())
    elsewhere = full(Region.NECK)

    files.take(msgspec.structs.replace(elsewhere, patient="P-0023"), at(140))
    assert "full_screening" in open_items(files, at(100.6, boot=2))
    assert "full_screening" not in open_items(filed(*everything()), at(100.6, boot=2))
    assert files.judged_at(at(100.6, boot=2)).trusted is False


def test_a_fact_is_about_one_patient() -> None:
    files = filed(*everything(), (PatientRegistered(born=1980, alias="K4", **WHO), MIDDAY))
    assert [identity.born for identity in files.identities()] == [1980]
    file = files.of("P-0015")

    other = msgspec.structs.replace(visit(), patient="P-0023")
    assert file.after(other, NOW) is file
    assert files.of("P-0031").identity is None
    assert files.of("P-0031").patient == "P-0031"


def test_an_erased_patient_has_no_file_and_the_clock_is_still_known() -> None:
    files = filed(*everything())
    newest = files.newest
    files.forget("P-0015")
    files.forget("P-0031")
    assert files.identities() == ()
    assert files.of("P-0015").identity is None
    assert files.newest == newest


def test_regions_and_sides_of_earlier_sessions_are_known() -> None:
    both = placed(Side.BOTH)
    session = after(SkinGrade.CLEAR, *both.sites, material=GEL)
    file = filed(*everything(), (session, NOW)).of("P-0015")
    assert file.treated == ((Region.LOWER_BACK, Side.LEFT), (Region.LOWER_BACK, Side.RIGHT))
