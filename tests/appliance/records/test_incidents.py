"""Incidents of real treatments: what is inside, and when there is one."""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.messages.actions import CloseSession, Pause, Resume, Stop
from appliance.records.incidents.format import Incident
from appliance.records.incidents.store import IncidentFolder
from drivers.board_file import load_board_file
from tests.appliance.records.incident_scene import estop, findings, incidents_of
from tests.support.clinic import Clinic, open_clinic

pytestmark = pytest.mark.proves("capsule")


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with open_clinic(tmp_path) as found:
        yield found


def sealed(clinic: Clinic) -> Incident:
    """Wait until the incident is sealed, and return the newest one."""
    clinic.wait(1_100)
    return incidents_of(clinic.data)[-1]


def named(incident: Incident, name: str) -> list[dict[str, Any]]:
    return [each["facts"] for each in incident.events if each["event"] == name]


# --- what is inside ----------------------------------------------------------------------------


def test_an_incident_tells_what_happened_in_its_order(clinic: Clinic) -> None:
    clinic.treat(level_ua=5_000)
    clinic.wait(2_000)
    estop(clinic)
    incident = sealed(clinic)
    assert incident.problems == ()
    assert incident.header["cause"] == "estop"
    assert incident.header["session"] == clinic.last().summary.id
    (stop,) = clinic.events("stop")
    assert incident.header["stops"] == [stop]
    journal = [each for each in clinic.last().events if each.name != "capsule"]
    inside = [each for each in incident.events if each["event"] != "peers"]
    told = [(each.monotonic_us, each.name, each.facts) for each in journal]
    held = [(each["at_us"], each["event"], each["facts"]) for each in inside]
    assert [each for each in held if each in told] == [
        each for each in told if each[1] != "measurements_sealed" or each in held
    ]
    assert [each["to_ua"] for each in named(incident, "level_changed") if each["channel"] == 1] == [
        1_000,
        2_000,
        3_000,
        4_000,
        5_000,
    ]
    assert "T01" in [each["code"] for each in named(incident, "trip")]
    assert {"Rise", "Start"} <= {each["action"] for each in named(incident, "command")}


def test_set_and_held_values_are_those_of_the_treatment(clinic: Clinic) -> None:
    clinic.treat(level_ua=5_000)
    clinic.wait(2_000)
    estop(clinic)
    incident = sealed(clinic)
    times, set_ua, held_ua = (incident.column(n) for n in ("at_us", "set_ua_1", "held_ua_1"))
    cause_us = incident.header["stops"][0]["cause_at_us"]
    last_second = [n for n, at in enumerate(times) if cause_us - 1_000_000 < at < cause_us]
    assert len(last_second) == pytest.approx(100, abs=2)
    assert all(set_ua[n] == pytest.approx(5_000, abs=30) for n in last_second)
    assert all(abs(abs(held_ua[n]) - 5_000) < 400 for n in last_second)
    assert {1, -1} == {held_ua[n] // abs(held_ua[n]) for n in last_second}
    assert incident.column("level_ua_1")[last_second[-1]] == 5_000
    after = [n for n, at in enumerate(times) if at > cause_us]
    assert incident.column("estop_closed")[after[-1]] == 0
    assert incident.column("latch_clear")[after[-1]] == 0
    states = incident.header["states"]
    assert states[incident.column("state")[after[-1]]] == "Tripped"
    assert times[-1] - cause_us == pytest.approx(1_000_000, abs=30_000)


def test_an_incident_names_versions_and_no_place_or_person(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    clinic.do(Stop())
    clinic.until("Finished")
    incident = sealed(clinic)
    versions = incident.header["versions"]
    assert versions["board_digest"] == load_board_file().digest
    assert versions["daemon"] == 79
    assert {"build", "python", "pigpio", "schema", "machine"} <= versions.keys()
    (path,) = IncidentFolder(clinic.data).files()
    text = gzip.decompress(path.read_bytes()).decode()
    assert str(clinic.data) not in text
    assert os.uname().nodename not in json.dumps(versions)


def test_the_fall_is_inside_and_held_readings_show_its_end(clinic: Clinic) -> None:
    clinic.treat(level_ua=8_000)
    clinic.do(Stop())
    clinic.until("Finished")
    incident = sealed(clinic)
    assert incident.header["cause"] == "stop"
    set_ua = [each for each in incident.column("set_ua_1") if each is not None]
    falling = set_ua[max(n for n, each in enumerate(set_ua) if each >= 7_900) :]
    assert len({each for each in falling if 0 < each < 7_900}) >= 5
    assert 250_000 <= incident.header["measured_zero_us"] <= 500_000


def test_a_minute_and_no_more(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000)
    clinic.wait(70_000)
    clinic.do(Stop())
    clinic.until("Finished")
    incident = sealed(clinic)
    times = incident.column("at_us")
    assert len(times) <= 6_001
    assert 59_900_000 <= times[-1] - times[0] <= 60_000_000
    assert times == sorted(times)
    assert min(each["at_us"] for each in incident.events) >= times[-1] - 60_000_000
    assert not named(incident, "session_opened")
    assert incident.header["opened"]["programme"] == "conventional-tens"


def test_memory_does_not_grow_with_time(clinic: Clinic) -> None:
    recent: Any = clinic.engine.incidents._flight_recorder  # type: ignore[union-attr]
    before = recent._block.buffer_info()
    clinic.treat(level_ua=2_000)
    clinic.wait(65_000)
    assert recent._block.buffer_info() == before
    assert before[1] * 8 < 1_200_000
    assert recent._happened.maxlen == 4_096


# --- when there is one -------------------------------------------------------------------------


def test_a_planned_end_and_a_pause_leave_none(clinic: Clinic) -> None:
    clinic.treat(level_ua=2_000, duration_us=60_000_000)
    clinic.do(Pause())
    clinic.until("Paused")
    clinic.wait(1_500)
    clinic.do(Resume())
    clinic.until("Finished")
    clinic.wait(1_500)
    assert clinic.last().summary.outcome == "finished"
    assert incidents_of(clinic.data) == []


def test_each_session_has_its_own(clinic: Clinic) -> None:
    for _ in range(2):
        clinic.treat(level_ua=1_000)
        clinic.do(Stop(cut=True))
        clinic.until("Finished")
        clinic.wait(1_200)
        clinic.do(CloseSession())
        clinic.until("Ready")
    sessions = [each.summary.id for each in clinic.sessions()]
    assert [each.header["session"] for each in incidents_of(clinic.data)] == sessions
    assert [each.header["capsule"] for each in incidents_of(clinic.data)] == [
        f"{session}-1" for session in sessions
    ]
    assert findings(clinic.data) == []


def test_two_trips_at_once_and_a_trip_in_a_fall_make_one(clinic: Clinic) -> None:
    clinic.treat(level_ua=5_000)
    clinic.do(Stop())
    clinic.wait(100)
    clinic.board.fault_set("estop")
    clinic.board.fault_set("hand-switch")
    clinic.until("Tripped")
    clinic.wait(2_500)
    (incident,) = incidents_of(clinic.data)
    codes = {each["code"] for each in named(incident, "trip")}
    assert {"T01", "T02"} <= codes
    assert incident.header["cause"] == "estop"


def test_a_trip_without_output_has_no_incident_and_stands_in_the_journal(clinic: Clinic) -> None:
    clinic.unlock()
    clinic.board.fault_set("estop")
    clinic.until("Tripped")
    clinic.wait(1_500)
    assert incidents_of(clinic.data) == []


def test_an_engine_that_crashes_leaves_one(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.treat(level_ua=3_000)
        loop: Any = clinic.engine.loop
        loop._act = lambda _: 1 // 0
        with pytest.raises(ZeroDivisionError):
            clinic.tick()
    (incident,) = incidents_of(tmp_path / "data")
    assert incident.header["cause"] == "crash"
    assert "ZeroDivisionError" in named(incident, "fault")[0]["traceback"]
    assert findings(tmp_path / "data") == []


def test_a_session_cut_off_gets_what_the_journal_holds(
    tmp_path: Path, clinic: Clinic, power_cut: Callable[[Any], Path]
) -> None:
    clinic.treat(level_ua=4_000)
    clinic.wait(70_000)
    clinic.board.close()
    journal: Any = clinic.engine.incidents._journal  # type: ignore[union-attr]
    left = power_cut(journal)
    session = clinic.last().summary.id
    with open_clinic(tmp_path / "again", data=left):
        pass
    (incident,) = incidents_of(left)
    assert incident.problems == ()
    assert incident.header["cause"] == "interrupted"
    assert incident.header["source"] == "journal"
    assert incident.header["session"] == session
    measured = [each["measurement"] for each in incident.events if "measurement" in each]
    assert len({each["elapsed_us"] // 1_000_000 for each in measured}) == pytest.approx(60, abs=2)
    assert measured[-1]["level_ua"] == 4_000
    assert findings(left) == []
