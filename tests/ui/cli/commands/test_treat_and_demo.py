"""The help of every command, and what a stepped treatment or demo prints and records."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.support.hang import HANG_S
from tests.ui.cli.conftest import COMMAND, TREAT, House, a_house, one_line
from ui.cli.main import COMMANDS, stimkiosk

SHORT = (*TREAT, "--fast", "--channels", "1,2", "--level", "2", "--seconds", "1")
KEYS = [
    "programme",
    "subject",
    "patient",
    "rig",
    "outcome",
    "cause",
    "trip",
    "remedy",
    "exit_code",
    "session",
    "level_ua",
    "hold_us",
    "elapsed_us",
    "at_level_us",
    "level_reached_ua",
    "drift_ppm",
    "channels",
    "data",
    "trace",
    "waited_us",
    "cleared_device",
    "simulated_facts",
]
CHANNEL_KEYS = [
    "channel",
    "set_ua",
    "measured_ua",
    "highest_ua",
    "worst_error_ua",
    "contact_ohm",
    "pulses",
    "charge_pc",
    "rms_ua",
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return one house for all tests."""
    with a_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


def every_command() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(stimkiosk)
    for name in COMMANDS:
        command = stimkiosk.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                below = command.get_command(context, inner)
                assert below is not None
                yield f"{name} {inner}", below


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_a_help(house: House, name: str) -> None:
    done = house.run(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: stimkiosk {name} ")


@pytest.mark.parametrize(("name", "command"), list(every_command()))
def test_every_help_has_an_example_of_its_command(name: str, command: click.Command) -> None:
    text = command.get_help(click.Context(command, info_name=name))
    assert re.search(rf"Examples?:\s+(stimkiosk|STIMKIOSK_\S+) {name.partition(' ')[0]}\b", text)


def test_the_summary_as_json_has_every_key_and_whole_numbers(house: House) -> None:
    done = house.run(*SHORT, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    summary = json.loads(done.stdout)
    assert list(summary) == KEYS
    assert [list(channel) for channel in summary["channels"]] == [CHANNEL_KEYS] * 2
    assert (summary["outcome"], summary["trip"], summary["exit_code"]) == ("completed", None, 0)
    assert summary["cleared_device"] is False
    for channel in summary["channels"]:
        assert abs(channel["set_ua"] - 2_000) < 30, "one DAC step"
        assert abs(channel["measured_ua"] - 2_000) < 150
        assert channel["worst_error_ua"] < 200
        # 80 pulses a second of 150 µs at up to 2 mA: 1 s at the level, up to 2 s rising to it;
        # what is played at level zero is no pulse.
        assert 80 < channel["pulses"] < 320
        assert 0 < channel["charge_pc"] < channel["pulses"] * 150 * 2_030
        assert 0 < channel["rms_ua"] < 2_000


def test_the_summary_fits_a_terminal_of_80_by_24(house: House) -> None:
    done = house.run(*SHORT, "--trace", str(house.folder / "s.vcd"))
    lines = done.stdout.splitlines()
    assert len(lines) < 24
    wide = [line for line in lines if len(line) > 80 and str(house.folder) not in line]
    assert wide == []
    assert lines[0].startswith("Conventional TENS  completed")
    assert "charge" in done.stdout
    assert "one way" in done.stdout
    assert "\x1b" not in done.stdout
    assert "not a cleared medical device" in lines[-1]


@pytest.mark.parametrize(("channels", "code"), [("1,2", 0), ("1,3", 4)])
def test_a_closed_pipe_does_not_change_the_exit_code(
    house: House, channels: str, code: int
) -> None:
    near, far = os.pipe()
    os.close(near)
    done = subprocess.run(
        [*COMMAND, *SHORT, "--channels", channels],
        check=False,
        stdout=far,
        stderr=subprocess.PIPE,
        env=house.environment,
        timeout=HANG_S,
    )
    os.close(far)
    assert (done.returncode, done.stderr) == (code, b"")


def test_two_stepped_runs_record_the_same_bytes_without_a_date(house: House) -> None:
    traces = [house.folder / name for name in ("one.vcd", "two.vcd")]
    for trace in traces:
        assert house.run(*SHORT, "--trace", str(trace)).returncode == 0
    first, second = (trace.read_bytes() for trace in traces)
    assert first == second
    assert len(first) > 30_000
    assert b"$date" not in first


def test_the_records_of_a_treatment_can_be_shown_and_verified(house: House) -> None:
    summary = json.loads(house.run(*SHORT, "--json").stdout)
    session = summary["session"]
    shown = house.run("sessions", "show", session)
    assert shown.returncode == 0
    for words in ("conventional-tens", "lower_back", "operator treat", "slice_number", "stop"):
        assert words in shown.stdout
    kept = json.loads(house.run("sessions", "show", session, "--json").stdout)
    given = {each["channel"]: each["charge_pc"] for each in summary["channels"]}
    assert {each["channel"]: each["charge_pc"] for each in kept["dose"]} == given
    assert house.run("sessions", "verify").returncode == 0


def test_a_programme_with_rests_is_raised_in_its_contractions(house: House) -> None:
    options = ("--level", "3", "--seconds", "20", "--json", "--fast")
    done = house.run("treat", "nmes-strengthening", *options)
    summary = json.loads(done.stdout)
    assert (done.returncode, summary["outcome"]) == (0, "completed"), summary["cause"]
    assert summary["elapsed_us"] > 20_000_000


def test_the_stepped_demo_prints_where_its_picture_is_each_time_it_runs(
    house: House, tmp_path: Path
) -> None:
    for times, force in ((1, ()), (2, ("--force",))):
        done = house.run("demo", "--fast", "--out", str(tmp_path / "demo"), *force)
        assert (done.returncode, done.stderr) == (0, "")
        picture = Path(done.stdout.splitlines()[-1].removeprefix("picture ").strip())
        assert picture.read_bytes().startswith(b"\x89PNG")
        records = str(tmp_path / "demo" / "records")
        rows = json.loads(house.run("sessions", "list", "--json", "--data", records).stdout)
        assert len(rows) == times


def test_a_demo_that_cannot_write_says_so(house: House) -> None:
    done = house.run("demo", "--fast", "--out", "/proc/demo")
    assert done.returncode == 2
    assert "/proc/demo" in one_line(done.stderr)
    nowhere = house.run("demo", "--fast", TMPDIR="/proc", TEMP="/proc", TMP="/proc")
    assert nowhere.returncode in (0, 2)
    assert "Traceback" not in nowhere.stderr


def test_a_search_for_a_motor_point_runs_on_a_test_load(house: House) -> None:
    asked = ("motor-point-find", "--fast", "--level", "3", "--seconds", "1", "--minutes", "3")
    done = house.run("treat", *asked, "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["programme"], summary["level_ua"]) == ("motor-point-find", 3_000)
    assert summary["channels"][0]["charge_pc"] > 0
