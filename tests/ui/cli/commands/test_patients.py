"""`stimkiosk patients` and `treat --patient`, run as real processes."""

import json

import pytest

from tests.ui.cli.conftest import House, one_line

SET = ("patients", "ceiling", "P-17", "--operator", "anna")
FAST = ("--fast", "--json")
SHORT = ("treat", "conventional-tens", "--level", "2", "--seconds", "1")


def test_a_ceiling_is_listed_shown_and_enforced(house: House) -> None:
    done = house.run(*SET, "--back", "--max", "12.5mA", "--reason", "dizzy")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "P-17: at most 12.5 mA on the back, from the next prescription on\n"
    (listed,) = json.loads(house.run("patients", "list", "--json").stdout)
    assert listed["ceilings"][0]["ceiling_ua"] == 12_500
    shown = house.run("patients", "show", "p-17").stdout
    assert "12.5 mA, set by anna" in shown
    assert "dizzy" in shown
    assert "at most 12.5 mA (patient ceiling), 900 s, single taps" in shown
    assert "at most 20 mA (first motor session), 900 s, single taps" in shown
    refused = house.run("treat", "conventional-tens", "--level", "13", "--patient", "P-17", *FAST)
    summary = json.loads(refused.stdout)
    assert (refused.returncode, summary["outcome"], summary["session"]) == (4, "refused", None)
    assert "patient ceiling: asked 13 mA, allowed up to 12.5 mA for P-17" in summary["cause"]


def test_a_running_engine_accepts_a_ceiling_outside_a_session(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    assert house.run(*SET, "--neck", "--max", "9", "--reason", "dizzy").returncode == 0
    assert "9 mA" in house.run("patients", "list").stdout


def test_an_invalid_ceiling_is_refused_in_one_line(house: House) -> None:
    _, port = house.board()
    house.engine(port)
    for scope, most, reason, words in (
        ("--back", "101", "r", "asked 101 mA, allowed 0 to 100 mA on the back; nearest 100 mA"),
        ("--neck", "51mA", "r", "allowed 0 to 50 mA on the neck"),
        ("--neck", "9", " ", "reason: asked none"),
    ):
        done = house.run(*SET, scope, "--max", most, "--reason", reason)
        assert (done.returncode, done.stdout) == (4, "")
        assert words in one_line(done.stderr)
    assert house.run("patients", "list").stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--max", "9", "--reason", "r"],
        ["--back", "--max", "much", "--reason", "r"],
        ["--back", "--max", "9.1234", "--reason", "r"],
        ["--back", "--max", "-9", "--reason", "r"],
        ["--back", "--max", "9."],
    ],
)
def test_a_malformed_ceiling_is_wrong_usage(house: House, arguments: list[str]) -> None:
    done = house.run(*SET, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_new_folder_has_no_patients(house: House) -> None:
    done = house.run("patients", "list")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no patients in" in one_line(done.stderr)
    assert house.run("patients", "list", "--json").stdout == "[]\n"
    shown = house.run("patients", "show", "P-17")
    assert shown.returncode == 2
    assert "no patient P-17" in one_line(shown.stderr)
    name = house.run("patients", "show", "Anna Meier")
    assert name.returncode == 2
    assert "Anna" not in one_line(name.stderr)


def test_a_first_motor_session_says_why_it_is_low(house: House) -> None:
    done = house.run("treat", "low-rate-tens", "--level", "31", "--patient", *FAST)
    summary = json.loads(done.stdout)
    assert done.returncode == 4
    assert "first motor session: asked 31 mA, allowed up to 30 mA" in summary["cause"]


def test_the_session_names_its_patient(house: House) -> None:
    for patient in ((), ("sim1",)):
        done = house.run(*SHORT, "--patient", *patient, *FAST)
        assert done.returncode == 0, done.stderr
        summary = json.loads(done.stdout)
        assert (summary["patient"], house.sessions()[0]["patient"]) == ("P-0013", "P-0013")
        assert "patient_told" in summary["simulated_facts"]


def test_a_treatment_on_skin_says_that_its_facts_are_simulated(house: House) -> None:
    done = house.run(*SHORT, "--fast", "--patient", "--side", "right")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("facts")]
    assert line.endswith("simulated facts entered for P-0013: nobody was asked")
    assert "patient P-0013, simulated" in done.stdout


def test_a_treatment_on_test_loads_enters_no_fact(house: House) -> None:
    done = house.run(*SHORT, *FAST)
    summary = json.loads(done.stdout)
    assert (summary["patient"], summary["simulated_facts"]) == (None, [])
    assert house.run("patients", "list", "--json").stdout == "[]\n"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--patient", "P-0999"), 4, "an id that the records do not have"),
        (("--patient", "--region", "knee"), 4, "region: asked conventional-tens on knee"),
        (("--patient", "--channels", "1"), 4, "the channels of the placement"),
        (("--patient", "--pad-area", "7"), 4, "the area of the placement's pads"),
        (("--patient", "--side", "up"), 2, "'up' is not one of 'left', 'right', 'both'"),
        (("--patient", "--rig", "hardware"), 2, "a simulated patient is for a virtual board only"),
    ],
)
def test_a_wrong_patient_is_refused_before_anything_starts(
    house: House, options: tuple[str, ...], code: int, words: str
) -> None:
    fast = () if "hardware" in options else ("--fast",)
    done = house.run(*SHORT, *fast, *options)
    assert (done.returncode, words in done.stdout + done.stderr) == (code, True)
    assert "Traceback" not in done.stderr
    assert not house.data.exists() or house.sessions() == []
