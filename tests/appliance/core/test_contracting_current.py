"""What a current does to muscle, with every number written out again."""

from typing import Any

import pytest

from appliance.clinical.catalogue import load_catalogue, to_prescription
from appliance.core.limits.limits import Purpose, Region
from appliance.core.prescription.contracting_current import (
    has_the_charge,
    is_able_to_contract,
    is_tetanic,
)
from appliance.core.prescription.prescription import Prescription, PrescriptionError
from appliance.core.prescription.waveform import Biphasic, Burst, OnOff, ProgrammeKind, Sweep
from tests.support.strategies import prescription
from tests.support.texts import said

MOTOR: dict[str, Any] = {"purpose": Purpose.MOTOR, "pad_area_mm2": 20_000}
RESTS = OnOff(10_000_000, 10_000_000, 2_000_000, 500_000)
NECK: dict[str, Any] = {"region": Region.NECK, "kind": ProgrammeKind.TWITCH}


def limits_of(**changes: Any) -> set[str]:
    with pytest.raises(PrescriptionError) as caught:
        prescription(**changes)
    return {said(refusal).limit for refusal in caught.value.refusals}


def tetanic_alone(asked: Prescription) -> bool:
    (only,) = asked.parts
    return is_tetanic(asked, only)


@pytest.mark.proves("limits")
def test_a_tetanic_train_on_the_neck_for_20_min_without_rest_is_refused() -> None:
    """Hazard: clinicians edit programmes; this one was valid."""
    asked = {**MOTOR, **NECK, "period_us": 20_000, "duration_us": 1_200_000_000}
    assert limits_of(**asked, waveform=Biphasic(200)) == {"tetanic train"}
    prescription(**{**asked, "period_us": 100_000}, waveform=Biphasic(200))
    prescription(**asked, waveform=Biphasic(200), on_off=RESTS)


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("changes", "tetanic"),
    [
        ({"period_us": 100_000}, False),
        ({"period_us": 99_999}, True),
        ({"period_us": 500_000, "burst": Burst(10, 10_000)}, False),
        ({"period_us": 500_000, "burst": Burst(11, 10_000)}, True),
        ({"period_us": 500_000, "burst": Burst(11, 9_091)}, True),  # 100 001 µs
        ({"period_us": 199_999, "burst": Burst(10, 10_000)}, True),
        ({"period_us": 200_000, "burst": Burst(10, 10_000)}, False),
        ({"period_us": 90_000, "burst": Burst(2, 10_000)}, True),
        ({"period_us": 1_000_000, "burst": Burst(10, 100_000)}, False),
        ({"period_us": 1_000_000, "burst": Burst(50, 20_000)}, True),
        ({"period_us": 500_000, "sweep": Sweep(2_000_000, (2, 10))}, False),
        ({"period_us": 500_000, "sweep": Sweep(2_000_000, (2, 11))}, True),
    ],
)
def test_faster_than_twitches_is_tetanic(changes: dict[str, Any], tetanic: bool) -> None:
    """A group of pulses is a twitch up to 100 ms, with at least as long a silence."""
    assert tetanic_alone(prescription(**MOTOR, **changes, on_off=RESTS)) == tetanic
    if tetanic:
        assert limits_of(**MOTOR, **changes) == {"tetanic train"}
    else:
        prescription(**MOTOR, **changes)


@pytest.mark.proves("limits")
@pytest.mark.parametrize(
    ("ceiling_ua", "phase_us", "tetanic"),
    [(60_000, 200, False), (50_000, 250, False), (50_001, 250, True), (60_000, 300, True)],
)
def test_what_is_called_sensory_is_tetanic_by_its_charge(
    ceiling_ua: int, phase_us: int, tetanic: bool
) -> None:
    """12.5 µC a phase is the strongest unbroken train felt only: 50 mA for 250 µs."""
    asked: dict[str, Any] = {"ceiling_ua": ceiling_ua, "waveform": Biphasic(phase_us)}
    assert tetanic_alone(prescription(**asked, on_off=RESTS)) == tetanic
    if tetanic:
        assert limits_of(**asked) == {"tetanic train"}


@pytest.mark.proves("limits")
def test_a_train_refused_by_its_charge_says_how_much_may_be_unbroken() -> None:
    with pytest.raises(PrescriptionError) as caught:
        prescription(ceiling_ua=60_000, waveform=Biphasic(300))
    refusal = said(*caught.value.refusals)
    assert refusal.allowed == "with on and off times, or at most 12.5 µC a phase"
    assert refusal.nearest == "a ceiling of 41.666 mA"


@pytest.mark.proves("limits")
def test_the_longest_phase_of_a_sweep_is_the_one_that_counts() -> None:
    sweep = Sweep(2_000_000, phase_us=(100, 300))
    assert limits_of(ceiling_ua=60_000, sweep=sweep) == {"tetanic train"}
    prescription(ceiling_ua=41_666, sweep=sweep)


@pytest.mark.proves("first-session")
@pytest.mark.parametrize(
    ("ceiling_ua", "phase_us", "able"),
    [(10_000, 200, False), (10_001, 200, True), (40_000, 50, False), (20_000, 150, True)],
)
def test_more_than_10_ma_for_200_us_is_able_to_contract(
    ceiling_ua: int, phase_us: int, able: bool
) -> None:
    asked = prescription(ceiling_ua=ceiling_ua, waveform=Biphasic(phase_us))
    assert is_able_to_contract(asked) == able


@pytest.mark.proves("first-session")
@pytest.mark.parametrize(("charge_pc", "able"), [(2_000_000, False), (2_000_001, True)])
def test_a_picocoulomb_more_than_2_uc_has_the_charge_to_contract(
    charge_pc: int, able: bool
) -> None:
    assert has_the_charge(charge_pc) == able


@pytest.mark.proves("first-session")
def test_what_is_meant_to_contract_is_able_to_at_any_ceiling() -> None:
    assert is_able_to_contract(prescription(**MOTOR, ceiling_ua=0, period_us=100_000))


@pytest.mark.proves("limits", "first-session")
@pytest.mark.parametrize("name", sorted(load_catalogue()))
def test_every_programme_of_the_catalogue_has_its_rests(name: str) -> None:
    programme = load_catalogue()[name]
    for region in programme.regions:
        asked = to_prescription(programme, region=region)
        assert is_able_to_contract(asked)
        assert asked.contracts or not tetanic_alone(asked)
