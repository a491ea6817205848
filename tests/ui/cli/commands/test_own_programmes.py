"""`stimkiosk programmes copy`, `check`, `import`, `export` and `retire`, and what `treat` makes."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from appliance.clinical.catalogue import load_catalogue
from appliance.clinical.own.files import file_of
from appliance.clinical.own.programme import draft_of
from tests.ui.cli.conftest import House
from ui.cli.commands.programmes import programmes

pytestmark = pytest.mark.proves("bad-input")

WHO = ("--operator", "anna", "--reason", "30 min are too long")
MIB = 1024 * 1024


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return a file of an own programme."""
    file = tmp_path / "mine.json"
    file.write_bytes(file_of(draft_of(load_catalogue()["conventional-tens"], "Quiet back")))
    return file


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(programmes, [str(each) for each in arguments])


def copy(file: Path, *options: str, name: str = "conventional-tens") -> Result:
    return run(
        "copy", name, file, "--title", "Quiet back", *options, "--data", file.parent / "none"
    )


def content(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


# --- copied ------------------------------------------------------------------------------------


def test_a_copy_is_a_file_with_the_values_that_were_set(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    changed = ("--change", "add_after", "--set", "work.rate_hz=100", "--set", "minutes=25")
    more = ("--set", "region=neck", "--set", "ceiling_ua=40000", "--set", "work.leading=negative")
    result = copy(file, *changed, *more)
    assert result.exit_code == 0, result.stderr
    assert "Quiet back: conventional-tens on the neck, 25 min, up to 40 mA" in result.stdout
    programme = content(file)["programme"]
    assert (programme["minutes"], programme["work"]["rate_hz"]) == (25, 100)
    assert (programme["region"], programme["work"]["leading"]) == ("neck", "negative")
    assert [part["duration_s"] for part in programme["after"]] == [120]


@pytest.mark.parametrize(
    ("options", "code", "line"),
    [
        (("--set", "minutes=61"), 4, "nearest 60 min"),
        (("--set", "minutes=0"), 4, "nearest 1 min"),
        (("--set", "ceiling_ua=60"), 4, "allowed 2 mA to 100 mA; nearest 2 mA"),
        (("--set", "work.phase_us=150000"), 4, "allowed 50 µs to 500 µs"),
        (("--set", "alternating=true"), 4, "alternating channels"),
        (("--set", "region=neck"), 4, "nearest 40 mA"),
        (("--set", "minutes=-5"), 2, "give a whole number, in the unit of its name"),
        (("--set", "minutes=2.5"), 2, "give a whole number"),
        (("--set", "minutes=1e9"), 2, "give a whole number"),
        (("--set", "minutes=" + "9" * 400), 2, "give a whole number"),
        (("--set", "minutes"), 2, "give a whole number"),
        (("--set", "efficacy=1"), 2, "no such field; there are minutes,"),
        (("--set", "work.times.off_ms=5000"), 2, "no such field"),
        (("--set", "region=chest"), 2, "region is one of neck, suboccipital"),
        (("--change", "add_rest"), 2, "is not one of: add_before"),
        (("--change", "after.0:remove_part"), 2, "is not one of: work"),
    ],
)
def test_a_wrong_value_is_one_line_and_nothing_is_written(
    tmp_path: Path, options: tuple[str, ...], code: int, line: str
) -> None:
    file = tmp_path / "mine.json"
    result = copy(file, *options)
    assert (result.exit_code, result.stderr.count("\n")) == (code, 1), result.stderr
    assert line in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_only_with_force(mine: Path) -> None:
    before = mine.read_bytes()
    assert copy(mine).exit_code == 2
    assert mine.read_bytes() == before
    assert copy(mine, "--force", "--set", "minutes=20").exit_code == 0
    assert content(mine)["programme"]["minutes"] == 20


def test_a_programme_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    result = copy(tmp_path / "mine.json", name="convential-tens")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "nearest conventional-tens" in result.stderr


# --- judged ------------------------------------------------------------------------------------


def test_a_check_says_how_far_each_field_may_go(mine: Path) -> None:
    result = run("check", mine)
    assert result.exit_code == 0
    assert "accepted: Quiet back" in result.stdout
    (row,) = [line for line in result.stdout.splitlines() if "work.phase_us" in line]
    assert [word for word in row.split() if word.isdecimal()] == ["150", "50", "200"]


def test_a_check_of_what_breaks_limits_names_each_and_ends_with_code_4(mine: Path) -> None:
    changed = content(mine)
    changed["programme"].update(minutes=61)
    changed["programme"]["work"]["phase_us"] = 600
    mine.write_text(json.dumps(changed))
    result = run("check", mine)
    assert result.exit_code == 4
    assert result.stdout.count("refused: ") == 2
    found = json.loads(run("check", mine, "--json").stdout)
    assert (found["accepted"], len(found["refusals"])) == (False, 2)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[" * 10_000,
        b'{"format": 2, "programme": {}}',
        b'{"format": 1, "programme": {}, "sources": {}}',
        b"x" * 10 * MIB,
        b"\x1b[2J{",
    ],
)
@pytest.mark.parametrize("command", [("check",), ("import", *WHO)])
def test_what_is_no_own_programme_is_one_line_with_code_2(
    tmp_path: Path, raw: bytes, command: tuple[str, ...]
) -> None:
    file = tmp_path / "theirs.json"
    file.write_bytes(raw)
    result = run(*command, file)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert "\x1b" not in result.stderr


def test_a_folder_a_pipe_and_a_missing_file_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, tmp_path / "missing.json"):
        result = run("check", path)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr


# --- kept, given, retired ----------------------------------------------------------------------


def test_a_file_is_kept_given_exported_and_retired_over_ssh(house: House, mine: Path) -> None:
    kept = house.run("programmes", "import", str(mine), *WHO)
    assert (kept.returncode, kept.stdout) == (0, "kept as own-1@1: Quiet back\n"), kept.stderr
    listed = json.loads(house.run("programmes", "list", "--json").stdout)
    assert (listed[-1]["name"], listed[-1]["title"]) == ("own-1@1", "Quiet back")
    again = house.run("programmes", "import", str(mine), *WHO, "--as", "own-1")
    assert again.stdout == "kept as own-1@2: Quiet back\n"
    out = mine.with_name("out.json")
    assert house.run("programmes", "export", "own-1@1", str(out)).returncode == 0
    assert out.read_bytes() == mine.read_bytes()
    run_of = ("treat", "own-1", "--level", "3", "--seconds", "1", "--fast", "--json")
    given = house.run(*run_of, "--patient", "--side", "left")
    assert given.returncode == 0, given.stderr
    retired = house.run("programmes", "retire", "own-1", *WHO)
    assert retired.stdout == "own-1 is retired\n"
    refused = house.run(*run_of)
    assert (refused.returncode, refused.stderr.count("\n")) == (4, 1)
    assert "Quiet back, which is retired" in refused.stderr
    assert house.run("programmes", "export", "own-1", str(out), "--force").returncode == 0
    unknown = house.run("programmes", "export", "own-7", str(out), "--force")
    assert unknown.returncode == 2
    assert unknown.stderr == "stimkiosk: no own programme 'own-7'; nearest own-1\n"


def test_export_of_a_programme_of_the_catalogue_says_that_it_is_no_own_one(
    house: House, tmp_path: Path
) -> None:
    for name in ("conventional-tens", "own-1@9"):
        told = house.run("programmes", "export", name, str(tmp_path / "out.json"))
        assert told.returncode == 2
        assert told.stderr == f"stimkiosk: no own programme {name!r}; none is kept here\n"


def test_a_file_is_given_on_a_test_load_with_minutes_region_and_side(
    house: House, mine: Path
) -> None:
    options = ("--minutes", "5", "--region", "lower_back", "--side", "both", "--seconds", "1")
    given = house.run(
        "treat", "--programme-file", str(mine), *options, "--level", "3", "--fast", "--json"
    )
    assert given.returncode == 0, given.stderr
    shown = house.run("sessions", "show", json.loads(given.stdout)["session"], "--json")
    (opened,) = [
        event["facts"]
        for event in json.loads(shown.stdout)["events"]
        if event["name"] == "session_opened"
    ]
    assert (opened["programme"], opened["title"]) == ("draft", "Quiet back")
    assert (opened["duration_us"], opened["channels"]) == (300_000_000, [1, 2])
    assert (opened["subject"], opened["patient"]) == ("test_load", None)


@pytest.mark.parametrize(
    ("options", "code", "line"),
    [
        ((), 2, "give the name of a programme, or --programme-file"),
        (("conventional-tens", "--programme-file", "FILE"), 2, "not both"),
        (("--programme-file", "FILE", "--patient"), 2, "import it and name it"),
        (("--programme-file", "FILE", "--minutes", "61"), 4, "session"),
        (("--programme-file", "FILE", "--region", "neck"), 4, "region"),
        (("--programme-file", "nowhere.json"), 2, "is no file"),
        (("conventional-tens", "--side", "left", "--channels", "1,2"), 4, "channels"),
        (("conventional-tens", "--side", "left", "--region", "chest"), 4, "region"),
        (("own-5",), 2, "no programme 'own-5'"),
    ],
)
def test_what_cannot_be_given_is_one_line(
    house: House, mine: Path, options: tuple[str, ...], code: int, line: str
) -> None:
    asked = [str(mine) if each == "FILE" else each for each in options]
    result = house.run("treat", *asked, "--level", "3", "--fast")
    assert result.returncode == code, result.stderr
    assert line in result.stderr
