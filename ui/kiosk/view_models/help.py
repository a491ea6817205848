"""The instructions for use on the screen, the legend of the treatment, and wiping the screen."""

from collections.abc import Iterator, Sequence

from ui.kiosk.journey.over import CLEAN_US, Cleaning, Helping
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.locale.words import _, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Column,
    FormView,
    Gap,
    Keys,
    Legend,
    Lines,
    LineView,
    Steps,
)
from ui.kiosk.view_models.message import FigureView, MessageView, StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView

S_US = 1_000_000
LINE, ROOM, APART = 62, 12.0, 0.35
"""Letters in a line of a page, lines of a page, and what lies between two of them."""
TOPICS_ON_PAGE = 10
CLOSE = KeyView(action="close", text="Back", icon="back")
SHUT = KeyView(action="close", icon="cross", look=KeyLook.OUTLINED)


def help_view(place: Helping, kiosk: Kiosk) -> FormView:
    """Return one page of a topic, or of the list of topics."""
    rows = kiosk.rows(place.query) or ()
    if not place.topic:
        return _topics(place, rows)
    pages = pages_of(rows)
    at = min(place.page, max(len(pages) - 1, 0))
    title = sentence(say_row(rows[0]["title"])) if rows else ""
    lines = Lines(lines=pages[at] if pages else ())
    keys = Keys(height=60, columns=3, keys=_turning(at, len(pages), "topic:"))
    return FormView(
        title=title,
        line=_("From the instructions for use"),
        rail=(CLOSE,),
        columns=(Column(blocks=(lines, keys)),),
        turn=f"{place.topic}:{at}",
    )


def pages_of(rows: Sequence[Row]) -> list[tuple[LineView, ...]]:
    """Return the lines of a topic in pages of about equal room; a heading is never the last."""
    pages: list[tuple[LineView, ...]] = []
    page: list[LineView] = []
    used = 0.0
    for line in _lines(rows):
        cost = -(-len(line.text) // LINE) + APART
        if page and used + cost + (1 + APART if line.head else 0) > ROOM:
            held = [page.pop()] if page[-1].head else []
            pages.append(tuple(page))
            page, used = held, sum(-(-len(each.text) // LINE) + APART for each in held)
        page.append(line)
        used += cost
    return [*pages, tuple(page)] if page else pages


def _lines(rows: Sequence[Row]) -> Iterator[LineView]:
    for row in rows:
        if row["heading"] is not None:
            yield LineView(sentence(say_row(row["heading"])), head=True)
        for number, line in enumerate(row["lines"], start=1):
            yield LineView(sentence(say_row(line)), number=str(number) if row["steps"] else "")


def _topics(place: Helping, rows: Sequence[Row]) -> FormView:
    at = place.page
    shown = rows[at * TOPICS_ON_PAGE : (at + 1) * TOPICS_ON_PAGE]
    keys = tuple(
        KeyView(action=f"topic:{row['topic']}", text=sentence(say_row(row["title"])))
        for row in shown
    )
    blank = tuple(KeyView(action="") for _more in range(TOPICS_ON_PAGE - len(keys)))
    count = -(-len(rows) // TOPICS_ON_PAGE)
    blocks: tuple[Block, ...] = (
        Keys(columns=2, how="small", keys=(*keys, *blank)),
        Keys(height=60, columns=3, keys=_turning(at, count, "")),
    )
    return FormView(
        title=_("Help"),
        line=_("From the instructions for use"),
        rail=(CLOSE,),
        columns=(Column(blocks=blocks),),
        turn=f":{at}",
    )


def _turning(at: int, count: int, topics: str) -> tuple[KeyView, ...]:
    """Return the keys that turn pages; the first shows all topics, where there are others."""
    first = KeyView(action=topics, text=_("All topics"), icon="list") if topics else None
    before = KeyView(action=f"page:{at - 1}", text=_("Page before"), icon="up")
    after = KeyView(action=f"page:{at + 1}", text=_("Next page"), icon="down")
    none = KeyView(action="")
    return (first or none, before if at else none, after if at + 1 < count else none)


def legend(*, tall: bool = False) -> tuple[Block, ...]:
    """Return the words of the discs on the treatment screen."""
    texts = (
        _("what you set"),
        _("what is measured"),
        _("plus: one tap more"),
        _("tick: level held before"),
        _("minus: lower, at any time"),
        _("time that is left"),
    )
    shut = Column(blocks=(Gap(), Keys(height=52, how="digit", keys=(SHUT,)), Gap()))
    if tall:
        return (Beside(parts=(Legend(texts=texts, columns=1), shut), shares=(240, 52)),)
    return (Beside(parts=(Legend(texts=texts), shut), shares=(470, 52)),)


def feeling_help() -> Column:
    """Return what the first feeling is for, in the place of its answers."""
    texts = (
        _("One channel plays alone."),
        _("Raise it tap by tap until it is felt."),
        _("Ask where, and touch what the patient says."),
        _("Felt elsewhere: back to zero, pads again."),
    )
    steps = Steps(steps=tuple(StepView(text=text, icon="info") for text in texts))
    return Column(blocks=(steps, Keys(height=52, how="digit", keys=(SHUT,))))


def clean_view(place: Cleaning, kiosk: Kiosk) -> MessageView:
    """Return how long the screen may still be wiped."""
    snapshot = kiosk.snapshot
    left_us = 0 if snapshot is None else kiosk.sheet.opened_us + CLEAN_US - snapshot.at_us
    seconds = max(-(-left_us // S_US), 0)
    return MessageView(
        title=_("Wipe the screen"),
        icon="wash",
        look="advice",
        figures=(FigureView(caption=_("touches count again in"), value=f"{seconds} s"),),
        steps=(
            StepView(text=_("A damp cloth, never a wet one."), icon="wash"),
            StepView(text=_("No touch means anything until then."), icon="lock"),
            StepView(text=_("STOP works all the time."), icon="stop"),
        ),
    )
