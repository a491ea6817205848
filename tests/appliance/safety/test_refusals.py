"""Refusals without a scale, limits no prescription can reach, and how a refusal reads.

Numbers are restated here and never imported.
"""

import re
from typing import Any

import pytest

from appliance.core.limits import heating, joint_limits, limits
from appliance.core.limits.limits import Layout, Purpose, Region
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
from appliance.core.refusal import Refusal
from tests.support.strategies import prescription
from tests.support.texts import Said, said

NECK = {"region": Region.NECK, "waveform": Biphasic(100)}
RESTS = OnOff(10_000_000, 10_000_000, 2_000_000, 500_000)
MOTOR = {"purpose": Purpose.MOTOR, "on_off": RESTS}
AC = {"kind": ProgrammeKind.BURST_AC, **MOTOR}


def refusals_of(**changes: Any) -> tuple[Said, ...]:
    with pytest.raises(PrescriptionError) as caught:
        prescription(**changes)
    return tuple(map(said, caught.value.refusals))


def nearest_ma(refusal: Refusal) -> int:
    return round(float(re.findall(r"\d+(?:\.\d+)?", said(refusal).nearest)[0]) * 1_000)


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("changes", "limit", "nearest"),
    [
        ({"region": Region.SUBOCCIPITAL, **MOTOR}, "region", {"region": Region.NECK, **MOTOR}),
        (
            {"region": Region.UPPER_BACK, "layout": Layout.BILATERAL},
            "pad layout",
            {"region": Region.UPPER_BACK, "layout": Layout.VERTICAL},
        ),
        (
            {**NECK, "kind": ProgrammeKind.BRIEF_INTENSE},
            "brief-intense",
            {"kind": ProgrammeKind.BRIEF_INTENSE},
        ),
        (
            {"region": Region.SUBOCCIPITAL, "kind": ProgrammeKind.BRIEF_INTENSE},
            "brief-intense",
            {"kind": ProgrammeKind.BRIEF_INTENSE},
        ),
        (
            {**AC, "waveform": Carrier(190, 5), "region": Region.NECK},
            "carrier region",
            {**AC, "waveform": Carrier(190, 5)},
        ),
        (
            {**AC, "waveform": Carrier(190, 5), "region": Region.UPPER_BACK},
            "carrier region",
            {**AC, "waveform": Carrier(190, 5)},
        ),
        ({"kind": ProgrammeKind.TWITCH}, "purpose", {"kind": ProgrammeKind.TWITCH, **MOTOR}),
        ({"kind": ProgrammeKind.LOW_RATE}, "purpose", {"kind": ProgrammeKind.LOW_RATE, **MOTOR}),
        ({"channels": ()}, "channels", {"channels": (1,)}),
        ({"channels": (1, 5)}, "channels", {"channels": (1,)}),
        ({"channels": (2, 1, 2)}, "channels", {"channels": (2, 1)}),
        ({"channels": (0,)}, "channels", {"channels": (1,)}),
        ({"use": ChannelUse.ALTERNATING}, "alternating channels", {}),
        (
            {**AC, "waveform": Carrier(190, 5), "burst": Burst(2, 10_000)},
            "carrier",
            {**AC, "waveform": Carrier(190, 5)},
        ),
        (
            {**AC, "waveform": Carrier(190, 5), "sweep": Sweep(2_000_000, (50, 60))},
            "carrier",
            {**AC, "waveform": Carrier(190, 5)},
        ),
        (
            {"burst": Burst(2, 10_000), "sweep": Sweep(2_000_000, (50, 60))},
            "burst",
            {"burst": Burst(2, 10_000)},
        ),
        ({"sweep": Sweep(2_000_000, (60, 50))}, "sweep start", {"period_us": 16_667}),
        (
            {"sweep": Sweep(2_000_000, phase_us=(120, 80))},
            "sweep start",
            {"waveform": Biphasic(120), "sweep": Sweep(2_000_000, phase_us=(120, 80))},
        ),
        ({"sweep": Sweep(2_000_000, (50, 251))}, "rate", {}),
        ({**NECK, "sweep": Sweep(2_000_000, (50, 121))}, "rate", {}),
        ({"period_us": 0}, "rate", {}),
        ({"waveform": Biphasic(0)}, "phase", {"waveform": Biphasic(50)}),
        ({"pad_area_mm2": -5}, "pad area", {"pad_area_mm2": 500}),
        ({"burst": Burst(2, 0)}, "rate in the burst", {"burst": Burst(2, 4_000)}),
        ({"patient_ceiling_ua": -5}, "peak current", {"ceiling_ua": 0}),
    ],
)
def test_what_has_no_scale_is_refused_and_the_nearest_accepted(
    changes: dict[str, Any], limit: str, nearest: dict[str, Any]
) -> None:
    assert limit in {refusal.limit for refusal in refusals_of(**changes)}
    assert isinstance(prescription(**nearest), Prescription)


@pytest.mark.proves("regions")
@pytest.mark.parametrize("region", ["neck", "suboccipital", "upper_back", "lower_back"])
def test_every_region_is_posterior(region: str) -> None:
    assert region in {known.value for known in Region}
    assert len(Region) == 4


@pytest.mark.proves("limits")
def test_all_refusals_come_at_once() -> None:
    found = refusals_of(
        ceiling_ua=150_000, waveform=Biphasic(600), period_us=1_000, duration_us=1, tap_ua=3
    )
    wanted = {"peak current", "phase", "rate", "session", "tap", "charge per phase"}
    assert wanted <= {refusal.limit for refusal in found}
    assert len(found) == len(set(found))


# What other limits keep any prescription from reaching is judged by itself.


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("amplitude_ua", "on_us", "refused"),
    [
        (100_000, 249_999, False),
        (100_000, 250_000, False),
        (100_000, 250_001, True),
        (50_000, 1_000_000, False),
        (50_001, 1_000_000, True),
        (0, 1_000_000, False),
    ],
)
def test_50_ma_rms_is_the_last_accepted(amplitude_ua: int, on_us: int, refused: bool) -> None:
    found = heating.check_rms(amplitude_ua, on_us)
    assert (found is not None) == refused
    if found is not None:
        nearest_ua = nearest_ma(found)
        assert heating.check_rms(nearest_ua, on_us) is None
        assert heating.check_rms(nearest_ua + 1, on_us) is not None


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("amplitude_ua", "refused"), [(49_999, False), (50_000, False), (50_001, True)]
)
def test_a_quarter_watt_per_cm2_is_the_last_accepted(amplitude_ua: int, refused: bool) -> None:
    # 50 mA x 50 mA x 500 Ω is 1.25 W, on 5 cm² exactly 0.25 W/cm².
    found = heating.check_power(amplitude_ua, 1_000_000, 500)
    assert (found is not None) == refused
    if found is not None:
        assert nearest_ma(found) == 50_000


@pytest.mark.proves("limits", "regions")
@pytest.mark.parametrize(("charge_ua", "refused"), [(49_999, 0), (50_000, 0), (50_001, 1)])
def test_15_uc_is_the_neck_s_last_accepted_charge(charge_ua: int, refused: int) -> None:
    found = limits.check_phase_charge(charge_ua, 300, Region.NECK)
    assert (found is not None) == bool(refused)
    if found is not None:
        assert nearest_ma(found) == 50_000


@pytest.mark.proves("limits")
@pytest.mark.parametrize(("phase_us", "refused"), [(499, False), (500, False), (501, True)])
def test_a_carrier_phase_ends_at_500_us(phase_us: int, refused: bool) -> None:
    found = joint_limits.check_carrier(phase_us, 10, 5, 1_000_000)
    assert ("carrier phase" in {said(refusal).limit for refusal in found}) == refused


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("gap_us", "phase_us", "length_us"), [(80, 130, 10_000), (79, 131, 10_001)]
)
def test_a_carrier_burst_ends_at_10_ms(gap_us: int, phase_us: int, length_us: int) -> None:
    assert Carrier(phase_us, 24, gap_us).burst_us == length_us
    found = joint_limits.check_carrier(phase_us, gap_us, 24, 1_000_000)
    assert ("carrier burst" in {said(refusal).limit for refusal in found}) == (length_us > 10_000)


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("area_mm2", "region", "purpose", "nearest"),
    [
        (1_199, Region.NECK, Purpose.SENSORY, "12 cm²"),
        (1_199, Region.SUBOCCIPITAL, Purpose.SENSORY, "12 cm²"),
        (2_499, Region.UPPER_BACK, Purpose.MOTOR, "25 cm²"),
        (499, Region.LOWER_BACK, Purpose.SENSORY, "5 cm²"),
        (20_001, Region.LOWER_BACK, Purpose.MOTOR, "200 cm²"),
    ],
)
def test_pads_too_small_or_too_large_are_offered_the_nearest_area(
    area_mm2: int, region: Region, purpose: Purpose, nearest: str
) -> None:
    """A prescription replaces what is offered, so the check is asked by itself."""
    refusal = limits.check_pad_area(area_mm2, region, purpose)
    assert refusal is not None
    assert said(refusal).nearest == nearest


@pytest.mark.proves("limits")
def test_the_worst_second_counts_phases_and_never_rests() -> None:
    # 50 pulses of 2 x 300 µs whatever the rest between the on-times is
    assert heating.densest_on_us(300, 100, 1, 20_000, 20_000) == 30_000
    # 2 bursts of 10 pulses of 2 x 180 µs
    assert heating.densest_on_us(180, 100, 10, 10_000, 500_000) == 7_200
    # 166 whole periods of 6 ms and 4 ms more, which hold one pulse
    assert heating.densest_on_us(200, 100, 1, 6_000, 6_000) == 167 * 400
    # 3 periods of 333 250 µs and 250 µs more: a phase of 200 µs, and nothing of the second
    assert heating.densest_on_us(200, 100, 1, 333_250, 333_250) == 3 * 400 + 200
    # ... and 333 200 µs leave 400 µs: a phase, the gap, and 100 µs of the second
    assert heating.densest_on_us(200, 100, 1, 333_200, 333_200) == 3 * 400 + 300
    # bursts of 3 every 400 ms, cut in the third burst by nothing: 200 ms hold all of it
    assert heating.densest_on_us(100, 50, 3, 10_000, 400_000) == 3 * 3 * 200


@pytest.mark.proves("limits")
def test_rms_is_rounded_up_and_nothing_is_nothing() -> None:
    assert heating.rms_ua(100_000, 250_000) == 50_000
    assert heating.rms_ua(100_000, 250_001) == 50_001
    assert heating.rms_ua(0, 250_000) == 0


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (
            heating.check_power(60_000, 1_000_000, 500),
            "power density: asked 360000 µW/cm², allowed 250000 µW/cm²; nearest 50 mA",
        ),
        (
            heating.check_rms(60_000, 1_000_000),
            "r.m.s. current: asked 60 mA, allowed 50 mA; nearest 50 mA",
        ),
        (
            heating.check_density(50_000, 250_000, 2_500, Region.LOWER_BACK, acknowledged=False),
            (
                "current density: asked 1 mA/cm² on 25 cm², "
                "allowed below 1 mA/cm² without a reason; nearest 49.999 mA"
            ),
        ),
        (
            heating.check_density(50_000, 250_000, 1_000, Region.LOWER_BACK, acknowledged=True),
            (
                "current density: asked 2.5 mA/cm² on 10 cm², "
                "allowed below 2 mA/cm²; nearest 39.999 mA"
            ),
        ),
        (
            heating.check_density(50_000, 250_000, 1_250, Region.NECK, acknowledged=True),
            (
                "current density: asked 2 mA/cm² on 12.5 cm², "
                "allowed below 1 mA/cm²; nearest 24.999 mA"
            ),
        ),
        (
            limits.check_phase_charge(90_000, 500, Region.LOWER_BACK),
            "charge per phase: asked 45 µC, allowed 40 µC; nearest 80 mA at 500 µs",
        ),
        (
            limits.check_sum(3, 1_250, 4_000),
            (
                "channels taking turns: asked 3 x (1250 + 300) µs every 4000 µs, "
                "allowed at most 4000 µs; nearest a period of 4650 µs"
            ),
        ),
        (
            joint_limits.check_carrier(190, 10, 26, 1_000_000)[0],
            "carrier burst: asked 10.39 ms, allowed at most 10 ms; nearest 25 cycles",
        ),
        (
            joint_limits.check_carrier(190, 10, 8, 19_000)[0],
            (
                "carrier duty: asked 3190 µs every 19000 µs, "
                "allowed on:off at most 1:5; nearest a period of 19140 µs"
            ),
        ),
        (
            joint_limits.check_carrier(100, 10, 8, 1_000_000)[0],
            (
                "carrier cycle: asked 220 µs, allowed 250 to 1000 µs (4 to 1 kHz); "
                "nearest a phase of 115 µs"
            ),
        ),
        (
            limits.check_pad_area(499, Region.LOWER_BACK, Purpose.SENSORY),
            "pad area: asked 4.99 cm², allowed 5 cm² to 200 cm² each; nearest 5 cm²",
        ),
        (
            limits.check_pad_area(20_001, Region.NECK, Purpose.MOTOR),
            "pad area: asked 200.01 cm², allowed 12 cm² to 200 cm² each; nearest 200 cm²",
        ),
        (
            limits.check_ramp_up(1_000_000, Region.LOWER_BACK, 90_000),
            "ramp up: asked 1000 ms, allowed at least 1500 ms, and 60 mA/s; nearest 1500 ms",
        ),
    ],
)
def test_a_refusal_reads_as_it_should(refusal: Refusal | None, text: str) -> None:
    assert refusal is not None
    assert said(refusal).text() == text


@pytest.mark.proves("limits", "regions")
def test_the_neck_gets_50_ma_only_where_a_reason_was_given() -> None:
    assert limits.ceiling_ua(Region.NECK, Purpose.MOTOR) == 40_000
    assert limits.ceiling_ua(Region.NECK, Purpose.MOTOR, reason_given=True) == 50_000


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("period_us", "asked"),
    [
        (3_999, "3999 µs (250.1 per second)"),
        (1, "1 µs (1e+06 per second)"),
        (0, "0 µs"),
        (-1, "-1 µs"),
    ],
)
def test_a_rate_that_is_refused_is_told_with_the_pulses_it_means(
    period_us: int, asked: str
) -> None:
    refusal = limits.check_rate(period_us, Region.LOWER_BACK)
    assert refusal is not None
    assert said(refusal) == Said(
        "rate", asked, "a period of 4000 to 1000000 µs", "4000 µs (250 per second)"
    )


@pytest.mark.proves("limits", "regions")
def test_a_phase_may_carry_15_uc_on_the_neck_and_40_on_the_back_to_the_last_pc() -> None:
    for region, allowed_pc in ((Region.NECK, 15_000_000), (Region.LOWER_BACK, 40_000_000)):
        assert limits.check_phase_charge(allowed_pc, 1, region) is None
        assert limits.check_phase_charge(allowed_pc + 1, 1, region) is not None


@pytest.mark.proves("limits")
def test_bursts_may_be_meant_to_be_felt_only() -> None:
    # 120 per second, 0.25 s on and off, 150 µs [schwa-medico EMP4 ECO+ manual p. 52].
    felt = prescription(
        kind=ProgrammeKind.BURST,
        waveform=Biphasic(150),
        burst=Burst(30, 8_334),
        period_us=500_100,
    )
    assert felt.purpose is Purpose.SENSORY
