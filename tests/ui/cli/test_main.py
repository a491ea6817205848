"""The top of the command line: listing, exit codes, and what a person sees when something fails."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from appliance.errors import (
    ConfigError,
    EngineBusy,
    InternalFault,
    JournalDamaged,
    JournalFull,
    LinkError,
)
from drivers.errors import (
    BoardFileError,
    DaemonLost,
    NotConnected,
    PortInUse,
    SliceRejected,
    StopFailed,
)
from tests.support.hang import HANG_S
from ui.cli import main as cli
from ui.cli.terminal.console import console
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import LazyCommand

STIMKIOSK = str(Path(sys.executable).with_name("stimkiosk"))


def run_failing_with(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, *, debug: bool = False
) -> int | None:
    @click.command()
    def broken() -> None:
        raise error

    monkeypatch.setattr(sys, "argv", ["stimkiosk", "broken"])
    if debug:
        monkeypatch.setenv("STIMKIOSK_DEBUG", "1")
    else:
        monkeypatch.delenv("STIMKIOSK_DEBUG", raising=False)
    monkeypatch.setitem(cli.COMMANDS, "broken", LazyCommand("not.there:x", "Break."))
    monkeypatch.setattr(cli.stimkiosk, "get_command", lambda _ctx, _name: broken)
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code if isinstance(end.value.code, int) else None


def test_exit_codes_are_the_documented_numbers() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "CHECK_FAILED": 1,
        "USAGE": 2,
        "UNREACHABLE": 3,
        "REFUSED": 4,
        "HARDWARE_FAULT": 5,
        "NOT_PERMITTED": 6,
        "DATA_INTEGRITY": 7,
        "BUSY": 75,
        "INTERRUPTED": 130,
    }


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotConnected("no board at 8888"), 3),
        (DaemonLost("no answer in 20 ms"), 3),
        (ConnectionRefusedError("refused"), 3),
        (PortInUse("8888"), 75),
        (BoardFileError("unknown key"), 2),
        (SliceRejected("too long"), 4),
        (StopFailed("SUPPLY_EN"), 5),
        (ConfigError("no such folder"), 2),
        (LinkError("no engine"), 3),
        (JournalFull("no room"), 5),
        (InternalFault("a rule"), 5),
        (JournalDamaged("not what was written"), 7),
        (EngineBusy("another engine"), 75),
        (PermissionError("not you"), 6),
        (ZeroDivisionError("a mistake"), 1),
        (KeyboardInterrupt(), 130),
        (click.UsageError("what?"), 2),
        (BrokenPipeError(32, "the engine's socket, not our output"), 3),
    ],
)
def test_each_failure_ends_with_its_code_and_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
) -> None:
    assert run_failing_with(monkeypatch, error) == code
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.err.strip()
    assert said.out == ""


def test_debug_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_failing_with(monkeypatch, ZeroDivisionError("a mistake"), debug=True)
    assert "Traceback" in capsys.readouterr().err


def test_help_lists_every_command_and_imports_none() -> None:
    probe = (
        "import sys\n"
        "from ui.cli.main import COMMANDS, stimkiosk\n"
        "from click.testing import CliRunner\n"
        "result = CliRunner().invoke(stimkiosk, ['--help'])\n"
        "assert result.exit_code == 0, result.output\n"
        "missing = [n for n, c in COMMANDS.items() if n not in result.output\n"
        "           or c.summary not in result.output]\n"
        "heavy = {c.target.split(':')[0] for c in COMMANDS.values()} | {\n"
        "    'gpiozero', 'pigpio', 'spidev', 'sqlite_utils', 'PIL', 'vcd', 'cryptography'}\n"
        "loaded = sorted(heavy & set(sys.modules))\n"
        "assert not missing and not loaded, (missing, loaded)\n"
    )
    subprocess.run([sys.executable, "-c", probe], check=True, timeout=HANG_S)


def test_completion_knows_the_names_without_importing() -> None:
    context = click.Context(cli.stimkiosk)
    found = [item.value for item in cli.stimkiosk.shell_complete(context, "t")]
    assert found == ["treat", "trace"]


def test_unknown_command_is_wrong_usage() -> None:
    ended = subprocess.run([STIMKIOSK, "nonsense"], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "No such command" in ended.stderr


def test_a_closed_pipe_ends_the_command_quietly() -> None:
    ended = subprocess.run(
        ["sh", "-c", f"({STIMKIOSK} --help; echo $? >&2) | true"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr.strip() == "0"


def test_a_pipe_gets_no_colour_and_whole_lines(capsys: pytest.CaptureFixture[str]) -> None:
    console().print("x" * 300, style="red")
    assert capsys.readouterr().out == "x" * 300 + "\n"
