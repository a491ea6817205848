"""The close-out: which parts there are, and what is asked about the one that is open."""

from ui.kiosk.journey.close_out import SKIN, CloseOut
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    FormView,
    Gap,
    Heading,
    Keys,
    SiteHead,
    SiteRow,
    SiteTable,
    Steps,
)
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.steps import problem_card

SHORT = 22
"""Characters of a site that fit in the larger type."""
GRADES = 3
BECAUSE = (
    ("time_over", "clock"),
    ("patient_wish", "hand"),
    ("pain", "pain"),
    ("burning", "burn"),
    ("faintness", "faint"),
    ("skin", "search"),
    ("contact", "c_off"),
    ("unit", "tool"),
    ("clinician", "person"),
    ("other", "info"),
)


def close_out_view(place: CloseOut, kiosk: Kiosk) -> FormView:
    """Return the parts on the left, the question of the open one on the right."""
    head, part = place.head(kiosk), place.part(kiosk)
    because = "" if not head else sentence(say_row(head["cause_text"]))
    because = " · ".join(filter(None, (_which(place, kiosk), because)))
    title = place.alias(kiosk) or str(head.get("patient", ""))
    if part is not None and part["part"] == SKIN and not place.leaving_out:
        blocks = (*_skin(place, part), *problem_card(kiosk, 56))
        return FormView(
            title=title, line=because, rail=(_home_key(),), columns=(Column(blocks=blocks),)
        )
    steps = tuple(_step(row, part) for row in place.rows(kiosk, "part") if row["required"])
    left = Column(
        share=230,
        blocks=(
            Heading(text=_("Close-out"), only_wide=True),
            Steps(steps=steps, only_wide=True),
        ),
    )
    asked = _finish(place, kiosk) if part is None else _ask(place, part)
    right = Column(share=410, blocks=(*asked, *problem_card(kiosk, 56)))
    return FormView(title=title, line=because, rail=(_home_key(),), columns=(left, right))


def _which(place: CloseOut, kiosk: Kiosk) -> str:
    """Return which part of a session that was continued is asked about, "" where there is one."""
    sessions = [row["session"] for row in place.parts(kiosk)]
    session = place.of(kiosk)
    if len(sessions) == 1 or session not in sessions:
        return ""
    number = sessions.index(session) + 1
    return _("Part {number} of {count}").format(number=number, count=len(sessions))


def _step(row: Row, now: Row | None) -> StepView:
    is_now = now is not None and row["part"] == now["part"]
    role = "good" if row["outcome"] == "done" else ("text" if is_now else "text_off")
    icon = {"done": "check", "deferred": "todo", "left_out": "cross"}.get(row["outcome"], "ring")
    return StepView(text=sentence(say_row(row["name"])).rstrip("."), icon=icon, state_role=role)


def _ask(place: CloseOut, part: Row) -> tuple[Block, ...]:
    title = Heading(text=sentence(say_row(part["name"])).rstrip("."))
    if place.leaving_out:
        return title, *_reasons(part)
    foot = _foot(part)
    match part["part"]:
        case "pads_off":
            key = KeyView(
                action="pads_off", text=_("Every pad is off"), icon="check", look=KeyLook.LEAD
            )
            return title, _to_do(part), Keys(height=84, how="tile", keys=(key,)), Gap(), *foot
        case "stopped_because":
            return title, Keys(columns=2, how="tile", keys=_because()), *foot
        case "pain_before" | "pain_after":
            return title, _to_do(part), Keys(height=112, columns=6, keys=_pain()), Gap(), *foot
        case "seated":
            left = int(part.get("left_s") or 0)
            note = _("{left} s to go").format(left=left) if left else ""
            look = KeyLook.OUTLINED if left else KeyLook.LEAD
            key = KeyView(action="seated", text=_("Stayed seated"), note=note, look=look)
            return title, _to_do(part), Keys(height=84, keys=(key,)), Gap(), *foot
        case _:
            return title, _to_do(part), Gap(), *foot


def _to_do(part: Row) -> Card:
    return Card(height=84, icon="info", text=sentence(say_row(part["to_do"])))


def _skin(place: CloseOut, part: Row) -> tuple[Block, ...]:
    rows = tuple(_site(place, number, site) for number, site in enumerate(part["sites"]))
    heads = (
        SiteHead(_("Normal, pink"), _("fades in 30 min"), "flush"),
        SiteHead(_("Marked"), _("or lasting"), "mark"),
        SiteHead(_("Blister, burn"), _("or broken"), "broken"),
    )
    table = SiteTable(
        rows=rows,
        room=4,
        key_width=152,
        title=_("Skin, after"),
        lead=_("One answer a site. On dark skin feel for warmth, look for shine."),
        heads=heads,
    )
    left = sum(number not in place.grades for number in range(len(part["sites"])))
    done = KeyView(
        action="" if left else "skin_done",
        text=_("Done"),
        note=_("{left} open").format(left=left) if left else "",
        look=KeyLook.OFF if left else KeyLook.LEAD,
    )
    every = KeyView(action="all", text=_("All sites 0"), icon="check", look=KeyLook.OUTLINED)
    keys = (_not_done_key(), every, done) if part["may_leave_out"] else (every, done)
    return table, Keys(height=60, columns=len(keys), keys=keys)


def _site(place: CloseOut, number: int, site: Row) -> SiteRow:
    text = sentence(say_row(site["name"])).rstrip(".")
    keys = tuple(
        KeyView(
            action=f"grade:{number}:{grade}",
            text=str(grade),
            icon=_grade_icon(place.grades.get(number), grade),
            look=_grade_look(place.grades.get(number), grade),
        )
        for grade in range(GRADES)
    )
    style = "body" if len(text) <= SHORT else "caption"
    return SiteRow(label="", channel=number // 2 + 1, text=text, style=style, keys=keys)


def _grade_icon(given: int | None, grade: int) -> str:
    if given != grade:
        return ""
    return "check" if grade == 0 else "warn"


def _grade_look(given: int | None, grade: int) -> KeyLook:
    if given != grade:
        return KeyLook.OUTLINED
    return KeyLook.CHOSEN if grade == 0 else KeyLook.CONSEQUENCE


def _because() -> tuple[KeyView, ...]:
    words = {
        "time_over": _("Time over"),
        "patient_wish": _("Patient's wish"),
        "pain": _("Pain"),
        "burning": _("Burning"),
        "faintness": _("Faintness"),
        "skin": _("Skin"),
        "contact": _("Contact"),
        "unit": _("The unit"),
        "clinician": _("Clinician"),
        "other": _("Other"),
    }
    return tuple(
        KeyView(action=f"because:{name}", text=words[name], icon=icon, look=KeyLook.OUTLINED)
        for name, icon in BECAUSE
    )


def _pain() -> tuple[KeyView, ...]:
    return tuple(
        KeyView(action=f"pain:{score}", text=str(score), look=KeyLook.OUTLINED)
        for score in range(11)
    )


def _foot(part: Row) -> tuple[Block, ...]:
    if part["may_defer"]:
        later = KeyView(
            action="later", text=_("Close, the rest later"), note=_("stands under To complete")
        )
        return (Keys(height=60, keys=(later,)),)
    return (Keys(height=56, keys=(_not_done_key(),)),) if part["may_leave_out"] else ()


def _reasons(part: Row) -> tuple[Block, ...]:
    keys = tuple(
        KeyView(
            action=f"left_out:{number}",
            text=sentence(say_row(reason)).rstrip("."),
            look=KeyLook.OUTLINED,
        )
        for number, reason in enumerate(part["reasons"])
    )
    back = KeyView(action="back", text=_("It was done"), icon="back")
    hint = Card(height=60, icon="info", text=_("Why was it not done?"))
    return hint, Keys(keys=keys), Keys(height=56, keys=(back,))


def _finish(place: CloseOut, kiosk: Kiosk) -> tuple[Block, ...]:
    if not place.head(kiosk):
        return (Heading(text=""),)
    # The key that closes never comes where the other one was: a second touch there does nothing.
    wiped = KeyView(action="")
    if place.to_clean(kiosk):
        wiped = KeyView(
            action="cleaned", text=_("The unit is wiped"), icon="wash", look=KeyLook.OUTLINED
        )
    close = KeyView(action="finish", text=_("Close the session"), icon="check", look=KeyLook.LEAD)
    card = Card(height=84, icon="check", text=_("Nothing that is required is open."))
    row = Keys(height=84, columns=2, keys=(wiped, close))
    return Heading(text=_("All answered")), card, row, Gap()


def _home_key() -> KeyView:
    return KeyView(action="home", text=_("Home"), icon="back")


def _not_done_key() -> KeyView:
    return KeyView(action="not_done", text=_("Not done"), note=_("with a reason"))
