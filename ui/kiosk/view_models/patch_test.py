"""The patch test, and the reason for TENS where sensation is altered."""

from ui.kiosk.journey.patch_test import BY_HAND, OFFERED, ON_THE_SKIN, AlteredSensation, PatchTest
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, say_row, sentence
from ui.kiosk.view_models.blocks import Block, Card, Column, FormView, Gap, Heading, Keys, Question
from ui.kiosk.view_models.complaint import reason_blocks
from ui.kiosk.view_models.days import time_of_us
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title


def patch_test_view(place: PatchTest, kiosk: Kiosk) -> FormView:
    """Return what is known of the material, and the keys that answer."""
    if place.declining:
        blocks = reason_blocks(place, kiosk, _("Patch test declined"), _declined())
    else:
        blocks = _test(place, kiosk)
    return FormView(
        title=step_title(place.treatment),
        line=_("Patch test"),
        rail=(BACK,),
        turn=f"{place.nearest}{place.declining}{place.typing}",
        columns=(Column(blocks=blocks),),
    )


def altered_sensation_view(place: AlteredSensation, kiosk: Kiosk) -> FormView:
    """Return what follows from altered sensation, and the reasons."""
    what = sentence(say_row(place.finding["found"]))
    reasons = (
        _("Known and stable"),
        _("Discussed with the doctor"),
        _("Tolerated before"),
        _("Weighed with the patient"),
    )
    return FormView(
        title=step_title(place.treatment),
        line=_("TENS on altered sensation: single taps, half the ceiling"),
        rail=(BACK,),
        turn=f"altered{place.typing}",
        columns=(Column(blocks=reason_blocks(place, kiosk, what, reasons)),),
    )


def _test(place: PatchTest, kiosk: Kiosk) -> tuple[Block, ...]:
    finding = place.finding
    card = Card(
        height=112,
        icon="pad",
        title=sentence(say_row(finding["found"])),
        text=sentence(say_row(finding["nearest"])),
    )
    heading = Heading(text=_("Does the skin take this material?"))
    return (heading, card, *problem_card(kiosk), *_answers(place), Gap())


def _answers(place: PatchTest) -> tuple[Block, ...]:
    if place.nearest in (ON_THE_SKIN, BY_HAND):
        grades = Keys(height=76, columns=3, keys=_grades(place))
        return (grades,) if place.nearest == ON_THE_SKIN else (_by_hand(place), grades)
    stick = (
        KeyView(
            action="stick_on:upper_back", text=_("Stuck on: upper back"), look=KeyLook.OUTLINED
        ),
        KeyView(action="stick_on:inner_forearm", text=_("Inner forearm"), look=KeyLook.OUTLINED),
    )
    decline = KeyView(action="decline", text=_("Declined"), note=_("with a reason"))
    keys = (*stick, decline) if place.nearest == OFFERED else stick
    return (Keys(height=84, columns=len(keys), keys=keys),)


def _grades(place: PatchTest) -> tuple[KeyView, ...]:
    """Return a key for each grade; "clear" says from when it can be read, where a clock tells."""
    from_us = place.finding.get("from_utc_us")
    note = "" if from_us is None else _("from {time}").format(time=time_of_us(from_us))
    grades = ((_("0 clear"), note), (_("1 marked"), ""), (_("2 blister, broken"), ""))
    return tuple(
        KeyView(action=f"read:{grade}", text=words, note=when, look=KeyLook.OUTLINED)
        for grade, (words, when) in enumerate(grades)
    )


def _by_hand(place: PatchTest) -> Question:
    """Return the question that only somebody with a watch can answer."""
    answers = ((_("No"), "no", False), (_("Yes"), "yes", True))
    return Question(
        text=_("30 minutes timed by hand"),
        key_width=92,
        keys=tuple(
            KeyView(
                action=f"by_hand:{name}",
                text=words,
                icon="check" if place.by_hand is means else "",
                look=KeyLook.CHOSEN if place.by_hand is means else KeyLook.OUTLINED,
            )
            for words, name, means in answers
        ),
    )


def _declined() -> tuple[str, ...]:
    return (
        _("Same material tolerated before"),
        _("The patient does not want it"),
        _("No time for 30 minutes"),
        _("No sensitive skin known"),
    )
