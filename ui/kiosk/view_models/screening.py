"""Questions of the screening, the visit list, and what is asked first at a visit."""

from ui.kiosk.journey.follow_ups import ANSWERS as FOLLOW_UP_ANSWERS
from ui.kiosk.journey.follow_ups import FollowUps
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.journey.screening import ANSWERS, HOLDS, ON_PAGE, QuestionPage, Screening, VisitList
from ui.kiosk.locale.words import _, choice, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Column,
    FormView,
    Gap,
    Heading,
    Keys,
    Question,
    Say,
)
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title

_MEANS = {
    "stop": ("alarm", "alarm_high", "stop"),
    "confirm": ("warn", "warn", "warn"),
    "note": ("advice", "advice", "info"),
}
"""Of a consequence: the look of its row, the role of its words, its icon."""


def screening_view(place: Screening, kiosk: Kiosk) -> FormView:
    """Return one page of questions; nothing is filled in."""
    pages = place.pages(kiosk)
    line = _("Full screening") if place.is_full else _("Open questions of the screening")
    blocks: tuple[Block, ...] = (Heading(text=""),)
    if place.page < len(pages):
        blocks = _page(place, kiosk, pages)
        count, done = sum(len(page.rows) for page in pages), len(place.given)
        line = _("{what} · {done} of {count} answered").format(what=line, done=done, count=count)
    return FormView(
        title=step_title(place.treatment),
        line=line,
        rail=(BACK,),
        turn=f"page {place.page}",
        columns=(Column(blocks=blocks),),
    )


def _page(place: Screening, kiosk: Kiosk, pages: tuple[QuestionPage, ...]) -> tuple[Block, ...]:
    page = pages[place.page]
    problem = problem_card(kiosk, height=60)
    return (
        *(problem or (Heading(text=_part(page.part, place)),)),
        *(_question(place, row) for row in page.rows),
        *(Gap() for _unused in range(ON_PAGE - len(page.rows))),
        _foot(place, page, len(pages)),
    )


def _part(part: str, place: Screening) -> str:
    return {
        "red_flags": _("Warning signs"),
        "history": _("Has or had the patient"),
        "here": sentence(choice("region", place.treatment.region)),
        "today": _("Today"),
        "agreement": _("Agreement"),
    }.get(part, part)


def _question(place: Screening, row: Row) -> Question:
    name, given = str(row["id"]), place.given.get(row["id"], "")
    meaning = place.meaning(row)
    look, role, icon = _MEANS.get(meaning, ("plain", "text_soft", ""))
    note = sentence(say_row(row["means"])) if meaning else ""
    return Question(
        height=None,
        text=say_row(row["question"]),
        note=note,
        note_role=role,
        look=look,
        icon=icon,
        key_width=92,
        keys=tuple(_answer(name, answer, given, meaning) for answer in ANSWERS),
    )


def _answer(question: str, answer: str, given: str, meaning: str) -> KeyView:
    words = {"no": _("No"), "yes": _("Yes"), "unknown": _("Unsure")}
    look, icon = KeyLook.OUTLINED, ""
    if answer == given:
        look = KeyLook.CONSEQUENCE if meaning else KeyLook.CHOSEN
        icon = "warn" if meaning else "check"
    return KeyView(
        action=f"answer:{question}:{answer}",
        text=words[answer],
        look=look,
        icon=icon if answer != "unknown" else "",
    )


def _foot(place: Screening, page: QuestionPage, pages: int) -> Block:
    before = KeyView(action="")
    if place.page:
        text = _("Page {page}").format(page=place.page)
        before = KeyView(action="back", text=text, icon="back")
    unanswered = sum(row["id"] not in place.given for row in page.rows)
    is_last = place.page + 1 == pages
    after = KeyView(
        action="" if unanswered else "next",
        text=_("Record") if is_last else _("Page {page}").format(page=place.page + 2),
        look=KeyLook.OFF if unanswered else KeyLook.LEAD,
    )
    held = not unanswered and any(place.meaning(row) in HOLDS for row in page.rows)
    text = _("No answer is filled in.\n{count} open on this page").format(count=unanswered)
    if not unanswered:
        text = _("Read what the answers mean.") if held else ""
    middle = Say(text=text, style="caption", role="text_soft", align="centre", valign="middle")
    return Beside(
        height=56, shares=(170, 260, 170), parts=(Keys(keys=(before,)), middle, Keys(keys=(after,)))
    )


def visit_view(place: VisitList, kiosk: Kiosk) -> FormView:
    """Return the items of the visit list on one screen."""
    items = place.items(kiosk)
    keys = tuple(
        KeyView(
            action=f"item:{item}",
            text=sentence(say_row(name)),
            icon="warn" if item in place.changed else "",
            look=KeyLook.CONSEQUENCE if item in place.changed else KeyLook.OUTLINED,
        )
        for item, name in items.items()
    )
    count = len(place.changed)
    words = _("Each asked, none changed")
    if count:
        words = _("Each asked, {count} changed").format(count=count)
    asked = KeyView(action="asked", text=words, icon="check", look=KeyLook.LEAD)
    return FormView(
        title=step_title(place.treatment),
        line=_("Visit list: touch what has changed"),
        rail=(BACK,),
        columns=(
            Column(
                blocks=(
                    Heading(text=_("Anything new since last time?")),
                    Keys(columns=2, keys=keys),
                    *problem_card(kiosk),
                    Keys(height=64, how="tile", keys=(asked,)),
                )
            ),
        ),
    )


def follow_ups_view(place: FollowUps, kiosk: Kiosk) -> FormView:
    """Return what is asked first at a visit, four questions a page."""
    questions = tuple(_follow_up(place, row) for row in place.shown)
    return FormView(
        title=step_title(place.treatment),
        line=_("Since the last visit"),
        rail=(BACK,),
        turn=f"page {place.page}",
        columns=(
            Column(
                blocks=(
                    Heading(text=_("Since the last visit")),
                    *problem_card(kiosk, height=60),
                    *questions,
                    *(Gap() for _unused in range(ON_PAGE - len(questions))),
                )
            ),
        ),
    )


def _follow_up(place: FollowUps, row: Row) -> Question:
    item, kind = str(row["item"]), str(row["kind"])
    given = place.given.get(item, "")
    answers, names = FOLLOW_UP_ANSWERS[kind]
    keys = tuple(
        KeyView(
            action=f"answer:{item}:{name}",
            text=sentence(choice(answers, name)),
            look=KeyLook.CHOSEN if name == given else KeyLook.OUTLINED,
        )
        for name in names
    )
    return Question(
        height=None, text=_asked(kind), note=_about(row), keys=keys, key_width=130, keys_share=0.62
    )


def _about(row: Row) -> str:
    """Return what the question is about: material, exercise or site, else all that was found."""
    values = row["found"].get("values", {}) if isinstance(row["found"], dict) else {}
    names = [values[name] for name in ("exercise", "material", "site") if name in values]
    return sentence(say_row(names[0] if names else row["found"]))


def _asked(kind: str) -> str:
    return {
        "skin": _("Is the redness gone?"),
        "patch_test": _("Any reaction next day?"),
        "exercise": _("How did the exercise go?"),
    }[kind]
