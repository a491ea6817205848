"""Home: begin a treatment, what is to be completed or due, what was done last."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ui.kiosk.journey.home import DUE, SET_UP, TO_COMPLETE, Home
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, listed, say, say_row
from ui.kiosk.view_models.blocks import Block, Card, Column, FormView, Gap, Heading, Keys
from ui.kiosk.view_models.home_state import CARD_HIGH, IN_ORDER, state_cards
from ui.kiosk.view_models.lock import role_words
from ui.kiosk.view_models.parts import KeyLook, KeyView

CARDS, CARDS_TALL, FILLED = 4, 2, 3
"""The most cards of what is due, those on a tall display, and those that are filled up to."""
MOST_WITH_HINT = 4
LEAD, SERVICE = "lead", "service"


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
    begin = (Keys(height=104, how="tile", keys=(new,)),) if _treats(kiosk) else ()
    hint = Card(
        height=64,
        only_wide=True,
        icon="flash",
        text=_("TENS is felt as tingling. EMS makes muscles contract."),
    )
    places = _places(kiosk)
    left: tuple[Block, ...] = (
        Heading(text=greeting),
        *begin,
        Keys(columns=min(len(places), 2), how="tile", keys=places),
        *(() if len(places) > MOST_WITH_HINT else (hint,)),
    )
    due = tuple(_cards(kiosk))[:CARDS]
    found = (*due, *tuple(state_cards(kiosk))[: max(FILLED - len(due), 0)])
    cards = tuple(replace(card, only_wide=at >= CARDS_TALL) for at, card in enumerate(found))
    rest = () if len(cards) == CARDS else (Gap(only_wide=True),)
    right = (Heading(text=_("Due and done") if cards else "", only_wide=True), *cards, *rest)
    lock = KeyView(action="lock", text=_("Lock"), icon="lock")
    return FormView(
        title=_("Home"),
        line=line,
        rail=(lock,),
        columns=(Column(share=428, blocks=left), Column(share=220, blocks=right)),
    )


def _places(kiosk: Kiosk) -> tuple[KeyView, ...]:
    """Return the keys of what there is: each action is an entry of `places.py`."""
    keys = [
        KeyView(action="programmes", text=_("Programmes"), note=_("evidence"), icon="book"),
        KeyView(action="sessions", text=_("Sessions"), note=_("what was done"), icon="history"),
        KeyView(action="drills", text=_("Drills"), note=_("try the stops"), icon="drill"),
        KeyView(action="service", text=_("Service"), note=_("the unit"), icon="gear"),
    ]
    if _treats(kiosk):
        note = _("alias and year")
        new = KeyView(action="new_patient", text=_("New patient"), note=note, icon="new")
        keys.insert(0, new)
    if kiosk.snapshot is not None and kiosk.snapshot.close_out is not None:
        keys.insert(0, _first("close_out", _("Close out"), _("pads and skin"), "todo"))
    missing = [row for row in kiosk.rows(SET_UP) or () if not row["done"]]
    if missing and kiosk.me is not None and kiosk.me.token and kiosk.me.role == LEAD:
        note = say_row(missing[0]["name"])
        keys.insert(0, _first("set_up", _("Finish set-up"), note, "tool"))
    return tuple(keys)


def _treats(kiosk: Kiosk) -> bool:
    """Return whether who is signed in treats patients."""
    return kiosk.me is None or kiosk.me.role != SERVICE


def _first(action: str, text: str, note: str, icon: str) -> KeyView:
    return KeyView(action=action, text=text, note=note, icon=icon, look=KeyLook.OUTLINED)


def _to_complete(rows: Sequence[Row], card: Card, held: str) -> Block:
    """Return the card as a key to the newest close-out with a question open; else as it is.

    The one that holds up the next treatment (`held`) has a key of its own.
    """
    asked = [row["session"] for row in rows if row["outcome"] is None and row["session"] != held]
    if not asked:
        return card
    key = KeyView(
        action=f"close_out:{asked[-1]}",
        text=card.title,
        note=card.text,
        icon=card.icon,
        look=KeyLook.OUTLINED,
    )
    return Keys(height=CARD_HIGH, how="tile", keys=(key,))


def _cards(kiosk: Kiosk) -> Iterator[Block]:
    snapshot = kiosk.snapshot
    if snapshot is not None and snapshot.out_of_use is not None:
        yield _card(_("Out of use"), say(snapshot.out_of_use), "warn", "alarm")
    to_complete = kiosk.rows(TO_COMPLETE) or ()
    names = tuple(dict.fromkeys(str(row["alias"] or row["patient"]) for row in to_complete))
    if names:
        title = _("To complete: {count}").format(count=len(to_complete))
        close_out = None if snapshot is None else snapshot.close_out
        held = "" if close_out is None else close_out.session
        yield _to_complete(to_complete, _card(title, _some(names, 2), "todo", "advice"), held)
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
    return listed(*names[:most]) + more


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
