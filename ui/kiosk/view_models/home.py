"""Home: begin a treatment, what is to be completed, what is due."""

from collections.abc import Iterator
from dataclasses import replace

from ui.kiosk.journey.home import DUE, TO_COMPLETE, Home
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, say, say_row
from ui.kiosk.view_models.blocks import Block, Card, Column, FormView, Gap, Heading, Keys
from ui.kiosk.view_models.lock import role_words
from ui.kiosk.view_models.parts import KeyLook, KeyView

CARDS, CARDS_TALL = 4, 2
CARD_HIGH = 88
IN_ORDER = {"in_order", "ok"}


def home_view(place: Home, kiosk: Kiosk) -> FormView:
    """Return where work begins, and what waits."""
    me = kiosk.me
    name = me.operator if me is not None and me.token else ""
    line = f"{name} · {role_words(me.role)}" if me is not None and name else ""
    greeting = _("Good day, {name}").format(name=name) if name else _("Good day")
    new = KeyView(
        action="patients",
        text=_("New treatment"),
        note=_("Patient, then programme and pads"),
        icon="play",
        look=KeyLook.LEAD,
    )
    hint = Card(
        height=64,
        only_wide=True,
        icon="flash",
        text=_("TENS is felt as tingling. EMS makes muscles contract."),
    )
    places = _places(kiosk)
    left: tuple[Block, ...] = (
        Heading(text=greeting),
        Keys(height=104, how="tile", keys=(new,)),
        Keys(columns=min(len(places), 2), how="tile", keys=places),
        hint,
    )
    found = tuple(_cards(kiosk))[:CARDS]
    cards = tuple(replace(card, only_wide=at >= CARDS_TALL) for at, card in enumerate(found))
    right = (Heading(text=_("Today") if cards else "", only_wide=True), *cards, Gap(only_wide=True))
    lock = KeyView(action="lock", text=_("Lock"), icon="lock")
    return FormView(
        title=_("Home"),
        line=line,
        rail=(lock,),
        columns=(Column(share=428, blocks=left), Column(share=220, blocks=right)),
    )


def _places(kiosk: Kiosk) -> tuple[KeyView, ...]:
    """Return the keys of what there is: each action is an entry of `places.py`."""
    new = KeyView(action="new_patient", text=_("New patient"), note=_("alias and year"), icon="new")
    held = None if kiosk.snapshot is None else kiosk.snapshot.close_out
    if held is None:
        return (new,)
    close_out = KeyView(
        action="close_out",
        text=_("Close out"),
        note=_("pads and skin"),
        icon="todo",
        look=KeyLook.OUTLINED,
    )
    return close_out, new


def _cards(kiosk: Kiosk) -> Iterator[Card]:
    snapshot = kiosk.snapshot
    if snapshot is not None and snapshot.out_of_use is not None:
        yield _card(_("Out of use"), say(snapshot.out_of_use), "warn", "alarm")
    to_complete = kiosk.rows(TO_COMPLETE) or ()
    names = tuple(dict.fromkeys(str(row["alias"] or row["patient"]) for row in to_complete))
    if names:
        title = _("To complete: {count}").format(count=len(to_complete))
        yield _card(title, _some(names, 2), "todo", "advice")
    due = [row for row in kiosk.rows(DUE) or () if row["status"] not in IN_ORDER]
    care = tuple(say_row(row["name"]) for row in due if row["kind"] == "care")
    if care:
        yield _card(_("Care due: {count}").format(count=len(care)), _some(care, 1), "tool", "warn")
    drills = tuple(_drill(str(row["item"])) for row in due if row["kind"] == "drill")
    if drills:
        title = _("Drills due: {count}").format(count=len(drills))
        yield _card(title, _some(tuple(dict.fromkeys(drills)), 1), "drill", "warn")


def _some(names: tuple[str, ...], most: int) -> str:
    more = " …" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _drill(kind: str) -> str:
    return {
        "e-stop": _("emergency stop"),
        "hand-switch": _("hand switch"),
        "lead": _("lead"),
        "known-load": _("known load"),
        "watchdog": _("watchdog"),
    }.get(kind, kind)


def _card(title: str, text: str, icon: str, look: str) -> Card:
    return Card(height=CARD_HIGH, title=title, text=text, icon=icon, look=look)
