"""A one-time PIN is drawn by the unit, told once to who asked for it, and accepted once."""

import msgspec
import pytest

from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import Command, EnrolOperator, SetPin
from appliance.messages.pins import pin_fault
from appliance.messages.replies import Page, Refused, Reply
from appliance.operators import pin_worker
from appliance.operators.pins import ONE_TIME_DIGITS, draw_pin
from tests.support.clinic import Clinic
from tests.support.clinical_records import refusal
from tests.support.people import (
    KIM,
    LEA,
    SAM,
    enrolment,
    given_pin,
    operator_events,
    refused_sign_in,
    sign_in,
    sign_out,
    signed_in,
    sit_down,
    staff,
)

pytestmark = pytest.mark.proves_none
OWN = "8025"
GIVE_KIM = SetPin(operator=KIM, one_time=True)


def given(clinic: Clinic) -> int:
    """Return how many one-time PINs are in the records."""
    return [fact.get("one_time") for _, fact in operator_events(clinic)].count(True)


def test_a_pin_is_drawn_that_nobody_guesses_first(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = {draw_pin() for _ in range(200)}
    assert len(drawn) > 190
    assert {len(pin) for pin in drawn} == {ONE_TIME_DIGITS}
    rolls = iter([123_456, 0, 7, 40_817])
    monkeypatch.setattr("secrets.randbelow", lambda _: next(rolls))
    assert draw_pin() == "000007"
    assert draw_pin() == "040817"
    assert pin_fault("000007") is None


@pytest.mark.parametrize("giver", [LEA, SAM])
def test_a_one_time_pin_is_good_for_nothing_but_an_own_one_and_once(
    clinic: Clinic, giver: str
) -> None:
    staff(clinic, KIM, SAM)
    sign_in(clinic, giver)
    drawn = given_pin(clinic, KIM)
    sign_out(clinic)
    refused = refused_sign_in(clinic, KIM, drawn)
    assert (refused.asked, refused.nearest) == ("a one-time PIN", "replace it by an own PIN")
    page = clinic.link.query("operators")
    assert isinstance(page, Page)
    row = next(row for row in page.rows if row["operator"] == KIM)
    assert (row["has_pin"], row["one_time"]) == (True, True)
    clinic.do(SetPin(operator=KIM, old_pin=drawn, pin=OWN))
    assert refusal(clinic, SetPin(operator=KIM, old_pin=drawn, pin="5173")).asked == "a wrong PIN"
    sign_in(clinic, KIM, OWN)


def test_one_that_was_chosen_is_refused(clinic: Clinic) -> None:
    """Hazard: the screen of before would show a PIN that is not the one that was set."""
    staff(clinic, KIM)
    sign_in(clinic, LEA)
    chosen = "590316"
    asked = (
        SetPin(operator=KIM, pin=chosen, one_time=True),
        EnrolOperator(operator="eve", role="clinician", pin=chosen, one_time=True),
    )
    for action in asked:
        refused = refusal(clinic, action)
        assert (refused.limit, refused.nearest) == ("PIN", "a one-time PIN that the unit draws")
        assert chosen not in str(refused)
    assert given(clinic) == 0


def test_after_an_answer_that_got_lost_another_one_is_drawn_and_the_first_is_void(
    clinic: Clinic,
) -> None:
    """Also with the id of an act: nobody knows the PIN of the answer that is repeated."""
    staff(clinic)
    sign_in(clinic, LEA)

    def asked(action: EnrolOperator | SetPin) -> Reply:
        clinic.wait(60)
        assert clinic.link.snapshot() is not None
        answer = clinic.link.wait_reply(clinic.link.send(action, act=type(action).__name__))
        assert isinstance(answer, Reply)
        return answer

    enrolled = asked(enrolment(KIM, one_time=True))
    assert asked(enrolment(KIM, one_time=True)).pin == ""  # enrolled once; see the next
    drawn = [enrolled.pin, asked(GIVE_KIM).pin, asked(GIVE_KIM).pin]
    assert len({*drawn, ""}) == 4
    assert given(clinic) == 3
    for pin in drawn[:2]:
        asked_own = SetPin(operator=KIM, old_pin=pin, pin=OWN)
        assert refusal(clinic, asked_own).asked == "a wrong PIN"
    clinic.do(SetPin(operator=KIM, old_pin=drawn[2], pin=OWN))
    signed_in(clinic, KIM, OWN)


def test_two_at_once_for_one_operator_are_one(clinic: Clinic) -> None:
    """Hazard: two screens show a PIN, and only one of them is good."""
    staff(clinic, KIM)
    token = sign_in(clinic, LEA)
    link = clinic.engine.link
    for number in (100, 101):
        peer = Peer(number, "tablet", Role.KIOSK, 990, 0, "kiosk")
        command = Command(request=1, action=GIVE_KIM, token=token)
        link._inbox.put(Received(peer, command, clinic.now_us))  # type: ignore[attr-defined]
    clinic.wait(300)
    assert given(clinic) == 1


def test_no_pin_is_told_where_none_was_kept(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff(clinic, KIM)
    sign_in(clinic, LEA)
    with monkeypatch.context() as full:
        full.setattr(clinic.engine.loop._people, "_record", lambda *_: False)
        answer = clinic.ask(GIVE_KIM)
    assert isinstance(answer, Refused)
    assert given(clinic) == 0


def test_only_the_reply_has_it(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in the line of its sender, and in no snapshot, event or page."""
    monkeypatch.setattr(pin_worker, "draw_pin", lambda: "739150264813")
    staff(clinic, KIM)
    sign_in(clinic, LEA)
    reply = clinic.ask(GIVE_KIM)
    assert isinstance(reply, Reply)
    assert reply.pin.encode() in msgspec.json.encode(reply)
    assert reply.pin not in f"{reply!r} {reply}"
    clinic.wait(300)
    told: list[object] = [clinic.view, clinic.link.query("operators"), clinic.link.query("set_up")]
    told += clinic.link._core._unread
    assert reply.pin.encode() not in msgspec.json.encode(told)
    sit_down(clinic, Role.KIOSK)
    assert b'"pin"' not in msgspec.json.encode(clinic.ask(SetPin(operator=KIM)))
