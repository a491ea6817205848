"""A new patient: alias, year of birth, the engine's questions, the id."""

from dataclasses import replace

from appliance.messages.replies import Refused
from ui.kiosk.journey.new_patient import ALIAS, YEAR_DIGITS, NewPatient
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, say, sentence, text_of
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Gap,
    Heading,
    Keys,
    Question,
)
from ui.kiosk.view_models.keyboard import digit_keys, field_beside, keyboard
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK

SHOWN = 1
"""Look-alikes that have a key of their own."""


def new_patient_view(place: NewPatient, kiosk: Kiosk) -> FormView:
    """Return the field that is asked now."""
    if place.patient:
        blocks, line = _registered(place), ""
    elif place.at_year:
        blocks, line = _year(place, kiosk), _("Year of birth · 2 of 2")
    else:
        blocks, line = _alias(place), _("Alias · 1 of 2")
    return FormView(
        title=_("New patient"),
        line=line,
        rail=(BACK,),
        turn=line or "registered",
        columns=(Column(blocks=blocks),),
    )


def _alias(place: NewPatient) -> tuple[Block, ...]:
    on = KeyView(
        action="to_year",
        text=_("Next") if place.alias else _("No alias"),
        look=KeyLook.LEAD if place.alias else KeyLook.OUTLINED,
    )
    refused = place.question if place.question and place.question.rule == ALIAS else None
    hint = Card(
        height=64,
        icon="info",
        text=_("2 to 6 letters and digits, at least one digit. Never a name."),
    )
    if refused is not None:
        hint = _refusal(refused, 64)
    elif place.fault is not None:
        hint = replace(hint, icon="warn", look="alarm")
    field = Entry(caption=_("Alias, never a name"), text=place.alias)
    return (
        field_beside(field, on, 60),
        hint,
        keyboard(signs=False),
    )


def _year(place: NewPatient, kiosk: Kiosk) -> tuple[Block, ...]:
    ready = len(place.year) == YEAR_DIGITS
    register = KeyView(
        action="register" if ready else "",
        text=_("Register"),
        note=_("answer above") if place.question else "" if ready else _("four digits"),
        look=KeyLook.LEAD if ready and place.question is None else KeyLook.OFF,
    )
    change = KeyView(
        action="to_alias", text=place.alias or _("No alias"), note=_("alias"), icon="edit"
    )
    field = Entry(caption=_("Year of birth, adults only"), text=place.year)
    return (
        Beside(height=60, shares=(220, 428), parts=(Keys(how="tile", keys=(change,)), field)),
        *_question(place, kiosk),
        Beside(
            shares=(428, 220),
            parts=(
                Keys(columns=3, how="digit", keys=digit_keys()),
                Column(blocks=(Gap(), Keys(height=76, keys=(register,)))),
            ),
        ),
    )


def _question(place: NewPatient, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return the engine's question with its answers, or its refusal."""
    question = place.question
    if question is None:
        return ()
    if place.asks_birthday:
        yes = KeyView(
            action="had_birthday", text=_("18th birthday has been"), look=KeyLook.OUTLINED
        )
        return (_asked(question, (yes,)),)
    if not place.similar:
        return (_refusal(question, 84),)
    else_ = KeyView(action="somebody_else", text=_("Somebody else"), look=KeyLook.OUTLINED)
    same = tuple(
        KeyView(
            action=f"it_is:{patient}",
            text=_("It is {name}").format(name=_name(patient, kiosk)),
            look=KeyLook.OUTLINED,
        )
        for patient in place.similar[:SHOWN]
    )
    return (_asked(question, (*same, else_)),)


def _asked(question: Refused, keys: tuple[KeyView, ...]) -> Question:
    return Question(
        height=112,
        look="warn",
        text=sentence(say(question.asked)),
        keys=keys,
        key_width=156,
    )


def _refusal(question: Refused, height: float) -> Card:
    return Card(
        height=height,
        icon="warn",
        look="alarm",
        title=_("Not accepted: {asked}").format(asked=say(question.asked)),
        text=sentence(say(question.allowed)),
    )


def _name(patient: str, kiosk: Kiosk) -> str:
    rows: tuple[Row, ...] = kiosk.rows("patients:") or ()
    row = next((row for row in rows if row["patient"] == patient), None)
    return str((row and row["alias"]) or patient)


def _registered(place: NewPatient) -> tuple[Block, ...]:
    treat = KeyView(
        action="treat",
        text=_("Treat"),
        note=_("Programme, then screening and pads"),
        icon="play",
        look=KeyLook.LEAD,
    )
    title = f"{place.alias} · {place.patient}" if place.alias else place.patient
    return (
        Heading(text=_("Registered")),
        Card(
            height=110,
            icon="check",
            look="good",
            title=title,
            text=text_of("registration.who_is_who"),
        ),
        Gap(),
        Keys(height=92, how="tile", keys=(treat,)),
    )
