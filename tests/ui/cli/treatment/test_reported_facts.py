"""Commands report what happened: stops, other people's sessions, boards, trips, crashes."""

import json
import os
import pty
import re
import select
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from appliance.messages.replies import Event
from appliance.records.texts import with_text
from appliance.texts.text import microseconds, text
from tests.support.hang import HANG_S
from tests.ui.cli.conftest import COMMAND, TREAT, House, one_line, wait_until
from tests.ui.cli.treatment.test_autopilot import BOTH, LOCKED, PRESCRIBE, levels
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.treatment.autopilot import Autopilot
from ui.cli.treatment.failure import AutopilotFailure
from ui.cli.treatment.request import TreatmentRequest
from ui.cli.treatment.run import TreatmentRun, _note
from ui.cli.treatment.summary import end_of

BOARD = Path("drivers/boards/reference.toml")
ORDER = TreatmentRequest(PRESCRIBE, 2_000, 30_000_000, "TENS")


def seen(state: str, elapsed_us: int, first_ua: int, second_ua: int, **more: object) -> object:
    shown = {"state": state, "elapsed_us": elapsed_us, "session": "0001-001", **more}
    channels = more.get("channels", levels(first_ua, second_ua))
    named = {"programme": "conventional-tens", "channels": channels}
    return msgspec.structs.replace(LOCKED, **{**named, **shown})


def noted(*snapshots: object, prescribed: bool = True) -> TreatmentRun:
    run, autopilot = TreatmentRun(), Autopilot(ORDER)
    autopilot._prescribed = prescribed
    for each in snapshots:
        assert isinstance(each, type(LOCKED))
        _note(run, each, autopilot)
    return run


def test_time_at_the_level_is_counted_and_not_copied_from_the_request() -> None:
    run = noted(
        seen("RampUp", 1_000_000, 0, 0),
        seen("Delivering", 2_000_000, 2_000, 1_000),
        seen("Delivering", 3_000_000, 2_000, 2_000),
        seen("Resting", 4_500_000, 2_000, 2_000),
        seen("Delivering", 5_000_000, 2_000, 1_500),  # somebody lowered it
        seen("Delivering", 7_000_000, 2_000, 2_000),
        seen("RampDown", 7_300_000, 2_000, 2_000),
        seen("Finished", 7_400_000, 0, 0, session=None),
    )
    assert run.at_level_us == 1_500_000
    assert run.session == "0001-001"


@pytest.mark.parametrize(
    "run",
    [
        noted(seen("Delivering", 9_000_000, 2_000, 2_000), prescribed=False),
        noted(seen("Delivering", 9_000_000, 2_000, 2_000, programme="burst-tens")),
        noted(seen("Delivering", 9_000_000, 2_000, 2_000, channels=BOTH[:1])),
    ],
)
def test_the_session_of_another_client_is_never_reported_as_our_own(run: TreatmentRun) -> None:
    assert (run.session, run.own, run.at_level_us) == (None, None, 0)
    run.trips.append(Event(name="trip", session="0001-001", facts={"code": "T01"}))
    autopilot = Autopilot(ORDER, failure=AutopilotFailure("somebody treats", ExitCode.BUSY))
    assert end_of(run, autopilot).outcome == "busy"


@pytest.mark.parametrize(
    ("stopped_by_us", "outcome", "code"),
    [(False, "stopped", ExitCode.REFUSED), (True, "completed", ExitCode.OK)],
)
def test_a_session_that_somebody_closed_before_its_end_was_seen_is_still_told(
    stopped_by_us: bool, outcome: str, code: ExitCode
) -> None:
    """Hazard: a treatment that was cut short is reported as complete."""
    closed = seen("Ready", 0, 0, 0, session=None, programme=None, channels=(), remaining_us=0)
    run = noted(seen("Delivering", 9_000_000, 2_000, 2_000), closed)
    assert run.own is not None
    assert run.own.elapsed_us == 9_000_000
    assert not run.shows_own_end
    end = end_of(run, Autopilot(ORDER, stop_sent=stopped_by_us))
    assert (end.outcome, end.code) == (outcome, code)


def test_a_trip_is_told_from_its_key_and_values() -> None:
    """Not from the English beside them, which is for readers of version 1."""
    run = noted(seen("Delivering", 9_000_000, 2_000, 2_000))
    found = text("trip.detail.late_tick", seen=microseconds(60_000), allowed=microseconds(50_000))
    facts: Any = {"code": "T26", **with_text("detail", found), "detail": "other words"}
    run.trips.append(Event(name="trip", session="0001-001", facts=facts))
    cause = end_of(run, Autopilot(ORDER)).cause
    assert cause.endswith("(60000 µs since the last tick, allowed 50000 µs)")
    run.trips[0] = Event(name="trip", session=None, facts={"code": "T26", "detail": "of version 1"})
    assert end_of(run, Autopilot(ORDER)).cause.endswith("(of version 1)")


def playing(house: House) -> bool:
    done = house.run("status", "--json")
    return done.returncode == 0 and json.loads(done.stdout)["state"] == "Delivering"


def test_a_second_treatment_beside_a_running_one_reports_busy(house: House, tmp_path: Path) -> None:
    _, port = house.board()
    engine = house.engine(port)
    other = tmp_path / "own.toml"
    other.write_text(BOARD.read_text("utf-8") + "\n# of another day\n", "utf-8")
    refused = house.run(*TREAT, "--board", str(other), "--json", PIGPIO_PORT=port)
    said = json.loads(refused.stdout)
    assert (refused.returncode, said["outcome"], said["session"]) == (4, "refused", None)
    assert "started with another board file (reference)" in said["cause"]

    long = house.start(*TREAT, "--level", "2", "--seconds", "600", "--json", PIGPIO_PORT=port)
    wait_until(lambda: playing(house), "a treatment")
    busy = house.run(*TREAT, "--json", PIGPIO_PORT=port)
    said = json.loads(busy.stdout)
    assert (busy.returncode, said["outcome"], said["session"], said["channels"]) == (
        *(75, "busy"),
        *(None, []),
    )
    assert "-001" not in house.run(*TREAT, PIGPIO_PORT=port).stdout
    assert house.run("stop").returncode == 0
    out, _ = long.communicate(timeout=HANG_S)
    said = json.loads(out)
    assert (long.returncode, said["outcome"], said["cause"]) == (4, "stopped", "by somebody else")
    assert said["at_level_us"] <= said["elapsed_us"] < 600_000_000

    engine.kill()
    engine.wait()
    again = house.run("engine", "--port", port, "--board", str(other))
    assert again.returncode == 2
    assert "another content of reference" in one_line(again.stderr)


def test_a_short_is_not_reported_as_gone_without_a_measurement(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    treat = house.start(*TREAT, "--level", "3", "--json", PIGPIO_PORT=port)
    wait_until(lambda: playing(house), "a treatment")
    house.ask(port, "set", fault="short:1")
    out, _ = treat.communicate(timeout=HANG_S)
    said = json.loads(out)
    assert said["outcome"] == "tripped"
    status = house.run("status")
    assert status.returncode == 1
    assert "the unit cannot detect whether the cause is gone" in status.stdout
    assert "measured -," in status.stdout
    assert f"session    {said['session']} is over (tripped)" in status.stdout
    assert answered(house, "acknowledge", b"n\n") == 1
    assert house.run("status").returncode == 1
    assert answered(house, "acknowledge", b"y\n") == 0
    assert house.run("status").returncode == 0


def answered(house: House, command: str, keys: bytes) -> int:
    """Run a command at a terminal of 40 columns, answer its question, return its exit code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**house.environment, "COLUMNS": "40"},
    )
    os.close(theirs)
    shown = b""
    while b"?" not in shown and select.select([ours], [], [], 30)[0]:
        shown += os.read(ours, 4096)
    os.write(ours, keys)
    try:
        while os.read(ours, 4096):
            pass
    except OSError:  # the other end of a terminal that is closed
        pass
    code = process.wait(HANG_S)
    os.close(ours)
    return code


def test_a_session_that_was_cut_is_named_and_its_dose_is_at_least(house: House) -> None:
    _, port = house.board()
    engine = house.engine(port)
    treat = house.start(*TREAT, "--level", "2", "--json", PIGPIO_PORT=port)
    wait_until(lambda: playing(house), "a treatment")

    def kept() -> bool:
        shown = house.run("sessions", "show", "0001-001", "--json").stdout
        return len(json.loads(shown)["measurements"]) > 1

    wait_until(kept, "two seconds of it are kept")
    engine.kill()
    out, _ = treat.communicate(timeout=HANG_S)
    said = json.loads(out)
    assert (treat.returncode, said["outcome"], said["session"]) == (3, "lost", "0001-001")
    house.engine(port)
    assert "last       session 0001-001, interrupted:" in house.run("status").stdout
    assert "the dose was at least what is recorded" in house.run("status").stdout
    shown = house.run("sessions", "show", "0001-001").stdout
    assert re.search(r"outcome  interrupted after at least \d:\d\d", shown)
    record = json.loads(house.run("sessions", "show", "0001-001", "--json").stdout)
    (dose,) = record["dose"]
    assert dose["pulses"] == record["measurements"][-1]["pulses"]
    assert f"at least {dose['pulses']} " in shown


def test_a_killed_board_cannot_be_reached(house: House) -> None:
    board, port = house.board()
    treat = house.start(*TREAT, "--level", "2", "--json", PIGPIO_PORT=port)
    wait_until(lambda: playing(house), "a treatment")
    board.kill()
    out, _ = treat.communicate(timeout=HANG_S)
    assert (treat.returncode, json.loads(out)["outcome"]) == (3, "tripped")


def test_a_planned_length_ends_as_finished_and_a_stop_as_stopped(house: House) -> None:
    planned = house.run(*TREAT, "--fast", "--level", "1", "--minutes", "1", "--json")
    said = json.loads(planned.stdout)
    assert (planned.returncode, said["outcome"], said["elapsed_us"]) == (
        *(0, "completed"),
        60_000_000,
    )
    house.run(*TREAT, "--fast", "--level", "1", "--seconds", "1")
    assert [each["outcome"] for each in house.sessions()] == ["stopped", "finished"]
    short = house.run(*TREAT, "--fast", "--minutes", "0.1")
    assert short.returncode == 4
    assert "asked 6 s, allowed 60 s to 3600 s" in one_line(short.stderr)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            [
                *("patients", "ceiling", "P-1", "--neck", "--back", "--max", "5"),
                *("--reason", "sore", "--operator", "anna"),
            ],
            "either --neck or --back",
        ),
        (["board", "--stepped", "--speed", "2"], "--stepped time has no --speed"),
        (["drill", "--load", "500"], "need a KIND of drill"),
        (["drill", "--fast"], "need a KIND of drill"),
    ],
)
def test_options_that_exclude_each_other_are_wrong_usage(
    house: House, arguments: list[str], words: str
) -> None:
    done = house.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in one_line(done.stderr)


def test_the_command_that_a_drill_prints_can_be_pasted(house: House) -> None:
    pasted = []
    with subprocess.Popen(
        [*COMMAND, "drill", "e-stop"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=house.environment,
    ) as drill:
        assert drill.stdin is not None
        assert drill.stdout is not None
        for line in drill.stdout:
            if " fault --port " in line:
                pasted.append(line.strip())
                shell = ["/bin/sh", "-c", line.strip()]
                subprocess.run(shell, check=True, env=house.environment, capture_output=True)
            if line.rstrip().endswith("press Enter."):
                drill.stdin.write("\n")
                drill.stdin.flush()
    assert drill.returncode == 0
    assert [each.split()[-2:] for each in pasted] == [["set", "estop"], ["clear", "estop"]]


@pytest.mark.parametrize("columns", [40, 80])
def test_ids_and_currents_are_whole_on_every_terminal(house: House, columns: int) -> None:
    house.run(*TREAT, "--fast", "--level", "12", "--seconds", "1")
    for arguments in (["list"], ["show", "0001-001"], ["capsules"]):
        shown = at_terminal(house, columns, "sessions", *arguments)
        assert "0001-001" in shown
        assert max(map(len, shown.splitlines())) <= columns
    assert "12.0 mA" in " ".join(
        at_terminal(house, columns, "sessions", "show", "0001-001").split()
    )


def at_terminal(house: House, columns: int, *arguments: str) -> str:
    """Return what a command shows at a terminal of so many columns, without its colours."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**house.environment, "COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb"},
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65_536):
            shown += part
    except OSError:  # the other end of a terminal that is closed
        pass
    process.wait(HANG_S)
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode())
