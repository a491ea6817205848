"""The recorded cause and time to zero when several stops, trips or pauses follow each other."""

import json
from typing import Any

import pytest

from appliance.messages.actions import CloseSession, Pause, Stop
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic

pytestmark = pytest.mark.proves("stop-record")


def stops(clinic: Clinic) -> list[dict[str, Any]]:
    """Return every record of a stop, including those outside a session."""
    clinic.tick()
    with open_read_only(clinic.data) as db:
        rows = db.query("SELECT facts FROM facts WHERE name = 'stop' ORDER BY number")
        return [json.loads(row["facts"]) for row in rows]


def paused(clinic: Clinic) -> None:
    clinic.treat(level_ua=5_000)
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.wait(500)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("estop", "estop"), ("lost-spi", "spi_lost"), ("lost-daemon", "daemon_lost")],
)
def test_a_trip_in_a_pause_is_the_cause_without_the_time_of_the_ramp_down_before_it(
    clinic: Clinic, fault: str, cause: str
) -> None:
    """Hazard: the records show a pause as the end of the session, or an e-stop that took 300 ms."""
    paused(clinic)
    clinic.board.fault_set(fault)
    clinic.until("Tripped")
    session = clinic.last()
    assert (session.summary.outcome, session.summary.cause) == ("tripped", cause)
    assert session.closing is not None
    assert session.closing["time_to_zero_us"] is None
    measured: list[Any] = [each["measured_ua"] for each in session.dose]
    assert min(measured) > 4_000


def test_a_stop_in_a_pause_is_the_recorded_cause(clinic: Clinic) -> None:
    paused(clinic)
    clinic.do(Stop())
    clinic.until("Finished")
    summary = clinic.last().summary
    assert (summary.outcome, summary.cause) == ("stopped", "stop")


def test_a_repeated_cut_that_fails_does_not_change_the_recorded_end(clinic: Clinic) -> None:
    """Hazard: the records show 300 ms and the guard for a lead off that was cut in 40 ms."""
    clinic.treat(level_ua=10_000)
    clinic.board.fault_set("lead-off:1")
    clinic.until("Tripped")
    clinic.wait(200)
    clinic.board.fault_set("lost-spi")
    clinic.wait(200)
    first, again = stops(clinic)
    assert (first["cause"], first["layer"], first["failures"]) == ("lead_off", "engine", [])
    assert "codes" in again["failures"][0]
    for fact in ("cause", "layer", "time_to_zero_us", "zero_at_us"):
        assert again[fact] == first[fact]


def test_a_cut_with_the_output_off_is_not_recorded_as_the_end_of_the_session_before(
    clinic: Clinic,
) -> None:
    """Hazard: the incident of a unit that failed while idle names the last treatment."""
    clinic.treat(level_ua=5_000)
    clinic.do(Stop())
    clinic.until("Finished")
    clinic.do(CloseSession())
    clinic.until("Ready")
    clinic.wait(1_000)
    clinic.board.fault_set("lost-spi")
    clinic.until("Tripped")
    first, idle = stops(clinic)
    assert first["cause"] == "stop"
    assert "codes" in idle["failures"][0]
    assert (idle["cause"], idle["time_to_zero_us"], idle["zero_at_us"]) == ("spi_lost", None, None)
    assert idle["channels"] == []


@pytest.mark.parametrize("other", ["lost-daemon", "lost-spi"])
def test_every_trip_of_the_tick_that_ended_a_session_is_in_its_records(
    clinic: Clinic, other: str
) -> None:
    """Hazard: the e-stop somebody pressed is missing from the session it ended."""
    clinic.treat(level_ua=5_000)
    session = clinic.view.session
    for fault in ("estop", other):
        clinic.board.fault_set(fault)
    clinic.until("Tripped")
    clinic.wait(100)
    with open_read_only(clinic.data) as db:
        rows = db.query(
            "SELECT session, facts ->> 'code' AS code FROM facts WHERE name = 'trip'"
            " ORDER BY number"
        )
        found = [(row["session"], row["code"]) for row in rows]
    codes = {code for owner, code in found if owner == session}
    assert "T01" in codes
    assert len(codes) > 1


def test_a_trip_after_the_end_of_a_session_is_not_recorded_in_it(clinic: Clinic) -> None:
    clinic.treat(level_ua=5_000)
    clinic.board.fault_set("lead-off:1")
    clinic.until("Tripped")
    session = clinic.last().summary.id
    clinic.wait(500)
    clinic.board.fault_set("estop")
    clinic.wait(100)
    with open_read_only(clinic.data) as db:
        rows = db.query("SELECT session, facts ->> 'code' AS code FROM facts WHERE name = 'trip'")
        owners = {row["code"]: row["session"] for row in rows}
    assert owners["T01"] is None
    assert session in owners.values()
