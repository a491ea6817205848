"""Every limit from both sides, with its number restated here and never imported.

A row gives the last value that is accepted; one step further must be refused by that limit, and
what the refusal calls nearest must be accepted.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import (
    Biphasic,
    Burst,
    Carrier,
    ChannelUse,
    OnOff,
    ProgrammeKind,
    Sweep,
)
from tests.support.strategies import prescription
from tests.support.texts import Said, said

pytestmark = pytest.mark.proves("limits", "regions")

NECK = {"region": Region.NECK, "waveform": Biphasic(100)}
RESTS = OnOff(10_000_000, 10_000_000, 2_000_000, 500_000)
MOTOR: dict[str, Any] = {"purpose": Purpose.MOTOR, "on_off": RESTS}
AC = {"kind": ProgrammeKind.BURST_AC, **MOTOR}
BIG = {"pad_area_mm2": 20_000}
MINUTE_US = 60_000_000


def rest(
    plateau_us: int = 7_500_000, up_us: int = 2_000_000, **others: object
) -> Callable[[int], dict[str, Any]]:
    return lambda v: {
        **others,
        "on_off": OnOff.of_plateau(plateau_us, v, ramp_up_us=up_us, ramp_down_us=500_000),
    }


def pulsing(down_us: int = 500_000) -> Callable[[int], dict[str, Any]]:
    ramps_us = 2_000_000 + down_us
    times = {"ramp_up_us": 2_000_000, "ramp_down_us": down_us}
    return lambda v: {**MOTOR, "on_off": OnOff.of_plateau(v - ramps_us, 20_000_000, **times)}


def plateau() -> Callable[[int], dict[str, Any]]:
    times = {"ramp_up_us": 2_000_000, "ramp_down_us": 500_000}
    return lambda v: {**MOTOR, "on_off": OnOff.of_plateau(v, 20_000_000, **times)}


def ramps(up_us: int = 2_000_000, down_us: int = 500_000) -> OnOff:
    return OnOff(10_000_000, 10_000_000, up_us, down_us)


class Row(NamedTuple):
    limit: str
    change: Callable[[int], dict[str, Any]]
    last: int
    step: int
    scale: int = 1


def ceiling(**others: Any) -> Callable[[int], dict[str, Any]]:
    return lambda value: {**others, "ceiling_ua": value}


def period(**others: Any) -> Callable[[int], dict[str, Any]]:
    return lambda value: {**others, "period_us": value}


def phase(**others: Any) -> Callable[[int], dict[str, Any]]:
    return lambda value: {**others, "waveform": Biphasic(value)}


def area(**others: Any) -> Callable[[int], dict[str, Any]]:
    return lambda value: {**others, "pad_area_mm2": value}


def session(**others: Any) -> Callable[[int], dict[str, Any]]:
    return lambda value: {**others, "duration_us": value}


def timed(**others: Any) -> Callable[[int], dict[str, Any]]:
    return lambda value: {**others, **MOTOR, "on_off": ramps(up_us=value)}


ROWS = {
    "peak": Row("peak current", ceiling(**BIG), 100_000, +1, 1_000),
    "peak, below zero": Row("peak current", ceiling(), 0, -1, 1_000),
    "neck sensory": Row("peak current", ceiling(**NECK), 40_000, +1, 1_000),
    "neck motor": Row("peak current", ceiling(**NECK, **MOTOR), 40_000, +1, 1_000),
    "neck motor with a reason": Row(
        "peak current", ceiling(**NECK, **MOTOR, reason="deep muscle"), 50_000, +1, 1_000
    ),
    "neck motor with a blank reason": Row(
        "peak current", ceiling(**NECK, **MOTOR, reason="  "), 40_000, +1, 1_000
    ),
    "neck sensory with a reason": Row(
        "peak current", ceiling(**NECK, reason="deep muscle"), 40_000, +1, 1_000
    ),
    "suboccipital": Row("peak current", ceiling(region=Region.SUBOCCIPITAL), 20_000, +1, 1_000),
    "patient": Row("peak current", ceiling(patient_ceiling_ua=15_500), 15_500, +1, 1_000),
    "patient cannot raise": Row(
        "peak current", ceiling(**BIG, patient_ceiling_ua=120_000), 100_000, +1, 1_000
    ),
    "phase, short": Row("phase", phase(), 50, -1),
    "phase, long": Row("phase", phase(), 500, +1),
    "phase, neck": Row("phase", phase(region=Region.NECK), 300, +1),
    "phase, suboccipital": Row("phase", phase(region=Region.SUBOCCIPITAL), 300, +1),
    "interphase, short": Row("interphase", lambda v: {"waveform": Biphasic(100, v)}, 10, -1),
    "interphase, long": Row("interphase", lambda v: {"waveform": Biphasic(100, v)}, 250, +1),
    "rate, fast": Row("rate", period(), 4_000, -1),
    "rate, slow": Row("rate", period(), 1_000_000, +1),
    "rate, neck": Row("rate", period(**NECK), 8_334, -1),
    "rate in a burst": Row(
        "rate in the burst",
        lambda v: {"period_us": 500_000, "burst": Burst(5, v)},
        4_000,
        -1,
    ),
    "rate in a burst, neck": Row(
        "rate in the burst",
        lambda v: {**NECK, "period_us": 500_000, "burst": Burst(5, v)},
        8_334,
        -1,
    ),
    "burst in its period": Row(
        "burst", lambda v: {"period_us": 105_000, "burst": Burst(v, 10_000)}, 10, +1
    ),
    "burst of pulses": Row(
        "burst", lambda v: {"period_us": 105_000, "burst": Burst(v, 10_000)}, 1, -1
    ),
    "carrier phase": Row("carrier phase", lambda v: {**AC, "waveform": Carrier(v, 8, 40)}, 100, -1),
    "carrier, 4 kHz": Row("carrier cycle", lambda v: {**AC, "waveform": Carrier(v, 4)}, 115, -1),
    "carrier, 1 kHz": Row("carrier cycle", lambda v: {**AC, "waveform": Carrier(v, 2)}, 490, +1),
    "carrier gap": Row("interphase", lambda v: {**AC, "waveform": Carrier(190, 5, v)}, 10, -1),
    "carrier burst": Row(
        "carrier burst",
        lambda v: {**AC, "waveform": Carrier(130, v, 80), "period_us": 1_000_000},
        24,
        +1,
    ),
    "carrier burst of nothing": Row(
        "carrier burst", lambda v: {**AC, "waveform": Carrier(190, v)}, 1, -1
    ),
    "carrier duty": Row("carrier duty", period(**AC, waveform=Carrier(190, 10)), 23_940, -1),
    "carrier pads": Row("carrier pads", area(**AC, waveform=Carrier(190, 5)), 5_000, -1, 100),
    "charge": Row(
        "charge per phase",
        ceiling(**BIG, waveform=Biphasic(500), period_us=100_000),
        80_000,
        +1,
        1_000,
    ),
    "density, caution": Row(
        "current density",
        ceiling(**MOTOR, pad_area_mm2=2_500, waveform=Biphasic(500), period_us=4_000),
        49_999,
        +1,
        1_000,
    ),
    "density, block": Row(
        "current density",
        ceiling(pad_area_mm2=500, waveform=Biphasic(500), period_us=4_000, reason="acknowledged"),
        19_999,
        +1,
        1_000,
    ),
    "density, neck": Row(
        "current density",
        ceiling(
            region=Region.NECK,
            **MOTOR,
            pad_area_mm2=1_200,
            waveform=Biphasic(300),
            period_us=8_334,
            reason="acknowledged",
        ),
        44_721,
        +1,
        1_000,
    ),
    "pads, neck": Row("pad area", area(**NECK), 1_200, -1, 100),
    "pads, back motor": Row("pad area", area(**MOTOR), 2_500, -1, 100),
    "pads, back sensory": Row("pad area", area(), 500, -1, 100),
    "pads, too large to be true": Row("pad area", area(), 20_000, +1, 100),
    "session, short": Row("session", session(), 60_000_000, -1, 1_000_000),
    "session, long": Row("session", session(), 3_600_000_000, +1, 1_000_000),
    "session, motor": Row(  # twitches: contractions are counted, and are fewer
        "session",
        session(purpose=Purpose.MOTOR, period_us=500_000),
        1_800_000_000,
        +1,
        1_000_000,
    ),
    "session, brief-intense": Row(
        "session", session(kind=ProgrammeKind.BRIEF_INTENSE), 900_000_000, +1, 1_000_000
    ),
    "turns of channels": Row(
        "channels taking turns", period(channels=(1, 2, 3, 4), waveform=Biphasic(500)), 5_600, -1
    ),
    "ramp up": Row("ramp up", timed(), 1_000_000, -1, 1_000),
    "ramp up, neck": Row("ramp up", timed(**NECK), 2_000_000, -1, 1_000),
    "ramp up, 60 mA/s": Row("ramp up", timed(**BIG, ceiling_ua=90_001), 1_500_017, -1, 1_000),
    "ramp down": Row(
        "ramp down", lambda v: {**MOTOR, "on_off": ramps(down_us=v)}, 500_000, -1, 1_000
    ),
    "off-time": Row("off-time", rest(), 1_000_000, -1, 1_000),
    "rest of a tetanic train": Row(
        "rest of a tetanic train", rest(3_500_000, **MOTOR), 6_000_000, -1, 1_000
    ),
    "rest of a short tetanic train": Row(
        "rest of a tetanic train", rest(100_000, up_us=1_000_000, **MOTOR), 2_000_000, -1, 1_000
    ),
    "rest after strengthening": Row(
        "rest of a tetanic train",
        rest(3_500_000, **MOTOR, kind=ProgrammeKind.STRENGTHENING),
        18_000_000,
        -1,
        1_000,
    ),
    "an unbroken train, meant to contract": Row(
        "tetanic train", period(purpose=Purpose.MOTOR), 100_000, -1
    ),
    "an unbroken train, felt only": Row(
        "tetanic train", ceiling(**BIG, waveform=Biphasic(500)), 25_000, +1, 1_000
    ),
    "on-time holds its ramps": Row("on-time", pulsing(), 2_500_000, -1, 1_000),
    "on-time of 13 s": Row("on-time", pulsing(down_us=1_500_000), 13_000_000, +1, 1_000),
    "plateau of 10 s": Row("plateau", plateau(), 10_000_000, +1, 1_000),
    "alternating": Row(
        "alternating channels",
        lambda v: {
            **MOTOR,
            "channels": (1, 2, 3),
            "use": ChannelUse.ALTERNATING,
            "on_off": OnOff(4_000_000, v - 70_000, 2_000_000, 500_000),
        },
        8_070_000,
        -1,
        1_000,
    ),
    "tap, small": Row("tap", lambda v: {"tap_ua": v}, 500, -1, 1_000),
    "tap, between": Row("tap", lambda v: {"tap_ua": v}, 500, +1, 1_000),
    "tap, large": Row("tap", lambda v: {"tap_ua": v}, 1_000, +1, 1_000),
    "sweep phase": Row("phase", lambda v: {"sweep": Sweep(12_000_000, phase_us=(100, v))}, 500, +1),
    "sweep rate": Row("sweep rate", lambda v: {"sweep": Sweep(12_000_000, rate_hz=(50, v))}, 1, -1),
    "sweep cycle": Row(
        "sweep cycle", lambda v: {"sweep": Sweep(v, rate_hz=(50, 80))}, 1_000_000, -1, 1_000_000
    ),
}


def refusals_of(**changes: Any) -> tuple[Said, ...]:
    with pytest.raises(PrescriptionError) as caught:
        prescription(**changes)
    return tuple(map(said, caught.value.refusals))


def nearest_value(refusal: Said, scale: int) -> int:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", refusal.nearest)
    return round(float(numbers[0]) * scale)


@pytest.mark.parametrize("name", ROWS)
def test_the_limit_is_accepted_and_so_is_one_step_inside(name: str) -> None:
    row = ROWS[name]
    asked = prescription(**row.change(row.last))
    assert isinstance(asked, Prescription)
    if not name.startswith("tap") and row.limit != "burst":
        assert isinstance(prescription(**row.change(row.last - row.step)), Prescription)


@pytest.mark.parametrize("name", ROWS)
def test_one_step_beyond_a_limit_is_refused_by_that_limit_with_the_nearest_accepted(
    name: str,
) -> None:
    row = ROWS[name]
    found = refusals_of(**row.change(row.last + row.step))
    refusal = next(refusal for refusal in found if refusal.limit == row.limit)
    assert all((refusal.asked, refusal.allowed, refusal.nearest))
    assert "\n" not in refusal.text()
    nearest = nearest_value(refusal, row.scale)
    assert nearest == row.last
    prescription(**row.change(nearest))


def test_far_beyond_a_limit_the_nearest_is_the_limit_itself() -> None:
    for name, row in ROWS.items():
        if name.startswith(("tap, between", "carrier, ")):
            continue
        found = refusals_of(**row.change(row.last + 7 * row.step))
        refusal = next(refusal for refusal in found if refusal.limit == row.limit)
        assert nearest_value(refusal, row.scale) == row.last, name
