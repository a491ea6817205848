"""After SPI was lost the codes in the DAC are unknown: they are written again before use."""

from typing import Any

import pytest

from appliance.messages.actions import Stop
from appliance.messages.replies import Reply
from appliance.safety.gate import GateRefused
from drivers.quantities import Microamps
from tests.support.clinic import Clinic

DAC_STUCK = "T15"


def lose_spi(clinic: Clinic) -> None:
    clinic.treat(level_ua=6_000)
    clinic.board.fault_set("lost-spi")
    assert clinic.trip() == "T31"
    clinic.wait(300)


def amplitudes_ua(clinic: Clinic) -> tuple[tuple[int, ...], tuple[int, ...]]:
    gate = clinic.engine.loop._gate
    return gate.lowest_ua, gate.highest_ua


@pytest.mark.proves("parts-answer")
def test_codes_that_could_not_be_written_are_not_assumed_to_be_zero(clinic: Clinic) -> None:
    """Hazard: the DAC still has the level of the previous patient while the engine assumes zero."""
    lose_spi(clinic)
    least, most = amplitudes_ua(clinic)
    assert least == (0, 0)
    assert min(most) > 0


@pytest.mark.proves("parts-answer")
def test_zero_is_written_again_as_soon_as_spi_is_back(clinic: Clinic) -> None:
    lose_spi(clinic)
    clinic.board.fault_clear("lost-spi")
    clinic.wait(50)
    assert amplitudes_ua(clinic) == ((0, 0), (0, 0))
    channels: Any = clinic.board.status()["channels"]
    assert [each["dac_output"] for each in channels] == [0, 0]


@pytest.mark.proves("parts-answer")
def test_a_unit_whose_spi_recovered_treats_again_without_a_dac_trip(clinic: Clinic) -> None:
    """Hazard: a cable that was plugged in again looks like a broken unit: "call service"."""
    lose_spi(clinic)
    clinic.board.fault_clear("lost-spi")
    clinic.wait(100)
    assert isinstance(clinic.acknowledge(), Reply)
    clinic.until("Ready")
    clinic.treat(level_ua=4_000)
    clinic.do(Stop())
    clinic.until("Finished")
    assert DAC_STUCK not in {each["code"] for each in clinic.events("trip", clinic.sessions()[0])}
    assert clinic.events("trip") == []


@pytest.mark.proves("gate")
def test_codes_that_failed_in_a_stop_are_written_before_the_next_check(clinic: Clinic) -> None:
    """A similar case: only the write of the cut fails, the rest of the SPI bus works."""
    clinic.treat(level_ua=6_000)
    gate = clinic.engine.loop._gate
    gate.note_zero(written=False)
    assert gate.highest_ua != (0, 0)
    with pytest.raises(GateRefused, match="slice that is not named"):
        gate.set_amplitudes((Microamps(1_000), Microamps(0)))
    gate.set_amplitudes((Microamps(0), Microamps(0)))
    assert gate.lowest_ua == gate.highest_ua == (0, 0)
