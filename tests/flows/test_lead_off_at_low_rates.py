"""A lead off at few pulses a second: found after as many pulses as at other rates."""

import pytest

from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("lead-off")


@pytest.mark.parametrize("offset_ms", [0, 70, 130, 190])
def test_a_lead_off_at_4_pulses_a_second_lets_no_fourth_pulse_through(
    clinic: Clinic, offset_ms: int
) -> None:
    """Hazard: a lead put back on in the gap gives a full pulse without warning."""
    clinic.treat("low-rate-tens", level_ua=6_000, channels=(1,))
    clinic.wait(3_000 + offset_ms)
    off_us, before = clinic.now_us, clinic.channel(1).pulses
    clinic.board.fault_set("lead-off:1")
    clinic.until_true(lambda: clinic.state == "Tripped", "trip")
    assert clinic.trip() == "T06"
    assert clinic.now_us - off_us <= 3 * 250_000 + 30_000
    assert clinic.channel(1).pulses - before <= 3
