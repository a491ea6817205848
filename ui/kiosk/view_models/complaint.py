"""The complaint, and reasons that a clinician gives."""

from ui.kiosk.journey.complaint import DIAGNOSES, WEEKS, Complaint
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.reasons import HarmReason, Reason, ScreeningReason
from ui.kiosk.locale.words import _, choice, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    Entry,
    FormView,
    Heading,
    Keys,
)
from ui.kiosk.view_models.keyboard import done_key, field_beside, keyboard
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title


def complaint_view(place: Complaint, kiosk: Kiosk) -> FormView:
    """Return since when and what it is; then the reason, where there is no diagnosis yet."""
    if place.asks_reason:
        what = _("No diagnosis yet: why is this treated?")
        blocks = reason_blocks(place, kiosk, what, _diagnosis_reasons())
    else:
        blocks = _complaint(place, kiosk)
    return FormView(
        title=step_title(place.treatment),
        line=_("Complaint"),
        rail=(BACK,),
        turn=f"{place.asks_reason}{place.typing}",
        columns=(Column(blocks=blocks),),
    )


def _complaint(place: Complaint, kiosk: Kiosk) -> tuple[Block, ...]:
    weeks = tuple(
        KeyView(action=f"weeks:{count}", text=_since(count), look=_look(count == place.weeks))
        for count in WEEKS
    )
    diagnoses = tuple(
        KeyView(
            action=f"diagnosis:{name}",
            text=sentence(choice("diagnosis", name)),
            look=_look(name == place.diagnosis),
        )
        for name in DIAGNOSES
    )
    return (
        Heading(text=_("For how long?")),
        Keys(height=112, columns=4, keys=weeks),
        Heading(text=_("What is it?")),
        *problem_card(kiosk),
        Keys(columns=3, keys=diagnoses),
    )


def _look(is_chosen: bool) -> KeyLook:
    return KeyLook.CHOSEN if is_chosen else KeyLook.OUTLINED


def _since(weeks: int) -> str:
    return {
        0: _("Days"),
        2: _("2 weeks"),
        6: _("6 weeks"),
        12: _("3 months"),
        26: _("6 months"),
        52: _("1 year"),
        104: _("2 years"),
        260: _("5 years"),
    }[weeks]


def screening_reason_view(place: ScreeningReason, kiosk: Kiosk) -> FormView:
    """Return an answer that needs a reason, and the reasons."""
    what = sentence(say_row(place.finding["found"]))
    return FormView(
        title=step_title(place.treatment),
        line=_("Treat in spite of this answer?"),
        rail=(BACK,),
        turn=f"{place.finding['item']}{place.typing}",
        columns=(Column(blocks=reason_blocks(place, kiosk, what, _screening_reasons())),),
    )


def harm_reason_view(place: HarmReason, kiosk: Kiosk) -> FormView:
    """Return what was told in an earlier session, and what a clinician saw since."""
    what = sentence(say_row(place.finding["found"]))
    return FormView(
        title=step_title(place.treatment),
        line=_("Treat again after this?"),
        rail=(BACK,),
        turn=str(place.typing),
        columns=(Column(blocks=reason_blocks(place, kiosk, what, _harm_reasons())),),
    )


def _harm_reasons() -> tuple[str, ...]:
    return (
        _("Looked at: skin is clear"),
        _("Pads go to another place"),
        _("Cause found and put right"),
        _("Discussed with the doctor"),
        _("Weighed with the patient"),
    )


def _screening_reasons() -> tuple[str, ...]:
    return (
        _("Discussed with the doctor"),
        _("Known and stable"),
        _("Far from the pads"),
        _("Weighed with the patient"),
        _("Tolerated before"),
    )


def _diagnosis_reasons() -> tuple[str, ...]:
    return (
        _("Examined, no warning signs"),
        _("Sent for diagnosis"),
        _("Prescribed by the doctor"),
        _("Known pattern of complaint"),
        _("Until it is examined"),
    )


def reason_blocks(
    place: Reason, kiosk: Kiosk, what: str, reasons: tuple[str, ...]
) -> tuple[Block, ...]:
    """Return reasons on keys, or the keyboard for own words."""
    if place.typing:
        return own_words(place.words, kiosk, Heading(text=what))
    return (
        Card(height=72, icon="warn", look="warn", title=what, text=_("A clinician's reason:")),
        *problem_card(kiosk),
        reason_keys(reasons),
    )


def own_words(words: str, kiosk: Kiosk, heading: Heading) -> tuple[Block, ...]:
    """Return the field and the keyboard for a reason in own words."""
    done = done_key("done", _("Record"), on=bool(words.strip()))
    field = Entry(caption="", text=words, hint=_("Reason"))
    return heading, field_beside(field, done), *problem_card(kiosk), keyboard()


def reason_keys(reasons: tuple[str, ...]) -> Keys:
    """Return reasons on keys, and the key for own words."""
    chips = (
        KeyView(action=f"reason:{reason}", text=reason, look=KeyLook.OUTLINED) for reason in reasons
    )
    own = KeyView(action="own_words", text=_("In own words"), icon="edit")
    return Keys(columns=2, keys=(*chips, own))
