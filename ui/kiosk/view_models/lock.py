"""The lock screen and the first set-up."""

from ui.kiosk.journey.lock import PIN_SHOWN, Lock, row_of
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.set_up import SetUp
from ui.kiosk.locale.words import _, say_row
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Heading,
    Keys,
    Steps,
    digit_keys,
    letter_keys,
)
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.refusals import refusal_text

TILES = 6
S_US = 1_000_000


def lock_view(place: Lock, kiosk: Kiosk) -> FormView:
    """Return who can sign in, and a PIN for whoever was chosen."""
    operators = [row for row in kiosk.rows("operators") or () if row["kind"] == "operator"]
    if not any(row["has_pin"] for row in operators):
        return _not_set_up(kiosk)
    tiles = tuple(
        KeyView(
            action=f"operator:{row['operator']}",
            text=str(row["operator"]),
            note=role_words(str(row["role"])),
            icon="person" if row["role"] != "service" else "gear",
            look=KeyLook.CHOSEN if row["operator"] == place.operator else KeyLook.PLAIN,
        )
        for row in operators[:TILES]
    )
    left = Column(
        share=360,
        blocks=(
            Heading(text=_("Who is treating?")),
            Keys(columns=2, how="tile", keys=tiles),
            _below(kiosk),
        ),
    )
    return FormView(columns=(left, Column(share=280, blocks=_pin(place, kiosk))))


def _below(kiosk: Kiosk) -> Card:
    reset = next((row for row in kiosk.rows("operators") or () if row["kind"] == "reset"), None)
    if reset is not None:
        text = _("The PINs of the lead clinicians were cleared over SSH by {who}.")
        return Card(height=92, icon="warn", look="warn", text=text.format(who=reset["by"]))
    return Card(
        height=92,
        icon="info",
        title=_("Not conformity-tested."),
        text=_("An open reference design, not a cleared medical device."),
    )


def _pin(place: Lock, kiosk: Kiosk) -> tuple[Block, ...]:
    waits_us = int(row_of(kiosk, place.operator).get("locked_out_us", 0) or 0)
    on = bool(place.operator) and not waits_us
    problem = _problem(place, kiosk, waits_us)
    enter = KeyView(
        action="enter" if on and place.pin else "",
        text=_("Enter"),
        look=KeyLook.LEAD if on and place.pin else KeyLook.OFF,
    )
    return (
        Heading(text=_heading(place)),
        Entry(
            caption="",
            text=place.pin,
            secret=True,
            places=PIN_SHOWN,
            problem=problem,
            height=48 + (28 if problem else 0),
        ),
        Keys(columns=3, how="digit", keys=digit_keys(on=on, left=enter)),
    )


def _heading(place: Lock) -> str:
    if not place.operator:
        return _("PIN")
    if place.chooses_new:
        return _("The new PIN again") if place.again else _("Choose a new PIN")
    return _("PIN of {name}").format(name=place.operator)


def _problem(place: Lock, kiosk: Kiosk, waits_us: int) -> str:
    if waits_us:
        return _("Wrong PINs: try again in {time} s").format(time=-(-waits_us // S_US))
    if place.differs:
        return _("The two PINs differ")
    return "" if kiosk.refused is None else refusal_text(kiosk.refused)


def role_words(role: str) -> str:
    """Return a role of an operator in words."""
    return {
        "lead": _("lead clinician"),
        "clinician": _("clinician"),
        "service": _("service"),
    }.get(role, role)


def _not_set_up(kiosk: Kiosk) -> FormView:
    begin = KeyView(
        action="set_up",
        text=_("Set up this unit"),
        note=_("language, clinic, clock, lead clinician"),
        icon="tool",
        look=KeyLook.LEAD,
    )
    keys = [begin]
    if kiosk.snapshot is not None and kiosk.snapshot.rig != "hardware":
        keys.append(
            KeyView(
                action="try_it",
                text=_("Try it on the virtual board"),
                note=_("nobody is treated; no PIN"),
                icon="screen",
                look=KeyLook.OUTLINED,
            )
        )
    blocks = (
        Heading(text=_("This unit is not set up yet")),
        Keys(height=200 if len(keys) > 1 else 96, how="tile", keys=tuple(keys)),
        _below(kiosk),
        Heading(text=""),
    )
    return FormView(columns=(Column(blocks=blocks),))


def set_up_view(place: SetUp, kiosk: Kiosk) -> FormView:
    """Return the steps of the first set-up, and what the present one asks."""
    now = place.step(kiosk)
    steps = tuple(
        StepView(
            text=say_row(row["name"]),
            icon="check" if row["done"] else "ring",
            state_role="good" if row["done"] else ("text" if row["step"] == now else "text_off"),
        )
        for row in kiosk.rows("set_up") or ()
    )
    left = Column(share=300, blocks=(Heading(text=_("Set up this unit")), Steps(steps=steps)))
    return FormView(columns=(left, Column(share=340, blocks=_ask(place, kiosk, now))))


def _ask(place: SetUp, kiosk: Kiosk, now: str) -> tuple[Block, ...]:
    problem = "" if kiosk.refused is None else refusal_text(kiosk.refused)
    match now:
        case "lead":
            return _lead(place, problem)
        case "clinic":
            return _typing(_("Name of the clinic"), place.clinic, problem, "done")
        case "language":
            return _confirm(_("Language"), _("English"), _("Use English"), problem)
        case "clock":
            text = _("It is {clock} by the clock of this unit.").format(clock=kiosk.clock)
            return _confirm(_("Date and time"), text, _("That is right"), problem)
        case "board":
            text = _("The self-test of the board has passed. The lamps and the buzzer were seen.")
            return _confirm(_("Board"), text, _("Checked"), problem)
        case "-":
            return (Heading(text=""),)
        case _:
            return _confirm(_("Set-up"), _("What is left is done on Home."), "", problem, "finish")


def _lead(place: SetUp, problem: str) -> tuple[Block, ...]:
    if not place.named:
        return _typing(_("Lead clinician: short name"), place.name, problem, "named")
    heading = _("The PIN again") if place.first_pin else _("Choose a PIN")
    if place.differs:
        problem = _("The two PINs differ")
    enter = KeyView(action="enter", text=_("Enter"), look=KeyLook.LEAD)
    return (
        Heading(text=heading, note=place.name),
        Entry(
            caption="",
            text=place.pin,
            secret=True,
            places=PIN_SHOWN,
            problem=problem,
            height=48 + (28 if problem else 0),
        ),
        Keys(columns=3, how="digit", keys=digit_keys(left=enter)),
    )


def _typing(heading: str, text: str, problem: str, action: str) -> tuple[Block, ...]:
    done = KeyView(
        action=action if text.strip() else "",
        text=_("Done"),
        look=KeyLook.LEAD if text.strip() else KeyLook.OFF,
    )
    return (
        Heading(text=heading),
        Entry(caption="", text=text, problem=problem, height=48 + (28 if problem else 0)),
        Keys(columns=10, how="letter", gap=4, keys=letter_keys()),
        Keys(height=56, keys=(done,)),
    )


def _confirm(
    heading: str, text: str, key: str, problem: str, action: str = "done"
) -> tuple[Block, ...]:
    done = KeyView(action=action, text=key or _("To Home"), look=KeyLook.LEAD)
    return (
        Heading(text=heading),
        Card(icon="info", text=f"{text} {problem}".strip(), height=110),
        Keys(height=64, keys=(done,)),
        Heading(text=""),
    )
