"""People in tests: their PINs, how they are enrolled and how they sign in."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

from appliance.link.interfaces import Peer
from appliance.link.roles import Role
from appliance.messages.actions import EnrolOperator, SetPin, SignIn, SignOut
from appliance.messages.replies import Refused, Reply
from appliance.operators.facts import (
    FIRST_SET_UP,
    OperatorEnrolled,
    OperatorRole,
    PinSet,
    UnitSetUp,
)
from appliance.operators.pins import hash_pin
from appliance.records.operator_facts import KINDS
from appliance.records.storage.operator_pins import keep_pin
from appliance.records.storage.store import open_read_only
from tests.support.clinic import Clinic
from tests.support.texts import Said, said
from tests.support.unit_in_use import ready_unit

LEA, KIM, SAM = "lea", "kim", "sam"
PINS = {LEA: "4907", KIM: "8205", SAM: "3316"}
ROLES = {LEA: "lead", KIM: "clinician", SAM: "service"}
WRONG = "6150"


def sit_down(clinic: Clinic, role: Role) -> None:
    """Let the only client be somebody of this role from now on."""
    link: Any = clinic.engine.link
    link._peer = Peer(1, "local", role, -1, 0, "pi")


def enrolment(operator: str, *, one_time: bool = False) -> EnrolOperator:
    pin = "" if one_time else PINS[operator]
    return EnrolOperator(operator=operator, role=ROLES[operator], pin=pin, one_time=one_time)


def given_pin(clinic: Clinic, operator: str) -> str:
    """Have a one-time PIN drawn for somebody, and return it."""
    answer = clinic.ask(SetPin(operator=operator, one_time=True))
    assert isinstance(answer, Reply), answer
    return answer.pin


def sign_in(clinic: Clinic, operator: str, pin: str | None = None) -> str:
    """Sign in, use the token from then on, and wait until a locked unit is ready."""
    token = signed_in(clinic, operator, pin)
    clinic.link.token = token
    if clinic.state == "SelfTest":
        clinic.until("Ready")
        clinic.wait(50)
    return token


def signed_in(clinic: Clinic, operator: str, pin: str | None = None) -> str:
    """Sign in as another screen would: the token is returned and not used."""
    answer = clinic.ask(SignIn(operator=operator, pin=pin or PINS[operator]))
    assert isinstance(answer, Reply), answer
    assert answer.token
    return answer.token


def refused_sign_in(clinic: Clinic, operator: str, pin: str = WRONG) -> Said:
    answer = clinic.ask(SignIn(operator=operator, pin=pin))
    assert isinstance(answer, Refused), answer
    return said(answer)


def staff(clinic: Clinic, *operators: str) -> None:
    """Enrol the lead and others and finish the first set-up, as facts of before would."""
    people, digest = clinic.engine.loop._people, clinic.engine.loop._rig.board.digest
    for name in (LEA, *operators):
        role = OperatorRole(ROLES[name])
        assert people._record(OperatorEnrolled(operator=name, role=role, by=FIRST_SET_UP))
        pin_set = PinSet(operator=name, by=FIRST_SET_UP, one_time=False)
        assert people._record(pin_set, keep_pin(name, _hashed(name)))
        people.loaded.pins[name] = _hashed(name)
    done = UnitSetUp(by=LEA, language="en", clinic="N", clock_confirmed=True, board_digest=digest)
    assert people._record(done)


@cache
def _hashed(name: str) -> str:
    return hash_pin(PINS[name])


def open_for_patients(clinic: Clinic) -> None:
    """Make the rig hardware, as a unit that is set up, with a clinician signed in."""
    ready_unit(clinic.engine.loop)
    staff(clinic, KIM)
    clinic.become_hardware()
    sign_in(clinic, KIM)


def leave_untouched(clinic: Clinic, seconds: int) -> None:
    """Let the last touch be so much older, and a moment pass."""
    people = clinic.engine.loop._people
    signed_in = people.signed_in
    assert signed_in is not None
    people._show(replace(signed_in, touched_us=signed_in.touched_us - seconds * 1_000_000))
    clinic.wait(100)


def sign_out(clinic: Clinic) -> None:
    clinic.do(SignOut())
    clinic.link.token = ""
    clinic.until("Locked")


def operator_events(clinic: Clinic) -> list[tuple[str, dict[str, Any]]]:
    """Return every fact about operators that is on the disk, in its order."""
    names = ", ".join(f"'{name}'" for name in KINDS)
    with open_read_only(clinic.data) as db:
        rows = db.execute(
            f"SELECT name, facts FROM facts WHERE name IN ({names}) ORDER BY number"  # noqa: S608
        ).fetchall()
    return [(name, json.loads(facts)) for name, facts in rows]
