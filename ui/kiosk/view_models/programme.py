"""One programme: its numbers, how its contractions begin, its minutes, what stands against it."""

from ui.kiosk.journey.choose import Choose
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, say, say_row, sentence
from ui.kiosk.view_models.blocks import Beside, Block, Card, Cell, FactCard, Gap, Keys
from ui.kiosk.view_models.parts import KeyLook, KeyView

MOST_NOTES = 2
"""Notes that have room on a card, the first of them."""


def numbers_line(row: Row) -> str:
    """Return rate, width and rhythm in one line."""
    return " · ".join(f"{cell.value} {cell.unit}".strip() for cell in programme_numbers(row))


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


def programme_blocks(place: Choose, row: Row, kiosk: Kiosk) -> tuple[Block, ...]:
    """Return the card with its evidence, how contractions begin, minutes, and Take."""
    call = _call(place, kiosk)
    evidence = KeyView(
        action="evidence",
        text=_("Evidence, both ways"),
        note="" if call else _("no claim is made"),
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
    shown = Keys(height=60, how="tile", keys=(evidence,))
    beside = Beside(height=60, shares=(3, 4), parts=(shown, Keys(columns=2, keys=call)))
    return (
        programme_card(row),
        beside if call else shown,
        *_against(place, kiosk),
        Gap(),
        Beside(
            height=76,
            shares=(448, 200),
            parts=(Keys(columns=max(len(chips), 1), how="stack", keys=chips), Keys(keys=(take,))),
        ),
    )


def _call(place: Choose, kiosk: Kiosk) -> tuple[KeyView, ...]:
    """Return how contractions begin, nothing for a programme without a choice."""
    on_call = place.on_call(kiosk)
    if on_call is None:
        return ()
    words = ((False, "no", _("By cycle"), "clock"), (True, "yes", _("On call"), "press"))
    return tuple(
        KeyView(
            action=f"call:{name}",
            text=text,
            icon=icon,
            look=KeyLook.CHOSEN if on_call is chosen else KeyLook.OUTLINED,
        )
        for chosen, name, text, icon in words
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
    if row is not None:
        found, nearest = sentence(say_row(row["found"])), sentence(say_row(row["nearest"]))
        return (Card(height=68, icon="warn", look="warn", text=f"{found}. {nearest}."),)
    notes = _notes(place, kiosk)
    if not notes:
        return ()
    return (Card(height=48, icon="info", text=" ".join(notes[:MOST_NOTES])),)


def _notes(place: Choose, kiosk: Kiosk) -> tuple[str, ...]:
    """Return what the engine notes: of the course, of the goal on this region, of the minutes."""
    goal, minutes = place.goal_of(kiosk), place.chosen_minutes(kiosk)
    found = [f"{say_row(row['allowed'])}: {say_row(row['nearest'])}" for row in place.noted(kiosk)]
    notes = (
        None if goal is None else goal.offer["note"],
        None if minutes is None else minutes["note"],
    )
    found += [say_row(note) for note in notes if note is not None]
    return tuple(f"{sentence(words).rstrip('.')}." for words in found)
