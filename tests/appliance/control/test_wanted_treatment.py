"""A prescription for a patient says where the pads lie; channels and pad area follow from that."""

import pytest
from msgspec.structs import replace

from appliance.clinical.body import Side
from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.patients.before_start import WantedTreatment
from appliance.clinical.patients.files import PatientFiles
from appliance.control.commands.prescribe import AcceptedPrescription, prescribe
from appliance.control.commands.wanted_treatment import on_placement, wanted_treatment
from appliance.control.pages.page import KnownPatients
from appliance.core.refusal import Refusal
from appliance.messages.actions import Prescribe
from appliance.messages.wire import Subject
from appliance.records.patient_history import PatientRegister
from appliance.texts.english import english
from appliance.texts.text import TextValue
from tests.support import complete_file
from tests.support.complete_file import facts_for
from tests.support.screening import at

pytestmark = pytest.mark.proves("planned-pads")

PROGRAMME = load_catalogue()["conventional-tens"]
ASKED = Prescribe(
    programme=PROGRAMME.name,
    subject=Subject.PATIENT,
    patient="P-1",
    region="lower_back",
    side="both",
    pad_set="A",
)


def known(patient: str | None = None) -> KnownPatients:
    """Return the files of patients: of one with all facts, or of nobody."""
    files = PatientFiles()
    for fact in facts_for(complete_file.wanted(PROGRAMME.name), patient) if patient else ():
        files.take(fact, at(100.5))
    return KnownPatients(files, at(100.5))


def wanted(asked: Prescribe) -> WantedTreatment:
    found = wanted_treatment(asked, PROGRAMME)
    assert isinstance(found, WantedTreatment)
    return found


def refused(asked: Prescribe) -> Refusal:
    found = wanted_treatment(asked, PROGRAMME)
    assert isinstance(found, Refusal)
    return found


def shown(value: TextValue) -> str:
    return value if isinstance(value, str) else english(value)


@pytest.mark.parametrize(("side", "channels"), [("left", (1,)), ("right", (1,)), ("both", (1, 2))])
def test_channels_left_out_are_those_of_the_placement(side: str, channels: tuple[int, ...]) -> None:
    asked = replace(ASKED, side=side)
    assert on_placement(asked, wanted(asked)).channels == channels


def test_the_pad_area_is_that_of_the_smaller_pad_of_the_placement() -> None:
    found = wanted(ASKED)
    assert found.placement is not None
    pads = found.placement.placement.sizes_mm.values()
    smaller_mm2 = min(width * height for width, height in pads)
    assert on_placement(ASKED, found).pad_area_mm2 == smaller_mm2
    assert wanted(replace(ASKED, pad_area_mm2=smaller_mm2)) == found
    other = refused(replace(ASKED, pad_area_mm2=smaller_mm2 + 1))
    assert other.rule == "refusal.pad_area"


@pytest.mark.parametrize("channels", [(1,), (2,), (1, 3), (1, 2, 3), (1, 1, 2)])
def test_other_channels_than_those_of_the_placement_are_refused(channels: tuple[int, ...]) -> None:
    refusal = refused(replace(ASKED, channels=channels))
    assert refusal.rule == "refusal.channels"
    assert shown(refusal.nearest) == "1, 2"


def test_channels_of_the_placement_may_be_named() -> None:
    assert wanted(replace(ASKED, channels=(2, 1))) == wanted(ASKED)


@pytest.mark.parametrize("side", ["", "middle", "Left"])
def test_no_side_or_another_word_is_refused_with_the_three_that_there_are(side: str) -> None:
    refusal = refused(replace(ASKED, side=side))
    assert (refusal.rule, shown(refusal.allowed)) == ("refusal.side", "left, right, both")


def test_the_usual_placement_and_its_usual_depth_need_no_name() -> None:
    found = wanted(ASKED).placement
    assert found is not None
    named = replace(ASKED, placement=found.key.placement, depth="usual")
    assert wanted(named) == wanted(ASKED)


def test_an_unknown_placement_or_depth_is_refused_and_the_nearest_is_accepted() -> None:
    placement = refused(replace(ASKED, placement="chest"))
    assert placement.rule == "refusal.placement"
    assert wanted(replace(ASKED, placement=str(placement.nearest))) == wanted(ASKED)
    depth = refused(replace(ASKED, depth="bottomless"))
    assert depth.rule == "refusal.placement_depth"
    assert wanted(replace(ASKED, depth=str(depth.nearest))) == wanted(ASKED)


def test_a_depth_of_the_placement_may_be_chosen() -> None:
    found = wanted(replace(ASKED, depth="deep")).placement
    assert found is not None
    assert found.key.depth == "deep"


def test_a_region_that_the_programme_is_not_for_is_refused() -> None:
    assert refused(replace(ASKED, region="moon")).rule == "refusal.region"


@pytest.mark.parametrize("name", ["side", "placement", "depth", "pad_set"])
def test_a_test_load_has_no_side_no_placement_and_no_pads(name: str) -> None:
    load = Prescribe(programme=PROGRAMME.name, subject=Subject.TEST_LOAD)
    found = prescribe(replace(load, **{name: "left"}), PatientRegister(), known(), (1, 2))
    assert isinstance(found, Refusal)
    assert found.rule == "refusal.subject"
    accepted = prescribe(load, PatientRegister(), known(), (1, 2))
    assert isinstance(accepted, AcceptedPrescription)
    assert (accepted.wanted, accepted.prescription.channels) == (None, (1,))


def test_an_accepted_prescription_of_a_patient_says_what_is_wanted() -> None:
    found = prescribe(ASKED, PatientRegister(), known("P-1"), (1, 2))
    assert isinstance(found, AcceptedPrescription)
    assert found.wanted is not None
    assert (found.wanted.side, found.wanted.pad_set) == (Side.BOTH, "A")
    assert found.prescription.channels == (1, 2)
