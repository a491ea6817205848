"""The limits of a search for a motor point, restated: in a prescription, and in the gate."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.control.treatment.permit import permit_of
from appliance.core.limits.heating import check_density, check_power
from appliance.core.limits.limits import Purpose, Region
from appliance.core.plan.dose import DoseAllowance
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import (
    Biphasic,
    Burst,
    Carrier,
    OnOff,
    Part,
    ProgrammeKind,
    Sweep,
)
from appliance.safety.gate import GateRefused, PartPermit, Permit
from tests.appliance.safety.gate_bench import Bench, planned
from tests.support.strategies import prescription
from tests.support.texts import Said, said

pytestmark = pytest.mark.proves("limits", "held-pad")

S = 1_000_000
FIND: dict[str, Any] = {
    "kind": ProgrammeKind.MOTOR_POINT_FIND,
    "purpose": Purpose.MOTOR,
    "region": Region.LOWER_BACK,
    "waveform": Biphasic(300),
    "period_us": 500_000,
    "pad_area_mm2": 2_500,
    "ceiling_ua": 25_000,
    "duration_us": 180 * S,
}
NECK = {"region": Region.NECK, "waveform": Biphasic(200), "ceiling_ua": 15_000}
ROWS: dict[str, tuple[str, Callable[[int], dict[str, Any]], int, int, int]] = {
    "cap of the back": ("peak current", lambda v: {"ceiling_ua": v}, 25_000, 1, 1_000),
    "cap with a reason": (
        "peak current",
        lambda v: {"ceiling_ua": v, "reason": "deep muscle"},
        25_000,
        1,
        1_000,
    ),
    "cap of the upper back": (
        "peak current",
        lambda v: {"region": Region.UPPER_BACK, "ceiling_ua": v},
        25_000,
        1,
        1_000,
    ),
    "cap of the neck": ("peak current", lambda v: {**NECK, "ceiling_ua": v}, 15_000, 1, 1_000),
    "cap of the neck with a reason": (
        "peak current",
        lambda v: {**NECK, "ceiling_ua": v, "reason": "deep muscle"},
        15_000,
        1,
        1_000,
    ),
    "width on the back": ("phase", lambda v: {"waveform": Biphasic(v)}, 300, 1, 1),
    "width on the neck": ("phase", lambda v: {**NECK, "waveform": Biphasic(v)}, 200, 1, 1),
    "3 per second": ("rate", lambda v: {"period_us": v}, 333_334, -1, 1),
    "1 per second": ("rate", lambda v: {"period_us": v}, 1_000_000, 1, 1),
    "minutes": ("session", lambda v: {"duration_us": v}, 180 * S, 1, S),
    "small pad": ("pad area", lambda v: {"pad_area_mm2": v}, 400, -1, 100),
    "small pad on the neck": ("pad area", lambda v: {**NECK, "pad_area_mm2": v}, 400, -1, 100),
    "tap": ("tap", lambda v: {"tap_ua": v}, 500, 500, 1_000),
}


def find(**changes: Any) -> Prescription:
    return prescription(**{**FIND, **changes})


def refused(**changes: Any) -> tuple[Said, ...]:
    with pytest.raises(PrescriptionError) as caught:
        find(**changes)
    return tuple(map(said, caught.value.refusals))


@pytest.mark.parametrize("name", ROWS)
def test_each_limit_of_a_search_is_accepted_and_one_step_beyond_it_is_refused(name: str) -> None:
    limit, change, last, step, scale = ROWS[name]
    find(**change(last))
    found = [refusal for refusal in refused(**change(last + step)) if refusal.limit == limit]
    nearest = round(float(re.findall(r"\d+(?:\.\d+)?", found[0].nearest)[0]) * scale)
    assert nearest == last
    find(**change(nearest))


@pytest.mark.parametrize(
    "change",
    [
        {"period_us": 500_000, "burst": Burst(2, 100_000)},
        {"sweep": Sweep(12 * S, rate_hz=(2, 1))},
        {"waveform": Carrier(190, 5), "pad_area_mm2": 5_000},
        {"on_off": OnOff(5 * S, 5 * S, 2 * S, 500_000)},
        {"parts": (Part(waveform=Biphasic(300), period_us=500_000, share_percent=50),)},
        {"parts": (Part(waveform=Biphasic(300), period_us=500_000, duration_us=60 * S),)},
        {
            "parts": (
                Part(waveform=Biphasic(300), period_us=500_000, duration_us=60 * S),
                Part(waveform=Biphasic(300), period_us=500_000),
            )
        },
    ],
)
def test_a_search_is_one_train_of_single_pulses_at_the_level_itself(change: Any) -> None:
    assert "search for a motor point" in {refusal.limit for refusal in refused(**change)}


def test_a_search_is_meant_to_contract_and_nowhere_under_the_skull() -> None:
    assert "purpose" in {each.limit for each in refused(purpose=Purpose.SENSORY)}
    assert "region" in {each.limit for each in refused(**{**NECK, "region": Region.SUBOCCIPITAL})}


@given(st.integers(400, 5_000), st.sampled_from([Region.NECK, Region.UPPER_BACK]))
def test_charge_heat_and_density_hold_on_the_small_pad_of_a_search(
    area_mm2: int, region: Region
) -> None:
    """Hazard: a small pad carries the current of a large one."""
    place = NECK if region.is_neck else {"region": region}
    asked = find(**{**place, "pad_area_mm2": area_mm2})
    on_us = 2 * 2 * asked.parts[0].waveform.phase_us
    assert permit_of(asked, 2).pad_area_mm2 == area_mm2
    assert check_power(asked.ceiling_ua, on_us, area_mm2) is None
    assert check_density(asked.ceiling_ua, on_us, area_mm2, region, acknowledged=False) is None


# --- the gate --------------------------------------------------------------------------------

PLENTY = DoseAllowance(180 * S, 180 * S, 10**6, 10**15)
PART = PartPermit(share_percent=100, shortest_us=200, longest_us=300, apart_us=333_334)
SEARCH = Permit(
    Region.LOWER_BACK, 2_500, (25_000, 0), allowances={1: PLENTY}, parts=(PART,), finds=True
)


def test_the_gate_passes_a_search_within_its_limits_and_says_that_a_pad_is_held() -> None:
    gate = Bench().gate
    said_so = [gate.pad_is_held]
    gate.open(SEARCH)
    said_so.append(gate.pad_is_held)
    gate.shut()
    said_so.append(gate.pad_is_held)
    assert said_so == [False, True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        replace(SEARCH, ceilings_ua=(25_001, 0)),
        replace(SEARCH, ceilings_ua=(25_001, 0), reason_given=True),
        replace(SEARCH, region=Region.NECK, ceilings_ua=(15_001, 0)),
        replace(SEARCH, allowances={1: replace(PLENTY, elapsed_us=180 * S + 1)}),
        replace(SEARCH, parts=(PART._replace(apart_us=333_333),)),
        replace(SEARCH, parts=()),
    ],
)
def test_the_gate_permits_no_search_beyond_its_limits(wrong: Permit) -> None:
    """Hazard: an open contact is forgiven at a current for which it must not be."""
    gate = Bench().gate
    with pytest.raises(GateRefused):
        gate.open(wrong)
    assert not gate.pad_is_held


def test_the_gate_passes_no_wider_pulse_in_a_search() -> None:
    wide = replace(SEARCH, parts=(PART._replace(longest_us=500),))
    bench = Bench()
    bench.ready(wide).play(planned((300, 300)))
    with pytest.raises(GateRefused, match="phase"):
        bench.ready(wide).play(planned((301, 301)))


def test_no_other_session_says_that_a_pad_is_held() -> None:
    for kind in set(ProgrammeKind) - {ProgrammeKind.MOTOR_POINT_FIND}:
        plain = prescription(kind=kind, purpose=Purpose.MOTOR, period_us=500_000)
        assert not permit_of(plain, 2).finds
    assert permit_of(find(), 2).finds
