"""A daemon that was lost and is back is used again after an acknowledgement, without a restart."""

from typing import Any

import pytest

from appliance.messages.replies import Refused, Reply
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("daemon-lost")

FAULTS = ["lost-daemon", "stalled-daemon"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_daemon_that_is_back_is_used_again_after_acknowledgement_and_self_test(
    clinic: Clinic, fault: str
) -> None:
    clinic.treat(level_ua=8_000)
    clinic.board.fault_set(fault)
    clinic.until("Tripped")
    clinic.wait(2_000)
    clinic.board.fault_clear(fault)
    clinic.wait(1_000)
    assert clinic.state == "Tripped"  # nothing comes back by itself
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("SelfTest")
    clinic.until("Ready")
    clinic.wait(100)
    clinic.treat(level_ua=6_000)
    assert clinic.state in {"RampUp", "Delivering"}
    assert not clinic.engine.loop._effects.daemon_lost


@pytest.mark.parametrize("fault", FAULTS)
def test_the_trip_of_a_daemon_still_lost_cannot_be_acknowledged(clinic: Clinic, fault: str) -> None:
    clinic.treat(level_ua=8_000)
    clinic.board.fault_set(fault)
    clinic.until("Tripped")
    clinic.wait(3_000)
    assert isinstance(clinic.acknowledge(), Refused)
    assert clinic.trip() == "T30"
    assert clinic.view.trip is not None
    assert clinic.view.trip.cause_present


@pytest.mark.parametrize("fault", FAULTS)
def test_a_daemon_that_is_back_stops_its_waves_at_once(clinic: Clinic, fault: str) -> None:
    """Hazard: old waves still play when the supply is switched on again."""
    clinic.treat(level_ua=8_000)
    clinic.board.fault_set(fault)
    clinic.until("Tripped")
    clinic.board.fault_clear(fault)
    clinic.wait(1_000)
    assert clinic.engine.loop._rig.pulses.poll().idle
    assert not clinic.engine.loop._output.supply_on


def test_a_daemon_lost_in_locked_is_reconnected_too(clinic: Clinic) -> None:
    clinic.until("Locked")
    clinic.board.fault_set("lost-daemon")
    clinic.until("Tripped")
    clinic.board.fault_clear("lost-daemon")
    clinic.wait(1_000)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.wait(100)
    clinic.until("Locked", "SelfTest", "Ready")
    clinic.treat(level_ua=6_000)


def test_notifications_that_ended_are_opened_again(clinic: Clinic) -> None:
    """Commands still work here, so nothing else would notice that notifications are back."""
    clinic.treat(level_ua=8_000)
    output: Any = clinic.engine.loop._rig.pulses
    output._reports._link.session.close()
    assert clinic.trip() == "T30"
    clinic.wait(1_000)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")
    clinic.wait(100)
    clinic.treat(level_ua=6_000)
