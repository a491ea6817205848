"""What the journal records of a stop and of its acknowledgement."""

import json

import pytest

from appliance.messages.actions import Stop
from appliance.messages.replies import Reply
from appliance.records.journal.journal import URGENT
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic


def acknowledged(clinic: Clinic) -> list[dict[str, object]]:
    clinic.tick()
    with open_read_only(clinic.data) as db:
        rows = db.query("SELECT facts FROM facts WHERE name = 'acknowledged' ORDER BY number")
        return [json.loads(row["facts"]) for row in rows]


@pytest.mark.proves("latched-trips")
def test_an_acknowledgement_records_every_trip_it_clears(clinic: Clinic) -> None:
    """Hazard: the records do not show that the second trip was acknowledged too."""
    clinic.treat(level_ua=2_000)
    clinic.board.fault_set("hand-switch")
    clinic.until("Tripped")
    clinic.board.fault_set("estop")
    clinic.wait(100)
    clinic.board.fault_clear("estop")
    clinic.board.fault_clear("hand-switch")
    clinic.wait(100)
    assert isinstance(clinic.acknowledge(), Reply)
    (facts,) = acknowledged(clinic)
    assert facts["code"] == "T02"
    codes = facts["codes"]
    assert isinstance(codes, list)
    assert codes[0] == "T02"
    assert "T01" in codes


@pytest.mark.proves("journal")
def test_the_events_of_a_crash_have_reserved_places_in_the_queue() -> None:
    assert {"fault", "stop", "trip", "session_closed", "capsule"} <= URGENT


@pytest.mark.proves("stop-record")
def test_a_stop_is_timed_from_the_arrival_of_its_command(clinic: Clinic) -> None:
    clinic.treat(level_ua=5_000)
    clinic.engine.loop.tick()
    ticked_us = clinic.now_us
    clinic.board.advance_to_us(ticked_us + 2_500)
    clinic.link.send(Stop())
    clinic.board.advance_to_us(ticked_us + 10_000)
    clinic.until("Finished")
    (stop,) = clinic.events("stop")
    assert stop["cause_known_by"] == "command"
    assert stop["cause_at_us"] == ticked_us + 2_500
    assert stop["noticed_at_us"] == ticked_us + 10_000
    assert stop["time_to_zero_us"] == stop["zero_at_us"] - stop["cause_at_us"]
    assert stop["measured_zero_us"] is None or stop["measured_zero_us"] >= 250_000


@pytest.mark.proves("stop-record")
def test_the_last_set_and_measured_values_and_the_dose_are_kept(clinic: Clinic) -> None:
    clinic.treat(level_ua=5_000)
    clinic.wait(1_000)
    clinic.board.fault_set("hand-switch")
    clinic.until("Tripped")
    (stop,) = clinic.events("stop")
    for channel in stop["channels"]:
        assert channel["amplitude_ua"] == pytest.approx(5_000, abs=30)
        assert channel["measured_ua"] == pytest.approx(5_000, abs=400)
        assert channel["pulses"] > 80
        assert channel["charge_pc"] > 0
