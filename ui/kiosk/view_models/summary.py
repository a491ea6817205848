"""One session by itself: level and contact over its time, what was reached of the limits."""

from collections.abc import Sequence
from typing import Any

from ui.kiosk.journey.history import Summary
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, listed, ngettext, say_row, sentence
from ui.kiosk.view_models.blocks import Block, Card, Column, FormView, Gap, Heading, Keys
from ui.kiosk.view_models.channels import clock_text, milliamps
from ui.kiosk.view_models.charts import (
    DOTS,
    LINE,
    Bar,
    Bars,
    Chart,
    ChartDots,
    ChartLine,
    Charts,
    FactRow,
    Point,
    joined_of,
    minutes_text,
    runs_of,
    ticks_of,
    top_of,
)
from ui.kiosk.view_models.days import day_of
from ui.kiosk.view_models.harm import harm_card
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card

MILLI, PICO_IN_MICRO, MICRO_IN_MILLI = 1000, 1_000_000, 1000
ONE_SIDE = ("left", "right")
MOST_DOTS = 20
"""More of them would be a second line."""


def summary_view(place: Summary, kiosk: Kiosk) -> FormView:
    """Return the charts of the session and what was noted of it."""
    rows = kiosk.rows(place.page)
    head = next((row for row in rows or () if row["kind"] == "session"), None)
    name = place.whose.name or _("Session {session}").format(session=place.session)
    if head is None:
        blocks: tuple[Block, ...] = (Heading(text=""), *problem_card(kiosk), Gap())
        return FormView(title=name, rail=(BACK,), columns=(Column(blocks=blocks),))
    channels = [row for row in rows or () if row["kind"] == "channel"]
    history = place.of_history(kiosk)
    blocks = (
        Charts(charts=(_level(head, channels), _contact(head, channels), _reached(head))),
        FactRow(facts=_facts(head, history)),
        *problem_card(kiosk, 56),
        harm_card([] if history is None else history["harm"], _ended(head)),
        Keys(height=60, columns=2, keys=_keys(place)),
    )
    title = " · ".join(filter(None, (name, day_of(head["opened"]))))
    return FormView(
        title=title,
        line=_line(head),
        rail=(BACK, *_sheet(place, head)),
        columns=(Column(blocks=blocks),),
    )


def _sheet(place: Summary, head: Row) -> tuple[KeyView, ...]:
    """Return the key of the patient's sheet once the session has ended."""
    if not place.whose.patient or head["outcome"] is None:
        return ()
    return (KeyView(action="sheet", text=_("Sheet"), icon="print"),)


def _line(head: Row) -> str:
    side = choice("side", head["side"]) if head["side"] in ONE_SIDE else ""
    return " · ".join(filter(None, (say_row(head["title"]), side)))


def _keys(place: Summary) -> tuple[KeyView, ...]:
    home = KeyView(action="home", text=_("Home"), look=KeyLook.LEAD)
    if not place.whose.patient:
        return KeyView(action=""), home
    history = KeyView(
        action="history",
        text=_("Course and history"),
        icon="history",
        look=KeyLook.OUTLINED,
    )
    return history, home


def _level(head: Row, channels: Sequence[Row]) -> Chart:
    title, unit = _("Level"), "mA"
    if not channels:
        return _nothing(title)
    values = [ua for row in channels for name in ("set_ua", "measured_ua") for ua in row[name]]
    top = top_of([(ua or 0) / MILLI for ua in values])
    lines = tuple(
        ChartLine(channel=row["channel"], runs=runs_of(_milli(row["set_ua"]), top))
        for row in channels
    )
    dots = tuple(
        ChartDots(
            channel=row["channel"],
            points=_some(runs_of(_milli(row["measured_ua"]), top)),
        )
        for row in channels
    )
    return Chart(
        title=title,
        unit=unit,
        ticks=ticks_of(top),
        lines=lines,
        dots=dots,
        from_text="0",
        to_text=_length(channels),
        marks=((LINE, _("set")), (DOTS, _("measured"))),
    )


def _contact(head: Row, channels: Sequence[Row]) -> Chart:
    values = [ohm / MILLI for row in channels for ohm in row["contact_ohm"] if ohm is not None]
    title = _("Contact")
    if not values:
        return _nothing(title)
    top = top_of(values)
    lines = tuple(
        ChartLine(channel=row["channel"], runs=joined_of(_milli(row["contact_ohm"]), top))
        for row in channels
    )
    return Chart(
        title=title,
        unit=_("kΩ a pad pair"),
        ticks=ticks_of(top),
        lines=lines,
        from_text="0",
        to_text=_length(channels),
        marks=tuple((str(row["channel"]), "") for row in channels),
    )


def _some(runs: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
    points = [point for run in runs for point in run]
    step = max(-(-len(points) // MOST_DOTS), 1)
    return tuple(points[step // 2 :: step])


def _nothing(title: str) -> Chart:
    return Chart(title=title, empty=_("Nothing was measured."))


def _length(channels: Sequence[Row]) -> str:
    row = channels[0]
    return minutes_text(row["step_us"] * len(row["set_ua"]))


def _milli(values: Sequence[int | None]) -> list[float | None]:
    return [None if value is None else value / MILLI for value in values]


def _reached(head: Row) -> Bars:
    bars = tuple(map(_bar, head["reached"]))
    return Bars(
        title=_("Dose against limits"),
        bars=bars,
        empty="" if bars else _("Known once the session is closed."),
    )


def _bar(row: Row) -> Bar:
    value, limit = row["value"], row["limit"]
    captions = {
        "charge": _("Charge per phase"),
        "density": _("R.m.s. density"),
        "contractions": _("Contractions"),
    }
    of = {
        "charge": _("of {limit} µC").format(limit=round(limit / PICO_IN_MICRO)),
        "density": _("of {limit} mA/cm²").format(limit=milliamps(limit)),
        "contractions": _("of {limit}").format(limit=limit),
    }
    shown = {
        "charge": milliamps(round(value / MILLI)),
        "density": _hundredths(value),
        "contractions": str(value),
    }
    name = str(row["name"])
    role = "value" if name == "contractions" else "channel_1"
    return Bar(
        caption=captions.get(name, name),
        value=shown.get(name, str(value)),
        of=of.get(name, str(limit)),
        share=value / max(limit, 1),
        role=role,
    )


def _hundredths(ua: int) -> str:
    tenths, hundredth = divmod(round(ua / 10), 10)
    return f"{milliamps(tenths * 100)}{hundredth}"


def _facts(head: Row, history: Row | None) -> tuple[tuple[str, str], ...]:
    given = clock_text(head["elapsed_us"] or 0)
    if head["planned_us"]:
        planned = clock_text(head["planned_us"])
        given = _("{given} of {planned}").format(given=given, planned=planned)
    facts = [(_("given"), given), (_("stops"), _stops(head["stops"]))]
    if history is None:
        return tuple(facts)
    if history["contraction"] is not None:
        facts.append((_("contraction"), choice("contraction_grade", history["contraction"])))
    facts += [(_("pain"), pain_text(history)), (_("skin"), skin_text(history["skin"]))]
    return tuple(facts)


def pain_text(row: Row) -> str:
    """Return pain before and after a session, a dash where nobody asked."""
    before, after = (_score(row[name]) for name in ("pain_before", "pain_after"))
    return (
        "–"
        if before == after == "–"
        else _("{before} to {after}").format(before=before, after=after)
    )


def skin_text(grade: Any) -> str:
    """Return the worst grade of the skin, a dash where nobody looked."""
    return _score(grade)


def _score(value: Any) -> str:
    return "–" if value is None else str(value)


def _stops(stops: Row) -> str:
    pauses, trips = stops["pauses"], stops["trips"]
    if not pauses and not trips:
        return _("none")
    words = []
    if pauses:
        words.append(ngettext("{count} pause", "{count} pauses", pauses).format(count=pauses))
    if trips:
        words.append(ngettext("{count} stop", "{count} stops", trips).format(count=trips))
    return listed(*words)


def _ended(head: Row) -> Card:
    if head["cause_text"] is None:
        return Card(height=48, icon="info", text=_("This session is still open."))
    text = sentence(say_row(head["cause_text"]))
    finished = head["outcome"] == "finished"
    return Card(height=48, icon="check" if finished else "info", text=text)
