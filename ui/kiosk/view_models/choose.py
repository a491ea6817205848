"""Where to treat, the list of programmes, one programme with its numbers, its evidence."""

from ui.kiosk.journey.choose import EMS, PROGRAMMES, TENS, Choose, Evidence
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, say, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    Cell,
    Column,
    FactCard,
    FormView,
    Gap,
    Heading,
    Keys,
    LineKeys,
    LineKeyView,
    Pair,
    Panel,
    Say,
)
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title

SIDES = ("left", "right", "both")
LINES = 5


def choose_view(place: Choose, kiosk: Kiosk) -> FormView:
    """Return what is chosen next."""
    treatment = place.treatment
    row = place.row(kiosk)
    if not treatment.side:
        blocks, line = _where(place, kiosk), _("Where?")
    elif row is None:
        blocks, line = _programmes(place, kiosk), _("Choose a programme")
    else:
        blocks, line = _programme(place, row, kiosk), say_row(row["title"])
    return FormView(
        title=treatment.name if not treatment.side else step_title(treatment),
        line=line,
        rail=(BACK,),
        turn=f"{bool(treatment.side)}{treatment.programme}",
        columns=(Column(blocks=blocks),),
    )


def evidence_view(place: Evidence, kiosk: Kiosk) -> FormView:
    """Return both columns, equally wide, and that no claim is made."""
    rows = kiosk.rows(PROGRAMMES) or ()
    row = next((row for row in rows if row["name"] == place.treatment.programme), None)
    evidence = {} if row is None else row["evidence"]
    pair = Pair(
        panels=(
            Panel(title=_("Reports for"), text=_said(evidence.get("supporting"))),
            Panel(title=_("Reports against"), text=_said(evidence.get("opposing"))),
        )
    )
    back = KeyView(action="programme", text=_("Programme"), icon="back", look=KeyLook.LEAD)
    claim = Card(icon="scale", text=_("No claim is made."))
    foot = Beside(height=64, shares=(1, 1), parts=(claim, Keys(keys=(back,))))
    return FormView(
        title="" if row is None else say_row(row["title"]),
        line=_("Evidence, both ways"),
        rail=(BACK,),
        columns=(Column(blocks=(pair, foot)),),
    )


def _said(text: object) -> str:
    return "" if text is None else say_row(text)


def _where(place: Choose, kiosk: Kiosk) -> tuple[Block, ...]:
    rows = kiosk.rows(PROGRAMMES) or ()
    regions = tuple(dict.fromkeys(str(name) for row in rows for name in row["regions"]))
    chosen = place.treatment.region
    region_keys = tuple(
        KeyView(
            action=f"region:{name}",
            text=sentence(choice("region", name)),
            icon="check" if name == chosen else "",
            look=KeyLook.CHOSEN if name == chosen else KeyLook.OUTLINED,
        )
        for name in regions
    )
    side_keys = tuple(
        KeyView(
            action=f"side:{name}" if chosen else "",
            text=sentence(choice("side", name)),
            look=KeyLook.OUTLINED if chosen else KeyLook.OFF,
        )
        for name in SIDES
    )
    return (
        Heading(text=_("Which region?")),
        *problem_card(kiosk),
        Keys(columns=2, keys=region_keys),
        Heading(text=_("Which side?"), note="" if chosen else _("after the region")),
        Keys(height=84, columns=3, keys=side_keys),
    )


def _programmes(place: Choose, kiosk: Kiosk) -> tuple[Block, ...]:
    groups = ((EMS, "EMS", "level"), (TENS, "TENS", "pulse"))
    tabs = tuple(
        KeyView(
            action=f"group:{name}",
            text=words,
            icon=icon,
            look=KeyLook.CHOSEN if name == place.group else KeyLook.PLAIN,
        )
        for name, words, icon in groups
    )
    difference = _("EMS makes a muscle contract. TENS is felt as tingling; some twitch.")
    lines = tuple(_line(row, place) for row in place.listed(kiosk)[:LINES])
    return (
        Beside(
            height=60,
            shares=(270, 378),
            parts=(
                Keys(columns=2, keys=tabs),
                Say(text=difference, style="caption", role="text_soft", valign="middle"),
            ),
        ),
        *problem_card(kiosk),
        LineKeys(keys=lines, lines=LINES),
    )


def _line(row: Row, place: Choose) -> LineKeyView:
    here = place.is_here(row)
    rate, width, rhythm = _numbers(row)
    numbers = (
        f"{rate.value} {rate.unit} · {width.value} {width.unit} · {rhythm.value} {rhythm.unit}"
    )
    return LineKeyView(
        action=f"programme:{row['name']}",
        text=say_row(row["title"]),
        note=numbers if here else _("not for this region"),
        icon="next" if here else "off",
        look=KeyLook.OUTLINED if here else KeyLook.PLAIN,
    )


def _numbers(row: Row) -> tuple[Cell, Cell, Cell]:
    """Return rate, width of a phase, and the rhythm of work and rest."""
    sweep, pulse = row["sweep"], row["pulse"] or row["carrier"]
    rate, width = str(row["rate_hz"]), str(pulse["phase_us"])
    if sweep is not None:
        rate, width = (f"{least}–{most}" for least, most in (sweep["rate_hz"], sweep["phase_us"]))
    rhythm = Cell(value=_("no pauses"), unit="", caption=_("rhythm"))
    if row["on_off"] is not None:
        on, off = (round(row["on_off"][name] / 1000) for name in ("on_ms", "off_ms"))
        rhythm = Cell(value=f"{on}/{off}", unit="s", caption=_("on / rest"))
    return (
        Cell(value=rate, unit="/s", caption=_("rate")),
        Cell(value=width, unit="µs", caption=_("width")),
        rhythm,
    )


def _programme(place: Choose, row: Row, kiosk: Kiosk) -> tuple[Block, ...]:
    card = FactCard(
        height=148,
        title=say_row(row["title"]),
        cells=_numbers(row),
        text=say_row(row["summary"]),
    )
    evidence = KeyView(
        action="evidence",
        text=_("Evidence, both ways"),
        note=_("no claim is made"),
        icon="scale",
        look=KeyLook.OUTLINED,
    )
    chips = _minutes(place, kiosk)
    can = place.cannot is None
    take = KeyView(
        action="take" if can else "",
        text=_("Take"),
        note="" if can else _("not here"),
        look=KeyLook.LEAD if can else KeyLook.OFF,
    )
    return (
        card,
        Keys(height=60, how="tile", keys=(evidence,)),
        *_against(place, kiosk),
        Gap(),
        Beside(
            height=76,
            shares=(448, 200),
            parts=(Keys(columns=max(len(chips), 1), how="stack", keys=chips), Keys(keys=(take,))),
        ),
    )


def _minutes(place: Choose, kiosk: Kiosk) -> tuple[KeyView, ...]:
    """Return the durations; the programme's own is taken where none is chosen."""
    offered = place.minutes(kiosk)
    chosen = place.treatment.minutes or max(offered, default=0)
    return tuple(
        KeyView(
            action=f"minutes:{minutes}",
            text=str(minutes),
            note=_("min"),
            look=KeyLook.CHOSEN if minutes == chosen else KeyLook.OUTLINED,
        )
        for minutes in offered
    )


def _against(place: Choose, kiosk: Kiosk) -> tuple[Card, ...]:
    """Return why the engine does not offer this treatment."""
    if place.cannot is not None:
        text = _("Accepted: {allowed}").format(allowed=say(place.cannot.allowed))
        title = _("Not offered here")
        return (Card(height=68, icon="warn", look="warn", title=title, text=text),)
    row = place.against(kiosk)
    if row is None:
        return ()
    found, nearest = sentence(say_row(row["found"])), sentence(say_row(row["nearest"]))
    text = f"{found}. {nearest}."
    return (Card(height=68, icon="warn", look="warn", text=text),)
