"""The table of region and goal: what it says, what it refuses, and what a wrong one is told."""

from importlib import resources

import msgspec
import pytest

from appliance.clinical.catalogue import load_catalogue, parse_programme, to_prescription
from appliance.clinical.offers.offers import (
    TreatmentGoal,
    check_names,
    load_offers,
    parse_offers,
    refuse_region,
    regions_of,
)
from appliance.clinical.screening.questions import load_questions
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.prescription import PrescriptionError
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.errors import ConfigError
from appliance.texts.catalogue import TEXTS
from tests.support.texts import said

pytestmark = pytest.mark.proves("regions")

CATALOGUE = load_catalogue()
TABLE = {row.goal: row for row in load_offers()}
FILE = (resources.files("appliance.clinical") / "offers" / "offers.toml").read_text("utf-8")
BACK = {"lower_back", "upper_back"}
ALL = {*BACK, "neck", "suboccipital"}

# Where each goal is offered, as issue and clinical notes have it.
OFFERED = {
    "conventional": ALL,
    "modulated": ALL,
    "low_rate": {*BACK, "neck"},
    "burst": {*BACK, "neck"},
    "brief_intense": BACK,
    "strengthening": {*BACK, "neck"},
    "endurance": {"lower_back"},
    "contract_relax": {*BACK, "neck"},
    "twitch": {*BACK, "neck"},
    "circulation": {*BACK, "neck"},
    "stabilisation": {"lower_back"},
    "rehabilitation": BACK,
    "motor_point_find": {*BACK, "neck"},
    "burst_ac": {"lower_back"},
    "deep_neck_flexors": set(),
    "continuous_tetany": set(),
}


def test_each_goal_is_offered_where_it_should_be() -> None:
    found = {
        goal.value: {region for region, offer in row.by_region.items() if offer.programmes}
        for goal, row in TABLE.items()
    }
    assert found == OFFERED


def test_every_text_of_the_table_is_in_the_catalogue_of_texts_and_every_row_has_a_source() -> None:
    for row in TABLE.values():
        keys = {row.title, *(each.reason or each.note for each in row.by_region.values())} - {""}
        assert keys <= TEXTS.keys()
        assert row.source


def test_every_kind_of_programme_is_a_goal() -> None:
    assert {kind.value for kind in ProgrammeKind} <= {goal.value for goal in TreatmentGoal}


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_programme_is_refused_with_the_reason_where_it_is_not_offered(name: str) -> None:
    programme = CATALOGUE[name]
    for region in set(Region) - set(programme.regions):
        with pytest.raises(PrescriptionError) as caught:
            to_prescription(programme, region=region)
        refusal = caught.value.refusals[0]
        assert refusal.rule == "refusal.region"
        assert to_prescription(programme, region=str(refusal.nearest)).region == refusal.nearest


@pytest.mark.parametrize(
    ("name", "region", "allowed"),
    [
        ("burst-tens", "suboccipital", "under the skull only conventional and modulated TENS"),
        ("brief-intense-tens", "neck", "brief-intense TENS only on the back"),
        ("burst-ac", "upper_back", "a carrier only on the lower back"),
        ("nmes-endurance", "neck", "not offered here: no published numbers were found"),
        ("nmes-strengthening", "neck", "lower_back"),  # offered, by another programme
        ("burst-ac", "knee", "lower_back"),
    ],
)
def test_a_refusal_says_why(name: str, region: str, allowed: str) -> None:
    refusal = refuse_region(CATALOGUE[name], region)
    assert refusal is not None
    assert said(refusal).allowed == allowed
    assert refuse_region(CATALOGUE[name], str(refusal.nearest)) is None


def test_under_the_skull_no_programme_contracts() -> None:
    here = {each.name for each in CATALOGUE.values() if Region.SUBOCCIPITAL in each.regions}
    assert here == {"conventional-tens", "modulated-tens"}
    assert all(CATALOGUE[name].purpose is Purpose.SENSORY for name in here)


def test_brief_intense_on_the_upper_back_is_stopped_by_every_heart_question() -> None:
    assert TABLE[TreatmentGoal.BRIEF_INTENSE].upper_back.note == "offered.without_heart_disease"
    for name in ("heart_disease", "heart_failure", "arrhythmia"):
        consequence = load_questions()[name].consequence(
            Region.UPPER_BACK, Purpose.SENSORY, ProgrammeKind.BRIEF_INTENSE
        )
        assert consequence == "stop"


def test_an_own_programme_may_go_where_its_goal_is_offered() -> None:
    back = ("lower_back", "upper_back")
    assert regions_of("my-strengthening", ProgrammeKind.STRENGTHENING) == (*back, "neck")
    assert regions_of("my-pump", ProgrammeKind.CIRCULATION) == (*back, "neck")
    assert regions_of("my-endurance", ProgrammeKind.ENDURANCE) == ("lower_back",)
    assert regions_of("my-carrier", ProgrammeKind.BURST_AC) == ("lower_back",)


def test_a_programme_follows_one_of_its_goal_in_its_regions() -> None:
    elsewhere = msgspec.structs.replace(CATALOGUE["rehabilitation-later"], follows="burst-ac")
    wrong = {**CATALOGUE, elsewhere.name: elsewhere}
    with pytest.raises(ConfigError, match="rehabilitation-later cannot follow burst-ac"):
        check_names(load_offers(), wrong)


def test_a_programme_file_for_a_region_it_is_not_offered_on_is_refused() -> None:
    folder = resources.files("appliance.clinical") / "programmes"
    raw = (folder / "burst-ac.toml").read_text("utf-8").replace("lower_back", "neck")
    with pytest.raises(ConfigError, match=r"burst-ac\.toml: not offered for its region neck"):
        parse_programme(raw.encode(), "burst-ac.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('goal = "burst"', 'goal = "bust"', "bust"),
        ('goal = "burst"', 'goal = "low_rate"', "low_rate stands in it 2 times"),
        ('goal = "burst"', 'goal = "burst"\nspeed = 1', "speed"),
        ('neck = { reason = "not_offered.carrier" }\n', "", "neck"),
        ('neck = { reason = "not_offered.carrier" }', "neck = {}", "burst_ac on neck: give either"),
        (
            'neck = { reason = "not_offered.carrier" }',
            'neck = { reason = "not_offered.carrier", programmes = ["burst-ac"] }',
            "burst_ac on neck: give either",
        ),
    ],
)
def test_a_wrong_table_is_told_what_is_wrong(old: str, new: str, message: str) -> None:
    assert old in FILE
    with pytest.raises(ConfigError, match=message):
        parse_offers(FILE.replace(old, new, 1).encode(), "offers.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["burst-ac"]', '["burst-bc"]', "burst_ac on lower_back: burst-bc is no programme"),
        ('["burst-ac"]', '["burst-tens"]', "burst_ac on lower_back: burst-tens is no programme"),
        ('{ programmes = ["burst-ac"] }', '{ reason = "x" }', "burst-ac offered nowhere"),
    ],
)
def test_the_table_and_the_catalogue_agree(old: str, new: str, message: str) -> None:
    offers = parse_offers(FILE.replace(old, new, 1).encode(), "offers.toml")
    with pytest.raises(ConfigError, match=message):
        check_names(offers, CATALOGUE)
