"""The numbers of every programme of the catalogue, written out again."""

import pytest

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.core.prescription.contraction_counts import contractions_in, longest_session_us
from appliance.core.prescription.waveform import Biphasic, Burst, Carrier, OnOff, Sweep

CATALOGUE = load_catalogue()


# Defaults of docs/clinical-sources.md section 2.1: form, rate, rest of the train, minutes.
@pytest.mark.parametrize(
    ("name", "form", "period_us", "parts", "minutes"),
    [
        ("conventional-tens", Biphasic(150), 12_500, {}, 30),
        ("low-rate-tens", Biphasic(200), 250_000, {}, 20),
        ("burst-tens", Biphasic(180), 500_000, {"burst": Burst(10, 10_000)}, 20),
        (
            "modulated-tens",
            Biphasic(100),
            12_500,
            {"sweep": Sweep(12_000_000, (80, 120), (100, 200))},
            30,
        ),
        ("brief-intense-tens", Biphasic(200), 10_000, {}, 10),
        (
            "nmes-strengthening",
            Biphasic(300),
            20_000,
            {"on_off": OnOff(10_000_000, 50_000_000, 2_000_000, 1_000_000)},
            10,
        ),
        (
            "nmes-strengthening-neck",
            Biphasic(200),
            20_000,
            {"on_off": OnOff(10_000_000, 50_000_000, 2_000_000, 1_000_000)},
            10,
        ),
        ("relaxation-twitch", Biphasic(200), 500_000, {}, 20),
        (
            "nmes-endurance",
            Biphasic(300),
            28_572,
            {"on_off": OnOff(8_320_000, 9_930_000, 1_500_000, 750_000)},
            15,
        ),
        (
            "nmes-strengthening-upper-back",
            Biphasic(250),
            20_000,
            {"on_off": OnOff(10_000_000, 50_000_000, 2_000_000, 1_000_000)},
            10,
        ),
        (
            "contract-relax",
            Biphasic(300),
            20_000,
            {"on_off": OnOff(5_570_000, 5_430_000, 1_500_000, 1_000_000)},
            15,
        ),
        (
            "contract-relax-upper-back",
            Biphasic(250),
            20_000,
            {"on_off": OnOff(5_570_000, 5_430_000, 1_500_000, 1_000_000)},
            15,
        ),
        (
            "contract-relax-neck",
            Biphasic(200),
            20_000,
            {"on_off": OnOff(6_070_000, 5_930_000, 2_000_000, 1_000_000)},
            15,
        ),
        (
            "muscle-pump",
            Biphasic(300),
            25_000,
            {"on_off": OnOff(5_070_000, 4_930_000, 1_000_000, 1_000_000)},
            15,
        ),
        (
            "muscle-pump-upper-back",
            Biphasic(250),
            25_000,
            {"on_off": OnOff(5_070_000, 4_930_000, 1_000_000, 1_000_000)},
            15,
        ),
        (
            "muscle-pump-neck",
            Biphasic(200),
            25_000,
            {"on_off": OnOff(6_070_000, 5_930_000, 2_000_000, 1_000_000)},
            15,
        ),
        ("muscle-pump-twitch", Biphasic(200), 500_000, {}, 15),
        (
            "stabilisation",
            Biphasic(300),
            20_000,
            {"on_off": OnOff(9_070_000, 17_930_000, 2_000_000, 1_000_000)},
            10,
        ),
        (
            "rehabilitation-start",
            Biphasic(300),
            28_572,
            {"on_off": OnOff(8_320_000, 8_930_000, 1_500_000, 750_000)},
            15,
        ),
        (
            "rehabilitation-later",
            Biphasic(300),
            22_223,
            {"on_off": OnOff(8_320_000, 8_180_000, 1_500_000, 750_000)},
            15,
        ),
        (
            "rehabilitation-upper-back",
            Biphasic(280),
            28_572,
            {"on_off": OnOff(8_320_000, 8_930_000, 1_500_000, 750_000)},
            15,
        ),
        (
            "burst-ac",
            Carrier(190, 7),
            20_000,
            {"on_off": OnOff(10_000_000, 50_000_000, 2_000_000, 1_000_000)},
            10,
        ),
    ],
)
def test_a_programme_has_the_numbers_of_the_notes(
    name: str, form: Biphasic | Carrier, period_us: int, parts: dict[str, object], minutes: int
) -> None:
    asked = to_prescription(CATALOGUE[name])
    (only,) = asked.parts
    assert (asked.programme, only.waveform, only.period_us) == (name, form, period_us)
    found = {part: getattr(only, part) for part in ("burst", "sweep", "on_off")}
    assert {part: value for part, value in found.items() if value is not None} == parts
    assert asked.duration_us == minutes * 60_000_000


def test_endurance_with_active_rest_twitches_after_a_second_of_silence() -> None:
    asked = to_prescription(CATALOGUE["nmes-endurance-active"])
    work, rest = asked.parts
    assert (work.period_us, rest.period_us, rest.share_percent) == (28_572, 250_000, 50)
    assert work.on_off == OnOff(8_320_000, 8_930_000, 1_500_000, 750_000)
    assert rest.on_off == OnOff(8_000_000, 1_000_000, 500_000, 500_000)
    assert (rest.kind, asked.duration_us, asked.ceiling_ua) == ("active_rest", 900_000_000, 60_000)


def test_re_education_with_active_rest_has_a_warm_up_and_a_recovery() -> None:
    asked = to_prescription(CATALOGUE["rehabilitation-active"])
    assert [part.period_us for part in asked.parts] == [166_667, 28_572, 250_000, 333_334]
    assert [part.share_percent for part in asked.parts] == [100, 100, 50, 80]
    assert [part.duration_us for part in asked.parts] == [120_000_000, None, None, 180_000_000]
    _, work, rest, _ = asked.parts
    assert work.on_off == OnOff(8_320_000, 8_930_000, 1_500_000, 750_000)
    assert rest.on_off == OnOff(8_000_000, 1_000_000, 500_000, 500_000)
    assert (asked.duration_us, asked.ceiling_ua) == (900_000_000, 60_000)


def test_contractions_are_called_where_the_patient_works_along() -> None:
    found = {name: each.on_call.value for name, each in CATALOGUE.items() if each.on_call != "no"}
    assert found == {
        "contract-relax": "may",
        "contract-relax-neck": "may",
        "contract-relax-upper-back": "may",
        "stabilisation": "may",
        "rehabilitation-start": "usual",
        "rehabilitation-later": "usual",
        "rehabilitation-upper-back": "usual",
    }
    for name in found:
        for region in CATALOGUE[name].regions:
            [part] = to_prescription(CATALOGUE[name], region=region, on_call=True).parts
            assert part.kind == "on_call"


# Contractions in the programme's own minutes and in the longest first session; at most 60 strong
# ones, 90 that are only seen, 30 and 60 in a first session.
COUNTS = [
    ("nmes-strengthening", 10, 30),
    ("nmes-strengthening-upper-back", 10, 30),
    ("nmes-strengthening-neck", 10, 30),
    ("nmes-endurance", 49, 30),
    ("nmes-endurance-active", 52, 30),
    ("contract-relax", 82, 60),
    ("contract-relax-upper-back", 82, 60),
    ("contract-relax-neck", 75, 60),
    ("muscle-pump", 90, 60),
    ("muscle-pump-upper-back", 90, 60),
    ("muscle-pump-neck", 75, 60),
    ("stabilisation", 22, 30),
    ("rehabilitation-start", 52, 30),
    ("rehabilitation-later", 55, 30),
    ("rehabilitation-upper-back", 52, 30),
    ("rehabilitation-active", 34, 29),
    ("burst-ac", 10, 30),
]


@pytest.mark.parametrize(("name", "count", "first"), COUNTS)
def test_a_session_has_so_many_contractions(name: str, count: int, first: int) -> None:
    asked = to_prescription(CATALOGUE[name])
    assert contractions_in(asked, asked.duration_us) == count
    longest_us = longest_session_us(asked, first=True)
    assert longest_us is not None
    assert contractions_in(asked, longest_us) == first


def test_every_programme_that_contracts_is_counted_here() -> None:
    rests = {name for name, each in CATALOGUE.items() if each.on_off is not None}
    assert {name for name, _, _ in COUNTS} == rests


def test_re_education_goes_on_with_a_higher_rate_after_six_sessions() -> None:
    found = {each.name: (each.follows, each.after_sessions) for each in CATALOGUE.values()}
    assert {name: of for name, of in found.items() if of != ("", 0)} == {
        "rehabilitation-later": ("rehabilitation-start", 6)
    }
