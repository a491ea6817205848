"""Sheets over the lower row of the treatment screen: marks, leaving, a PIN to come back. Pure.

They cover neither numbers nor a key that lowers, close by themselves, and answer nothing then.
"""

from appliance.messages.actions import LeavePatient, MarkFelt, SignIn
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.lock import typed
from ui.kiosk.journey.place import NO_SHEET, STAY, Kiosk, Next, Send, Sheet, SignedIn

MARKS, LEAVE, PIN = "felt", "leave", "pin"
FELT = ("first_felt", "comfortable", "too_strong")
SIGN_IN = "sign_in"


def touched_sheet(action: str, kiosk: Kiosk) -> Next | None:
    """Return what a key of a sheet means, None for another key."""
    name, _, what = action.partition(":")
    sheet = kiosk.sheet
    match name:
        case "sheet":
            at_us = 0 if kiosk.snapshot is None else kiosk.snapshot.at_us
            return Next(sheet=Sheet(what, opened_us=at_us))
        case "close":
            return Next(sheet=NO_SHEET)
        case "mark":
            channel, _, felt = what.partition(":")
            if felt not in FELT:
                return STAY
            mark = MarkFelt(channel=int(channel), felt=felt)  # type: ignore[arg-type]
            return Next(effects=(Send(mark, "mark"),), sheet=NO_SHEET)
        case "leave":
            return Next(effects=(Send(LeavePatient(), "leave"),), sheet=NO_SHEET)
        case "digit" if sheet.name == PIN:
            return Next(sheet=sheet._replace(typed=typed(sheet.typed, what)))
        case "enter" if sheet.name == PIN and sheet.typed:
            signing = SignIn(operator=in_charge(kiosk), pin=sheet.typed)
            return Next(effects=(Send(signing, SIGN_IN),), sheet=sheet._replace(typed=""))
        case _:
            return None


def answered_sheet(tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
    """Be back once the PIN was right; a wrong one is forgotten and asked for again."""
    if tag != SIGN_IN or not isinstance(answer, Reply):
        return STAY
    snapshot = kiosk.snapshot
    role = "" if snapshot is None else snapshot.operator_role
    back = SignedIn(operator=in_charge(kiosk), role=role, token=answer.token)
    return Next(me=back, sheet=NO_SHEET)


def in_charge(kiosk: Kiosk) -> str:
    """Return who is signed in, as the engine says."""
    if kiosk.snapshot is not None and kiosk.snapshot.operator:
        return kiosk.snapshot.operator
    return "" if kiosk.me is None else kiosk.me.operator
