"""What the patient is told, in three blocks, in large type, in the language of the patient."""

from appliance.texts.languages import OFFERED, language_of
from ui.kiosk.journey.languages import screen_language
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.told import TellPatient
from ui.kiosk.locale.words import _, language, say_row, using
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Column,
    FormView,
    Gap,
    Heading,
    Keys,
    PatientBlock,
    PatientCard,
)
from ui.kiosk.view_models.languages import COLUMNS, keys_height, language_keys, reviewed_cards
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title


def tell_view(place: TellPatient, kiosk: Kiosk) -> FormView:
    """Return the card and the key that confirms it, or the languages to choose from."""
    blocks = _choosing(place, kiosk) if place.choosing else _telling(place, kiosk)
    return FormView(
        title=step_title(place.treatment),
        line=_("Tell the patient"),
        rail=(BACK,),
        columns=(Column(blocks=blocks),),
        turn="languages" if place.choosing else "",
    )


def _telling(place: TellPatient, kiosk: Kiosk) -> tuple[Block, ...]:
    with using(patient_language(place, kiosk)):
        card = PatientCard(
            blocks=_blocks(place, kiosk),
            turned=place.turned,
            right_to_left=language().right_to_left,
        )
        own_name = language().name
    turn = KeyView(action="turn_round", text=_("Turn round"), icon="turn", look=KeyLook.OUTLINED)
    other = KeyView(action="patient_language", text=own_name, icon="globe")
    known = bool(card.blocks)
    understood = KeyView(
        action="understood",
        text=_("The patient has understood"),
        icon="check",
        look=KeyLook.LEAD if known else KeyLook.OFF,
    )
    before = (turn, other) if len(OFFERED) > 1 else (turn,)
    keys = Beside(
        height=76,
        shares=(*(164 for _key in before), 312),
        parts=(*(Keys(keys=(key,)) for key in before), Keys(keys=(understood,))),
    )
    return (card, *problem_card(kiosk), keys)


def patient_language(place: TellPatient, kiosk: Kiosk) -> str:
    """Return the language in which the patient is told: that of the screen if none was chosen."""
    return place.treatment.language or screen_language(kiosk)


def _choosing(place: TellPatient, kiosk: Kiosk) -> tuple[Block, ...]:
    chosen = patient_language(place, kiosk)
    keys = language_keys("tell_in", chosen)
    return (
        Heading(text=_("Language of the patient")),
        Keys(height=keys_height(keys), columns=COLUMNS, keys=keys),
        *reviewed_cards(language_of(chosen)),
        Gap(),
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
