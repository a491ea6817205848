"""The numbers of every programme of the catalogue, written out again."""

import pytest

from appliance.clinical.catalogue import load_catalogue, to_prescription
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
