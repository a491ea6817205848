"""A gate that stays on is found by its line, even with a dead phase limiter."""

import pytest

from appliance.messages.actions import Pause
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("gates-off")

PHASE_LIMITER_DEAD = "limiter-dead"


@pytest.mark.parametrize("gate", ["gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg"])
def test_a_gate_stuck_on_with_a_dead_phase_limiter_is_cut_within_40_ms(
    clinic: Clinic, gate: str
) -> None:
    """Hazard: direct current through the tissue until held values show it."""
    clinic.treat(level_ua=8_000)
    clinic.board.fault_set(PHASE_LIMITER_DEAD)
    began_us = clinic.now_us
    clinic.board.fault_set(f"stuck-gate:{gate}=high")
    clinic.until_true(lambda: clinic.state == "Tripped", "trip")
    # A slice is 30 ms at most, and its strobe shows the gates; a tick later the engine knows.
    assert clinic.now_us - began_us <= 45_000
    assert clinic.trip() in {"T39", "T04", "T06", "T11"}
    clinic.wait(10)
    assert not clinic.engine.loop._output.supply_on


def test_a_stuck_gate_trips_by_its_own_code_at_the_next_strobe(clinic: Clinic) -> None:
    clinic.treat(level_ua=8_000)
    clinic.board.fault_set(PHASE_LIMITER_DEAD)
    clinic.board.fault_set("stuck-gate:gate2_pos=high")
    assert clinic.trip() == "T39"


@pytest.mark.parametrize("where", ["Ready", "Armed", "Paused"])
def test_a_gate_stuck_on_between_streams_is_found_before_anything_plays(
    clinic: Clinic, where: str
) -> None:
    if where == "Ready":
        clinic.unlock()
    elif where == "Armed":
        clinic.arm()
    else:
        clinic.treat(level_ua=6_000)
        clinic.do(Pause())
        clinic.until("Paused")
    clinic.board.fault_set(PHASE_LIMITER_DEAD)
    clinic.board.fault_set("stuck-gate:gate1_pos=high")
    clinic.wait(80)
    assert clinic.trip() == "T39"


def test_dense_pulses_cause_no_trip_for_a_stuck_gate(clinic: Clinic) -> None:
    clinic.treat("brief-intense-tens", level_ua=4_000, channels=(1,))
    clinic.wait(2_000)
    assert clinic.state == "Delivering"
