"""A test load is recognised every time: no false result locks a healthy unit."""

import pytest

from appliance.control.commands.output_permission import is_test_load
from appliance.messages.actions import CloseSession, Stop
from appliance.messages.wire import Subject
from tests.support.clinic import Clinic
from tests.support.drill_person import at_rest, drill

TRIES = 25


@pytest.mark.proves("bystander")
@pytest.mark.parametrize("ohm", [500, 1_000])
def test_a_test_load_is_measured_within_7_percent_each_time(clinic: Clinic, ohm: int) -> None:
    clinic.board.fault_set(f"resistor:1={ohm}")
    found: list[int] = []
    for _ in range(TRIES):
        clinic.arm(channels=(1,), subject=Subject.TEST_LOAD)
        (contact,) = clinic.engine.loop.state.setup.contact
        assert is_test_load(contact)
        assert contact.ohm is not None
        found.append(contact.ohm)
        clinic.do(Stop())
        clinic.until("Ready", "Finished")
        if clinic.state == "Finished":
            clinic.do(CloseSession())
        clinic.until_true(lambda: at_rest(clinic))
    assert all(abs(each - ohm) * 100 <= 7 * ohm for each in found), found


@pytest.mark.proves("drills")
def test_a_resistor_of_500_ohm_passes_the_drill_each_time(clinic: Clinic) -> None:
    clinic.board.fault_set("resistor:1=500")
    clinic.unlock()
    for _ in range(TRIES):
        result = drill(clinic, "known-load", load_ohm=500)
        assert result.passed, result
        clinic.until_true(lambda: at_rest(clinic))
