"""Lists to look at: programmes, sessions, and the shape of a pulse."""

from collections.abc import Sequence

from ui.kiosk.journey.lists import (
    ON_PAGE,
    PROGRAMMES,
    SESSIONS,
    Paged,
    ProgrammeCard,
    ProgrammeList,
    PulseShape,
    SessionList,
)
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, say_row
from ui.kiosk.view_models.blocks import (
    Block,
    Card,
    Column,
    FormView,
    Gap,
    LineKeys,
    LineKeyView,
    Pair,
    Panel,
)
from ui.kiosk.view_models.channels import clock_text, milliamps
from ui.kiosk.view_models.days import day_of_us
from ui.kiosk.view_models.own_keys import own_key, own_programmes_key
from ui.kiosk.view_models.programme import numbers_line, programme_card
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.turn_pages import turn_pages
from ui.kiosk.view_models.unit_blocks import Pulse, Pulses

OPENED, CLOSED = "session_opened", "session_closed"


def programme_list_view(place: ProgrammeList, kiosk: Kiosk) -> FormView:
    """Return the programmes with their numbers."""
    rows = kiosk.rows(PROGRAMMES) or ()
    lines = tuple(map(programme_line, rows[place.first : place.first + ON_PAGE]))
    return FormView(
        title=_("Programmes"),
        line=_("To look at; one is chosen in a treatment"),
        rail=(BACK, own_programmes_key()),
        turn=str(place.first),
        columns=(Column(blocks=_paged(place, lines, len(rows))),),
    )


def programme_line(row: Row) -> LineKeyView:
    """Return a programme with its numbers as a line that is touched."""
    numbers = numbers_line(row)
    return LineKeyView(
        action=f"programme:{row['name']}", text=say_row(row["title"]), note=numbers, icon="next"
    )


def _paged(place: Paged, lines: tuple[LineKeyView, ...], count: int) -> tuple[Block, ...]:
    """Return the lines, and keys to turn pages where there are several."""
    page = LineKeys(keys=lines, lines=ON_PAGE)
    if count <= ON_PAGE:
        return (page,)
    return page, turn_pages(place.first, count, ON_PAGE)


def programme_card_view(place: ProgrammeCard, kiosk: Kiosk) -> FormView:
    """Return one programme: its numbers, and both columns of evidence equally wide."""
    rows = kiosk.rows(PROGRAMMES) or ()
    row = next((row for row in rows if row["name"] == place.programme), None)
    if row is None:
        return FormView(title=_("Programmes"), rail=(BACK,), columns=(Column(blocks=(Gap(),)),))
    evidence = row["evidence"]
    card = programme_card(row)
    pair = Pair(
        panels=(
            Panel(title=_("Reports for"), text=say_row(evidence["supporting"])),
            Panel(title=_("Reports against"), text=say_row(evidence["opposing"])),
        )
    )
    return FormView(
        title=say_row(row["title"]),
        line=_("No claim is made."),
        rail=(BACK, own_key(place.programme)),
        columns=(Column(blocks=(card, pair)),),
    )


def session_list_view(place: SessionList, kiosk: Kiosk) -> FormView:
    """Return the sessions of the unit, the newest first."""
    rows = kiosk.rows(SESSIONS)
    titles = {str(row["name"]): row["title"] for row in kiosk.rows(PROGRAMMES) or ()}
    shown = (rows or ())[place.first : place.first + ON_PAGE]
    lines = tuple(_session_line(row, titles) for row in shown)
    blocks = _paged(place, lines, len(rows or ()))
    if rows is not None and not rows:
        blocks = (Card(height=72, icon="history", title=_("No session yet.")), Gap())
    return FormView(
        title=_("Sessions"),
        line=_("What was done on this unit"),
        rail=(BACK,),
        turn=str(place.first),
        columns=(Column(blocks=(*blocks, *problem_card(kiosk))),),
    )


def _session_line(row: Row, titles: dict[str, object]) -> LineKeyView:
    day = day_of_us(row["opened_utc_us"]) if row["clock_trusted"] else "–"
    name = str(row["programme"] or "")
    title = say_row(titles[name]) if name in titles else str(row.get("title", "")) or _test_of(name)
    done = "" if row["elapsed_us"] is None else clock_text(row["elapsed_us"])
    note = " · ".join(filter(None, (done, _outcome(str(row["outcome"] or "")))))
    return LineKeyView(
        action=f"session:{row['id']}",
        text=day,
        note=str(row["patient"] or _("no patient")),
        more=title,
        more_note=note,
        icon="next",
    )


def _test_of(name: str) -> str:
    """Return a session of a drill in words; another name stays as it is."""
    return {
        "known-load-drill": _("Drill: known load"),
        "e-stop-drill": _("Drill: emergency stop"),
        "lead-drill": _("Drill: lead"),
    }.get(name, name)


def _outcome(outcome: str) -> str:
    return {
        "finished": _("to its end"),
        "stopped": _("ended early"),
        "tripped": _("stopped by the unit"),
        "interrupted": _("interrupted"),
        "": _("open"),
    }.get(outcome, outcome)


def pulse_shape_view(place: PulseShape, kiosk: Kiosk) -> FormView:
    """Return a pulse of each channel of the newest session, as it was set and measured last."""
    opened, closed = place.facts(kiosk, OPENED), place.facts(kiosk, CLOSED)
    asked = opened.get("prescription") or {}
    form = (asked.get("parts") or (asked,))[0].get("waveform") or {}
    channels: Sequence[Row] = closed.get("channels") or ()
    label = _("Reconstructed from set values and measured peaks: no recording of the current.")
    card = Card(height=64, icon="info", look="warn", text=label)
    pulses = tuple(_pulse(form, channel) for channel in channels) if form else ()
    shown: tuple[Block, ...] = (
        (Pulses(pulses=pulses),)
        if pulses
        else (
            Card(height=72, icon="history", title=_("No session yet.")),
            Gap(),
        )
    )
    return FormView(
        title=_("Pulse shape"),
        line=_("Newest session, its last level"),
        rail=(BACK,),
        columns=(Column(blocks=(card, *shown)),),
    )


def _pulse(form: Row, channel: Row) -> Pulse:
    measured = channel.get("measured_ua")
    return Pulse(
        channel=int(channel["channel"]),
        phase_us=int(form["phase_us"]),
        between_us=int(form.get("interphase_us") or 0),
        set_ua=int(channel["comfortable_ua"] or channel["highest_ua"]),
        measured_ua=None if measured is None else abs(int(measured)),
        title=_("Channel {number}").format(number=channel["channel"]),
        width=_("{width} µs a phase").format(width=form["phase_us"]),
        set_text=_("set {level} mA").format(
            level=milliamps(channel["comfortable_ua"] or channel["highest_ua"])
        ),
        measured_text=_("measured {level} mA").format(
            level=milliamps(None if measured is None else abs(int(measured)))
        ),
    )
