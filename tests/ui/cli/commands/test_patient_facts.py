"""Patients are registered, listed and judged on the command line; bad input gets one clear line."""

import json

import pytest

from tests.ui.cli.conftest import House

ANNA = ("--operator", "anna")


def ids(house: House) -> list[str]:
    listed = house.run("patients", "list", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    return [row["patient"] for row in json.loads(listed.stdout)]


def test_a_patient_is_registered_and_found_again(house: House) -> None:
    added = house.run("patients", "add", "--born", "1980", "--alias", "KT8", *ANNA)
    assert (added.returncode, added.stdout, added.stderr) == (0, "P-0013\n", "")
    again = house.run("patients", "add", "--born", "1980", "--alias", "KT8", *ANNA)
    assert (again.returncode, again.stdout) == (4, "")
    assert "P-0013" in again.stderr
    other = ("--other-than", "P-0013", "--json")
    second = house.run("patients", "add", "--born", "1980", "--alias", "KT8", *ANNA, *other)
    assert json.loads(second.stdout) == {"patient": "P-0021"}
    assert ids(house) == ["P-0013", "P-0021"]
    shown = house.run("patients", "show", "p-0013")
    assert "born 1980, alias KT8" in shown.stdout
    rows = json.loads(house.run("patients", "show", "P-0013", "--json").stdout)["file"]
    assert {"identity", "screening"} <= {row["kind"] for row in rows}


def test_a_fact_of_a_script_is_recorded_and_what_is_missing_is_listed(house: House) -> None:
    house.run("patients", "add", "--born", "1980", *ANNA)
    told = ("patients", "record", "P-0013", "patient_told", "programme=conventional-tens")
    recorded = house.run(*told, *ANNA)
    assert recorded.stdout == "P-0013: patient_told is recorded\n"
    missing = house.run("patients", "missing", "P-0013", "conventional-tens", "--json")
    found = json.loads(missing.stdout)
    assert missing.returncode == 1
    assert {"complaint", "full_screening"} <= {row["item"] for row in found}
    lines = house.run("patients", "missing", "P-0013", "conventional-tens").stdout.splitlines()
    assert len(lines) == len(found)
    assert lines[0].startswith("ask ")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("add", "--born", "1980"), 2),
        (("add", "--born", "80", *ANNA), 2),
        (("add", "--born", "2024", *ANNA), 4),
        (("add", "--born", "1980", "--alias", "Anna Maria", *ANNA), 4),
        (("record", "P-0013", "patient_noted", "note", *ANNA), 2),
        (("record", "P-0013", "patient_noted", "note=x", *ANNA), 4),
        (("record", "P-0013", "no_such_kind", *ANNA), 4),
        (("missing", "P-0013", "conventional-tens"), 2),
        (("missing", "P-0013", "no-such-programme"), 2),
        (("missing", "P-0013:x", "conventional-tens"), 2),
        (("missing", "P-0013", "conventional-tens", "--side", "up"), 2),
    ],
)
def test_bad_input_gets_its_exit_code_and_one_line_that_says_why(
    house: House, command: tuple[str, ...], code: int
) -> None:
    answer = house.run("patients", *command)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) <= 4


@pytest.mark.parametrize("command", ["add", "missing", "record", "list", "show"])
def test_help_has_an_example(house: House, command: str) -> None:
    text = " ".join(house.run("patients", command, "--help").stdout.split())
    assert f"Example: stimkiosk patients {command}" in text
