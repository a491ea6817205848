"""Own programmes: the list, one with its versions, and what is copied for a new one."""

from ui.kiosk.journey.own_list import (
    LINES,
    ON_PAGE,
    OWN,
    PROGRAMMES,
    CopyFrom,
    OwnCard,
    OwnProgrammes,
)
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, say_row
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    FormView,
    Gap,
    Heading,
    Keys,
    LineKeys,
    LineKeyView,
)
from ui.kiosk.view_models.complaint import own_words, reason_keys
from ui.kiosk.view_models.days import day_of_us
from ui.kiosk.view_models.lists import programme_line
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.turn_pages import turn_pages

VERSIONS = 3
"""Versions that are shown, the newest first."""


def own_programmes_view(place: OwnProgrammes, kiosk: Kiosk) -> FormView:
    """Return the own programmes, and a key for a new one."""
    rows = kiosk.rows(OWN)
    shown = tuple(map(_line, (rows or ())[place.first : place.first + LINES]))
    blocks: tuple[Block, ...] = (LineKeys(keys=shown, lines=LINES),)
    if rows is not None and not rows:
        text = _("Copy a programme and change it within the limits.")
        blocks = (Card(height=84, icon="list", title=_("No own programme yet."), text=text), Gap())
    new = KeyView(action="new", text=_("New: copy a programme"), icon="plus", look=KeyLook.LEAD)
    more = () if len(rows or ()) <= LINES else (turn_pages(place.first, len(rows or ()), LINES),)
    return FormView(
        title=_("Own programmes"),
        line=_("Made on this unit, within its limits"),
        rail=(BACK,),
        turn=str(place.first),
        columns=(
            Column(blocks=(*blocks, *problem_card(kiosk), *more, Keys(height=64, keys=(new,)))),
        ),
    )


def _line(row: Row) -> LineKeyView:
    newest = row["versions"][-1]
    off = row["retired"] or not row["usable"]
    return LineKeyView(
        action=f"own:{row['name']}",
        text=str(row["title"]),
        note=_("retired") if row["retired"] else _version(newest),
        icon="off" if off else "next",
        look=KeyLook.PLAIN if off else KeyLook.OUTLINED,
    )


def _version(version: Row) -> str:
    """Return number, author and day of a version."""
    at = version["at"]
    day = day_of_us(int(at["utc_us"])) if at["trusted"] else "–"
    number = _("version {number}").format(number=version["version"])
    return " · ".join((number, str(version["by"]), day))


def copy_from_view(place: CopyFrom, kiosk: Kiosk) -> FormView:
    """Return every programme that may be copied."""
    rows = kiosk.rows(PROGRAMMES) or ()
    lines = tuple(map(programme_line, rows[place.first : place.first + ON_PAGE]))
    more = () if len(rows) <= ON_PAGE else (turn_pages(place.first, len(rows), ON_PAGE),)
    blocks = (LineKeys(keys=lines, lines=ON_PAGE), *problem_card(kiosk), *more)
    return FormView(
        title=_("Own programme"),
        line=_("Which programme is copied?"),
        rail=(BACK,),
        turn=str(place.first),
        columns=(Column(blocks=blocks),),
    )


def own_card_view(place: OwnCard, kiosk: Kiosk) -> FormView:
    """Return one own programme: its versions; or why it is retired."""
    row = place.row(kiosk)
    title = "" if row is None else str(row["title"])
    blocks: tuple[Block, ...] = (*problem_card(kiosk), Gap())
    if place.typing:
        blocks = own_words(place.words, kiosk, Heading(text=_retire(title)))
    elif place.retiring:
        text = _("It is offered no more. Sessions given with it keep their record.")
        card = Card(height=72, icon="warn", look="warn", title=_retire(title), text=text)
        blocks = (card, *problem_card(kiosk), reason_keys(_reasons()))
    elif row is not None:
        blocks = _card(row, kiosk)
    base = "" if row is None else say_row(row["base_title"])
    return FormView(
        title=title or _("Own programme"),
        line=_("copied from: {title}").format(title=base) if base else "",
        rail=(BACK,),
        turn=f"{place.retiring}{place.typing}",
        columns=(Column(blocks=blocks),),
    )


def _retire(title: str) -> str:
    return _("Retire {name}?").format(name=title)


def _reasons() -> tuple[str, ...]:
    return (
        _("Not used any more"),
        _("Another takes its place"),
        _("Badly tolerated"),
        _("Made by mistake"),
        _("Only for one course"),
    )


def _card(row: Row, kiosk: Kiosk) -> tuple[Block, ...]:
    versions = tuple(reversed(row["versions"]))[:VERSIONS]
    lines = tuple(
        LineKeyView(action="", text=_version(each), note=str(each["reason"]), look=KeyLook.PLAIN)
        for each in versions
    )
    keys = [
        KeyView(action="copy", text=_("Copy and change"), icon="plus", look=KeyLook.OUTLINED),
    ]
    if not row["retired"]:
        keys = [
            KeyView(action="retire", text=_("Retire"), icon="bin", look=KeyLook.OUTLINED),
            *keys,
            KeyView(action="edit", text=_("Next version"), icon="edit", look=KeyLook.LEAD),
        ]
    note: tuple[Block, ...] = ()
    if row["retired"]:
        note = (Card(height=52, icon="off", text=_("Retired: it is offered no more.")),)
    elif row["why_not"] is not None:
        note = (Card(height=64, icon="warn", look="warn", text=say_row(row["why_not"])),)
    return (
        Heading(text=_("Versions")),
        LineKeys(keys=lines, lines=VERSIONS),
        *note,
        *problem_card(kiosk),
        Keys(height=72, columns=len(keys), keys=tuple(keys)),
    )
