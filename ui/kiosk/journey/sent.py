"""Actions on their way: whose they are, and that none is sent twice. Pure.

A place waits from the touch that sends an action until the engine has answered: it sends nothing
more, and what was entered does not change. It may be left. An answer comes only to the place that
sent the action; where that has gone, a refusal of something recorded is told on a screen of its
own. What lowers, stops, raises by a tap, contracts or silences never waits.
"""

from dataclasses import replace
from types import MappingProxyType

from appliance.messages.actions import (
    Contract,
    EnrolOperator,
    Fall,
    HoldRise,
    MarkFelt,
    Pause,
    RecordFact,
    RetireOperator,
    Rise,
    SetPin,
    SetUpUnit,
    Silence,
    Stop,
    Touched,
)
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.sheets import ExportSheet, MakeSheet
from ui.kiosk.journey.acts import with_act
from ui.kiosk.journey.place import ANSWER_S, Awaited, Forget, Kiosk, Next, Place, Send, Unheard

NEVER_WAITS = (Stop, Pause, Fall, Rise, HoldRise, Contract, Silence, Touched)
RECORDED = (
    RecordFact,
    MarkFelt,
    MakeSheet,
    ExportSheet,
    SetPin,
    EnrolOperator,
    RetireOperator,
    SetUpUnit,
)
"""What a person believes to be kept: a refusal of it is told wherever they are by then."""
SHEETS = (MakeSheet, ExportSheet)
SHEET_S = 65.0
"""A slow stick takes seconds; the engine gives up after 60 s and says so."""


def waits(send: Send) -> bool:
    """Return whether the place that sends this waits for its answer."""
    return not isinstance(send.action, NEVER_WAITS)


def is_held(place: Place, following: Next, kiosk: Kiosk) -> bool:
    """Return whether what a touch means is dropped, because an answer is still on its way.

    A place of the engine holds back the same action only: marks of two channels are two actions.
    """
    own = [awaited for awaited in kiosk.awaited.values() if _sent_by(awaited, place, kiosk)]
    if not own:
        return False
    sends = [each for each in following.effects if isinstance(each, Send) and waits(each)]
    if place is not kiosk.place:
        return any(send.tag == awaited.tag for send in sends for awaited in own)
    return bool(sends) or type(following.place) is type(place)


def numbered(kiosk: Kiosk, sender: Place, send: Send) -> tuple[Kiosk, Send]:
    """Return the kiosk that waits for the answer, and the action with its number."""
    if not waits(send):
        return kiosk, send
    number = kiosk.sent + 1
    visit = kiosk.visit if sender is kiosk.place else 0
    recorded = isinstance(send.action, RECORDED)
    limit_s = SHEET_S if isinstance(send.action, SHEETS) else ANSWER_S
    by = "" if kiosk.me is None else kiosk.me.operator
    awaited = {**kiosk.awaited, number: Awaited(send.tag, sender, visit, recorded, limit_s, by)}
    waiting = replace(kiosk, sent=number, awaited=MappingProxyType(awaited))
    send = send._replace(number=number)
    return with_act(waiting, send, visit) if recorded else (waiting, send)


def taken(kiosk: Kiosk, tag: str, number: int) -> tuple[Kiosk, Awaited | None]:
    """Return the kiosk that does not wait for this answer any more, and what it waited for.

    Without a number it is the answer to the newest action of that tag.
    """
    if not number:
        number = max((key for key, each in kiosk.awaited.items() if each.tag == tag), default=0)
    awaited = kiosk.awaited.get(number)
    left = {key: each for key, each in kiosk.awaited.items() if key != number}
    return replace(kiosk, awaited=MappingProxyType(left)), awaited


def heard(kiosk: Kiosk) -> Kiosk:
    """Return the kiosk once whoever is here has seen the refusal that came late."""
    told = kiosk.told_late
    left = tuple(each for each in kiosk.unheard if each.refused is not told)
    return replace(kiosk, unheard=left)


def sender_of(awaited: Awaited, shown: Place, kiosk: Kiosk) -> Place | None:
    """Return the place that the answer is for, None where it has gone."""
    return next((each for each in (shown, kiosk.place) if _sent_by(awaited, each, kiosk)), None)


def after_all(
    awaited: Awaited, answer: Reply | Refused | Page | None, kiosk: Kiosk
) -> tuple[Kiosk, Next]:
    """Return what still follows from an answer to a place that has gone.

    A refusal waits until whoever acted is here. Pages are asked for again, and a sign-in of whoever
    is here counts; nothing is moved on.
    """
    following = awaited.sender.answered(awaited.tag, answer, kiosk)
    forget = tuple(each for each in following.effects if isinstance(each, Forget))
    me = following.me
    if me is not None and (kiosk.me is None or kiosk.me.operator != me.operator):
        me = None
    if isinstance(answer, Refused) and awaited.recorded:
        kiosk = replace(kiosk, unheard=(*kiosk.unheard, Unheard(awaited.by, answer)))
    return kiosk, Next(effects=forget, me=me)


def moved_to(kiosk: Kiosk, place: Place) -> Kiosk:
    """Return the kiosk at a place; another kind of place is another visit, with acts of its own."""
    if type(place) is type(kiosk.place):
        return replace(kiosk, place=place)
    return replace(kiosk, place=place, visit=kiosk.visit + 1, acts=())


def _sent_by(awaited: Awaited, place: Place, kiosk: Kiosk) -> bool:
    if awaited.visit:
        return place is kiosk.place and awaited.visit == kiosk.visit
    sender = awaited.sender
    alike = isinstance(place, type(sender)) or isinstance(sender, type(place))
    return alike and place is not kiosk.place
