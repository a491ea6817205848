"""`stimkiosk drill` as a real process: what it prints, its exit code, and what it records."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.support.hang import HANG_S
from tests.ui.cli.conftest import COMMAND, House, a_house, one_line, wait_until

KINDS = ["e-stop", "hand-switch", "lead", "known-load", "watchdog"]
EVERY = ("drill", "all", "--load", "500", "--virtual-hands", "--fast")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """Return a house in which every drill has been done, and the output of that."""
    with a_house(tmp_path_factory.mktemp("house")) as house:
        ended = house.run(*EVERY)
        assert (ended.returncode, ended.stderr) == (0, "")
        yield house, ended.stdout


def listed(house: House) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(house.run("drill", "--json").stdout)
    return found


def standing(house: House, kind: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(
        each for each in listed(house)["drills"] if each["kind"] == kind
    )
    return found


def test_every_drill_shows_its_steps_its_verdict_and_what_was_measured(
    done: tuple[House, str],
) -> None:
    _, text = done
    assert [line.split()[0] for line in text.splitlines() if " passed in " in line] == KINDS
    for words in (
        "3/6  Press the emergency stop and leave it pressed.",
        "Unplug the hand switch.",
        "press Enter",
        "fault latch set",
        "(allowed 120 to 200 ms)",
        "set 10.00 mA",
        "Ω",
    ):
        assert words in text
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_list_shows_when_each_drill_is_due_and_that_a_new_folder_has_none(
    done: tuple[House, str], house: House
) -> None:
    full, _ = done
    found = listed(full)
    assert (found["rig"], found["arming_locked"]) == ("virtual", False)
    assert [each["kind"] for each in found["drills"]] == KINDS
    assert {each["status"] for each in found["drills"]} == {"ok"}
    for each in found["drills"]:
        assert each["due_utc_us"] - each["last_utc_us"] == 30 * 86_400_000_000
    assert "all in order" in full.run("drill").stdout
    empty = house.run("drill")
    assert (empty.returncode, empty.stderr) == (0, "")
    assert empty.stdout.count("never done") == 6
    assert "this is the virtual board, arming stays open" in empty.stdout
    assert not house.data.exists(), "looking makes nothing"
    on_hardware = full.run("drill", "--rig", "hardware").stdout
    assert "arming is locked: run `stimkiosk drill e-stop`" in on_hardware


def test_the_records_of_drills_verify(done: tuple[House, str]) -> None:
    house, _ = done
    assert house.run("sessions", "verify").returncode == 0
    assert {each["programme"] for each in house.sessions()} == {"e-stop-drill", "known-load-drill"}


def test_json_goes_to_standard_output_and_the_steps_to_the_other(house: House) -> None:
    ended = house.run("drill", "watchdog", "--fast", "--json", "--operator", "anna")
    found = json.loads(ended.stdout)
    assert ended.returncode == found["exit_code"] == 0
    (one,) = found["drills"]
    assert (one["kind"], one["passed"], one["failures"]) == ("watchdog", True, [])
    assert 120_000 <= one["measured"]["latch_us"] <= 210_000
    assert (found["operator"], found["cleared_device"]) == ("anna", False)
    assert "1/3" in ended.stderr
    assert standing(house, "watchdog")["operator"] == "anna"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("known-load",), "--load 500 or 1000"),
        (("watchdog", "--load", "500"), "--load is for known-load and e-stop"),
        (("e-stop", "--fast"), "--virtual-hands"),
        (("e-stop", "--rig", "hardware", "--virtual-hands"), "need a virtual board"),
        (("estop",), "'e-stop'"),
        (("known-load", "--load", "700"), "'500', '1000'"),
        (("lead", "--channel", "0"), "not a whole number from 1 to 4"),
        (("lead", "--operator", "x" * 65), "up to 64 characters"),
    ],
)
def test_options_that_do_not_fit_the_drill_exit_with_2(
    house: House, arguments: tuple[str, ...], words: str
) -> None:
    ended = house.run("drill", *arguments)
    assert ended.returncode == 2
    assert words in one_line(ended.stderr)


def test_the_help_gives_each_drill_a_line_of_its_own(house: House) -> None:
    lines = house.run("drill", "--help").stdout.splitlines()
    for kind in (*KINDS, "all"):
        assert sum(line.startswith(f"  {kind} ") for line in lines) == 1


def test_a_channel_the_board_lacks_exits_with_4(house: House) -> None:
    ended = house.run("drill", "lead", "--channel", "3", "--virtual-hands", "--fast")
    assert ended.returncode == 4
    assert "channel: asked 3, allowed 1 to 2" in one_line(ended.stderr)


def test_a_missing_board_exits_with_3(house: House) -> None:
    ended = house.run("drill", "watchdog", PIGPIO_PORT="1")
    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr


@pytest.mark.realtime
def test_a_drill_on_a_running_engine_passes_then_fails_then_is_refused(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    drill = ("drill", "watchdog", "--json")
    assert house.run(*drill, PIGPIO_PORT=port).returncode == 0
    house.ask(port, "set", fault="watchdog-dead")
    failed = house.run(*drill, PIGPIO_PORT=port)
    assert failed.returncode == 1
    assert "stays clear" in json.loads(failed.stdout)["drills"][0]["failures"][0]
    assert standing(house, "watchdog")["status"] == "failed"
    house.ask(port, "clear", fault="watchdog-dead")
    house.ask(port, "set", fault="estop")
    wait_until(lambda: house.ask(port, "status")["status"]["fault_latch"]["set"], "the trip")
    refused = house.run(*drill, PIGPIO_PORT=port)
    assert refused.returncode == 4
    assert "tripped: T01" in refused.stderr


def started(house: House, port: str, *arguments: str, hears: bool = False) -> Any:
    process = subprocess.Popen(
        [*COMMAND, "drill", *arguments],
        stdin=subprocess.PIPE if hears else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**house.environment, "PIGPIO_PORT": port},
    )
    house.running.append(process)
    return process


def read_until(process: Any, words: str) -> None:
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError(f"{words!r} was not shown: {process.stderr.read()}")


@pytest.mark.realtime
def test_a_person_presses_releases_and_acknowledges_by_enter(house: House) -> None:
    _, port = house.board()
    process = started(house, port, "e-stop", hears=True)
    read_until(process, "Press the emergency stop")
    process.stdin.write("\n")  # too early: it acknowledges nothing
    process.stdin.flush()
    house.ask(port, "set", fault="estop")
    read_until(process, "Release")
    house.ask(port, "clear", fault="estop")
    read_until(process, "press Enter")
    process.stdin.write("\n")
    process.stdin.flush()
    rest, errors = process.communicate(timeout=HANG_S)
    assert (process.returncode, errors) == (0, "")
    assert "e-stop drill passed" in rest


@pytest.mark.realtime
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_drill_that_is_interrupted_leaves_no_current_and_has_not_passed(
    house: House, number: signal.Signals
) -> None:
    """Hazard: 10 mA continue to flow after Ctrl-C in the terminal."""
    _, port = house.board()
    house.ask(port, "set", fault="resistor:1=1000")
    process = started(house, port, "known-load", "--load", "1000")
    read_until(process, "the level rises")
    process.send_signal(number)
    rest, errors = process.communicate(timeout=HANG_S)
    assert process.returncode == 130
    assert "counts as not passed" in one_line(errors)
    assert "NOT PASSED" in rest
    assert house.ask(port, "status")["status"]["channels"][0]["current_ua"] == 0
    assert not house.ask(port, "status")["status"]["supply"]["good"]
    assert standing(house, "known-load")["status"] == "failed"
    wait_until(lambda: not any(_is_engine(each) for each in house.processes()), "no engine is left")


def _is_engine(process: int) -> bool:
    try:
        with open(f"/proc/{process}/cmdline", "rb") as text:  # noqa: PTH123 - not a file of ours
            return b"\0engine\0" in text.read()
    except OSError:
        return False


@pytest.mark.realtime
def test_a_terminal_shows_the_seconds_left_in_place_and_no_colour_where_asked(house: House) -> None:
    main, far = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, "drill", "watchdog", "--fast"],
        stdin=far,
        stdout=far,
        stderr=far,
        env={**house.environment, "TERM": "xterm", "NO_COLOR": "1"},
    )
    house.running.append(process)  # type: ignore[arg-type]
    process.wait(HANG_S)
    os.close(far)
    shown = os.read(main, 65_536).decode()
    os.close(main)
    assert process.returncode == 0
    assert "watchdog drill passed" in shown
    assert "s left" in shown
    assert re.search(r"\x1b\[[0-9;]*3[0-7]m", shown) is None, "a colour"
