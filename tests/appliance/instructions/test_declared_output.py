"""What each programme can give at most into test loads, who is not treated, and every trip."""

import pytest

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.finding import Consequence
from appliance.clinical.screening.questions import load_questions
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.waveform import ProgrammeKind
from appliance.instructions.generated import Block, generated
from appliance.instructions.outputs import (
    DC_BLOCK_UF,
    LOADS_OHM,
    bounded_ua,
    declared_output,
)
from appliance.instructions.topics import Generated
from appliance.safety.interlocks.rule import CautionCode
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.table import TRIP_KINDS
from appliance.texts.catalogue import TEXTS
from appliance.texts.english import english
from drivers.virtual.output_stage.decay import DC_BLOCK_F

pytestmark = pytest.mark.proves("instructions")

COMPLIANCE_MV = 120_000

# Peak mA per programme and region: the file's ceiling, cut by the limits of docs/design.md
# section 7 (neck 40, with a reason for motor 50; under the skull 20).
MOST_MA = {
    "brief-intense-tens": {"lower_back": 60, "upper_back": 60},
    "burst-ac": {"lower_back": 80},
    "burst-tens": {"lower_back": 60, "upper_back": 60, "neck": 40},
    "contract-relax": {"lower_back": 60},
    "contract-relax-neck": {"neck": 40},
    "contract-relax-upper-back": {"upper_back": 60},
    "conventional-tens": {"lower_back": 60, "upper_back": 60, "neck": 40, "suboccipital": 20},
    "low-rate-tens": {"lower_back": 60, "upper_back": 60, "neck": 40},
    "motor-point-find": {"lower_back": 25, "upper_back": 25},
    "motor-point-find-neck": {"neck": 15},
    "modulated-tens": {"lower_back": 60, "upper_back": 60, "neck": 40, "suboccipital": 20},
    "muscle-pump": {"lower_back": 60},
    "muscle-pump-neck": {"neck": 40},
    "muscle-pump-twitch": {"lower_back": 50, "upper_back": 50, "neck": 40},
    "muscle-pump-upper-back": {"upper_back": 60},
    "nmes-endurance": {"lower_back": 80},
    "nmes-endurance-active": {"lower_back": 60},
    "nmes-strengthening": {"lower_back": 80},
    "nmes-strengthening-neck": {"neck": 40},
    "nmes-strengthening-upper-back": {"upper_back": 60},
    "rehabilitation-active": {"lower_back": 60},
    "rehabilitation-later": {"lower_back": 60},
    "rehabilitation-start": {"lower_back": 60},
    "rehabilitation-upper-back": {"upper_back": 60},
    "stabilisation": {"lower_back": 60},
    "relaxation-twitch": {"lower_back": 50, "upper_back": 50, "neck": 40},
}
WITH_REASON_MA = {
    ("burst-tens", "neck"): 50,
    ("low-rate-tens", "neck"): 50,
    ("muscle-pump-twitch", "neck"): 50,
    ("relaxation-twitch", "neck"): 50,
}


def lines_of(blocks: tuple[Block, ...], place: int = 0) -> list[str]:
    return [english(line) for line in blocks[place].lines]


def test_the_most_of_each_programme_is_what_the_limits_leave_into_both_loads() -> None:
    assert LOADS_OHM == (500, 1_000)
    for name, programme in load_catalogue().items():
        assert {region.value for region in programme.regions} == MOST_MA[name].keys()
        for region in programme.regions:
            most_ua = MOST_MA[name][region] * 1_000
            reasoned_ua = WITH_REASON_MA.get((name, region.value), MOST_MA[name][region]) * 1_000
            usual = declared_output(programme, region, COMPLIANCE_MV, reason_given=False)
            given = declared_output(programme, region, COMPLIANCE_MV, reason_given=True)
            assert usual.into_ua == (most_ua, most_ua), (name, region)
            assert given.into_ua == (reasoned_ua, reasoned_ua), (name, region)
            assert usual.sizes_mm, (name, region)


def test_the_voltage_bounds_the_current_into_a_load_and_the_dc_block_takes_a_share() -> None:
    assert DC_BLOCK_UF == DC_BLOCK_F * 1e6
    assert bounded_ua(1_000, 500, 120_000) == 108_571  # 114 V / (1000 + 500 µs / 10 µF)
    assert bounded_ua(500, 100, 120_000) == 223_529  # 114 V / 510 Ω
    weak = declared_output(
        load_catalogue()["burst-ac"], Region.LOWER_BACK, 60_000, reason_given=False
    )
    assert weak.into_ua == (80_000, 55_937)  # 57 V / (1000 + 19) Ω
    assert weak.charge_pc == 80_000 * 190


def test_each_programme_says_its_wave_its_course_and_its_pads() -> None:
    blocks = generated(Generated.PROGRAMMES, COMPLIANCE_MV)
    assert len(blocks) == len(MOST_MA)
    said = {english(block.heading): lines_of((block,)) for block in blocks if block.heading}
    bursts = "\n".join(said["Burst-modulated a.c."])
    assert "bursts of 7 cycles of two phases of 190 µs, 10 µs after each phase" in bursts
    assert "10 s on, ramps of 2 s and 1 s in it, 50 s off" in bursts
    assert "at most 80 mA (40 V) into 500 Ω and 80 mA (80 V) into 1000 Ω; 15.2 µC" in bursts
    assert "pads 50 x 100 mm" in bursts
    modulated = "\n".join(said["Modulated TENS"])
    assert "rate from 80 to 120 per second and back in 12 s" in modulated
    assert "phases from 100 to 200 µs and back in 12 s" in modulated
    assert "30 min a session, at most 7 a week, 12 before a new assessment" in modulated
    active = said["Re-education, active rest"]
    assert "before it 2 min at 6 pulses per second, 100 % of the level" in active
    rest = "in each rest, after 1 s of silence, 8 s at 4 pulses per second, 50 % of the level"
    assert rest in active
    assert "then 3 min at 3 pulses per second, 80 % of the level" in active
    assert "a clinician may call each contraction" in said["Stabilisation, lower back"]
    assert "2 bursts per second of 10 pulses at 100 per second" in "\n".join(said["Burst TENS"])


def test_a_question_that_stops_is_named_as_far_as_it_stops() -> None:
    never, some, confirm = (
        lines_of(generated(Generated.CONTRAINDICATIONS, COMPLIANCE_MV), place) for place in range(3)
    )
    for question in load_questions().values():
        words = TEXTS[f"screening.{question.id}.question"]
        found = [
            question.consequence(region, purpose, kind)
            for region in Region
            for purpose in Purpose
            for kind in ProgrammeKind
        ]
        stops = Consequence.STOP in found
        assert any(line.startswith(words) for line in never) == (set(found) == {Consequence.STOP})
        assert any(line.startswith(words) for line in (*never, *some)) == stops, question.id
        assert any(line.startswith(words) for line in confirm) == (Consequence.CONFIRM in found)
    assert any(line.startswith("Epilepsy?") and "neck, under the skull" in line for line in some)
    assert all(f"({answer})" in "".join(never) for answer in ("yes", "no"))


def test_every_caution_is_named_with_what_to_do() -> None:
    lines = lines_of(generated(Generated.TRIPS, COMPLIANCE_MV), place=1)
    assert [line[:3] for line in lines] == [code.value for code in CautionCode]
    assert all(line.endswith(".") for line in lines)


def test_every_trip_is_named_with_what_to_do_and_how_the_output_ends() -> None:
    lines = lines_of(generated(Generated.TRIPS, COMPLIANCE_MV))
    assert [line[:3] for line in lines] == [code.value for code in TripCode]
    for line, (code, kind) in zip(lines, TRIP_KINDS.items(), strict=True):
        assert TEXTS[f"trip.{code.value}.instruction"] in line
        assert ("ramped down" in line) == (kind.severity == "ramp")
        assert ("a self-test follows" in line) == (kind.latch == "self_test")
