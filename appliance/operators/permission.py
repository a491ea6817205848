"""Whether a command needs a sign-in, and whether its sender has one. Pure.

What is needed, and what a sender has:

    stop, pause, minus, acknowledge, a mark of harm   nobody
    a sound that is silenced                          nobody
    at the kiosk, once there is a lead                a token that has not been suspended
    with a token                                      what operator and peer both may
    the system's users, without a token               everything but patients
    a patient on hardware                             a unit that is set up, and a clinician's token
"""

import hmac
from typing import NamedTuple

from appliance.core.refusal import Refusal
from appliance.link.action_words import action_words
from appliance.link.roles import Role, may
from appliance.messages.actions import (
    Acknowledge,
    Action,
    Contract,
    EndDrill,
    Fall,
    HoldRise,
    Lock,
    MarkFelt,
    Pause,
    Query,
    ResetOperators,
    SetPin,
    SignIn,
    SignOut,
    Silence,
    Stop,
    Touched,
    TryPin,
)
from appliance.operators.facts import OperatorRole
from appliance.operators.presence import SignedInOperator
from appliance.texts.text import Text, text

_NEEDS_NOBODY = (
    Stop,
    Pause,
    Fall,
    Acknowledge,
    Silence,
    Lock,
    EndDrill,
    SignIn,
    SignOut,
    TryPin,
    SetPin,
    ResetOperators,
    Touched,
)
_RULE = "refusal.sign_in"


class Sender(NamedTuple):
    """Who sends a command, and what is known of the sign-in at that moment.

    `sign_in_required` says that the unit has a lead clinician, `patients_need_sign_in` that its rig
    lets nobody treat a patient without one.
    """

    role: Role
    token: str
    signed_in: SignedInOperator | None
    sign_in_required: bool
    patients_need_sign_in: bool


def needs_nobody(action: Action) -> bool:
    """Return whether an action is open without a sign-in: what ends or lowers, and signing in."""
    match action:
        case HoldRise(pressed=False) | Contract(pressed=False):
            return True
        case MarkFelt(felt="too_strong" | "pain" | "burning" | "faintness"):
            return True
        case _:
            return isinstance(action, _NEEDS_NOBODY)


def is_token(signed_in: SignedInOperator | None, token: str) -> bool:
    """Return whether a token is that of the present sign-in, suspended or not."""
    if signed_in is None or not token or not token.isascii():
        return False
    return hmac.compare_digest(signed_in.token, token)


def refuse_sender(action: Action, sender: Sender, *, about_patient: bool) -> Refusal | None:
    """Refuse a command whose sender is not signed in as it needs, None if it may be."""
    if needs_nobody(action):
        return None
    if sender.token:
        refusal = refuse_token(sender.signed_in, sender.token)
        return refusal or _refuse_role(action, sender, about_patient=about_patient)
    at_kiosk = sender.role is Role.KIOSK and sender.sign_in_required
    patient = about_patient and (sender.sign_in_required or sender.patients_need_sign_in)
    return needed(action_words(type(action))) if at_kiosk or patient else None


def refuse_page_reader(sender: Sender) -> Refusal | None:
    """Refuse a page about patients to who is not signed in to treat, where that is needed."""
    if not sender.sign_in_required and not sender.patients_need_sign_in:
        return None
    if not sender.token:
        return needed(action_words(Query))
    refusal = refuse_token(sender.signed_in, sender.token)
    return refusal or _refuse_service(sender.signed_in)


def refuse_token(signed_in: SignedInOperator | None, token: str) -> Refusal | None:
    """Refuse a token whose sign-in is over, or waits for the PIN again."""
    if signed_in is None or not is_token(signed_in, token):
        asked, nearest = text("sign_in.ended"), text("sign_in.sign_in")
        return Refusal(_RULE, asked, text("sign_in.present"), nearest)
    if signed_in.is_suspended:
        asked, nearest = text("sign_in.nobody_touched"), text("sign_in.pin_again")
        return Refusal(_RULE, asked, text("sign_in.present"), nearest)
    return None


def needed(what: Text) -> Refusal:
    """Return the refusal of an action that needs somebody signed in."""
    asked, nearest = text("sign_in.without", action=what), text("sign_in.sign_in")
    return Refusal(_RULE, asked, text("sign_in.present"), nearest)


def _refuse_role(action: Action, sender: Sender, *, about_patient: bool) -> Refusal | None:
    signed_in = sender.signed_in
    if signed_in is None:
        return None
    chosen = Role(signed_in.role.value)
    refusal = _refuse_service(signed_in) if about_patient else None
    if refusal is not None or may(sender.role, type(action), chosen):
        return refusal
    asked = text("role.asked", action=action_words(type(action)), role=chosen)
    return Refusal("refusal.role", asked, text("role.allowed"), text("role.stop"))


def _refuse_service(signed_in: SignedInOperator | None) -> Refusal | None:
    if signed_in is None or signed_in.role is not OperatorRole.SERVICE:
        return None
    asked, nearest = text("sign_in.service"), text("person.test_load_only")
    return Refusal("refusal.role", asked, text("sign_in.clinician"), nearest)
