"""Ids of what a person did: the same act sent again carries the same id. Pure.

Where the link broke between a record and its answer, nobody knows whether it was kept. What is sent
again from the same visit of a place, with the same content, is the same act: the engine answers it
as before and records nothing anew. A place that was left and entered again, or another content, is
another act. A mark on a screen of the engine says how it is now, and is always another one.
"""

from dataclasses import replace

from appliance.messages.actions import RecordFact
from appliance.messages.replies import Page, Refused, Reply
from ui.kiosk.journey.place import Act, Kiosk, Place, Send


def with_act(kiosk: Kiosk, send: Send, visit: int) -> tuple[Kiosk, Send]:
    """Return an action with the id of its act, and the kiosk that knows it until it is confirmed.

    `send` has its number; `visit` is that of its place, 0 for one of the engine.
    """
    before = next((act for act in kiosk.acts if _is_again(act, send, visit)), None)
    name = f"{kiosk.run}.{send.number}" if before is None else before.id
    act = Act(name, send.number, visit, send.action)
    others = tuple(each for each in kiosk.acts if each is not before)
    return replace(kiosk, acts=(*others, act)), send._replace(act=name)


def confirmed(kiosk: Kiosk, number: int, answer: Reply | Refused | Page | None) -> Kiosk:
    """Return the kiosk without an act that the engine says is done.

    One that it refused may be kept all the same, where the disk failed: its id stays.
    """
    if not isinstance(answer, Reply):
        return kiosk
    return replace(kiosk, acts=tuple(act for act in kiosk.acts if act.number != number))


def taken_up(kiosk: Kiosk, place: Place | None) -> tuple[Act, ...]:
    """Return the acts of whoever signs in: with the place that was kept, those of its visit."""
    kept = kiosk.kept
    if kept is None or kept.place != place:
        return kiosk.acts
    return tuple(act._replace(visit=kiosk.visit) for act in kept.acts)


def to_keep(kiosk: Kiosk) -> tuple[Act, ...]:
    """Return the acts of this visit that outlive the screen: facts, and never a PIN."""
    return tuple(act for act in kiosk.acts if isinstance(act.action, RecordFact) and act.visit)


def _is_again(act: Act, send: Send, visit: int) -> bool:
    return 0 < visit == act.visit and act.action == send.action
