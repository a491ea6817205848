"""What the patient is told, in three blocks, in large type."""

from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.told import TellPatient
from ui.kiosk.locale.words import _, say_row
from ui.kiosk.view_models.blocks import (
    Beside,
    Column,
    FormView,
    Keys,
    PatientBlock,
    PatientCard,
)
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title


def tell_view(place: TellPatient, kiosk: Kiosk) -> FormView:
    """Return the card and the key that confirms it."""
    card = PatientCard(blocks=_blocks(place, kiosk), turned=place.turned)
    turn = KeyView(action="turn_round", text=_("Turn round"), icon="turn", look=KeyLook.OUTLINED)
    known = bool(card.blocks)
    understood = KeyView(
        action="understood",
        text=_("The patient has understood"),
        icon="check",
        look=KeyLook.LEAD if known else KeyLook.OFF,
    )
    keys = Beside(
        height=76, shares=(212, 436), parts=(Keys(keys=(turn,)), Keys(keys=(understood,)))
    )
    return FormView(
        title=step_title(place.treatment),
        line=_("Tell the patient"),
        rail=(BACK,),
        columns=(Column(blocks=(card, *problem_card(kiosk), keys)),),
    )


def _blocks(place: TellPatient, kiosk: Kiosk) -> tuple[PatientBlock, ...]:
    """Return a sentence a block; what comes after the third belongs to it."""
    told = [say_row(row["say"]) for row in place.sentences(kiosk)]
    heads = (
        ("rise", _("What you will feel")),
        ("hand", _("When to speak")),
        ("switch", _("How to stop it")),
    )
    texts = (*told[:2], " ".join(told[2:]))
    return tuple(
        PatientBlock(icon=icon, title=title, text=text)
        for (icon, title), text in zip(heads, texts, strict=False)
        if text
    )
