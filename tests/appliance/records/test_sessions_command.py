"""`stimkiosk sessions` as a script meets it: output, exit codes, one clear line of trouble."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.appliance.records.conftest import Opener, Run, Treatment


@pytest.fixture
def folder(open_journal: Opener, treat: Treatment, tmp_path: Path) -> Path:
    """Three sessions of a closed journal."""
    journal = open_journal()
    for _ in range(3):
        treat(journal, seconds=3)
    journal.close()
    return tmp_path


def test_list_shows_the_newest_session_first(folder: Path, run: Run) -> None:
    result = run(folder, "list")
    assert result.exit_code == 0
    assert result.stdout.index("0001-003") < result.stdout.index("0001-001")
    assert "conventional" in result.stdout


def test_list_goes_on_where_it_ended(folder: Path, run: Run) -> None:
    newest = json.loads(run(folder, "list", "--json", "--limit", "2").stdout)
    after = str(newest[-1]["opening"])
    older = json.loads(run(folder, "list", "--json", "--after", after).stdout)
    assert [row["id"] for row in (*newest, *older)] == ["0001-003", "0001-002", "0001-001"]


@pytest.mark.parametrize("after", ["-1", "9" * 30])
def test_a_number_no_event_can_have_is_wrong_usage(folder: Path, run: Run, after: str) -> None:
    found = run(folder, "list", "--after", after)
    assert found.exit_code == 2
    assert "is not in the range" in found.stderr


def test_stray_bytes_are_an_unknown_session(folder: Path, run: Run) -> None:
    found = run(folder, "show", "\udcff")
    assert found.exit_code == 2
    assert "nearest: 0001-003" in found.stderr


def test_list_of_an_empty_folder_is_an_empty_list(tmp_path: Path, run: Run) -> None:
    result = run(tmp_path, "list", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "no sessions in" in run(tmp_path, "list").stderr


def test_show_tells_what_happened(folder: Path, run: Run) -> None:
    result = run(folder, "show", "0001-002")
    assert result.exit_code == 0
    for word in ("0001-002", "conventional", "finished", "level_changed", "slice_number 120"):
        assert word in result.stdout


def test_show_as_json_holds_everything(folder: Path, run: Run) -> None:
    record = json.loads(run(folder, "show", "0001-002", "--json").stdout)
    assert record["summary"]["outcome"] == "finished"
    assert len(record["measurements"]) == 3
    assert record["opening"]["patient"] == "P-17"
    assert [event["name"] for event in record["events"]].count("level_changed") == 3


def test_show_keeps_what_looks_like_markup_as_it_was_written(
    open_journal: Opener, tmp_path: Path, run: Run
) -> None:
    journal = open_journal()
    journal.append("session_opened", {"programme": "[bold]x[/bold]"}, "0001-001")
    journal.close()
    assert "[bold]x[/bold]" in run(tmp_path, "show", "0001-001").stdout
    assert "[bold]x[/bold]" in run(tmp_path, "list").stdout


def test_show_of_an_unknown_session_names_the_nearest(folder: Path, run: Run) -> None:
    result = run(folder, "show", "0001-02")
    assert result.exit_code == 2
    assert result.stderr == (
        "stimkiosk: no session 0001-02; nearest: 0001-002, 0001-003, 0001-001\n"
    )


def test_verify_of_untouched_records_ends_with_0(folder: Path, run: Run) -> None:
    result = run(folder, "verify")
    assert result.exit_code == 0
    assert "every record is what was written" in result.stdout
    assert json.loads(run(folder, "verify", "--json").stdout)["ok"] is True


def test_verify_of_altered_records_ends_with_7_and_says_where(folder: Path, run: Run) -> None:
    connection = sqlite3.connect(folder / "records.db")
    connection.execute("DROP TRIGGER events_keep")
    connection.execute("UPDATE events SET utc_us = utc_us - 1 WHERE number = 4")
    connection.commit()
    connection.close()
    result = run(folder, "verify")
    assert result.exit_code == 7
    assert "event 4: utc_us was written as" in result.stdout
    assert result.stderr.count("\n") == 1
    report = json.loads(run(folder, "verify", "--json").stdout)
    assert report["ok"] is False
    assert {finding[0] for finding in report["findings"]} == {"schema", "event 4"}


@pytest.mark.parametrize("command", [("list",), ("show", "0001-001"), ("verify",)])
def test_a_damaged_file_is_one_line_and_ends_with_7(
    tmp_path: Path, run: Run, command: tuple[str, ...]
) -> None:
    (tmp_path / "records.db").write_bytes(b"no database " * 1_000)
    result = run(tmp_path, *command)
    assert result.exit_code == 7
    assert "are damaged" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [("show", "0001-001"), ("verify",)])
def test_a_folder_without_records_is_wrong_usage(
    tmp_path: Path, run: Run, command: tuple[str, ...]
) -> None:
    result = run(tmp_path, *command)
    assert result.exit_code == 2
    assert "there are no records in" in result.stderr


def test_the_command_reads_while_an_engine_writes(open_journal: Opener, tmp_path: Path) -> None:
    journal = open_journal(threaded=True)
    journal.append("session_opened", {"programme": "conventional"}, "0001-001")
    journal.flush()
    command = [sys.executable, "-m", "ui.cli.main", "sessions", "list", "--json"]
    found = subprocess.run(
        [*command, "--data", str(tmp_path)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert [row["id"] for row in json.loads(found.stdout)] == ["0001-001"]
    assert journal.append("note", {}) == 4
    journal.flush()
    assert journal.fault is None


def test_show_says_how_output_ended_and_what_was_the_case_before(
    open_journal: Opener, treat: Treatment, tmp_path: Path, run: Run
) -> None:
    journal = open_journal()
    session = treat(journal, seconds=1, ended=False)
    last = {"channel": 1, "level_ua": 5000, "amplitude_ua": 4982, "measured_ua": 4924}
    stop = {"cause": "lead_off", "layer": "hardware", "time_to_zero_us": 12_000}
    channels = [{**last, "contact_ohm": 773}, {**last, "channel": 2, "contact_ohm": None}]
    journal.append("stop", {**stop, "failures": ["no SPI"], "channels": channels}, session)
    journal.close()
    shown = run(tmp_path, "show", session).stdout
    assert "stop     lead_off, by: hardware, zero current within 12.0 ms of it" in shown
    assert "failed: no SPI" in shown
    before = "set 5.0 mA (level 5.0 mA), measured 4.9 mA, contact"
    assert f"channel 1 before it: {before} 773 Ω" in shown
    assert f"channel 2 before it: {before} – Ω" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("0001-001", "--out", "sheet.pdf"), "patient"),
        (("0001-001", "--out", "sheet.txt"), ".pdf"),
        (("0001-001", "--out", "sheet.pdf", "--language", "xx"), "languages: en"),
    ],
)
def test_a_sheet_of_nobody_or_in_no_language_is_wrong_usage(
    folder: Path, run: Run, arguments: tuple[str, ...], said: str
) -> None:
    found = run(folder, "sheet", *arguments)
    assert found.exit_code == 2
    assert said in found.stderr
    assert not Path("sheet.pdf").exists()
