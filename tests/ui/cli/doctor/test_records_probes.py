"""What the doctor says of records: the chain, the self-test of each channel, what is due."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import pytest

from appliance.errors import JournalError
from appliance.messages.actions import Unlock
from appliance.records.drills import DrillFacts
from appliance.records.journal.journal import Journal
from appliance.records.storage import data_folder
from appliance.records.texts import with_texts
from appliance.texts.text import Text, microseconds, text
from tests.appliance.records.conftest import SteppedClock
from tests.support.clinic import open_clinic
from tests.support.made_up_machine import NOW_S, MadeUpWall, laptop, subject, unit
from tests.support.unit_facts import WHO
from ui.cli.doctor.examine import examine
from ui.cli.doctor.lines import Line, Status
from ui.cli.doctor.subject import EngineSeen, Subject

pytestmark = pytest.mark.proves_none

DAY_S = 86_400
KINDS = ("e-stop", "hand-switch", "lead", "known-load", "watchdog")
Event = tuple[str, Mapping[str, Any]]


def keep(folder: Path, *events: Event, days_ago: int = 1, rig: str = "hardware") -> None:
    """Record the start of an engine and events after it."""
    wall = MadeUpWall(now_s=NOW_S - days_ago * DAY_S)
    facts = {"rig": rig}
    with closing(
        Journal.open(folder, wall, SteppedClock(), threaded=False, facts=facts)
    ) as journal:
        for name, about in events:
            journal.append(name, about)


def drill(kind: str, *, passed: bool = True, channel: int | None = None) -> Event:
    done = DrillFacts(
        kind=kind,
        passed=passed,
        failures=(),
        texts=(),
        measured={},
        channel=channel,
        load_ohm=None,
        operator="anna",
        rig="hardware",
        took_us=1,
    )
    return "drill", done.facts()


def care(kind: str, **more: object) -> Event:
    return kind, {**WHO, **more, "rig": "hardware"}


ALL_DRILLS = tuple(
    drill(kind, channel=1 if kind in {"lead", "known-load"} else None) for kind in KINDS
)


def lines(looked_at: Subject) -> dict[str, Line]:
    return {line.name: line for line in examine(looked_at)}


def statuses(found: Mapping[str, Line], start: str) -> dict[str, Status]:
    return {name: line.status for name, line in found.items() if name.startswith(start)}


def test_drills_that_were_done_are_ok_and_a_channel_that_was_left_out_is_told(
    tmp_path: Path,
) -> None:
    keep(tmp_path, *ALL_DRILLS)
    found = lines(subject(unit(), tmp_path))
    assert statuses(found, "drill") == {
        "drill e-stop": Status.OK,
        "drill hand-switch": Status.OK,
        "drill lead": Status.OK,
        "drill lead, channel 1": Status.OK,
        "drill lead, channel 2": Status.WARNING,
        "drill known-load": Status.OK,
        "drill known-load, channel 1": Status.OK,
        "drill known-load, channel 2": Status.WARNING,
        "drill watchdog": Status.OK,
    }
    assert found["drill lead, channel 2"].fix == "stimkiosk drill lead --channel 2"


def test_a_drill_is_due_soon_after_23_days_and_wrong_after_30(tmp_path: Path) -> None:
    for days, status in ((22, Status.OK), (23, Status.WARNING), (30, Status.WRONG)):
        folder = tmp_path / str(days)
        folder.mkdir()
        keep(folder, *ALL_DRILLS, days_ago=days)
        assert lines(subject(unit(), folder))["drill e-stop"].status is status, days


def test_a_channel_whose_drill_is_older_than_the_others_is_told(tmp_path: Path) -> None:
    keep(tmp_path, drill("lead", channel=1), days_ago=31)
    keep(tmp_path, drill("lead", channel=2), days_ago=1)
    found = lines(subject(unit(), tmp_path))
    assert found["drill lead"].status is Status.OK
    assert found["drill lead, channel 1"].status is Status.WARNING
    assert found["drill lead, channel 2"].status is Status.OK


def test_a_drill_that_was_not_passed_is_wrong_also_on_its_channel(tmp_path: Path) -> None:
    keep(tmp_path, drill("lead", passed=False, channel=2))
    found = lines(subject(unit(), tmp_path))
    assert found["drill lead"].status is Status.WRONG
    assert found["drill lead, channel 2"].status is Status.WRONG


def test_drills_of_a_virtual_board_lock_nothing_so_they_are_warnings(tmp_path: Path) -> None:
    keep(tmp_path, rig="virtual")
    found = lines(subject(laptop(), tmp_path))
    assert set(statuses(found, "drill").values()) == {Status.WARNING}


def test_care_is_told_by_item_and_locks_after_14_days_more(tmp_path: Path) -> None:
    never = tmp_path / "never"
    never.mkdir()
    keep(never, days_ago=13)
    assert set(statuses(lines(subject(unit(), never)), "care").values()) == {Status.WARNING}
    old = tmp_path / "old"
    old.mkdir()
    keep(old, days_ago=15)
    keep(old, care("leads_inspected", answers={"lead_1": "good"}))
    found = lines(subject(unit(), old))
    assert statuses(found, "care") == {
        "care leads": Status.OK,
        "care safety_check": Status.WRONG,
        "care calibration": Status.WRONG,
    }
    assert found["care calibration"].fix == "service calibrates the unit and records it"


def test_a_unit_out_of_use_is_wrong_and_the_words_of_people_are_left_out(tmp_path: Path) -> None:
    keep(tmp_path, care("unit_taken_out_of_use", reason="burn", words="Mr Miller was burnt"))
    found = lines(subject(unit(), tmp_path))
    assert found["use"].status is Status.WRONG
    assert "burn" in found["use"].found
    assert "Miller" not in str(found)


def test_a_unit_without_records_is_told_what_was_never_done(tmp_path: Path) -> None:
    found = lines(subject(unit(), tmp_path))
    assert found["drill e-stop"].status is Status.WRONG
    assert found["database"].status is Status.NOT_HERE
    assert found["care"].status is Status.WARNING


def test_an_event_that_was_altered_breaks_the_chain(tmp_path: Path) -> None:
    keep(tmp_path, *ALL_DRILLS)
    found = lines(subject(unit(), tmp_path))
    assert (found["database"].status, found["chain"].status) == (Status.OK, Status.OK)
    with closing(sqlite3.connect(tmp_path / "records.db", isolation_level=None)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE payloads SET body = x'7b7d' WHERE number = 3")
        for _, sql in guards:
            connection.execute(sql)
    found = lines(subject(unit(), tmp_path))
    assert (found["database"].status, found["chain"].status) == (Status.OK, Status.WRONG)
    assert "event 3" in found["chain"].found


def test_a_file_that_is_no_database_is_wrong_and_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(b"no database" * 1_000)
    found = lines(subject(unit(), tmp_path))
    assert found["database"].status is Status.WRONG
    assert found["model"].status is Status.OK


def test_a_self_test_is_told_for_each_channel(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.do(Unlock(operator="anna"))
        clinic.until("Ready")
        data = clinic.data
    found = lines(subject(laptop(), data))
    assert statuses(found, "self-test") == {
        "self-test, channel 1": Status.OK,
        "self-test, channel 2": Status.OK,
    }


def test_a_self_test_that_found_a_slow_wave_clock_is_wrong_on_every_channel(tmp_path: Path) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.do(Unlock(operator="anna"))
        clinic.board.fault_set("slow-clock=1.13")
        clinic.until("Tripped")
        data = clinic.data
    found = lines(subject(laptop(), data))
    for channel in (1, 2):
        line = found[f"self-test, channel {channel}"]
        assert line.status is Status.WRONG
        assert "1.130 times" in line.found
        assert f"gate{channel}_pos" in line.found
        assert f"gate{3 - channel}_pos" not in line.found


@pytest.mark.parametrize(
    "failure",
    [
        text("note.dac_at_zero", channel=2, code=900, allowed=8),
        text("note.gate_width", line="gate2_neg", error=microseconds(50), allowed=microseconds(9)),
    ],
    ids=["dac", "gate"],
)
def test_a_self_test_that_failed_on_one_channel_is_wrong_on_that_channel_only(
    tmp_path: Path, failure: Text
) -> None:
    keep(tmp_path, ("self_test", {"passed": False, **with_texts("failures", (failure,))}))
    found = lines(subject(unit(), tmp_path))
    assert found["self-test, channel 1"].status is Status.WARNING
    assert found["self-test, channel 2"].status is Status.WRONG


def test_whoever_may_not_read_the_records_is_told_by_the_engine_what_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(folder: Path) -> NoReturn:
        raise JournalError(f"the records in {folder} cannot be read") from PermissionError(13)

    monkeypatch.setattr(data_folder, "has_records", forbidden)
    with open_clinic(tmp_path) as clinic:
        seen = EngineSeen("0.1.0", clinic.until("Locked"))
    found = list(examine(subject(unit(), tmp_path, lambda: seen)))
    due = [line for line in found if line.name == "due"]
    assert {line.status for line in due} == {Status.WARNING}
    assert any("drill" in line.found for line in due)
    (database,) = [line for line in found if line.name == "database"]
    assert (database.status, "sudo" in database.fix) == (Status.WARNING, True)
