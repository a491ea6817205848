"""The look before a start: what is due, a row each, and one key for all of it."""

from collections.abc import Iterator

from ui.kiosk.journey.checks import PADS, Checks
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.journey.unit_checks import CHECKED, CLEANED, INSPECTED, is_inspected
from ui.kiosk.locale.words import _, say_row, sentence
from ui.kiosk.view_models.blocks import Beside, Block, Column, FormView, Gap, Keys, Question
from ui.kiosk.view_models.pad_sets import looked_at
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.steps import before_pads, problem_card, step_title

ROOM = 3
"""Rows that have room for all their words; fewer leave the rest free."""
LEAD = "lead_"


def checks_view(place: Checks, kiosk: Kiosk) -> FormView:
    """Return what is looked at."""
    known = bool(place.due(kiosk)) and not place.sending
    good = KeyView(
        action="all_good" if known else "",
        text=_("All of these are good"),
        icon="check",
        look=KeyLook.LEAD if known else KeyLook.OFF,
    )
    other = KeyView(action="")
    if place.pad_set(kiosk):
        other = KeyView(action="another", text=_("Another set"), icon="pad", look=KeyLook.OUTLINED)
    foot = Beside(height=64, shares=(216, 432), parts=(Keys(keys=(other,)), Keys(keys=(good,))))
    rows = tuple(_rows(place, kiosk))[: None if kiosk.refused is None else ROOM]
    return FormView(
        title=step_title(place.treatment),
        line=_("Checks before use"),
        rail=before_pads(),
        columns=(
            Column(
                blocks=(
                    *rows,
                    *(Gap() for _unused in range(ROOM - len(rows))),
                    *problem_card(kiosk, 60),
                    foot,
                )
            ),
        ),
    )


def _rows(place: Checks, kiosk: Kiosk) -> Iterator[Block]:
    due = {each.fact: each.finding for each in place.due(kiosk)}
    if PADS in due:
        text = _("Pad set {label}").format(label=place.pad_set(kiosk))
        yield _row(text, " · ".join(words for _thing, words, _bad in looked_at()), PADS)
    parts = place.parts(kiosk)
    by = CHECKED if CHECKED in due else INSPECTED
    unit = [row for row in parts if not is_inspected(str(row["part"]))]
    if unit:
        yield _row(_("Unit and red button"), _said(unit), by)
    leads = [row for row in parts if is_inspected(str(row["part"]))]
    if leads:
        yield _row(_("Leads and hand switch"), _said(leads), by)
    if CLEANED in due:
        yield _row(_("Unit wiped"), sentence(say_row(due[CLEANED]["nearest"])), CLEANED)


def _said(rows: list[Row]) -> str:
    """Return in short what is looked at: each part once, all leads together."""
    words = {
        "case": _("case dry and without a crack"),
        "display": _("display whole"),
        "plugs": _("plugs whole and tight"),
        "emergency_stop": _("red button turns, springs back, in reach"),
        "hand_switch": _("hand switch and cable whole, in the patient's reach"),
        LEAD: _("no bare wire, pins clean"),
    }
    parts = (LEAD if str(row["part"]).startswith(LEAD) else str(row["part"]) for row in rows)
    looks = {str(row["part"]): say_row(row["look_at"]) for row in rows}
    return " · ".join(words.get(part) or looks[part] for part in dict.fromkeys(parts))


def _row(text: str, note: str, fact: str) -> Question:
    key = KeyView(action=f"open:{fact}", text=_("Not good"), look=KeyLook.OUTLINED)
    return Question(
        height=None, text=text, note=note, head=True, keys=(key,), key_width=124, keys_share=0.22
    )
