"""A DAC that does not go to zero is found while no pulse plays, before the next one."""

import pytest

from appliance.messages.actions import CheckContact, Pause, Stop
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("dac-readback")

STUCK = "stuck-dac:1=1200"
"""35 mA at full scale 120 mA: far beyond the 40 codes a readback may be off."""


def test_a_dac_stuck_before_the_contact_check_lets_no_pulse_through(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.prescribe()
    clinic.board.fault_set(STUCK)
    assert clinic.trip() == "T15"
    assert all(abs(current) < 100 for current in clinic.currents_ua())


@pytest.mark.parametrize("where", ["Resting", "Paused", "Finished", "Armed", "Ready"])
def test_a_dac_that_sticks_while_nothing_pulses_is_found_within_100_ms(
    clinic: Clinic, where: str
) -> None:
    """Hazard: the next pulse plays at the code that stuck, not at the level."""
    if where == "Resting":
        clinic.treat("nmes-endurance", level_ua=3_000)
        clinic.until("Resting")
        clinic.wait(300)
    elif where == "Paused":
        clinic.treat(level_ua=6_000)
        clinic.do(Pause())
        clinic.until("Paused")
    elif where == "Finished":
        clinic.treat(level_ua=6_000)
        clinic.do(Stop())
        clinic.until("Finished")
    elif where == "Armed":
        clinic.arm()
    else:
        clinic.unlock()
    stuck_us = clinic.now_us
    clinic.board.fault_set(STUCK)
    assert clinic.trip() == "T15"
    assert clinic.now_us - stuck_us <= 100_000
    clinic.wait(50)
    assert all(abs(current) < 100 for current in clinic.currents_ua())


def test_a_dac_that_sticks_at_its_code_in_a_ramp_down_trips(clinic: Clinic) -> None:
    clinic.treat(level_ua=8_000)
    clinic.do(Stop())
    clinic.wait(50)
    clinic.board.fault_set("stuck-dac:1")
    clinic.until_true(lambda: clinic.state == "Tripped", "trip")
    assert clinic.trip() in {"T15", "T04", "T05"}
    clinic.wait(100)
    assert all(abs(current) < 100 for current in clinic.currents_ua())


@pytest.mark.parametrize("after_ms", [100, 300, 500, 650])
def test_a_dac_that_sticks_at_zero_in_the_contact_check_never_arms(
    clinic: Clinic, after_ms: int
) -> None:
    """At zero its readback is right: only the test code, with the gates off, shows the fault."""
    clinic.unlock()
    clinic.prescribe()
    clinic.do(CheckContact())
    clinic.wait(after_ms)
    clinic.board.fault_set("stuck-dac:1=0")
    seen = set()
    for _ in range(200):
        clinic.tick()
        seen.add(clinic.state)
    assert "Armed" not in seen
    assert clinic.state in {"Ready", "Tripped"}
