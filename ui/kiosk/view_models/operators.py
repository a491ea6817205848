"""Operators: the list, one of them, a new one, and the own PIN."""

from ui.kiosk.journey.lock import PIN_SHOWN
from ui.kiosk.journey.operators import (
    ON_PAGE,
    ROLES,
    MyPin,
    NewOperator,
    OperatorCard,
    Operators,
    operator_rows,
)
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Gap,
    Heading,
    Keys,
    Steps,
)
from ui.kiosk.view_models.keyboard import digit_keys, done_key, field_beside, keyboard
from ui.kiosk.view_models.lock import role_words
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.unit_blocks import StateRow, StateRows

ICONS = {"lead": "person", "clinician": "person", "service": "gear"}


def operators_view(place: Operators, kiosk: Kiosk) -> FormView:
    """Return everybody who can sign in, and a key for somebody new."""
    rows = operator_rows(kiosk)
    shown = tuple(map(_line, rows[place.first : place.first + ON_PAGE]))
    new = KeyView(action="new", text=_("New operator"), icon="new", look=KeyLook.LEAD)
    keys = [new]
    if place.first:
        keys.insert(0, KeyView(action="up", text=_("Up"), icon="up"))
    if place.first + ON_PAGE < len(rows):
        keys.insert(len(keys) - 1, KeyView(action="down", text=_("Down"), icon="down"))
    foot = Keys(height=64, columns=len(keys), keys=tuple(keys))
    return FormView(
        title=_("Operators"),
        line=_("Who can sign in on this unit"),
        rail=(BACK,),
        turn=str(place.first),
        columns=(Column(blocks=(StateRows(rows=shown, lines=5), *problem_card(kiosk), foot)),),
    )


def _line(row: Row) -> StateRow:
    state, icon, role = _("own PIN"), "check", "good"
    if not row["has_pin"]:
        state, icon, role = _("no PIN"), "warn", "warn"
    elif row["one_time"]:
        state, icon, role = _("one-time PIN"), "clock", "advice"
    return StateRow(
        icon=ICONS.get(str(row["role"]), "person"),
        title=str(row["operator"]),
        note=role_words(str(row["role"])),
        state=state,
        state_icon=icon,
        state_role=role,
        key=KeyView(action=f"operator:{row['operator']}", text=_("Open")),
    )


def operator_view(place: OperatorCard, kiosk: Kiosk) -> FormView:
    """Return one operator: a new one-time PIN, or retired."""
    row = next((row for row in operator_rows(kiosk) if row["operator"] == place.operator), {})
    line = role_words(str(row["role"])) if row else ""
    if place.giving:
        key = KeyView(action="give", text=_("New one-time PIN"), icon="lock", look=KeyLook.LEAD)
        columns = _one_time(kiosk, key, place.operator)
    elif place.pin:
        columns = _given(place)
    elif place.retiring:
        columns = _retire(place, kiosk)
    else:
        columns = _card(kiosk, void=place.void)
    turn = f"{place.giving}{bool(place.pin)}{place.retiring}"
    return FormView(title=place.operator, line=line, rail=(BACK,), turn=turn, columns=columns)


def _card(kiosk: Kiosk, *, void: bool) -> tuple[Column, ...]:
    keys = (
        KeyView(
            action="new_pin",
            text=_("New one-time PIN"),
            note=_("for a forgotten one"),
            icon="lock",
            look=KeyLook.OUTLINED,
        ),
        KeyView(
            action="retire",
            text=_("Retire"),
            note=_("signs in no more"),
            icon="walk",
            look=KeyLook.OUTLINED,
        ),
    )
    text = _("Nobody can read a PIN that was set. What is changed here is kept in the records.")
    note = Card(height=84, icon="info", text=text)
    if void:
        gone = _("The one-time PIN that was shown here was used, or another one was drawn.")
        note = Card(height=84, icon="lock", look="advice", text=gone)
    blocks: tuple[Block, ...] = (
        Keys(height=180, how="tile", keys=keys),
        note,
        *problem_card(kiosk),
        Gap(),
    )
    return (Column(blocks=blocks),)


def _one_time(kiosk: Kiosk, key: KeyView, replaces: str = "") -> tuple[Column, ...]:
    """Return what a one-time PIN is, before it is drawn; `replaces` has a PIN until now."""
    steps = [
        StepView(text=_("The unit draws it and shows it once, on this screen."), icon="lock"),
        StepView(text=_("It is good once. Then an own PIN is chosen."), icon="check"),
    ]
    if replaces:
        ends = _("The present PIN of {name} is not accepted any more then.").format(name=replaces)
        steps.append(StepView(text=ends, icon="warn"))
    blocks: tuple[Block, ...] = (
        Heading(text=_("One-time PIN")),
        Steps(steps=tuple(steps)),
        *problem_card(kiosk),
        Keys(height=76, keys=(key,)),
    )
    return (Column(blocks=blocks),)


def _given(place: OperatorCard) -> tuple[Column, ...]:
    steps = (
        StepView(text=_("Tell it to {name} only.").format(name=place.operator), icon="person"),
        StepView(text=_("Sign in with it at the lock screen."), icon="lock"),
        StepView(text=_("An own PIN is chosen then."), icon="check"),
        StepView(text=_("It is not shown again. A new one can be drawn."), icon="info"),
    )
    done = KeyView(action="back", text=_("Done"), icon="check", look=KeyLook.LEAD)
    blocks: tuple[Block, ...] = (
        Heading(text=_("One-time PIN: {pin}").format(pin=place.pin)),
        Steps(steps=steps),
        Keys(height=76, keys=(done,)),
    )
    return (Column(blocks=blocks),)


def _retire(place: OperatorCard, kiosk: Kiosk) -> tuple[Column, ...]:
    title = _("Retire {name}?").format(name=place.operator)
    text = _("The name stays in the records and is never given again.")
    retire = KeyView(action="really_retire", text=_("Retire"), icon="walk", look=KeyLook.LEAD)
    blocks: tuple[Block, ...] = (
        Card(height=104, icon="warn", look="warn", title=title, text=text),
        *problem_card(kiosk),
        Gap(),
        Keys(height=76, keys=(retire,)),
    )
    return (Column(blocks=blocks),)


def new_operator_view(place: NewOperator, kiosk: Kiosk) -> FormView:
    """Return what is asked of a new operator: the name, the role; then a PIN is drawn."""
    if place.role:
        enrol = KeyView(action="enrol", text=_("Enrol"), icon="new", look=KeyLook.LEAD)
        columns = _one_time(kiosk, enrol)
    elif place.named:
        columns = (Column(blocks=(Heading(text=_("Role")), *_roles())),)
    else:
        columns = (Column(blocks=_name(place, kiosk)),)
    line = " · ".join(filter(None, (place.name if place.named else "", role_words(place.role))))
    return FormView(
        title=_("New operator"),
        line=line,
        rail=(BACK,),
        turn=f"{place.named}{place.role}",
        columns=columns,
    )


def _roles() -> tuple[Block, ...]:
    notes = {
        "clinician": _("treats patients"),
        "lead": _("treats patients, decides who works here"),
        "service": _("test loads, drills, care; no patients"),
    }
    keys = tuple(
        KeyView(
            action=f"role:{role}",
            text=sentence(role_words(role)),
            note=notes[role],
            icon=ICONS[role],
            look=KeyLook.OUTLINED,
        )
        for role in ROLES
    )
    return Keys(height=280, how="tile", keys=keys), Gap()


def _name(place: NewOperator, kiosk: Kiosk) -> tuple[Block, ...]:
    done = done_key("named", _("Next"), on=bool(place.name.strip()))
    return (
        Heading(text=_("Name on the lock screen")),
        field_beside(Entry(caption="", text=place.name, hint=_("short name")), done),
        *problem_card(kiosk),
        keyboard(),
    )


def my_pin_view(place: MyPin, kiosk: Kiosk) -> FormView:
    """Return the digits for the old PIN, a new one, and that again."""
    headings = (_("The present PIN"), _("Choose a new PIN"), _("The new PIN again"))
    problem: tuple[Block, ...] = problem_card(kiosk, height=104)
    if place.differs:
        problem = (Card(height=64, icon="warn", look="alarm", text=_("The two PINs differ")),)
    if place.changed:
        problem = (Card(height=72, icon="check", look="good", title=_("The PIN is changed")),)
    on = bool(place.pin)
    enter = done_key("enter", _("Enter"), on=on)
    entry = Entry(caption="", text=place.pin, secret=True, places=PIN_SHOWN, height=48)
    left = (Heading(text=headings[place.at]), entry, *problem, Gap(only_wide=True))
    digits = Keys(columns=3, how="digit", keys=digit_keys(on=not place.changed, left=enter))
    me = "" if kiosk.me is None else kiosk.me.operator
    return FormView(
        title=_("My PIN"),
        line=me,
        rail=(BACK,),
        turn=str(place.at),
        columns=(Column(share=340, blocks=left), Column(share=300, blocks=(digits,))),
    )
