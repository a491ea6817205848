"""A panel with a title, numbers in cells and a text; and a panel with a title and a long text."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, set_text
from ui.kiosk.view_models.blocks import Cell, FactCard, Pair, Panel
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

TITLE, CELL, UNIT_GAP = 30, 60, 5
NARROW = 480
LONG = 26
"""A word of more letters may be broken after a stroke: DOIs."""


def draw_fact_card(stage: Stage, rect: Rect, block: FactCard, still: Layer) -> None:
    """Draw title, cells and text."""
    still.add_widget(Box(stage, rect, "panel"))
    inner = rect.inset(14, 8)
    still.add_widget(Words(stage, inner.top(TITLE), block.title, "title"))
    cells = inner.below(TITLE, 2).top(CELL)
    for place, cell in zip(cells.columns(max(len(block.cells), 1)), block.cells, strict=False):
        _cell(stage, place, cell, still)
    text = inner.below(TITLE + CELL + 2, 4)
    still.add_widget(Words(stage, text, block.text, "caption", "text_soft"))


def draw_pair(stage: Stage, rect: Rect, block: Pair, still: Layer) -> None:
    """Draw both panels in equal places."""
    places = rect.columns(2) if rect.w >= NARROW else rect.rows(2)
    for place, panel in zip(places, block.panels, strict=True):
        _panel(stage, place, panel, still)


def _panel(stage: Stage, rect: Rect, block: Panel, still: Layer) -> None:
    """Draw the title with a line below it, and the text."""
    still.add_widget(Box(stage, rect, "panel"))
    inner = rect.inset(14, 10)
    title = Words(stage, inner.top(TITLE), block.title, "title")
    still.add_widget(title)
    wide = title.drawn_width / stage.theme.profile.scale
    still.add_widget(Field(stage, Rect(inner.x, inner.y + TITLE, wide, 2), "edge"))
    place = inner.below(TITLE, 8)
    text = " ".join(
        word.replace("/", "/ ") if len(word) > LONG else word for word in block.text.split(" ")
    )
    style = "body" if _high(stage, text, "body", place.w) <= place.h else "caption"
    still.add_widget(Words(stage, place, text, style, valign="top"))


def _high(stage: Stage, text: str, name: str, width: float) -> float:
    style = stage.theme.style(name)
    setting = Setting(stage.px(style.px), style.is_bold, style.line)
    return set_text(text, setting, stage.px(width)).height / stage.theme.profile.scale


def _cell(stage: Stage, place: Rect, cell: Cell, still: Layer) -> None:
    still.add_widget(Box(stage, place, "sunken"))
    inner = place.inset(10, 4)
    upper, lower = inner.top(30), inner.below(30)
    _value(stage.straight(), stage.here(upper), cell, still, at_end=stage.mirror is not None)
    still.add_widget(Words(stage, lower, cell.caption, "caption", "text_soft"))


def _value(stage: Stage, place: Rect, cell: Cell, still: Layer, *, at_end: bool) -> None:
    """Draw the number and behind it its unit, from left to right in every language."""
    value = Words(stage, place, cell.value, "title", "value")
    wide = value.drawn_width / stage.theme.profile.scale + UNIT_GAP
    unit = Words(stage, place.after(wide), cell.unit, "caption", "text_soft")
    if at_end:
        whole = wide + unit.drawn_width / stage.theme.profile.scale
        value.move(place.after(place.w - whole))
        unit.move(place.after(place.w - whole + wide))
    still.add_widget(value)
    still.add_widget(unit)
