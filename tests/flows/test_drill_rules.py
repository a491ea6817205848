"""Rules of every drill: where it may begin, what ending it early means, what it must restore."""

from pathlib import Path
from typing import Any

import pytest

from appliance.messages.actions import (
    CheckContact,
    CloseSession,
    EndDrill,
    Lock,
    Pause,
    Prescribe,
    Rise,
    Start,
    Stop,
)
from appliance.messages.wire import Subject
from tests.support.clinic import Clinic, open_clinic
from tests.support.drill_person import (
    KINDS,
    accepted,
    asked,
    at_rest,
    begin,
    drill,
    follow,
    refused,
    rows,
    said,
    shown,
)
from ui.cli.terminal.snapshot_text import drill_notes_of

pytestmark = pytest.mark.proves("drills")


@pytest.mark.parametrize("kind", KINDS)
def test_a_drill_begins_only_in_ready(clinic: Clinic, kind: str) -> None:
    load = {"load_ohm": 500} if kind == "known-load" else {}
    clinic.until("Locked")
    assert refused(clinic, asked(kind, **load)).nearest == "unlock first"
    clinic.arm()
    assert refused(clinic, asked(kind, **load)).asked == "a drill, before the start"
    clinic.do(Start())
    clinic.until("Delivering")
    assert refused(clinic, asked(kind, **load)).allowed == "a drill, while nothing is under way"
    clinic.do(Stop(cut=True))
    clinic.until("Finished")
    assert refused(clinic, asked(kind, **load)).nearest == "close the session first"
    clinic.do(CloseSession())
    clinic.board.fault_set("estop")
    clinic.until("Tripped")
    assert refused(clinic, asked(kind, **load)).nearest == "acknowledge the trip first"
    assert clinic.view.drill is None


@pytest.mark.parametrize(
    ("kind", "more", "limit"),
    [
        ("known-load", {}, "load"),
        ("known-load", {"load_ohm": 700}, "load"),
        ("lead", {"load_ohm": 500}, "load"),
        ("e-stop", {"load_ohm": 20}, "load"),
        ("lead", {"channel": 3}, "channel"),
    ],
)
def test_a_load_or_channel_that_does_not_fit_is_refused(
    clinic: Clinic, kind: str, more: dict[str, int], limit: str
) -> None:
    clinic.unlock()
    assert refused(clinic, asked(kind, **more)).limit == limit
    assert clinic.view.drill is None


def test_other_commands_are_refused_while_a_drill_runs(clinic: Clinic) -> None:
    begin(clinic, "e-stop")
    for action in (
        Prescribe(subject=Subject.PATIENT, patient="P-1", programme="conventional-tens"),
        CheckContact(),
        Start(),
        Rise(channel=1),
    ):
        assert refused(clinic, action).limit == "drill"
    assert refused(clinic, asked("watchdog")).limit == "drill"
    assert follow(clinic).passed


@pytest.mark.parametrize("action", [EndDrill(), Stop(), Stop(cut=True), Pause(), Lock()])
def test_a_drill_that_is_ended_before_its_verdict_has_not_passed(
    clinic: Clinic, action: Any
) -> None:
    """Hazard: a button that does not work, and a person who gives up and continues to treat."""
    begin(clinic, "e-stop")
    clinic.ask(action)
    clinic.wait(200)
    result = shown(clinic).result if not isinstance(action, Lock) else None
    assert result is None or said(result) == "ended by a person before its verdict"
    assert rows(clinic)[0]["passed"] == 0
    assert clinic.view.state == ("Locked" if isinstance(action, Lock) else "Ready")
    assert not clinic.view.supply_good


@pytest.mark.parametrize("after_ms", [300, 1_000, 2_500, 5_000])
def test_a_drill_that_is_ended_while_current_flows_leaves_no_current(
    clinic: Clinic, after_ms: int
) -> None:
    clinic.board.fault_set("resistor:1=1000")
    begin(clinic, "known-load", load_ohm=1_000)
    clinic.wait(after_ms)
    clinic.do(EndDrill())
    clinic.wait(1_500)
    assert not follow(clinic).passed
    assert at_rest(clinic)
    assert clinic.currents_ua() == [0, 0]


@pytest.mark.parametrize("after_ms", [50, 150, 240])
def test_ending_a_watchdog_drill_restores_the_heartbeat(clinic: Clinic, after_ms: int) -> None:
    begin(clinic, "watchdog")
    clinic.wait(after_ms)
    clinic.do(EndDrill())
    clinic.wait(1_000)
    assert at_rest(clinic)
    clinic.arm()


@pytest.mark.proves("screen-watched")
def test_a_screen_that_falls_silent_while_a_drill_gives_current_trips(clinic: Clinic) -> None:
    clinic.board.fault_set("resistor:1=1000")
    begin(clinic, "known-load", load_ohm=1_000)
    clinic.until("Delivering")
    clinic.watching = False
    clinic.wait(2_500)
    assert clinic.trip() == "T27"
    assert said(shown(clinic).result).startswith("T27 during the drill")
    assert clinic.currents_ua() == [0, 0]


def test_the_prescription_of_a_drill_cannot_be_used_after_it(clinic: Clinic) -> None:
    """Hazard: the next person gets what was meant for a resistor."""
    assert drill(clinic, "lead").passed
    answer = refused(clinic, CheckContact())
    assert (answer.limit, answer.nearest) == ("prescription", "prescribe")
    clinic.arm()
    assert clinic.view.programme == "conventional-tens"


def test_the_result_of_a_drill_is_shown_until_it_is_dismissed(clinic: Clinic) -> None:
    drill(clinic, "watchdog")
    clinic.wait(5_000)
    assert shown(clinic).result is not None
    accepted(clinic, EndDrill())
    clinic.wait(60)
    assert clinic.view.drill is None
    assert len(rows(clinic)) == 1


def test_a_drill_that_could_not_be_recorded_has_not_passed(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.unlock()
    monkeypatch.setattr(clinic.engine.loop._drills._journal, "note", lambda *_, **__: 0)
    assert "it could not be recorded" in said(drill(clinic, "watchdog"))


def test_the_next_engine_knows_the_drills_that_were_done(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "one", data=tmp_path / "data") as first:
        drill(first, "watchdog")
        note = drill_notes_of(first.view)[0]
        assert "watchdog" not in note
    with open_clinic(tmp_path / "two", data=tmp_path / "data") as second:
        second.unlock()
        assert drill_notes_of(second.view) == [note]
