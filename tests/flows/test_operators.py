"""Operators over the link: who enrols, retires and gives PINs to whom."""

from pathlib import Path
from typing import Any

import pytest

from appliance.control.commands.sign_in_rules import Request
from appliance.link.interfaces import Peer, Received
from appliance.link.roles import Role
from appliance.messages.actions import (
    Command,
    EnrolOperator,
    HoldRise,
    Prescribe,
    ResetOperators,
    RetireOperator,
    Rise,
    SetPin,
    Stop,
    Unlock,
)
from appliance.messages.replies import Page, Refused
from appliance.messages.wire import Subject
from appliance.operators.pin_worker import PinAnswer
from appliance.records.erasure import erase
from appliance.records.operator_facts import OperatorFacts
from appliance.records.storage.operator_pins import read_pins
from appliance.records.storage.store import open_read_only
from tests.support.clinic import DAY_US, Clinic, open_clinic
from tests.support.clinical_records import refusal
from tests.support.people import (
    KIM,
    LEA,
    PINS,
    SAM,
    given_pin,
    operator_events,
    refused_sign_in,
    sign_in,
    sign_out,
    sit_down,
    staff,
)

NEW = "590316"
A_PATIENT = Prescribe(
    programme="conventional-tens", subject=Subject.PATIENT, patient="P-1", channels=(1,)
)


def rows(clinic: Clinic, what: str) -> list[dict[str, Any]]:
    page = clinic.link.query(what)
    assert isinstance(page, Page), page
    return [dict(row) for row in page.rows]


def hashes(data: Path) -> set[str]:
    with open_read_only(data) as db:
        return set(read_pins(db))


# --- who may what ----------------------------------------------------------------------------


@pytest.mark.proves_none
def test_a_clinician_enrols_nobody_and_service_enrols_service(clinic: Clinic) -> None:
    staff(clinic, KIM, SAM)
    sign_in(clinic, KIM)
    asked = EnrolOperator(operator="eve", role="service", pin=NEW)
    assert refusal(clinic, asked).limit == "role"
    sign_in(clinic, SAM)
    clinic.do(asked)
    refused = refusal(clinic, EnrolOperator(operator="bob", role="clinician", pin=NEW))
    assert refused.limit == "operator"


@pytest.mark.proves_none
def test_a_role_that_is_unknown_is_refused_and_not_repeated(clinic: Clinic) -> None:
    staff(clinic)
    sign_in(clinic, LEA)
    refused = refusal(clinic, EnrolOperator(operator="eve", role=NEW, pin=NEW))
    assert NEW not in str(refused)


@pytest.mark.proves_none
def test_a_retired_operator_signs_in_no_more_and_the_hash_is_gone(clinic: Clinic) -> None:
    staff(clinic, KIM)
    sign_in(clinic, LEA)
    clinic.do(RetireOperator(operator=KIM))
    assert hashes(clinic.data) == {"lea"}
    assert refused_sign_in(clinic, KIM, PINS[KIM]).limit == "operator"
    refused = refusal(clinic, RetireOperator(operator=LEA))
    assert refused.nearest == "enrol another lead clinician first"


@pytest.mark.proves_none
def test_the_last_lead_with_a_pin_is_kept(clinic: Clinic) -> None:
    """After a reset the other leads have none: they could not sign in."""
    staff(clinic)
    sign_in(clinic, LEA)
    clinic.do(EnrolOperator(operator="eve", role="lead", pin=NEW))
    sign_out(clinic)
    clinic.do(ResetOperators())
    clinic.do(SetPin(operator=LEA, old_pin=given_pin(clinic, LEA), pin="8520"))
    sign_in(clinic, LEA, "8520")
    assert isinstance(clinic.ask(RetireOperator(operator=LEA)), Refused)


# --- PINs ------------------------------------------------------------------------------------


@pytest.mark.proves_none
def test_an_operator_changes_the_own_pin_with_the_old_one(clinic: Clinic) -> None:
    staff(clinic, KIM)
    assert refusal(clinic, SetPin(operator=KIM, old_pin="6150", pin=NEW)).asked == "a wrong PIN"
    assert operator_events(clinic)[-1] == ("sign_in_failed", {"operator": "kim"})
    clinic.do(SetPin(operator=KIM, old_pin=PINS[KIM], pin=NEW))
    assert refused_sign_in(clinic, KIM, PINS[KIM]).asked == "a wrong PIN"
    sign_in(clinic, KIM, NEW)


@pytest.mark.parametrize("pin", ["90", "1234", "0000", "49o7", PINS[KIM]])
@pytest.mark.proves_none
def test_a_pin_that_is_guessed_first_or_is_the_old_one_is_refused(clinic: Clinic, pin: str) -> None:
    staff(clinic, KIM)
    refused = refusal(clinic, SetPin(operator=KIM, old_pin=PINS[KIM], pin=pin))
    assert refused.limit == "PIN"
    assert pin not in str(refused)


@pytest.mark.proves_none
def test_service_gives_a_lead_no_pin_and_nobody_without_a_sign_in_gives_any(
    clinic: Clinic,
) -> None:
    staff(clinic, KIM, SAM)
    sign_in(clinic, SAM)
    asked = SetPin(operator=LEA, one_time=True)
    assert refusal(clinic, asked).limit == "operator"
    clinic.link.token = ""
    assert refusal(clinic, asked).limit == "operator"
    sit_down(clinic, Role.KIOSK)
    assert refusal(clinic, asked).limit == "sign-in"


@pytest.mark.proves_none
def test_a_pin_set_by_another_ends_the_sign_in(clinic: Clinic) -> None:
    staff(clinic, KIM, SAM)
    sign_in(clinic, LEA)
    clinic.do(SetPin(operator=LEA, one_time=True))
    assert clinic.engine.loop.state.people.signed_in is not None  # the own one: nothing ends


@pytest.mark.proves("attended")
def test_a_pin_that_is_hashed_while_output_begins_leaves_its_operator_in_charge(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: nobody is asked any more whether somebody is with the patient."""
    staff(clinic, KIM)
    token = sign_in(clinic, KIM)
    clinic.treat(level_ua=2_000)
    people = clinic.engine.loop._people
    asked = Command(request=1, action=SetPin(operator=KIM, one_time=True))
    peer = Peer(9, "tablet", Role.KIOSK, 990, 0, "kiosk")
    request = Request(Received(peer, asked, clinic.now_us), SetPin, KIM, by=LEA, one_time=True)
    people._in_work.append(request)
    decided = people._decide(PinAnswer(request, is_right=True, hashed="a hash"))
    assert decided.refusal is not None
    assert decided.refusal.rule == "refusal.operator"
    assert people.signed_in is not None
    assert people.signed_in.token == token


# --- a reset over SSH ------------------------------------------------------------------------


@pytest.mark.proves_none
def test_a_reset_is_shown_until_a_lead_has_a_pin_and_opens_nothing_by_itself(
    clinic: Clinic,
) -> None:
    staff(clinic, KIM)
    clinic.until("Locked")
    sit_down(clinic, Role.MAINTENANCE)
    clinic.do(ResetOperators())
    assert hashes(clinic.data) == {"kim"}
    sit_down(clinic, Role.KIOSK)
    assert rows(clinic, "operators")[0] == {"number": 1, "kind": "reset", "by": "user pi"}
    assert refusal(clinic, Unlock(operator="lea")).limit == "sign-in"
    assert refusal(clinic, EnrolOperator(operator="eve", role="lead", pin=NEW)).limit == "sign-in"
    assert refusal(clinic, SetPin(operator=LEA, one_time=True)).limit == "sign-in"
    sit_down(clinic, Role.MAINTENANCE)
    drawn = given_pin(clinic, LEA)
    assert [row["kind"] for row in rows(clinic, "operators")] == ["operator", "operator"]
    assert refusal(clinic, SetPin(operator=LEA, one_time=True)).limit == "operator"
    clinic.do(SetPin(operator=LEA, old_pin=drawn, pin="7410"))
    sign_in(clinic, LEA, "7410")


@pytest.mark.proves_none
def test_the_kiosk_resets_nothing(clinic: Clinic) -> None:
    staff(clinic)
    sit_down(clinic, Role.KIOSK)
    assert refusal(clinic, ResetOperators()).limit == "role"


@pytest.mark.proves_none
def test_a_reset_stays_open_over_a_restart(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "1") as clinic:
        staff(clinic)
        clinic.do(ResetOperators())
        data = clinic.data
    with open_clinic(tmp_path / "2", data=data) as again:
        again.until("Locked")
        sit_down(again, Role.KIOSK)
        assert rows(again, "operators")[0]["kind"] == "reset"
        assert refusal(again, Unlock(operator="lea")).limit == "sign-in"


# --- records ---------------------------------------------------------------------------------


@pytest.mark.proves_none
def test_an_erased_operator_is_gone_with_the_hash(clinic: Clinic) -> None:
    staff(clinic, KIM)
    with open_read_only(clinic.data) as db:
        numbers = [
            number
            for (number,) in db.execute(
                "SELECT number FROM facts WHERE facts ->> 'operator' = 'kim'"
            ).fetchall()
        ]
    erase(clinic.engine.loop._journal._records, numbers, "left the clinic")
    assert hashes(clinic.data) == {"lea"}
    accounts = OperatorFacts.load(clinic.data).accounts
    assert [account.operator for account in accounts.active()] == ["lea"]


@pytest.mark.proves_none
def test_a_fact_that_cannot_be_read_lets_nobody_sign_in(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff(clinic, KIM)
    monkeypatch.setattr(clinic.engine.loop._people.loaded, "fault", "event 9 cannot be read")
    assert refused_sign_in(clinic, KIM, PINS[KIM]).limit == "records"
    sit_down(clinic, Role.KIOSK)
    assert isinstance(clinic.ask(Unlock(operator="kim")), Refused)
    clinic.do(Stop())


@pytest.mark.proves_none
def test_wrong_pins_lock_an_operator_out_over_restart_and_clock_step(tmp_path: Path) -> None:
    with open_clinic(tmp_path / "1") as clinic:
        staff(clinic, KIM)
        for _ in range(4):
            assert refused_sign_in(clinic, KIM).nearest == "try again"
        assert refused_sign_in(clinic, KIM).nearest == "again in 30 s"
        refused = refused_sign_in(clinic, KIM, PINS[KIM])
        assert (refused.asked, refused.nearest) == ("a PIN after 5 wrong ones", "again in 30 s")
        sign_in(clinic, LEA)
        data = clinic.data
    with open_clinic(tmp_path / "2", data=data, after_us=400 * DAY_US) as again:
        again.until("Locked")
        (row,) = [row for row in rows(again, "operators") if row["operator"] == KIM]
        assert 29_000_000 < row["locked_out_us"] <= 30_000_000
        assert refused_sign_in(again, KIM, PINS[KIM]).asked == "a PIN after 5 wrong ones"
        again.wait(30_000)
        sign_in(again, KIM)


@pytest.mark.proves("signed-in", "sign-in-apart")
def test_a_reset_during_a_session_leaves_it_and_its_operator_alone(clinic: Clinic) -> None:
    """Hazard: an order over SSH takes plus, or the release of a key, from who treats."""
    staff(clinic, KIM)
    clinic.become_hardware()
    sit_down(clinic, Role.KIOSK)
    sign_in(clinic, LEA)
    clinic.treat(level_ua=2_000)
    sit_down(clinic, Role.MAINTENANCE)
    clinic.do(ResetOperators())
    sit_down(clinic, Role.KIOSK)
    clinic.wait(300)
    clinic.do(Rise(channel=1))
    clinic.do(HoldRise(channel=1, pressed=False))
    assert clinic.state == "Delivering"
