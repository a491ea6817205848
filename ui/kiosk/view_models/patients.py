"""The list of patients: five a page, or a search with its keyboard."""

from collections.abc import Sequence

from ui.kiosk.journey.patients import FOUND_ON_PAGE, ON_PAGE, Patients
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, listed, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Column,
    Entry,
    FormView,
    Keys,
    LineKeys,
    LineKeyView,
    Say,
)
from ui.kiosk.view_models.days import day_of
from ui.kiosk.view_models.keyboard import field_beside, keyboard
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card

BOTH = "both"


def patients_view(place: Patients, kiosk: Kiosk) -> FormView:
    """Return a page of the list, or the search."""
    rows = place.found(kiosk)
    blocks = _searching(place, rows, kiosk) if place.typing else _list(place, rows, kiosk)
    return FormView(
        title=_("Patients"),
        line=_("Who is treated?"),
        rail=(BACK,),
        turn=f"{place.first}{place.typing}",
        columns=(Column(blocks=blocks),),
    )


def _list(place: Patients, rows: tuple[Row, ...] | None, kiosk: Kiosk) -> tuple[Block, ...]:
    words = place.wanted or _("Alias, id or year of birth")
    search = KeyView(action="search", text=words, icon="search", look=KeyLook.OUTLINED)
    new = KeyView(action="new", text=_("New"), icon="new", look=KeyLook.LEAD)
    shown = (rows or ())[place.first : place.first + ON_PAGE]
    lines = LineKeys(keys=tuple(_line(row, kiosk) for row in shown), lines=ON_PAGE)
    body: Block = Beside(shares=(530, 110), parts=(lines, _repeats(shown)))
    if not shown:
        body = Say(text=_nobody(place, rows), role="text_soft")
    if len(rows or ()) > ON_PAGE:
        pager = _pager(place, len(rows or ()))
        body = Beside(shares=(450, 110, 80), parts=(lines, _repeats(shown), pager))
    return (
        Beside(height=60, shares=(448, 200), parts=(Keys(keys=(search,)), Keys(keys=(new,)))),
        *problem_card(kiosk, 60),
        body,
    )


def _repeats(rows: tuple[Row, ...]) -> LineKeys:
    """Return beside each patient who was treated before the key that repeats the last treatment."""
    keys = tuple(
        LineKeyView(
            action=f"repeat:{row['patient']}" if row["treated"] else "",
            text=_("Repeat") if row["treated"] else "",
            look=KeyLook.OUTLINED if row["treated"] else KeyLook.PLAIN,
        )
        for row in rows
    )
    return LineKeys(keys=keys, lines=ON_PAGE, centred=True)


def _nobody(place: Patients, rows: tuple[Row, ...] | None) -> str:
    if rows is None:
        return ""
    return _("Nobody like this is registered.") if place.wanted else _("Nobody is registered yet.")


def _pager(place: Patients, count: int) -> Column:
    page, pages = place.first // ON_PAGE + 1, max(-(-count // ON_PAGE), 1)
    up = KeyLook.PLAIN if place.first else KeyLook.OFF
    down = KeyLook.PLAIN if page < pages else KeyLook.OFF
    where = Say(height=32, text=f"{page} / {pages}", style="body_bold", align="centre")
    return Column(
        blocks=(
            Keys(how="stack", keys=(KeyView(action="up", icon="up", look=up),)),
            where,
            Keys(how="stack", keys=(KeyView(action="down", icon="down", look=down),)),
        )
    )


def _searching(place: Patients, rows: tuple[Row, ...] | None, kiosk: Kiosk) -> tuple[Block, ...]:
    found = rows or ()
    done = KeyView(
        action="done",
        text=_("Show {count}").format(count=len(found)) if len(found) > 1 else _("Done"),
        look=KeyLook.OUTLINED,
    )
    hits = tuple(_line(row, kiosk, short=True) for row in found[:FOUND_ON_PAGE])
    below: Block = LineKeys(height=60, keys=hits[:1], lines=1)
    if len(hits) > 1:
        lines = tuple(LineKeys(keys=(hit,), lines=1) for hit in hits)
        below = Beside(height=60, shares=(1, 1), parts=lines)
    if not hits:
        below = Say(height=60, text=_nobody(place, rows), role="text_soft")
    field = Entry(caption=_("Alias, id or year of birth"), text=place.wanted)
    return (
        field_beside(field, done),
        below,
        keyboard(),
    )


def _line(row: Row, kiosk: Kiosk, *, short: bool = False) -> LineKeyView:
    patient, alias = str(row["patient"]), str(row["alias"] or "")
    where = _last_treated(row["treated"])
    steps = kiosk.rows("to_complete") or ()
    to_do = next((step for step in steps if step["patient"] == patient), None)
    born = _("born {year}").format(year=row["born"])
    if short:
        born = " · ".join(filter(None, (patient if alias else "", born)))
        return LineKeyView(action=f"patient:{patient}", text=alias or patient, note=born)
    note = " · ".join(filter(None, (patient if alias else "", day_of(row["newest"]))))
    if to_do is not None:
        note = _("Open: {part}").format(part=say_row(to_do["name"]))
    return LineKeyView(
        action=f"patient:{patient}",
        text=alias or patient,
        note=born,
        more=sentence(where) or _("Not treated yet"),
        more_note=note,
        icon="todo" if to_do is not None else "",
        mark_role="advice",
    )


def _last_treated(treated: Sequence[Sequence[str]]) -> str:
    """Return the region treated last; with its side where only one of it was treated."""
    if not treated:
        return ""
    region = treated[-1][0]
    sides = {side for of, side in treated if of == region}
    return _where(region, sides.pop() if len(sides) == 1 else BOTH)


def _where(region: str, side: str) -> str:
    words = choice("region", region)
    return words if side == BOTH else listed(words, choice("side", side))
