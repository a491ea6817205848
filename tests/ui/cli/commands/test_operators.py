"""Operators on the command line: PINs come from standard input, and from nowhere else."""

import json
import re
import subprocess

import pytest

from appliance.link.client import LinkClient
from appliance.link.engine_socket import link_path
from appliance.messages.actions import CloseSession, SignIn, SignOut, Stop
from appliance.messages.replies import Refused, Reply
from tests.support.hang import HANG_S
from tests.ui.cli.conftest import COMMAND, House
from ui.cli.engine.running_engine import newest

LEA, KIM = "4907", "8205"


def run(
    house: House, *arguments: str, pins: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "operators", *arguments],
        check=False,
        capture_output=True,
        text=True,
        input="".join(f"{pin}\n" for pin in pins),
        env=house.environment,
        timeout=HANG_S,
    )


def listed(house: House) -> dict[str, dict[str, object]]:
    answer = json.loads(run(house, "list", "--json").stdout)
    return {row["operator"]: row for row in answer["operators"]}


def given_pin(house: House, *arguments: str, pins: tuple[str, ...] = ()) -> str:
    """Have a one-time PIN drawn, and return what is printed once."""
    answer = run(house, *arguments, "--one-time", pins=pins)
    assert (answer.returncode, answer.stderr) == (0, "")
    (drawn,) = re.findall(r"one-time PIN: ([0-9]{6}) \(not shown again\)", answer.stdout)
    return str(drawn)


@pytest.fixture
def clinic(house: House) -> House:
    """Return a house with a board, an engine and a lead clinician."""
    _, port = house.board()
    house.engine(port)
    assert run(house, "enrol", "lea", "--role", "lead", pins=(LEA,)).returncode == 0
    return house


def test_a_clinic_is_set_up_and_staffed(clinic: House) -> None:
    added = run(clinic, "enrol", "kim", "--role", "clinician", "--by", "lea", pins=(LEA, KIM))
    assert (added.returncode, added.stdout, added.stderr) == (
        0,
        "kim is enrolled as clinician\n",
        "",
    )
    missing = run(clinic, "set-up", "--language", "en", "--by", "lea", pins=(LEA,))
    assert missing.returncode == 1
    assert "missing check the board" in missing.stdout
    steps = ("--clinic", "North", "--clock-right", "--board-checked", "--by", "lea")
    drills = run(clinic, "set-up", *steps, pins=(LEA,))
    assert (drills.returncode, drills.stdout.count("missing")) == (1, 1)
    assert "missing do each drill once" in drills.stdout
    assert set(listed(clinic)) == {"lea", "kim"}
    retired = run(clinic, "retire", "kim", "--by", "lea", pins=(LEA,))
    assert retired.returncode == 0
    assert set(listed(clinic)) == {"lea"}


def test_a_forgotten_pin_is_replaced_by_a_one_time_one(clinic: House) -> None:
    enrol = ("enrol", "kim", "--role", "clinician", "--by", "lea")
    given_pin(clinic, *enrol, pins=(LEA,))
    drawn = given_pin(clinic, "pin", "kim", "--by", "lea", pins=(LEA,))
    assert listed(clinic)["kim"]["one_time"] is True
    own = run(clinic, "pin", "kim", pins=(drawn, "915270"))
    assert own.stdout == "kim has a new PIN\n"
    wrong = run(clinic, "pin", "kim", pins=(drawn,))
    assert (wrong.returncode, wrong.stdout) == (4, "")
    assert "a wrong PIN" in wrong.stderr


def test_a_reset_reaches_a_running_engine_and_records_without_one(clinic: House) -> None:
    assert run(clinic, "reset").returncode == 0
    assert listed(clinic)["lea"]["has_pin"] is False
    assert "cleared the PINs" in run(clinic, "list").stderr
    drawn = given_pin(clinic, "pin", "lea")
    assert run(clinic, "pin", "lea", pins=(drawn, LEA)).returncode == 0
    clinic.running[-1].terminate()
    assert clinic.running[-1].wait(HANG_S) == 0
    alone = run(clinic, "reset")
    assert (alone.returncode, alone.stderr) == (0, "")
    assert listed(clinic)["lea"]["has_pin"] is False
    assert clinic.run("sessions", "verify").returncode == 0


def test_patients_of_a_unit_with_operators_need_the_pin(clinic: House) -> None:
    add = (*COMMAND, "patients", "add", "--born", "1980", "--operator", "lea")

    def added(pin: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            add,
            check=False,
            capture_output=True,
            text=True,
            input=pin,
            env=clinic.environment,
            timeout=HANG_S,
        )

    assert (added(f"{LEA}\n").stdout, added("6150\n").returncode) == ("P-0013\n", 4)
    assert added("").returncode == 2


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("enrol", "kim"), 2),
        (("enrol", "kim", "--role", "doctor"), 2),
        (("enrol", "kim", "--role", "clinician"), 2),
        (("pin", "kim", "--by", "lea"), 2),
        (("retire", "kim"), 2),
        (("reset",), 2),
    ],
)
def test_bad_input_gets_its_exit_code_and_one_line_that_says_why(
    house: House, command: tuple[str, ...], code: int
) -> None:
    """Without records and without a PIN on standard input."""
    answer = run(house, *command)
    assert (answer.returncode, answer.stdout) == (code, "")
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) <= 4


@pytest.mark.parametrize("command", ["list", "enrol", "retire", "pin", "reset", "set-up"])
def test_help_has_an_example_and_takes_no_pin(house: House, command: str) -> None:
    text = " ".join(run(house, command, "--help").stdout.split())
    assert f"Example: stimkiosk operators {command}" in text
    assert "--pin" not in text


def test_two_screens_at_once_have_one_person_in_charge(clinic: House) -> None:
    """Over a real socket: the second PIN takes over, and anybody may stop."""
    run(clinic, "enrol", "kim", "--role", "clinician", "--by", "lea", pins=(LEA, KIM))
    path = link_path(clinic.data)
    with LinkClient.connect(path, "left") as left, LinkClient.connect(path, "right") as right:
        for screen, operator, pin in ((left, "kim", KIM), (right, "lea", LEA)):
            newest(screen, lambda view: view.state in {"Locked", "Ready"})
            signed_in = screen.ask(SignIn(operator=operator, pin=pin), HANG_S)
            assert isinstance(signed_in, Reply)
            screen.token = signed_in.token
        assert newest(left, lambda view: view.operator == "lea").operator == "lea"
        assert left.token != right.token
        newest(left, lambda view: view.state == "Ready")
        refused = left.ask(CloseSession(), HANG_S)
        assert isinstance(refused, Refused)
        assert refused.rule == "refusal.sign_in"
        assert isinstance(left.ask(Stop(), HANG_S), Reply)
        newest(right, lambda view: view.state == "Ready")
        assert isinstance(right.ask(SignOut(), HANG_S), Reply)
        assert newest(left, lambda view: view.state == "Locked").operator == ""
