"""Sheets over the lower row of the treatment screen: marks, a grade, leaving, a PIN. Pure.

They cover neither numbers nor a key that lowers, close by themselves, and answer nothing then.
"""

from appliance.messages.actions import ChangeMinutes, LeavePatient, MarkFelt, RecordFact, SignIn
from appliance.messages.pins import MOST_DIGITS
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.place import NO_SHEET, STAY, Kiosk, Next, Send, Sheet, SignedIn
from ui.kiosk.journey.typed import typed

MARKS, LEAVE, PIN, GRADE, MINUTES = "felt", "leave", "pin", "grade", "minutes"
GRADES = ("none", "flicker", "visible", "joint_moves")
MOST_DISCOMFORT = 10
MINUTES_OFFERED = (5, 10, 15, 20, 30)
US_PER_MIN = 60_000_000
FELT = ("first_felt", "comfortable", "too_strong")
SIGN_IN = "sign_in"


def touched_sheet(action: str, kiosk: Kiosk) -> Next | None:
    """Return what a key of a sheet means, None for another key."""
    name, _, what = action.partition(":")
    match name:
        case "sheet":
            at_us = 0 if kiosk.snapshot is None else kiosk.snapshot.at_us
            opened, _, about = what.partition(":")
            return Next(sheet=Sheet(opened, about, opened_us=at_us))
        case "close":
            return Next(sheet=NO_SHEET)
        case "mark":
            return _mark(what)
        case "minutes":
            change = ChangeMinutes(duration_us=int(what) * US_PER_MIN)
            return Next(effects=(Send(change, "minutes"),), sheet=NO_SHEET)
        case "leave":
            return Next(effects=(Send(LeavePatient(), "leave"),), sheet=NO_SHEET)
        case _:
            return _in_sheet(name, what, kiosk)


def _in_sheet(name: str, what: str, kiosk: Kiosk) -> Next | None:
    """Return what a key means that only one sheet has."""
    sheet = kiosk.sheet
    if name == "grade" and sheet.name == GRADE:
        return _grade(what, kiosk)
    if sheet.name != PIN:
        return None
    if name == "digit":
        return Next(sheet=sheet._replace(typed=typed(sheet.typed, what, MOST_DIGITS)))
    if name != "enter" or not sheet.typed:
        return None
    signing = SignIn(operator=in_charge(kiosk), pin=sheet.typed)
    return Next(effects=(Send(signing, SIGN_IN),), sheet=sheet._replace(typed=""))


def _mark(what: str) -> Next:
    channel, _, felt = what.partition(":")
    if felt not in FELT:
        return STAY
    mark = MarkFelt(channel=int(channel), felt=felt)  # type: ignore[arg-type]
    return Next(effects=(Send(mark, "mark"),), sheet=NO_SHEET)


def _grade(what: str, kiosk: Kiosk) -> Next:
    """Take the grade of a channel's contraction, then the discomfort, and record both."""
    sheet, snapshot = kiosk.sheet, kiosk.snapshot
    channel, _, grade = sheet.typed.partition(":")
    if not grade:
        return Next(sheet=sheet._replace(typed=f"{channel}:{what}")) if what in GRADES else STAY
    if snapshot is None or not what.isdecimal() or int(what) > MOST_DISCOMFORT:
        return STAY
    values: dict[str, object] = {
        "patient": snapshot.patient,
        "session": snapshot.session,
        "channel": int(channel),
        "grade": grade,
        "discomfort": int(what),
    }
    graded = RecordFact(kind="contraction_graded", values=values)
    return Next(effects=(Send(graded, GRADE),), sheet=NO_SHEET)


def answered_sheet(tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
    """Be back once the PIN was right; a wrong one is forgotten and asked for again."""
    if tag != SIGN_IN or not isinstance(answer, Reply):
        return STAY
    snapshot = kiosk.snapshot
    role = "" if snapshot is None else snapshot.operator_role
    back = SignedIn(operator=in_charge(kiosk), role=role, token=answer.token)
    return Next(me=back, sheet=NO_SHEET)


def minutes_offered(kiosk: Kiosk) -> tuple[int, ...]:
    """Return the minutes after which the session may end: not over yet, at most the programme's."""
    snapshot = kiosk.snapshot
    if snapshot is None:
        return ()
    rows = kiosk.rows("programmes") or ()
    own = (round(row["minutes"]) for row in rows if row["name"] == snapshot.programme)
    now = minutes_now(kiosk)
    most = max(next(own, now), now)
    after = snapshot.elapsed_us // US_PER_MIN + 1
    offered = {now, *(minutes for minutes in MINUTES_OFFERED if after <= minutes <= most)}
    return tuple(sorted(offered))


def minutes_now(kiosk: Kiosk) -> int:
    """Return after how many minutes the session ends as it is."""
    snapshot = kiosk.snapshot
    if snapshot is None:
        return 0
    return round((snapshot.elapsed_us + snapshot.remaining_us) / US_PER_MIN)


def in_charge(kiosk: Kiosk) -> str:
    """Return who is signed in, as the engine says."""
    if kiosk.snapshot is not None and kiosk.snapshot.operator:
        return kiosk.snapshot.operator
    return "" if kiosk.me is None else kiosk.me.operator
