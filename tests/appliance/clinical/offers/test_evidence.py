"""What guidelines advise, complete as the review has it, and that nothing is claimed."""

import re
from importlib import resources

import pytest

from appliance.clinical.offers.evidence import load_evidence, parse_evidence
from appliance.clinical.offers.offers import TreatmentGoal, load_offers
from appliance.errors import ConfigError
from appliance.texts.catalogue import TEXTS
from appliance.texts.english import english
from appliance.texts.text import Text

EVIDENCE = load_evidence()
FILE = (resources.files("appliance.clinical") / "offers" / "evidence.toml").read_text("utf-8")


def words(key: str) -> str:
    return english(Text(key))


def test_every_alternative_of_the_review_is_listed_with_its_pain() -> None:
    found = {words(each.what): set(each.pain) for each in EVIDENCE.alternative}
    both = {"acute", "chronic"}
    assert found == {
        "Education, staying active": {"any"},
        "Reassurance": {"any"},
        "Self-care": {"any"},
        "Heat on the skin": {"acute"},
        "Exercise": {*both, "radiculopathy"},
        "Yoga": {"chronic"},
        "Cognitive behavioural therapy": {"chronic"},
        "Biofeedback": {"chronic"},
        "Progressive relaxation": {"chronic"},
        "Massage": {"chronic"},
        "Manual therapy": both,
        "Spinal manipulation, with pain from a nerve root": {"radiculopathy"},
        "Acupuncture": {"chronic"},
        "Interdisciplinary rehabilitation": {"chronic"},
        "Medicines: ask a doctor": {*both, "radiculopathy"},
    }


def test_what_the_review_advises_against_is_listed_stimulation_among_it() -> None:
    assert [words(each.what) for each in EVIDENCE.advised_against] == [
        "Neck collar",
        "Traction",
        "Injection of botulinum toxin",
        "Systemic corticosteroids",
        "Benzodiazepines",
        "Short-wave diathermy",
        "TENS",
        "Electrical stimulation of muscle (EMS)",
    ]
    assert "doi 10.1007/s00586-017-5433-8" in words(EVIDENCE.guideline)
    assert all(each.source for each in EVIDENCE.alternative)
    assert all(each.source for each in EVIDENCE.advised_against)


def test_every_goal_that_is_treated_names_one_mechanism_as_proposed() -> None:
    none = {
        TreatmentGoal.MOTOR_POINT_FIND,
        TreatmentGoal.DEEP_NECK_FLEXORS,
        TreatmentGoal.CONTINUOUS_TETANY,
    }
    for row in load_offers():
        assert (row.mechanism == "") is (row.goal in none)
        if row.mechanism:
            assert words(row.mechanism).startswith("Proposed: ")


def test_every_text_is_there_and_none_claims_anything() -> None:
    keys = {*EVIDENCE.keys, *(row.mechanism for row in load_offers() if row.mechanism)}
    assert keys <= TEXTS.keys()
    said = " ".join(map(words, keys))
    assert not re.search(
        r"reliev|effective|cure|benefit|improve|heal|recommend", said, re.IGNORECASE
    )
    assert "not identified, not used" in words(EVIDENCE.not_identified)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('pain = ["acute"]', 'pain = ["sharp"]', "sharp"),
        ('what = "guideline.yoga"', 'what = "guideline.yoga"\ndose = 3', "dose"),
        ('difference = "evidence.tens_and_ems"', "", "difference"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(old: str, new: str, message: str) -> None:
    assert old in FILE
    with pytest.raises(ConfigError, match=message):
        parse_evidence(FILE.replace(old, new, 1).encode(), "evidence.toml")
