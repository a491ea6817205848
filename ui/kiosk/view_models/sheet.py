"""The sheet that the patient takes home: what is on it, its language, and where it goes."""

from appliance.texts.languages import OFFERED, language_of
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.sheet import KEEP, WRITE, PatientSheet
from ui.kiosk.locale.words import _, language
from ui.kiosk.view_models.blocks import Block, Card, Column, FormView, Gap, Heading, Keys, Steps
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card


def patient_sheet_view(place: PatientSheet, kiosk: Kiosk) -> FormView:
    """Return what the sheet says on the left, its language and the keys on the right."""
    chosen = place.language or language().code
    said = (
        ("check", _("What was done")),
        ("person", _("What may be felt")),
        ("warn", _("Signs of the skin to look for")),
        ("walk", _("Exercises and advice that were given")),
        ("call", _("Whom to call")),
    )
    steps = tuple(StepView(text=text, icon=icon) for icon, text in said)
    left: tuple[Block, ...] = (
        Heading(text=_("On the sheet"), only_wide=True),
        Steps(steps=steps, only_wide=True),
    )
    names = tuple(_language(code, chosen) for code in OFFERED)
    rows = -(-len(names) // 3)
    right = (
        Heading(text=_("Language of the patient")),
        Keys(height=56.0 * rows + 8 * (rows - 1), columns=3, keys=names),
        Gap(),
        *(problem_card(kiosk, 84) or (_state(place, kiosk),)),
        Keys(height=76, columns=2, keys=_keys(chosen, kiosk)),
    )
    return FormView(
        title=place.whose.name,
        line=_("Sheet for the patient"),
        rail=(BACK,),
        columns=(Column(share=270, blocks=left), Column(share=378, blocks=right)),
    )


def _language(code: str, chosen: str) -> KeyView:
    look = KeyLook.CHOSEN if code == chosen else KeyLook.OUTLINED
    return KeyView(action=f"language:{code}", text=language_of(code).name, look=look)


def _state(place: PatientSheet, kiosk: Kiosk) -> Card:
    if {KEEP, WRITE} & kiosk.waiting:
        return Card(height=64, icon="clock", text=_("The sheet is being made …"))
    if place.done == WRITE:
        text = _("Written to the USB stick and read back. Take the stick out.")
        return Card(height=64, icon="check", look="good", text=text)
    if place.done == KEEP:
        return Card(height=64, icon="check", look="good", text=_("Kept with the session."))
    return Card(height=64, icon="info", text=_("Put a USB stick in to take the sheet along."))


def _keys(chosen: str, kiosk: Kiosk) -> tuple[KeyView, ...]:
    at_work = bool({KEEP, WRITE} & kiosk.waiting)
    keep, write = KeyLook.OUTLINED, KeyLook.LEAD
    if at_work:
        keep = write = KeyLook.OFF
    return (
        KeyView(
            action="" if at_work else f"keep:{chosen}",
            text=_("Keep only"),
            icon="save",
            look=keep,
        ),
        KeyView(
            action="" if at_work else f"write:{chosen}",
            text=_("To USB stick"),
            icon="print",
            look=write,
        ),
    )
