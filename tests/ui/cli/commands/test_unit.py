"""`stimkiosk unit`: what is recorded of the unit is shown, and what is due."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ui.cli.main import stimkiosk

pytestmark = pytest.mark.proves_none


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(stimkiosk, ["unit", *arguments, "--data", str(folder)])


def told(folder: Path, *arguments: str) -> Any:
    result = run(folder, *arguments, "--json")
    return json.loads(result.stdout)


def done(folder: Path, *arguments: str) -> str:
    result = run(folder, *arguments, "--operator", "anna")
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_unit_without_records_has_parts_that_nobody_looked_at(tmp_path: Path) -> None:
    result = run(tmp_path, "show")
    assert result.exit_code == 0
    assert "lead_2" in result.stdout
    assert "never looked at" in result.stdout
    assert {row["item"] for row in told(tmp_path, "due")} >= {"leads", "calibration", "e-stop"}
    due = " ".join(run(tmp_path, "due").stdout.split())
    assert "never now e-stop drill never done" in due, "as `drill` says it, not unknown"
    assert "no patient is treated after 14 days" in due


@pytest.mark.slow
def test_what_a_person_records_is_shown_and_a_damaged_part_ends_with_exit_code_1(
    tmp_path: Path,
) -> None:
    assert "not good: lead_2" in done(tmp_path, "check", "--damaged", "lead_2")
    done(tmp_path, "clean")
    done(tmp_path, "inspect")
    done(tmp_path, "out-of-use", "shock", "--words", "at the left pad")
    shown = run(tmp_path, "show")
    assert shown.exit_code == 1
    assert "OUT OF USE since" in shown.stdout
    assert "shock: at the left pad" in shown.stdout
    assert "damaged since" in shown.stdout
    done(tmp_path, "release", "--reason", "examined")
    done(tmp_path, "release", "lead_2", "--reason", "new lead")
    assert run(tmp_path, "show").exit_code == 0


@pytest.mark.slow
def test_a_refused_fact_ends_with_its_refusal(tmp_path: Path) -> None:
    result = run(tmp_path, "release", "--reason", "examined", "--operator", "anna")
    assert result.exit_code != 0
    assert "release of a unit that is in use" in result.output
    future = ("--date", "2999-01-01", "--report", "R-1", "--operator", "sam")
    assert run(tmp_path, "safety-check", *future).exit_code != 0


def test_an_unknown_part_or_reason_names_those_there_are(tmp_path: Path) -> None:
    result = run(tmp_path, "check", "--damaged", "wheel", "--operator", "anna")
    assert (result.exit_code, "lead_2" in result.output) == (2, True)
    result = run(tmp_path, "out-of-use", "rain", "--operator", "anna")
    assert (result.exit_code, "shock" in result.output) == (2, True)
