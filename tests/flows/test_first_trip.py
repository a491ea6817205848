"""The first trip is the one whose remedy helps: for each cause, at many rates and levels."""

import pytest

from appliance.core.prescription.waveform import Biphasic
from appliance.messages.actions import CheckContact, Rise, Start
from tests.support.clinic import Clinic
from tests.support.clinical_records import fact
from tests.support.complete_file import accepted_for
from tests.support.strategies import prescription


def treat(
    clinic: Clinic, period_us: int, level_ua: int, phase_us: int = 200, *, looked: bool = False
) -> None:
    """Give a plain train on channel 1 with this period and phase duration.

    `looked` says that somebody looks for a test load on it, and says that there is none.
    """
    clinic.unlock()
    asked = prescription(
        waveform=Biphasic(phase_us),
        period_us=period_us,
        ceiling_ua=max(level_ua, 20_000),
        pad_area_mm2=10_000,
        tap_ua=1_000,
        reason="a test",
    )
    loop = clinic.engine.loop
    loop._state_runner.prescribe(accepted_for(loop, asked))
    clinic.squeeze()
    clinic.do(CheckContact())
    clinic.until("Armed")
    if looked:
        clinic.do(fact("load_ruled_out", str(clinic.view.patient), channels=[1]))
        clinic.wait(50)
    clinic.do(Start())
    clinic.until("RampUp", "Delivering")
    clinic.raise_to(level_ua)
    clinic.wait(max(1_000, 14 * period_us // 1_000))


def first_trip(clinic: Clinic) -> str:
    clinic.until("Tripped")
    return str(clinic.events("trip")[0]["code"])


CAUSES = [
    ("lead-off:1", "T06"),  # fasten pads and leads
    ("resistor:1=20000", "T06"),
    ("short:1", "T07"),  # separate the pads
    ("dry-pad:1=0", "T08"),  # moisten or change the pad
    ("half-lifted:1", "T08"),
    ("resistor:1=250", "T40"),  # dry the skin between the pads
    ("bridge-open:gate1_neg", "T11"),  # service, and look at the skin
    ("bridge-open:gate1_pos", "T11"),
    ("phase-mismatch:1=-90", "T11"),
    ("stuck-dac:1=0", "T15"),  # service
    ("supply-sag=60", "T24"),
]
TRAINS = [(4_000, 10_000), (7_519, 20_000), (28_571, 5_000)]
"""Periods (250, 133 and 35 per second) and levels."""


@pytest.mark.proves(
    "lead-off", "short", "contact-drift", "phase-missing", "dac-readback", "supply-watched"
)
@pytest.mark.parametrize(("period_us", "level_ua"), TRAINS)
@pytest.mark.parametrize(("fault", "code"), CAUSES)
def test_the_first_trip_is_the_one_whose_remedy_helps(
    clinic: Clinic, fault: str, code: str, period_us: int, level_ua: int
) -> None:
    treat(clinic, period_us, level_ua)
    clinic.board.fault_set(fault)
    assert first_trip(clinic) == code


@pytest.mark.proves("lead-off", "zero-after-interruption")
@pytest.mark.parametrize(
    ("period_us", "pulses"),
    [(7_519, 3), (10_000, 2), (20_000, 2), (28_571, 3), (100_000, 1), (500_000, 2)],
)
def test_a_lead_open_for_some_pulses_trips_as_lead_off_with_the_level_at_zero(
    clinic: Clinic, period_us: int, pulses: int
) -> None:
    """Hazard: output returns at the full level, or the trip names a fault of the unit."""
    treat(clinic, period_us, 20_000)
    clinic.board.fault_set("lead-off:1")
    clinic.wait(-(-pulses * period_us // 10_000) * 10)
    clinic.board.fault_clear("lead-off:1")
    clinic.wait(max(60, period_us // 1_000))
    assert first_trip(clinic) == "T06"
    assert clinic.channel(1).level_ua == 0


@pytest.mark.proves("lead-off", "residual-charge")
@pytest.mark.parametrize("period_us", [20_000])
def test_one_lost_pulse_neither_trips_nor_raises_a_caution(clinic: Clinic, period_us: int) -> None:
    treat(clinic, period_us, 20_000, phase_us=300)
    clinic.board.fault_set("lead-off:1")
    clinic.wait(period_us // 1_000)
    clinic.board.fault_clear("lead-off:1")
    clinic.wait(2_000)
    assert clinic.state == "Delivering"
    assert clinic.events("caution") == []


@pytest.mark.proves("contact-poor")
@pytest.mark.parametrize("fault", ["dry-pad:1=0", "half-lifted:1"])
@pytest.mark.parametrize(("period_us", "phase_us"), [(12_500, 150), (20_000, 300)])
def test_a_pad_that_is_bad_from_the_start_is_derated_below_therapy_current(
    clinic: Clinic, fault: str, period_us: int, phase_us: int
) -> None:
    """Hazard: the contact check at 2 mA accepts it, and half a pad carries the whole level."""
    clinic.board.fault_set(fault)
    treat(clinic, period_us, 9_000, phase_us)
    for _ in range(12):
        clinic.ask(Rise(channel=1))
        clinic.wait(300)
    clinic.wait(3_000)
    found = {each["code"] for each in clinic.events("caution")}
    assert "W04" in found
    assert found <= {"W03", "W04"}
    assert clinic.channel(1).level_ua < 10_000
    assert clinic.state == "Delivering"


@pytest.mark.proves("contact-poor")
@pytest.mark.parametrize("ohm", [500, 1_000])
@pytest.mark.parametrize(("period_us", "phase_us"), [(10_000, 50), (20_000, 400)])
def test_a_test_load_raises_no_contact_caution(
    clinic: Clinic, ohm: int, period_us: int, phase_us: int
) -> None:
    clinic.board.fault_set(f"resistor:1={ohm}")
    treat(clinic, period_us, 30_000, phase_us, looked=True)
    clinic.wait(2_000)
    assert (clinic.state, clinic.events("caution")) == ("Delivering", [])
