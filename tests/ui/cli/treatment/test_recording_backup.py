"""An earlier recording is replaced only on request, and only by that of a started treatment."""

import socket
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ui.cli.conftest import TREAT, House, a_house
from ui.cli.commands.board import board
from ui.cli.commands.demo import demo
from ui.cli.terminal.console import console
from ui.cli.terminal.output_files import replacing

TAKEN = "exists already; give another name, or --force to replace it"


def test_an_earlier_recording_is_replaced_only_with_force_and_by_a_started_treatment(
    tmp_path: Path,
) -> None:
    trace = tmp_path / "run.vcd"
    with a_house(tmp_path) as house:
        kept = _record(house, trace, "1")
        again = house.run(*TREAT, "--channels", "1,2", "--fast", "--trace", str(trace))
        assert (again.returncode, TAKEN in again.stderr) == (2, True)
        refused = house.run(*TREAT, "--channels", "3", "--fast", "--trace", str(trace), "--force")
        assert refused.returncode == 4
        assert trace.read_bytes() == kept
        assert _record(house, trace, "1,2", "--force") != kept
    assert [path.name for path in tmp_path.glob("run.vcd*")] == ["run.vcd"]


def test_a_refused_treatment_leaves_no_recording(tmp_path: Path) -> None:
    trace = tmp_path / "run.vcd"
    with a_house(tmp_path) as house:
        refused = house.run(*TREAT, "--channels", "3", "--fast", "--trace", str(trace))
    assert refused.returncode == 4
    assert "recording" not in refused.stdout
    assert not trace.exists()


def _record(house: House, trace: Path, channels: str, *more: str) -> bytes:
    short = ("--level", "1", "--seconds", "1", "--fast", "--trace", str(trace), *more)
    assert house.run(*TREAT, "--channels", channels, *short).returncode == 0
    return trace.read_bytes()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_board_that_cannot_start_leaves_the_recordings_as_they_were(
    tmp_path: Path, taken_port: int
) -> None:
    earlier, new = tmp_path / "earlier.vcd", tmp_path / "new.vcd"
    earlier.write_text("earlier")

    def run(*words: str) -> Result:
        return CliRunner().invoke(board, ["--port", str(taken_port), "--record", *words])

    refused = run(str(earlier))
    assert (refused.exit_code, TAKEN in refused.stderr) == (2, True)
    for words in ((str(earlier), "--force"), (str(new),)):
        assert "is taken by another program" in str(run(*words).exception)
    assert earlier.read_text() == "earlier"
    assert [each.name for each in tmp_path.iterdir()] == ["earlier.vcd"]


@pytest.mark.parametrize("name", ["demo.vcd", "demo.png"])
def test_a_demo_overwrites_no_earlier_recording(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("earlier")
    result = CliRunner().invoke(demo, ["--fast", "--out", str(tmp_path)])
    assert (result.exit_code, TAKEN in result.stderr) == (2, True)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [(name, "earlier")]


@pytest.mark.parametrize(
    ("command", "words"), [(demo, ["--out", ""]), (board, ["--port", "0", "--record", ""])]
)
def test_an_empty_name_is_refused(command: object, words: list[str]) -> None:
    result = CliRunner().invoke(command, words)  # type: ignore[arg-type]
    assert result.exit_code == 2
    assert "name is empty" in result.stderr


def test_a_backup_left_by_an_earlier_run_is_not_overwritten(tmp_path: Path) -> None:
    trace, aside = tmp_path / "run.vcd", tmp_path / "run.vcd.before"
    trace.write_text("half")
    aside.write_text("earlier")
    with pytest.raises(SystemExit), replacing(trace):
        pytest.fail("it must not come to that")
    assert (trace.read_text(), aside.read_text()) == ("half", "earlier")


def test_a_pipe_or_device_is_written_into_as_it_is() -> None:
    with replacing(Path("/dev/null")):
        pass
    assert Path("/dev/null").exists()


class Terminal(StringIO):
    """What rich takes for a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("value", "escapes"), [("1", False), ("", True)])
def test_no_color_sends_no_escape_of_any_kind(
    monkeypatch: pytest.MonkeyPatch, value: str, *, escapes: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = Terminal()
    console(terminal).print("trouble", style="bold red")
    assert ("\x1b" in terminal.getvalue()) is escapes
