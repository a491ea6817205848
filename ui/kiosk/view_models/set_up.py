"""The first set-up: its steps, and what the present one asks; the clinic once it is set up."""

from ui.kiosk.journey.clinic import ClinicCard
from ui.kiosk.journey.languages import screen_language
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.set_up import SELF_TEST, SetUp
from ui.kiosk.locale.words import _, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Gap,
    Heading,
    Keys,
    Rows,
    Steps,
)
from ui.kiosk.view_models.keyboard import digit_keys, done_key, field_beside, keyboard
from ui.kiosk.view_models.languages import language_keys, reviewed_cards
from ui.kiosk.view_models.lock import pin_entry
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.refusals import refusal_text
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card


def set_up_view(place: SetUp, kiosk: Kiosk) -> FormView:
    """Return the steps of the first set-up, and what the present one asks."""
    now = place.step(kiosk)
    asked = _ask(place, kiosk, now)
    line = _("Saved after each step")
    turn = f"{now}{place.named}{place.clinic_named}"
    typing = now == "clinic" and not place.clinic_named
    if typing or (now == "lead" and not place.named):  # the keyboard takes the whole width
        return FormView(line=line, rail=(BACK,), turn=turn, columns=(Column(blocks=asked),))
    heading = Heading(text=_("Set up this unit"), note=_which(kiosk, now))
    left = Column(share=300, blocks=(heading, Steps(steps=_steps(kiosk, now))))
    columns = (left, Column(share=340, blocks=asked))
    return FormView(line=line, rail=(BACK,), turn=turn, columns=columns)


def _steps(kiosk: Kiosk, now: str) -> tuple[StepView, ...]:
    """Return the steps with their numbers, with a tick where one is done."""
    return tuple(
        StepView(
            text=sentence(say_row(row["name"])),
            icon="check" if row["done"] else "",
            number=str(number),
            state_role="good" if row["done"] else ("text" if row["step"] == now else "text_soft"),
        )
        for number, row in enumerate(kiosk.rows("set_up") or (), 1)
    )


def _which(kiosk: Kiosk, now: str) -> str:
    """Return which of the steps is done now, "" where none is."""
    steps = [str(row["step"]) for row in kiosk.rows("set_up") or ()]
    if now not in steps:
        return ""
    return _("Step {step} of {of}").format(step=steps.index(now) + 1, of=len(steps))


def _ask(place: SetUp, kiosk: Kiosk, now: str) -> tuple[Block, ...]:
    problem = "" if kiosk.refused is None else refusal_text(kiosk.refused)
    match now:
        case "lead":
            return _lead(place, problem, _which(kiosk, now))
        case "clinic" if place.clinic_named:
            return _telephone(place.telephone, problem)
        case "clinic":
            return _clinic_name(place.clinic, problem, _which(kiosk, now))
        case "language":
            return _languages(kiosk, problem)
        case "clock":
            text = _("It is {clock} by the clock of this unit.").format(clock=kiosk.clock)
            return _confirm(_("Date and time"), text, _("That is right"), problem)
        case "board":
            return _board(kiosk, problem)
        case "-":
            return (Heading(text=""),)
        case _:
            text = _("The drills come next; they are on Home.")
            return _confirm(_("Set-up"), text, "", problem, "finish")


def _board(kiosk: Kiosk, problem: str) -> tuple[Block, ...]:
    """Return what the self-test found, and what a person has to see."""
    rows = kiosk.rows(SELF_TEST) or ()
    test = next((row for row in rows if row["kind"] == "self_test"), {})
    if not test:
        found = Card(height=64, icon="info", title=_("No self-test is recorded yet"))
    elif test["passed"]:
        found = Card(height=64, icon="check", look="good", title=_("Self-test passed"))
    else:
        found = Card(height=64, icon="warn", look="alarm", title=_("Self-test not passed"))
    ask = _("Are both lamps whole, and was the buzzer heard?")
    return (Heading(text=_("Board")), found, *_confirm("", ask, _("Yes, checked"), problem)[1:])


def _languages(kiosk: Kiosk, problem: str) -> tuple[Block, ...]:
    keys = language_keys("speak", screen_language(kiosk))
    return (
        Heading(text=_("Language")),
        Keys(columns=2, columns_tall=3, keys=keys),
        *((Card(height=64, icon="warn", look="warn", text=problem),) if problem else ()),
        *reviewed_cards(),
    )


def _lead(place: SetUp, problem: str, which: str) -> tuple[Block, ...]:
    if not place.named:
        short = Heading(text=_("Lead clinician: short name"), note=which)
        return _typing(short, place.name, problem, "named")
    heading = _("The PIN again") if place.first_pin else _("Choose a PIN")
    if place.differs:
        problem = _("The two PINs differ")
    enter = KeyView(action="enter", text=_("Enter"), look=KeyLook.LEAD)
    return (
        Heading(text=heading, note=place.name),
        pin_entry(place.pin, problem),
        Keys(columns=3, how="digit", keys=digit_keys(left=enter)),
    )


def _clinic_name(text: str, problem: str, which: str = "") -> tuple[Block, ...]:
    return _typing(Heading(text=_("Name of the clinic"), note=which), text, problem, "done")


def _telephone(number: str, problem: str) -> tuple[Block, ...]:
    """Return the number whom a patient calls; it may stay empty."""
    plus = KeyView(action="digit:+", text="+")
    text = _("Done") if number else _("Without a number")
    done = KeyView(action="done", text=text, look=KeyLook.LEAD)
    return (
        Heading(text=_("Telephone of the clinic")),
        Entry(
            caption="",
            text=number,
            hint=_("on the sheet for the patient"),
            problem=problem,
            height=48 + (28 if problem else 0),
        ),
        Keys(columns=3, how="digit", keys=digit_keys(left=plus)),
        Keys(height=56, keys=(done,)),
    )


def clinic_view(place: ClinicCard, kiosk: Kiosk) -> FormView:
    """Return the name of the clinic and its number, or one of them to type."""
    problem = "" if kiosk.refused is None else refusal_text(kiosk.refused)
    match place.changes:
        case "clinic":
            blocks = _clinic_name(place.text, problem)
        case "telephone":
            blocks = _telephone(place.text, problem)
        case _:
            blocks = _clinic(place, kiosk)
    return FormView(
        title=_("Clinic"),
        line=_("Service"),
        rail=(BACK,),
        turn=place.changes,
        columns=(Column(blocks=blocks),),
    )


def _clinic(place: ClinicCard, kiosk: Kiosk) -> tuple[Block, ...]:
    row = place.row(kiosk)
    known = (
        (_("Name of the clinic"), str(row.get("clinic") or "–")),
        (_("Telephone of the clinic"), str(row.get("telephone") or "–")),
    )
    keys = (
        KeyView(
            action="change:clinic",
            text=_("Name of the clinic"),
            note=_("Change"),
            icon="edit",
            look=KeyLook.OUTLINED,
        ),
        KeyView(
            action="change:telephone",
            text=_("Telephone of the clinic"),
            note=_("Change"),
            icon="call",
            look=KeyLook.OUTLINED,
        ),
    )
    text = _("The number is printed on the sheet for the patient.")
    return (
        Rows(height=112, rows=known),
        Keys(height=96, columns=2, how="tile", keys=keys),
        Card(height=64, icon="info", text=text),
        *problem_card(kiosk),
        Gap(),
    )


def _typing(heading: Heading, text: str, problem: str, action: str) -> tuple[Block, ...]:
    done = done_key(action, _("Done"), on=bool(text.strip()))
    field = Entry(caption="", text=text, problem=problem)
    return (
        heading,
        field_beside(field, done, 56 + (28 if problem else 0)),
        keyboard(),
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
