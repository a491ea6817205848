"""A PIN is in nothing that is kept, sent or printed; its hash is in its table and nowhere else."""

import gzip
from pathlib import Path

import pytest

from appliance.control.commands.sign_ins import SignIns
from appliance.messages.actions import (
    Command,
    EnrolOperator,
    ResetOperators,
    SetPin,
    SignIn,
    TryPin,
)
from appliance.messages.wire import Subject
from appliance.operators import pin_worker
from tests.support.clinic import Clinic, open_clinic
from tests.support.people import KIM, LEA, given_pin, sign_in

pytestmark = pytest.mark.proves_none

RIGHT, WRONG, OWN = "490731582604", "615038274915", "802573916472"
DRAWN = ("739150264813", "284603917520")
PINS = (RIGHT, WRONG, OWN, *DRAWN)


def use_every_pin(clinic: Clinic) -> list[str]:
    """Enrol, sign in, mistype and replace PINs; return every answer as text."""
    clinic.until("Locked")
    said: list[object] = [
        clinic.ask(EnrolOperator(operator=LEA, role="lead", pin=RIGHT)),
        clinic.ask(SignIn(operator=LEA, pin=WRONG)),
        clinic.ask(SignIn(operator=WRONG, pin=WRONG)),
        clinic.ask(EnrolOperator(operator=KIM, role=WRONG, pin="1234")),
    ]
    sign_in(clinic, LEA, RIGHT)
    clinic.board.fault_set("resistor:1=1000")
    said.append(clinic.ask(EnrolOperator(operator=KIM, role="clinician", one_time=True)))
    drawn = given_pin(clinic, KIM)
    assert drawn == DRAWN[1]
    said += [
        clinic.ask(SetPin(operator=KIM, one_time=True, pin=OWN)),
        clinic.ask(SignIn(operator=KIM, pin=drawn)),
        clinic.ask(TryPin(operator=KIM, pin=WRONG)),
        clinic.ask(TryPin(operator=KIM, pin=drawn)),
        clinic.ask(SetPin(operator=KIM, old_pin=WRONG, pin=OWN)),
        clinic.ask(SetPin(operator=KIM, old_pin=drawn, pin=OWN)),
        clinic.ask(SetPin(operator=KIM, old_pin=OWN, pin=OWN)),
    ]
    clinic.start(subject=Subject.TEST_LOAD, channels=(1,))
    said.append(clinic.ask(SignIn(operator=KIM, pin=OWN)))
    clinic.board.fault_set("estop")
    clinic.trip()
    clinic.wait(2_000)
    said += [clinic.link.query(what) for what in ("operators", "set_up", "sessions")]
    said += [clinic.view, clinic.ask(ResetOperators())]
    return [repr(answer) for answer in said]


def everything(data: Path) -> bytes:
    """Return every byte of a data folder, incidents unpacked as well."""
    found = b""
    for path in sorted(data.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found += content
            if path.suffix == ".gz":
                found += gzip.decompress(content)
    return found


def test_no_pin_is_in_any_file_answer_or_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pin_worker, "draw_pin", iter(DRAWN).__next__)
    with open_clinic(tmp_path) as clinic:
        said = use_every_pin(clinic)
        living = everything(clinic.data)
    kept = living + everything(clinic.data)
    out, err = capfd.readouterr()
    assert len(list((clinic.data / "capsules").glob("*.gz"))) == 1
    for pin in PINS:
        assert pin.encode() not in kept
        assert not any(pin in text for text in (*said, out, err))


def test_a_replaced_hash_is_gone_and_the_present_one_is_only_in_the_database(
    tmp_path: Path,
) -> None:
    with open_clinic(tmp_path) as clinic:
        clinic.until("Locked")
        clinic.do(EnrolOperator(operator=LEA, role="lead", pin=RIGHT))
        first = clinic.engine.loop._people.loaded.pins[LEA].encode()
        assert first in everything(clinic.data)
        clinic.do(SetPin(operator=LEA, old_pin=RIGHT, pin=OWN))
        second = clinic.engine.loop._people.loaded.pins[LEA].encode()
        assert first not in everything(clinic.data)
        clinic.wait(100)
        shown = repr(clinic.view) + repr(clinic.link.query("operators"))
    assert b"argon2" not in shown.encode()
    assert (clinic.data / "records.db").read_bytes().count(second) == 1
    (clinic.data / "records.db").unlink()
    assert b"argon2" not in everything(clinic.data)


def test_a_crash_in_the_middle_of_a_sign_in_tells_no_pin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object) -> str:
        raise RuntimeError("the sign-in is broken")

    with open_clinic(tmp_path) as clinic:
        clinic.until("Locked")
        clinic.do(EnrolOperator(operator=LEA, role="lead", pin=RIGHT))
        monkeypatch.setattr(SignIns, "sign_in", crash)
        with pytest.raises(RuntimeError):
            clinic.ask(SignIn(operator=LEA, pin=RIGHT))
    kept = everything(tmp_path / "data")
    assert b"the sign-in is broken" in kept
    assert RIGHT.encode() not in kept
    out, err = capfd.readouterr()
    assert RIGHT not in out + err


@pytest.mark.parametrize(
    "action",
    [
        SignIn(operator=LEA, pin=RIGHT),
        TryPin(operator=LEA, pin=RIGHT),
        SetPin(operator=LEA, pin=RIGHT, old_pin=OWN),
        EnrolOperator(operator=LEA, role="lead", pin=RIGHT),
    ],
)
def test_a_message_that_is_printed_shows_no_pin(
    action: SignIn | TryPin | SetPin | EnrolOperator,
) -> None:
    shown = f"{action!r} {action} {Command(request=1, action=action)!r}"
    assert RIGHT not in shown
    assert OWN not in shown
