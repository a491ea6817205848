"""A stop while a proof keeps the fault latch set on purpose causes no trip for the hardware."""

import pytest

from appliance.messages.actions import CheckContact, Stop
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("fault-latch")


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("after_ms", [10, 50, 150, 300, 450, 600, 800])
def test_a_contact_check_that_is_stopped_leaves_the_unit_ready(
    clinic: Clinic, after_ms: int, *, cut: bool
) -> None:
    clinic.unlock()
    clinic.prescribe()
    clinic.do(CheckContact())
    clinic.wait(after_ms)
    clinic.do(Stop(cut=cut))
    clinic.wait(500)
    assert clinic.state == "Ready", clinic.view.trip
    assert clinic.view.latch_clear
    assert not clinic.view.supply_good
    clinic.do(CheckContact())
    clinic.until("Armed")


@pytest.mark.proves("stop-first")
@pytest.mark.parametrize("after_ms", [0, 10, 20, 30])
def test_a_cut_while_the_latch_is_being_released_leaves_the_unit_ready(
    clinic: Clinic, after_ms: int
) -> None:
    clinic.unlock()
    clinic.prescribe()
    clinic.do(CheckContact())
    clinic.wait(100)
    clinic.do(Stop())
    clinic.wait(after_ms)
    clinic.do(Stop(cut=True))
    clinic.wait(500)
    assert clinic.state == "Ready", clinic.view.trip
    assert clinic.view.latch_clear


def test_a_latch_set_by_another_cause_still_trips(clinic: Clinic) -> None:
    """Hazard: a stop right after an over-current hides it."""
    clinic.arm()
    clinic.board.fault_set("estop-wire=latch")
    clinic.do(Stop())
    clinic.wait(100)
    assert clinic.trip() == "T03"
