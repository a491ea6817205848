"""The catalogue: what is offered, what it says, and what a wrong file is told."""

import re
from importlib import resources
from typing import Any

import msgspec
import pytest

from appliance.clinical.catalogue import find, load_catalogue, parse_programme, to_prescription
from appliance.clinical.offers.evidence import load_evidence
from appliance.clinical.offers.offers import load_offers
from appliance.clinical.programme import Programme
from appliance.core.prescription.prescription import PrescriptionError
from appliance.core.prescription.waveform import ChannelUse
from appliance.errors import ConfigError
from appliance.texts.catalogue.programmes import PROGRAMMES
from tests.support.texts import said

CATALOGUE = load_catalogue()
FOLDER = resources.files("appliance.clinical") / "programmes"


def programme(name: str) -> Programme:
    found = find(name)
    assert isinstance(found, Programme)
    return found


def refusals(name: str, **changes: Any) -> dict[str, str]:
    with pytest.raises(PrescriptionError) as caught:
        to_prescription(programme(name), **changes)
    return {refusal.limit: refusal.nearest for refusal in map(said, caught.value.refusals)}


def test_the_catalogue_offers_these() -> None:
    assert list(CATALOGUE) == [
        "brief-intense-tens",
        "burst-ac",
        "burst-tens",
        "contract-relax",
        "contract-relax-neck",
        "contract-relax-upper-back",
        "conventional-tens",
        "low-rate-tens",
        "modulated-tens",
        "motor-point-find",
        "motor-point-find-neck",
        "muscle-pump",
        "muscle-pump-neck",
        "muscle-pump-twitch",
        "muscle-pump-upper-back",
        "nmes-endurance",
        "nmes-endurance-active",
        "nmes-strengthening",
        "nmes-strengthening-neck",
        "nmes-strengthening-upper-back",
        "rehabilitation-active",
        "rehabilitation-later",
        "rehabilitation-start",
        "rehabilitation-upper-back",
        "relaxation-twitch",
        "stabilisation",
    ]


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_programme_names_its_sources_and_the_evidence_both_ways(name: str) -> None:
    found = programme(name)
    assert found.evidence.supporting
    assert found.evidence.opposing
    assert {"ceiling_ua", "pad_area_mm2", "duration_s", "course"} <= set(found.sources)
    for text in found.sources.values():
        assert "(M)" in text or "(D)" in text or "[" in text


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_programme_promises_anything(name: str) -> None:
    found = programme(name)
    said = f"{found.title} {found.summary} {found.evidence.supporting}".lower()
    for word in ("relieve", "relief", "cure", "heal", "effective", "proven", "treats"):
        assert word not in said


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_programme_runs_on_two_channels_in_every_region_it_names(name: str) -> None:
    for region in programme(name).regions:
        assert to_prescription(programme(name), (1, 2), region=region).region == region


def test_carrier_and_brief_intense_stay_off_the_neck() -> None:
    assert programme("burst-ac").regions == ("lower_back",)
    assert programme("brief-intense-tens").regions == ("lower_back", "upper_back")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("convential-tens", "conventional-tens"),
        ("burst-acc", "burst-ac"),
        ("nmes-strenghtening", "nmes-strengthening"),
    ],
)
def test_a_misspelt_name_finds_the_nearest(asked: str, first: str) -> None:
    found = find(asked)
    assert isinstance(found, tuple)
    assert found[0] == first
    assert len(found) <= 3


def test_a_name_like_none_gets_them_all() -> None:
    assert find("zzzzzz") == tuple(CATALOGUE)


@pytest.mark.parametrize("name", ["Burst TENS", "burst_tens", " burst-tens "])
def test_case_and_blanks_do_not_matter(name: str) -> None:
    assert programme(name).name == "burst-tens"


def test_a_ceiling_nobody_asked_for_adapts_to_region_and_patient() -> None:
    tens = programme("conventional-tens")
    assert to_prescription(tens).ceiling_ua == 60_000
    assert to_prescription(tens, region="neck").ceiling_ua == 40_000
    assert to_prescription(tens, region="suboccipital").ceiling_ua == 20_000
    assert to_prescription(tens, patient_ceiling_ua=12_000).ceiling_ua == 12_000


def test_a_ceiling_that_was_asked_for_is_refused_where_it_is_too_high() -> None:
    found = refusals("conventional-tens", region="neck", ceiling_ua=45_000)
    assert found == {"peak current": "40 mA"}


def test_a_region_the_programme_does_not_know_is_refused() -> None:
    assert refusals("burst-ac", region="neck") == {"region": "lower_back"}
    assert refusals("burst-ac", region="knee") == {"region": "lower_back"}


def test_what_is_given_overrides_what_the_programme_says() -> None:
    asked = to_prescription(
        programme("nmes-strengthening"),
        (2, 1),
        duration_us=300_000_000,
        pad_area_mm2=4_500,
        ceiling_ua=30_000,
        use=ChannelUse.ALTERNATING,
        tap_ua=1_000,
        reason="first session",
    )
    assert (asked.channels, asked.duration_us, asked.pad_area_mm2) == ((2, 1), 300_000_000, 4_500)
    assert (asked.ceiling_ua, asked.use, asked.tap_ua) == (30_000, "alternating", 1_000)
    assert asked.reason == "first session"


def test_smaller_pads_than_the_region_needs_are_refused() -> None:
    found = refusals("conventional-tens", region="neck", pad_area_mm2=1_100)
    assert found["pad area"] == "12 cm²"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rate_hz = 80", "rate_hz = 80\nspeed = 3", "speed"),
        ("phase_us = 150", "phase_us = 150\nwidth_us = 3", "width_us"),
        ("phase_us = 150", 'phase_us = "150"', "int"),
        ("phase_us = 150", "phase_us = 600", "phase: asked 600 µs, allowed 50 to 500 µs"),
        ("rate_hz = 80", "rate_hz = ", "Invalid value"),
        ('name = "conventional-tens"', 'name = "other"', "other"),
        ('region = "lower_back"', 'region = "throat"', "throat"),
        ("rate_hz = 80", 'rate_hz = 80\nregions = ["neck"]', "regions are in offers.toml"),
        ("[pulse]\nphase_us = 150\ninterphase_us = 100", "", "either"),
        ("rate_hz = 80", 'rate_hz = 80\non_call = "may"', "on_call needs"),
        ("rate_hz = 80", 'rate_hz = 80\non_call = "often"', "often"),
        ("rate_hz = 80", 'rate_hz = 80\nfollows = "burst-tens"', "follows names another"),
        ("rate_hz = 80", "rate_hz = 80\nafter_sessions = 6", "follows names another"),
        (
            "rate_hz = 80",
            'rate_hz = 80\nfollows = "conventional-tens"\nafter_sessions = 6',
            "follows names another",
        ),
        ("[course]", "[carrier]\nphase_us = 190\ngap_us = 10\ncycles = 8\n\n[course]", "either"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(old: str, new: str, message: str) -> None:
    good = (FOLDER / "conventional-tens.toml").read_text(encoding="utf-8")
    assert old in good
    with pytest.raises(ConfigError, match=message) as caught:
        parse_programme(good.replace(old, new, 1).encode(), "conventional-tens.toml")
    assert "conventional-tens.toml" in str(caught.value)


def test_a_programme_made_without_a_form_says_so() -> None:
    formless = msgspec.structs.replace(programme("burst-tens"), pulse=None)
    with pytest.raises(ValueError, match="neither"):
        formless.waveform()


def test_bytes_that_are_no_text_are_a_wrong_file() -> None:
    with pytest.raises(ConfigError, match=r"x\.toml"):
        parse_programme(b"\xff\xfe", "x.toml")


@pytest.mark.parametrize("cycles", [4, 8])
def test_a_carrier_burst_that_always_leaves_the_same_phase_held_is_refused(cycles: int) -> None:
    good = (FOLDER / "burst-ac.toml").read_text(encoding="utf-8")
    wrong = good.replace("cycles = 7 ", f"cycles = {cycles} ", 1)
    with pytest.raises(ConfigError, match=f"{cycles} cycles always leave the same phase"):
        parse_programme(wrong.encode(), "burst-ac.toml")


def test_a_programme_names_keys_of_texts_and_none_of_them_claims_that_it_works() -> None:
    named = {
        key
        for programme in CATALOGUE.values()
        for key in (
            programme.title,
            programme.summary,
            programme.evidence.supporting,
            programme.evidence.opposing,
        )
    }
    assert named <= PROGRAMMES.keys()
    named |= {row.mechanism for row in load_offers()} - {""}
    named |= set(load_evidence().keys)
    others = ("choice.", "not_offered.", "offered.")
    assert {key for key in PROGRAMMES if not key.startswith(others)} <= named
    own = " ".join(text for key, text in PROGRAMMES.items() if not key.startswith("evidence."))
    assert not re.search(r"reliev|effective|cure|benefit|improve|heal", own, re.IGNORECASE)


PARTS = b"""
share_percent = 100
[[before]]
rate_hz = 6
duration_s = 120
share_percent = 50
[before.pulse]
phase_us = 300
interphase_us = 100

[active_rest]
rate_hz = 4
share_percent = 40
after_ms = 1_000
[active_rest.pulse]
phase_us = 300
interphase_us = 100
[active_rest.on_off]
on_ms = 8_000
off_ms = 0
ramp_up_ms = 500
ramp_down_ms = 500

[[after]]
rate_hz = 3
duration_s = 180
share_percent = 25
[after.pulse]
phase_us = 300
interphase_us = 100
"""


def with_parts(**changed: str) -> bytes:
    """Return the endurance programme with the parts of its source, plateau and ramps apart."""
    folder = resources.files("appliance.clinical") / "programmes"
    text = (folder / "nmes-endurance.toml").read_text()
    text = text.replace("on_ms = 6_000", "plateau_ms = 6_000").replace("10_000", "9_250", 1)
    text = text.replace("ceiling_ua = 80_000", "ceiling_ua = 60_000")
    first, _, last = text.partition("[pulse]")
    parts = PARTS.decode()
    shared, _, tables = parts.partition("[[before]]")
    text = f"{first}{shared}[pulse]{last}\n[[before]]{tables}"
    for old, new in changed.items():
        text = text.replace(old, new)
    return text.encode()


def test_a_programme_file_may_have_parts_and_a_plateau_apart_from_its_ramps() -> None:
    found = parse_programme(with_parts(), "nmes-endurance.toml")
    asked = to_prescription(found, duration_us=900_000_000)
    assert [part.share_percent for part in asked.parts] == [50, 100, 40, 25]
    assert [part.duration_us for part in asked.parts] == [120_000_000, None, None, 180_000_000]
    work, rest = asked.parts[1].on_off, asked.parts[2].on_off
    assert work is not None
    assert rest is not None
    assert (work.plateau_us, work.pulsing_us, rest.off_us) == (6_000_000, 8_250_000, 1_000_000)


@pytest.mark.parametrize(
    "changed",
    [
        {"plateau_ms = 6_000": "plateau_ms = 6_000\non_ms = 6_000"},
        {"plateau_ms = 6_000": ""},
        {"plateau_ms": "plateau_us"},
        {"after_ms = 1_000": "after_ms = 900"},
        {"share_percent = 40": "share_percent = 400"},
        {"duration_s = 120": ""},
        {"duration_s = 120": "duration_s = 12_000"},
        {"[[after]]": "[after]"},
    ],
)
def test_a_bad_part_of_a_programme_file_is_refused_in_one_line(changed: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_programme(with_parts(**changed), "nmes-endurance.toml")
    assert "\n" not in str(caught.value)
