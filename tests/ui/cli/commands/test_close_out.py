"""`stimkiosk patients close-out` and `to-complete`, run as real processes."""

import json
from pathlib import Path

import pytest

from tests.support.clinic import open_clinic
from tests.support.clinical_records import fact, register
from tests.support.every_fact import end_session
from tests.ui.cli.conftest import House


def ended(data: Path, folder: Path) -> None:
    """Leave records of a patient whose session has ended; the pads are off."""
    with open_clinic(folder, data=data) as clinic:
        clinic.unlock()
        register(clinic)
        end_session(clinic, "0001-001", motor=True)
        clinic.do(fact("pads_removed", session="0001-001"))
        clinic.do(fact("part_deferred", session="0001-001", part="exercises"))


def test_a_close_out_is_shown_step_by_step(house: House, tmp_path: Path) -> None:
    ended(house.data, tmp_path / "clinic")
    shown = house.run("patients", "close-out", "p-0013")
    assert (shown.returncode, shown.stderr) == (1, "")
    assert shown.stdout.startswith("P-0013, session 0001-001, lower back\n")
    lines = {line.split("  ")[0]: line for line in shown.stdout.splitlines()}
    assert "done" in lines["pads off"]
    assert "open" in lines["skin"]
    assert "to complete" in lines["exercises"]
    rows = json.loads(house.run("patients", "close-out", "0001-001", "--json").stdout)
    assert [row["kind"] for row in rows][:2] == ["close_out", "part"]


def test_what_is_open_of_any_session_is_listed(house: House, tmp_path: Path) -> None:
    assert house.run("patients", "to-complete").stdout == "nothing is to be completed\n"
    ended(house.data, tmp_path / "clinic")
    listed = house.run("patients", "to-complete")
    assert listed.returncode == 0
    assert listed.stdout.count("0001-001") == 6
    rows = json.loads(house.run("patients", "to-complete", "--json").stdout)
    assert "exercises" in {row["part"] for row in rows}


@pytest.mark.parametrize("wanted", ["P-0099", "0009-001", "Jane Doe", ""])
def test_a_close_out_of_nobody_is_refused_in_one_line(house: House, wanted: str) -> None:
    done = house.run("patients", "close-out", wanted)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Jane" not in done.stderr
