"""What is known of one patient, and exercises and advice to take home."""

from collections.abc import Sequence

from ui.kiosk.journey.motor_point import found_us
from ui.kiosk.journey.patient_page import ADVICE, EXERCISES, ON_PAGE, AtHome, PatientPage
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, listed, ngettext, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    Column,
    FormView,
    Gap,
    Heading,
    Keys,
    LineKeys,
    LineKeyView,
    Rows,
    Say,
)
from ui.kiosk.view_models.channels import milliamps
from ui.kiosk.view_models.days import day_of
from ui.kiosk.view_models.pads import found_words
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card

MOST_RANGES, MOST_NOTES, MOST_POINTS = 4, 2, 1


def patient_page_view(place: PatientPage, kiosk: Kiosk) -> FormView:
    """Return who it is on the left, what was felt and given on the right."""
    identity = next(iter(place.rows(kiosk, "identity")), None)
    rows = () if identity is None else _identity(identity)
    notes = tuple(
        Card(height=56, icon="edit", text=str(row["note"]))
        for row in place.rows(kiosk, "note")[-MOST_NOTES:]
    )
    left: tuple[Block, ...] = (
        Heading(text=_("Patient")),
        Rows(height=160, rows=rows),
        *notes,
        Gap(),
        *_close_out(place, kiosk),
    )
    right = (
        Heading(text=_("Felt at"), note="mA"),
        *_ranges(place.rows(kiosk, "felt_range")),
        *_points(place.rows(kiosk, "motor_point")),
        *_given(place, kiosk),
    )
    return FormView(
        title=place.whose.name,
        line=_("Patient"),
        rail=(BACK,),
        columns=(Column(share=290, blocks=left), Column(share=358, blocks=right)),
    )


def _close_out(place: PatientPage, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return the key to a close-out that is open; nothing without one."""
    if not place.open_session(kiosk):
        return ()
    key = KeyView(action="close_out", text=_("Close out"), icon="todo", look=KeyLook.OUTLINED)
    return (Keys(height=60, how="tile", keys=(key,)),)


def _identity(row: Row) -> tuple[tuple[str, str], ...]:
    treated = listed(*dict.fromkeys(choice("region", region) for region, _side in row["treated"]))
    return (
        (_("Id"), str(row["patient"])),
        (_("Alias"), str(row["alias"] or "–")),
        (_("Born"), str(row["born"])),
        (_("Since"), day_of(row["registered"]) or "–"),
        (_("Treated"), treated or "–"),
    )


def _ranges(rows: Sequence[Row]) -> tuple[Block, ...]:
    if not rows:
        return (Card(height=72, icon="level", text=_("No level was marked as felt yet.")), Gap())
    words = _("first felt · comfortable · too strong")
    shown = tuple((_whose(row), _levels(row)) for row in rows[-MOST_RANGES:])
    caption = Say(height=24, text=words, style="caption", role="text_soft", valign="middle")
    return caption, Rows(height=44.0 * len(shown) + 12, rows=shown), Gap()


def _points(rows: Sequence[Row]) -> tuple[Block, ...]:
    """Return the motor points found last, each in words."""
    newest = sorted(rows, key=found_us, reverse=True)[:MOST_POINTS]
    return tuple(Card(height=84, icon="pulse", text=found_words(row)) for row in newest)


def _whose(row: Row) -> str:
    region = choice("region", row["key"]["region"])
    return sentence(_("{region}, channel {channel}").format(region=region, channel=row["channel"]))


def _levels(row: Row) -> str:
    names = ("first_felt_ua", "comfortable_ua", "too_strong_ua")
    return " · ".join(milliamps(row[name]) for name in names)


def _given(place: PatientPage, kiosk: Kiosk) -> tuple[Block, ...]:
    count = len(place.rows(kiosk, "exercise"))
    note = _("none yet")
    if count:
        note = ngettext("{count} exercise given", "{count} exercises given", count)
    note = note.format(count=count)
    can = place.last(kiosk) is not None
    key = KeyView(
        action="at_home" if can else "",
        text=_("Exercises and advice"),
        note=note if can else _("after the first session"),
        icon="walk",
        look=KeyLook.OUTLINED if can else KeyLook.OFF,
    )
    return (Keys(height=72, how="tile", keys=(key,)),)


def at_home_view(place: AtHome, kiosk: Kiosk) -> FormView:
    """Return a page of the list chosen, what is picked marked, and Give."""
    exercises, is_advice = place.exercises(kiosk), place.tab == ADVICE
    page = "advice" if is_advice else f"exercises:{place.area}"
    rows = kiosk.rows(page) or ()
    picked = place.advice if is_advice else exercises
    shown = rows[place.first : place.first + ON_PAGE]
    lines: Block
    if is_advice:
        missing = (KeyView(action=""),) * (ON_PAGE - len(shown))
        lines = Keys(how="tile", keys=(*(_advice(row, picked) for row in shown), *missing))
    else:
        lines = LineKeys(keys=tuple(_exercise(row, picked) for row in shown), lines=ON_PAGE)
    counts = {EXERCISES: len(exercises), ADVICE: len(place.advice)}
    changed = place.changes_exercises(kiosk) or bool(place.advice)
    give = KeyView(
        action="give" if changed else "",
        text=_("Give"),
        look=KeyLook.LEAD if changed else KeyLook.OFF,
    )
    pager = _pager(place, rows)
    blocks = (
        Keys(height=56, columns=2, keys=tuple(_tab(place, name, counts[name]) for name in counts)),
        *problem_card(kiosk),
        lines,
        Beside(height=56, shares=(168, 80, 168, 220), parts=(*pager, Keys(keys=(give,)))),
    )
    return FormView(
        title=place.whose.name,
        line=_("Exercises and advice for at home"),
        rail=(BACK,),
        turn=f"{place.tab}{place.first}",
        columns=(Column(blocks=blocks),),
    )


def _tab(place: AtHome, name: str, count: int) -> KeyView:
    words = {EXERCISES: _("Exercises: {count}"), ADVICE: _("Advice: {count}")}
    look = KeyLook.CHOSEN if place.tab == name else KeyLook.PLAIN
    return KeyView(action=f"tab:{name}", text=words[name].format(count=count), look=look)


def _exercise(row: Row, picked: Sequence[str]) -> LineKeyView:
    return LineKeyView(
        action=f"pick:{row['name']}",
        text=sentence(say_row(row["title"])),
        note=say_row(row["dose"]),
        icon="check" if row["name"] in picked else "plus",
        look=KeyLook.CHOSEN if row["name"] in picked else KeyLook.OUTLINED,
    )


def _advice(row: Row, picked: Sequence[str]) -> KeyView:
    return KeyView(
        action=f"advise:{row['name']}",
        text=say_row(row["text"]),
        icon="check" if row["name"] in picked else "plus",
        look=KeyLook.CHOSEN if row["name"] in picked else KeyLook.OUTLINED,
    )


def _pager(place: AtHome, rows: Sequence[Row]) -> tuple[Block, ...]:
    page, pages = place.first // ON_PAGE + 1, max(-(-len(rows) // ON_PAGE), 1)
    up = KeyLook.PLAIN if place.first else KeyLook.OFF
    down = KeyLook.PLAIN if page < pages else KeyLook.OFF
    where = Say(text=f"{page} / {pages}", style="body_bold", align="centre", valign="middle")
    return (
        Keys(how="stack", keys=(KeyView(action="newer", icon="up", look=up),)),
        where,
        Keys(how="stack", keys=(KeyView(action="older", icon="down", look=down),)),
    )
