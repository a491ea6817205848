"""Who may send which action: without a sign-in, with one, and in which role."""

from itertools import product
from typing import get_args

import pytest

from appliance.link.roles import ALLOWED, Role
from appliance.messages import actions
from appliance.messages.actions import Action, HoldRise, MarkFelt, Rise
from appliance.operators.facts import OperatorRole
from appliance.operators.permission import (
    Sender,
    is_token,
    needs_nobody,
    refuse_page_reader,
    refuse_sender,
    refuse_token,
)
from appliance.operators.presence import SignedInOperator
from tests.appliance.link.test_roles import EVERY_ACTION
from tests.support.texts import said

pytestmark = pytest.mark.proves("signed-in")

TOKEN = "t" * 43
OPEN = {
    *("Stop", "Pause", "Fall", "Acknowledge", "Silence", "Lock", "EndDrill"),
    *("SignIn", "SignOut", "TryPin", "SetPin", "ResetOperators", "Touched"),
}
"""What needs nobody who is signed in; each is restated here by its name."""


def signed_in(role: OperatorRole, *, suspended: bool = False) -> SignedInOperator:
    return SignedInOperator(
        operator="kim", role=role, token=TOKEN, touched_us=0, is_suspended=suspended
    )


def sender(
    peer: Role,
    operator: SignedInOperator | None = None,
    *,
    token: str = "",
    required: bool = True,
    hardware: bool = False,
) -> Sender:
    return Sender(peer, token, operator, required, hardware)


def test_every_action_is_looked_at() -> None:
    assert {type(action) for action in EVERY_ACTION} == set(get_args(Action))


@pytest.mark.parametrize("action", EVERY_ACTION, ids=lambda action: type(action).__name__)
def test_a_kiosk_without_a_sign_in_has_what_ends_and_what_signs_in(action: Action) -> None:
    for patient in (False, True):
        refusal = refuse_sender(action, sender(Role.KIOSK), about_patient=patient)
        assert (refusal is None) is (type(action).__name__ in OPEN)


@pytest.mark.parametrize("felt", ["too_strong", "pain", "burning", "faintness"])
def test_a_mark_of_harm_needs_nobody(felt: str) -> None:
    assert needs_nobody(MarkFelt(channel=1, felt=felt))  # type: ignore[arg-type]


@pytest.mark.parametrize("felt", ["first_felt", "comfortable"])
def test_any_other_mark_needs_a_sign_in(felt: str) -> None:
    assert not needs_nobody(MarkFelt(channel=1, felt=felt))  # type: ignore[arg-type]


def test_a_rise_key_is_released_by_anybody_and_pressed_by_who_is_signed_in() -> None:
    assert needs_nobody(HoldRise(channel=1, pressed=False))
    assert not needs_nobody(HoldRise(channel=1, pressed=True))


@pytest.mark.parametrize(
    ("peer", "patient", "required", "hardware"),
    [*product((Role.OWNER, Role.MAINTENANCE), (False, True), (False, True), (False, True))],
)
def test_users_of_the_system_need_a_pin_for_patients_only(
    peer: Role, patient: bool, required: bool, hardware: bool
) -> None:
    asking = sender(peer, required=required, hardware=hardware)
    refusal = refuse_sender(Rise(channel=1), asking, about_patient=patient)
    assert (refusal is not None) is (patient and (required or hardware))


@pytest.mark.parametrize("action", EVERY_ACTION, ids=lambda action: type(action).__name__)
@pytest.mark.parametrize("role", OperatorRole)
def test_a_token_opens_what_both_the_operator_and_the_peer_may(
    action: Action, role: OperatorRole
) -> None:
    name = type(action).__name__
    for peer in (Role.KIOSK, Role.MAINTENANCE, Role.OWNER):
        asking = sender(peer, signed_in(role), token=TOKEN)
        refusal = refuse_sender(action, asking, about_patient=False)
        both = type(action) in ALLOWED[peer] & ALLOWED[Role(role.value)]
        assert (refusal is None) is (both or name in OPEN)


@pytest.mark.parametrize("role", OperatorRole)
def test_service_has_no_patient(role: OperatorRole) -> None:
    asking = sender(Role.KIOSK, signed_in(role), token=TOKEN)
    refusal = refuse_sender(Rise(channel=1), asking, about_patient=True)
    assert (refusal is not None) is (role is OperatorRole.SERVICE)
    assert (refuse_page_reader(asking) is not None) is (role is OperatorRole.SERVICE)


def test_a_clinician_enrols_and_sets_up_nothing() -> None:
    for name in ("EnrolOperator", "RetireOperator", "SetUpUnit"):
        assert getattr(actions, name) not in ALLOWED[Role.CLINICIAN]
        assert getattr(actions, name) in ALLOWED[Role.LEAD]
    assert actions.SetCeiling not in ALLOWED[Role.SERVICE]


@pytest.mark.parametrize("token", ["", "x" * 43, "t" * 42, "é" * 43, TOKEN + "t"])
def test_another_token_is_none(token: str) -> None:
    operator = signed_in(OperatorRole.LEAD)
    assert not is_token(operator, token)
    assert not is_token(None, TOKEN)
    refusal = refuse_token(operator, token)
    assert refusal is not None
    assert said(refusal).asked == "a sign-in that has ended"


def test_a_suspended_token_waits_for_the_pin() -> None:
    operator = signed_in(OperatorRole.LEAD, suspended=True)
    refusal = refuse_token(operator, TOKEN)
    assert refusal is not None
    assert said(refusal).nearest == "enter the PIN again"
    asking = sender(Role.KIOSK, operator, token=TOKEN)
    for action in EVERY_ACTION:
        refused = refuse_sender(action, asking, about_patient=False) is not None
        assert refused is (type(action).__name__ not in OPEN)


def test_pages_about_patients_are_open_where_nobody_has_to_sign_in() -> None:
    assert refuse_page_reader(sender(Role.OWNER, required=False)) is None
    assert refuse_page_reader(sender(Role.OWNER)) is not None
    assert refuse_page_reader(sender(Role.KIOSK, required=False, hardware=True))
