"""The list of patients: five a page, or a search with its keyboard."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ui.kiosk.journey.patients import FOUND_ON_PAGE, ON_PAGE, Patients
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, say_row, sentence
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
    letter_keys,
)
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK

US_PER_S = 1_000_000
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
    body: Block = LineKeys(keys=tuple(_line(row, kiosk) for row in shown), lines=ON_PAGE)
    if not shown:
        body = Say(text=_nobody(place, rows), role="text_soft")
    if len(rows or ()) > ON_PAGE:
        body = Beside(shares=(568, 80), parts=(body, _pager(place, len(rows or ()))))
    return (
        Beside(height=60, shares=(448, 200), parts=(Keys(keys=(search,)), Keys(keys=(new,)))),
        body,
    )


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
        Beside(height=56, shares=(500, 148), parts=(field, Keys(keys=(done,)))),
        below,
        Keys(columns=10, how="letter", gap=4, keys=letter_keys()),
    )


def _line(row: Row, kiosk: Kiosk, *, short: bool = False) -> LineKeyView:
    patient, alias = str(row["patient"]), str(row["alias"] or "")
    where = "".join(_where(region, side) for region, side in row["treated"][-1:])
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


def _where(region: str, side: str) -> str:
    words = choice("region", region)
    return words if side == BOTH else f"{words}, {choice('side', side)}"


def day_of(stamp: Mapping[str, Any] | None) -> str:
    """Return the day of a time of a row, "" where its clock was not trusted."""
    if not stamp or not stamp["trusted"]:
        return ""
    day = datetime.fromtimestamp(stamp["utc_us"] / US_PER_S, UTC).astimezone()
    return day.strftime("%d.%m.%Y")
