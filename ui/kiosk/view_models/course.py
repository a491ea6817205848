"""The review of a course, and why a new one is opened."""

from ui.kiosk.journey.course import DECISIONS, NewCourse, OfCourse, Review
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, pgettext, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    FormView,
    Heading,
    Keys,
    Rows,
)
from ui.kiosk.view_models.complaint import own_words, reason_keys
from ui.kiosk.view_models.history import course_title
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card


def review_view(place: Review, kiosk: Kiosk) -> FormView:
    """Return what the course was on the left, what is decided on the right."""
    course = place.course(kiosk)
    left: tuple[Block, ...] = (Heading(text=_("Course review")), *problem_card(kiosk))
    if course is not None:
        left = (*left, Rows(rows=_known(course)))
    skin = KeyView(
        action="skin",
        text=_("Skin under the pads seen"),
        icon="check" if place.skin else "search",
        look=KeyLook.CHOSEN if place.skin else KeyLook.OUTLINED,
    )
    left = (*left, Keys(height=72, how="tile", keys=(skin,)))
    right = (
        Heading(text=_("What follows?"), note="" if place.skin else _("after the skin")),
        Keys(how="tile", keys=tuple(_decision(place, name) for name in DECISIONS)),
    )
    return FormView(
        title=place.whose.name,
        line=_where(place),
        rail=(BACK,),
        columns=(Column(share=370, blocks=left), Column(share=278, blocks=right)),
    )


def _where(place: OfCourse) -> str:
    return course_title({"goal": place.goal, "region": place.region})


def _decision(place: Review, name: str) -> KeyView:
    words = {
        "continue": (_("Continue"), _("the same, in a new course")),
        "change": (_("Change"), _("something else, in a new course")),
        "stop": (pgettext("a course", "Stop"), _("no more of this course")),
    }
    text, note = words[name]
    icon = {"continue": "play", "change": "edit", "stop": "off"}[name]
    look = KeyLook.OUTLINED if place.skin else KeyLook.OFF
    action = f"decide:{name}" if place.skin else ""
    return KeyView(action=action, text=text, note=note, icon=icon, look=look)


def _known(course: Row) -> tuple[tuple[str, str], ...]:
    neck = course["region"] in {"neck", "suboccipital"}
    index = "ndi" if neck else "oswestry"
    return (
        (_("Sessions"), str(len(course["sessions"]))),
        (_("Pain, 0 to 10"), _change(course["pain_first"], course["pain_last"])),
        (
            sentence(choice("disability_index", index)),
            _change(course["function_first"], course["function_last"]),
        ),
        (_("Courses in a row"), str(course["number"])),
    )


def _change(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return _("not asked")
    return _("{first} to {last}").format(first=first, last=last)


def new_course_view(place: NewCourse, kiosk: Kiosk) -> FormView:
    """Return the reasons on keys, or the keyboard for own words."""
    heading = Heading(text=_("Why a new course?"))
    blocks = own_words(place.words, kiosk, heading) if place.typing else _reasons(kiosk, heading)
    return FormView(
        title=place.whose.name,
        line=_where(place),
        rail=(BACK,),
        turn=str(place.typing),
        columns=(Column(blocks=blocks),),
    )


def _reasons(kiosk: Kiosk, heading: Heading) -> tuple[Block, ...]:
    reasons = (
        _("Scores improve, goal not reached"),
        _("Unchanged, another programme"),
        _("New episode"),
        _("Agreed with the doctor"),
        _("The patient wishes it"),
    )
    info = Card(height=60, icon="info", text=_("The sessions of the new course count from one."))
    return heading, info, *problem_card(kiosk), reason_keys(reasons)
