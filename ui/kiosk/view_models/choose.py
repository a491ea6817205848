"""Where to treat, the list of programmes, one programme with its numbers, its evidence."""

from ui.kiosk.journey.choose import (
    BOTH,
    EMS,
    LEFT,
    LINES,
    ON_PAGE,
    PROGRAMMES,
    RIGHT,
    TENS,
    Choose,
    Evidence,
)
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, choice, listed, say, say_row, sentence
from ui.kiosk.view_models.blocks import (
    AreaPicker,
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
    Steps,
    Zone,
)
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import BACK
from ui.kiosk.view_models.steps import problem_card, step_title
from ui.kiosk.view_models.turn_pages import turn_pages


def choose_view(place: Choose, kiosk: Kiosk) -> FormView:
    """Return what is chosen next."""
    treatment = place.treatment
    row = place.row(kiosk)
    columns: tuple[Column, ...]
    if not treatment.side:
        columns, line = _where(place, kiosk), _("Where?")
    elif row is None:
        columns, line = (Column(blocks=_programmes(place, kiosk)),), _("Choose a programme")
    else:
        columns, line = (Column(blocks=_programme(place, row, kiosk)),), say_row(row["title"])
    return FormView(
        title=treatment.name if not treatment.side else step_title(treatment),
        line=line,
        rail=(BACK, KeyView(action="history", text=_("History"), icon="history")),
        turn=f"{bool(treatment.side)}{treatment.programme}{place.first}",
        columns=columns,
    )


def evidence_view(place: Evidence, kiosk: Kiosk) -> FormView:
    """Return both columns, equally wide, that no claim is made; then what is recommended first."""
    rows = kiosk.rows(PROGRAMMES) or ()
    row = next((row for row in rows if row["name"] == place.treatment.programme), None)
    evidence = {} if row is None else row["evidence"]
    blocks = _first(evidence) if place.first else _both_ways(evidence)
    return FormView(
        title="" if row is None else say_row(row["title"]),
        line=_("Guidelines recommend first") if place.first else _("Evidence, both ways"),
        rail=(BACK,),
        turn=str(place.first),
        columns=(Column(blocks=blocks),),
    )


def _both_ways(evidence: Row) -> tuple[Block, ...]:
    pair = Pair(
        panels=(
            Panel(title=_("Reports for"), text=_said(evidence.get("supporting"))),
            Panel(
                title=_("Reports against"),
                text=f"{_said(evidence.get('opposing'))} {_said(evidence.get('guideline'))}",
            ),
        )
    )
    first = KeyView(
        action="first",
        text=_("Guidelines"),
        icon="book",
        look=KeyLook.OUTLINED,
    )
    return pair, _evidence_foot(first)


def _first(evidence: Row) -> tuple[Block, ...]:
    """Return what guidelines recommend before electrical stimulation, and the guidelines."""
    steps = tuple(
        StepView(text=sentence(say_row(each["what"])), icon="book", state=str(each["source"]))
        for each in evidence.get("guidelines", ())
    )
    cited = Card(height=64, icon="info", text="; ".join(evidence.get("cited", ())))
    both = KeyView(
        action="first",
        text=_("Evidence, both ways"),
        icon="scale",
        look=KeyLook.OUTLINED,
    )
    return Steps(steps=steps), cited, _evidence_foot(both)


def _evidence_foot(other: KeyView) -> Beside:
    back = KeyView(action="programme", text=_("Programme"), icon="back", look=KeyLook.LEAD)
    claim = Card(icon="scale", text=_("No claim is made."))
    return Beside(height=64, shares=(2, 3), parts=(claim, Keys(columns=2, keys=(other, back))))


def _said(text: object) -> str:
    return "" if text is None else say_row(text)


def _where(place: Choose, kiosk: Kiosk) -> tuple[Column, Column]:
    """Return the back with its areas on the left, what was touched there on the right."""
    rows = kiosk.rows(PROGRAMMES) or ()
    regions = tuple(dict.fromkeys(str(name) for row in rows for name in row["regions"]))
    zones = tuple(_zone(place, region, side) for region in regions for side in (LEFT, RIGHT))
    words = _area(place.treatment.region, place.area_side) if place.area_side else ""
    chosen = Card(height=68, icon="info", text=_("Touch the areas on the figure."))
    if words:
        chosen = Card(height=68, icon="check", look="good", title=words)
    go = KeyView(
        action=f"areas:{place.area_side}" if words else "",
        text=_("Choose a programme"),
        look=KeyLook.LEAD if words else KeyLook.OFF,
    )
    beside = (
        Heading(text=_("Which region?"), only_wide=True),
        *_again(place, kiosk),
        *problem_card(kiosk),
        chosen,
        Gap(only_wide=True),
        *_both(place),
        Keys(height=76, keys=(go,)),
    )
    return Column(share=276, blocks=(AreaPicker(zones=zones),)), Column(share=364, blocks=beside)


def _zone(place: Choose, region: str, side: str) -> Zone:
    chosen = place.treatment.region == region and place.area_side in {side, BOTH}
    return Zone(
        action=f"zone:{region}:{side}",
        text=_area(region, side),
        look=KeyLook.CHOSEN if chosen else KeyLook.OUTLINED,
        region=region,
        side=side,
    )


def _area(region: str, side: str) -> str:
    return listed(sentence(choice("region", region)), choice("side", side))


def _both(place: Choose) -> tuple[Block, ...]:
    """Return a key that takes both sides where one is touched, so that it costs no touch more."""
    if place.area_side not in {LEFT, RIGHT}:
        return ()
    both = KeyView(
        action=f"areas:{BOTH}", text=_area(place.treatment.region, BOTH), look=KeyLook.OUTLINED
    )
    return (Keys(height=64, keys=(both,)),)


def _again(place: Choose, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return the place that was treated before as one key, nothing before the first time."""
    last = place.last_place(kiosk)
    if last is None:
        return ()
    key = KeyView(
        action="again",
        text=_area(*last),
        note=_("treated there before"),
        icon="history",
        look=KeyLook.OUTLINED,
    )
    return (Keys(height=64, how="tile", keys=(key,)),)


def _programmes(place: Choose, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return both lists side by side, neither in front; what does not fit is on other pages."""
    groups = (
        (place.listed(kiosk, EMS), "EMS", _("makes a muscle contract")),
        (place.listed(kiosk, TENS), "TENS", _("felt as tingling")),
    )
    longest = max(len(rows) for rows, _words, _note in groups)
    lines = LINES if longest <= LINES else ON_PAGE
    columns = tuple(
        Column(
            blocks=(
                Heading(text=words),
                Say(height=24, text=note, style="caption", role="text_soft"),
                LineKeys(
                    keys=tuple(_line(row, place) for row in rows[place.first :][:lines]),
                    lines=lines,
                ),
            )
        )
        for rows, words, note in groups
    )
    lists = Beside(shares=(1, 1), gap=16, parts=columns)
    turn = () if longest <= LINES else (turn_pages(place.first, longest, ON_PAGE),)
    return *problem_card(kiosk), lists, *turn


def _line(row: Row, place: Choose) -> LineKeyView:
    here = place.is_here(row)
    rate, width, rhythm = programme_numbers(row)
    numbers = (
        f"{rate.value} {rate.unit} · {width.value} {width.unit} · {rhythm.value} {rhythm.unit}"
    )
    return LineKeyView(
        action=f"programme:{row['name']}",
        text=say_row(row["title"]),
        note=numbers if here else _("not for this region"),
        icon="" if here else "off",
        look=KeyLook.OUTLINED if here else KeyLook.PLAIN,
    )


def programme_numbers(row: Row) -> tuple[Cell, Cell, Cell]:
    """Return rate, width of a phase, and the rhythm of work and rest."""
    sweep, pulse = row["sweep"], row["pulse"] or row["carrier"]
    rate, width = str(row["rate_hz"]), str(pulse["phase_us"])
    if sweep is not None:
        rate, width = (f"{least}–{most}" for least, most in (sweep["rate_hz"], sweep["phase_us"]))
    rhythm = Cell(value=_("no pauses"), unit="", caption=_("rhythm"))
    if row["on_off"] is not None:
        on, off = (round(time_ms / 1000) for time_ms in _on_and_off_ms(row["on_off"]))
        rhythm = Cell(value=f"{on}/{off}", unit="s", caption=_("on / rest"))
    return (
        Cell(value=rate, unit="/s", caption=_("rate")),
        Cell(value=width, unit="µs", caption=_("width")),
        rhythm,
    )


def _on_and_off_ms(times: Row) -> tuple[int, int]:
    """Return a contraction with both ramps, and the rest, of either way to write times."""
    ramps = ("ramp_up_ms", "plateau_ms", "ramp_down_ms")
    return times["on_ms"] or sum(times[name] for name in ramps), times["off_ms"]


def programme_card(row: Row) -> FactCard:
    """Return a programme: its title, its numbers and what it does."""
    return FactCard(
        height=148,
        title=say_row(row["title"]),
        cells=programme_numbers(row),
        text=say_row(row["summary"]),
    )


def _programme(place: Choose, row: Row, kiosk: Kiosk) -> tuple[Block, ...]:
    card = programme_card(row)
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
    chosen = place.chosen_minutes(kiosk)
    return tuple(
        KeyView(
            action=f"minutes:{minutes}",
            text=str(minutes),
            note=_("min"),
            look=KeyLook.CHOSEN
            if chosen is not None and minutes == chosen["minutes"]
            else KeyLook.OUTLINED,
        )
        for minutes in place.minutes(kiosk)
    )


def _against(place: Choose, kiosk: Kiosk) -> tuple[Card, ...]:
    """Return why the engine does not offer this treatment, or what it notes of the minutes."""
    if place.cannot is not None:
        text = _("Accepted: {allowed}").format(allowed=say(place.cannot.allowed))
        title = _("Not offered here")
        return (Card(height=68, icon="warn", look="warn", title=title, text=text),)
    row = place.against(kiosk)
    if row is None:
        chosen = place.chosen_minutes(kiosk)
        note = None if chosen is None else chosen["note"]
        return () if note is None else (Card(height=48, icon="info", text=sentence(say_row(note))),)
    found, nearest = sentence(say_row(row["found"])), sentence(say_row(row["nearest"]))
    text = f"{found}. {nearest}."
    return (Card(height=68, icon="warn", look="warn", text=text),)
