"""A PIN that is to be replaced is tried first: told at once, counted, and opening nothing."""

import pytest

from appliance.link.roles import Role
from appliance.messages.actions import CheckContact, SetPin, TryPin
from appliance.messages.replies import Reply
from tests.support.clinic import Clinic
from tests.support.clinical_records import refusal
from tests.support.people import (
    KIM,
    LEA,
    PINS,
    SAM,
    WRONG,
    operator_events,
    refused_sign_in,
    sign_in,
    sit_down,
    staff,
)

pytestmark = pytest.mark.proves_none
RIGHT = TryPin(operator=KIM, pin=PINS[KIM])
NEW = "590316"


@pytest.fixture
def kiosk(clinic: Clinic) -> Clinic:
    staff(clinic, KIM, SAM)
    clinic.until("Locked")
    sit_down(clinic, Role.KIOSK)
    return clinic


def test_a_right_pin_is_told_and_nothing_else_happens(kiosk: Clinic) -> None:
    before = operator_events(kiosk)
    answer = kiosk.ask(RIGHT)
    assert isinstance(answer, Reply)
    assert answer.token == ""
    kiosk.wait(100)
    assert (kiosk.state, kiosk.view.operator) == ("Locked", "")
    assert operator_events(kiosk) == before
    assert refusal(kiosk, CheckContact()).limit == "sign-in"


def test_tries_and_sign_ins_are_counted_together(kiosk: Clinic) -> None:
    """Hazard: whoever guesses gets as many tries beside the lock-out as there are PINs."""
    wrong = TryPin(operator=KIM, pin=WRONG)
    for _ in range(2):
        refused = refusal(kiosk, wrong)
        assert refused == ("sign-in", "a wrong PIN", "the PIN of this operator", "try again")
        assert refused_sign_in(kiosk, KIM).nearest == "try again"
        kiosk.do(RIGHT)  # does not begin the count again
    assert refusal(kiosk, wrong).nearest == "again in 30 s"
    failed = ("sign_in_failed", {"operator": "kim"})
    assert operator_events(kiosk)[-5:] == [failed] * 5
    assert refusal(kiosk, RIGHT).asked == "a PIN after 5 wrong ones"
    changed = SetPin(operator=KIM, old_pin=PINS[KIM], pin=NEW)
    assert refusal(kiosk, changed).asked == "a PIN after 5 wrong ones"
    assert refused_sign_in(kiosk, KIM, PINS[KIM]).asked == "a PIN after 5 wrong ones"
    kiosk.wait(1_000)  # more than ten at once of a screen are too many
    kiosk.do(TryPin(operator=SAM, pin=PINS[SAM]))


def test_a_pin_that_was_tried_is_checked_again_when_it_is_replaced(kiosk: Clinic) -> None:
    kiosk.do(RIGHT)
    assert refusal(kiosk, SetPin(operator=KIM, old_pin=WRONG, pin=NEW)).asked == "a wrong PIN"
    kiosk.do(SetPin(operator=KIM, old_pin=PINS[KIM], pin=NEW))
    assert refusal(kiosk, RIGHT).asked == "a wrong PIN"


def test_a_name_without_an_operator_or_a_pin_cannot_be_tried(kiosk: Clinic) -> None:
    unknown = refusal(kiosk, TryPin(operator="8205", pin=WRONG))
    assert unknown.limit == "operator"
    assert "8205" not in str(unknown)


def test_a_try_leaves_whoever_is_signed_in(kiosk: Clinic) -> None:
    token = sign_in(kiosk, KIM)
    kiosk.link.token = ""
    assert refusal(kiosk, TryPin(operator=LEA, pin=WRONG)).asked == "a wrong PIN"
    kiosk.do(TryPin(operator=LEA, pin=PINS[LEA]))
    signed_in = kiosk.engine.loop.state.people.signed_in
    assert signed_in is not None
    assert (signed_in.operator, signed_in.token) == (KIM, token)
