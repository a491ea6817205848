"""An ADC that froze before output was requested trips by its own code, not that of the DAC."""

import pytest

from appliance.messages.actions import CheckContact, Start
from appliance.messages.replies import Refused
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("readings-fresh", "dac-readback")


def check(clinic: Clinic, fault: str, *, before_self_test: bool) -> str:
    clinic.until("Locked")
    if before_self_test:
        clinic.board.fault_set(fault)
    clinic.unlock()
    clinic.board.fault_set(fault)
    clinic.wait(600)
    clinic.prescribe()
    clinic.do(CheckContact())
    return clinic.trip()


@pytest.mark.parametrize("before_self_test", [True, False])
@pytest.mark.parametrize(("fault", "code"), [("frozen-adc", "T14"), ("stuck-dac:1", "T15")])
def test_a_frozen_adc_and_a_stuck_dac_trip_by_their_own_codes_at_the_contact_check(
    clinic: Clinic, fault: str, code: str, *, before_self_test: bool
) -> None:
    """Hazard: the wrong part is changed and the unit goes back to patients."""
    assert check(clinic, fault, before_self_test=before_self_test) == code
    assert clinic.currents_ua() == [0, 0]
    assert isinstance(clinic.ask(Start()), Refused)
