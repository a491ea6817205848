"""Typed texts and narrow terminals: no text controls the terminal, nothing is cut off."""

import io
import json
import re
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from appliance.clinical.catalogue import load_catalogue
from appliance.messages.actions import BeginDrill
from appliance.messages.snapshot import DrillResult, DrillView
from appliance.messages.wire import DrillKind
from appliance.records.patient_history import CeilingRow
from appliance.texts import untrusted
from tests.support.hang import HANG_S
from tests.ui.cli.conftest import House, one_line
from ui.cli.commands.patients import Rows, _scope_lines
from ui.cli.commands.programmes import list_all
from ui.cli.drills.autopilot import DrillAutopilot, DrillRun
from ui.cli.drills.report import outcome_lines, shown_steps
from ui.cli.terminal.console import console, fail, print_json, say, warn

STEERS = "two\nlines \x1b[31mred\x07 [/b] Ümit 医"
HARMLESS = "two lines ?[31mred? [/b] Ümit 医"


class Terminal(io.StringIO):
    """An output that says it is a terminal."""

    def isatty(self) -> bool:
        """Return True, like a terminal."""
        return True


def test_typed_text_stays_on_its_line_and_cannot_control_the_terminal() -> None:
    assert untrusted.one_line(STEERS) == HARMLESS


def test_a_reason_and_a_name_cannot_control_the_terminal() -> None:
    row = CeilingRow("P-1", "back", 9_000, STEERS, STEERS, 1_700_000_000_000_000)
    lines = _scope_lines("P-1", "back", Rows((row,)))
    assert sum(HARMLESS in line for line in lines) == 2
    assert "\x1b" not in "".join(lines)
    assert not any("\n" in line for line in lines)


def test_an_operator_is_listed_as_typed_with_brackets(house: House) -> None:
    name = "[/b] [red]Ü"
    assert house.run("drill", "watchdog", "--fast", "--operator", name).returncode == 0
    listed = house.run("drill")
    assert (listed.returncode, listed.stderr) == (0, "")
    (row,) = [line for line in listed.stdout.splitlines() if line.startswith("watchdog")]
    assert name in row


@pytest.mark.parametrize(
    ("kind", "measured"),
    [
        ("watchdog", {"latch_us": 200_000, "guard_us": 100_000}),
        ("e-stop", {"contact_us": 50_000, "latch_us": 50_000, "guard_us": 150_000}),
        ("hand-switch", {"squeeze_us": 30_000, "unplug_us": 30_000}),
        ("lead", {"before_ohm": 100_000, "found_off_us": 119_000_000, "after_ohm": 100_000}),
        ("known-load", {"contact_ohm": 100_000, "time_to_zero_us": 500_000}),
    ],
)
def test_what_a_drill_measured_fits_80_columns(kind: str, measured: dict[str, object]) -> None:
    drill = BeginDrill(kind=kind, channel=1, load_ohm=None, operator="")  # type: ignore[arg-type]
    drill_run = DrillRun(drill, DrillResult(passed=True, failures=(), measured=measured), 1)
    lines = list(outcome_lines(drill_run))
    assert len(lines) == 1 + len(measured)
    assert max(map(len, lines)) < 80


class Nobody:
    """A person who is never asked."""

    can_acknowledge = False

    def prepare(self, drill: BeginDrill) -> None:
        """Do nothing."""

    def do_step(self, view: DrillView) -> None:
        """Do nothing."""

    def acknowledges(self) -> bool:
        """Never."""
        return False

    def restore(self) -> None:
        """Do nothing."""


def test_a_step_too_long_for_the_terminal_continues_under_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")  # a dumb one is taken for 80 columns wide
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    view = DrillView(
        kind=DrillKind.KNOWN_LOAD,
        channel=1,
        load_ohm=500,
        step=1,
        of=3,
        key="drill.known-load.connect",
        left_us=9_000_000,
    )
    drill = BeginDrill(kind=DrillKind.KNOWN_LOAD, channel=1, load_ohm=500, operator="")
    autopilot = DrillAutopilot((drill,), Nobody(), "", "virtual", shown=view)
    terminal = Terminal()
    shown_steps(terminal)(autopilot)
    plain = re.sub(r"\r?\x1b\[[0-9;]*[a-zA-Z]", "", terminal.getvalue())
    assert max(map(len, plain.splitlines())) < 60
    first, second = (line for line in plain.splitlines() if "nobody" in line or "1/3" in line)
    assert first.startswith("  1/3  Connect")
    assert re.match(r" {7}\S", second)


@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_the_list_of_programmes_cuts_nothing_off(
    monkeypatch: pytest.MonkeyPatch, columns: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    list_all.callback(data=tmp_path, as_json=False)  # type: ignore[misc]
    shown = terminal.getvalue()
    assert "…" not in shown
    assert all(name in shown for name in load_catalogue())


@pytest.mark.realtime
def test_status_shows_a_running_drill_and_a_stop_says_that_it_ended_it(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    process = house.start("drill", "hand-switch", PIGPIO_PORT=port)
    assert process.stdout is not None
    while "Squeeze" not in (line := process.stdout.readline()):
        assert line
    assert re.search(
        r"^drill +hand-switch, step 2 of 9: Squeeze", house.run("status").stdout, re.MULTILINE
    )
    second = house.run("drill", "watchdog")
    assert second.returncode == 4
    assert "one drill at a time" in second.stderr
    assert "`stimkiosk stop`" in second.stderr
    stopped = house.run("stop")
    assert stopped.returncode == 0
    assert "the hand-switch drill has ended and counts as not passed" in stopped.stdout
    process.communicate(timeout=HANG_S)
    assert process.returncode == 1


def test_a_stop_without_confirmation_points_to_the_emergency_stop(house: House) -> None:
    ended = house.run("stop")
    assert ended.returncode == 3
    assert "the stop is not confirmed: no engine answers" in one_line(ended.stderr)
    assert ended.stderr.strip().endswith("in doubt, press the emergency stop")


STEERING = "a\x1b]0;title\x07b\x9b31mc\u202egnorw\u202c\u2066d\u200be\r"


def test_nothing_that_is_printed_can_control_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table(STEERING)
    table.add_row(STEERING)
    console().print(STEERING, Text(STEERING, "red"), table)
    say(STEERING)
    print_json({STEERING: STEERING})
    warn(STEERING)
    with pytest.raises(SystemExit):
        fail(STEERING)
    said = capsys.readouterr()
    assert not {each for each in said.out + said.err if not each.isprintable() and each != "\n"}
    assert STEERING in json.loads(said.out[said.out.index("{") :])
