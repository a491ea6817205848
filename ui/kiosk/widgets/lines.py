"""A page of a text, and the legend of numbered discs."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, set_text
from ui.kiosk.view_models.blocks import Legend, Lines, LineView
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

INDENT, APART, DISC = 26, 8, 24
STYLES = ("body", "caption")


class Disc(Part):
    """A white disc with a number; it takes no touch."""

    def __init__(self, stage: Stage, rect: Rect, number: int) -> None:
        super().__init__(stage, rect)
        box = Box(stage, rect, "go", radius=rect.h / 2, edge="ground", edge_width=2)
        words = Words(stage, rect, str(number), "caption", "go_text", align="centre", bold=True)
        for part in (box, words):
            self.add_widget(part)


def draw_lines(stage: Stage, rect: Rect, block: Lines, still: Layer) -> None:
    """Draw the lines in the larger type where they fit."""
    still.add_widget(Box(stage, rect, "panel"))
    inner = rect.inset(16, 12)
    style = next(
        (style for style in STYLES if _whole(stage, inner, block, style) <= inner.h), STYLES[-1]
    )
    top = inner.y
    for line in block.lines:
        high = _high(stage, inner, line, style)
        place = Rect(inner.x, top, inner.w, high)
        if not line.head:
            mark = f"{line.number}." if line.number else "–"
            mark_place = place.left(INDENT)
            still.add_widget(Words(stage, mark_place, mark, style, "text_soft", valign="top"))
            place = place.after(INDENT)
        words = Words(stage, place, line.text, style, valign="top", bold=line.head)
        still.add_widget(words)
        top += high + APART


def draw_legend(stage: Stage, rect: Rect, block: Legend, still: Layer) -> None:
    """Draw each number with its words, row by row."""
    columns = block.columns
    lines = -(-len(block.texts) // columns)
    places = [place for row in rect.rows(lines, 4) for place in row.columns(columns, 8)]
    for number, (place, text) in enumerate(zip(places, block.texts, strict=False), start=1):
        middle = place.y + (place.h - DISC) / 2
        still.add_widget(Disc(stage, Rect(place.x, middle, DISC, DISC), number))
        still.add_widget(Words(stage, place.after(DISC, 8), text, "caption"))


def _whole(stage: Stage, rect: Rect, block: Lines, style: str) -> float:
    highs = [_high(stage, rect, line, style) for line in block.lines]
    return sum(highs) + APART * max(len(highs) - 1, 0)


def _high(stage: Stage, rect: Rect, line: LineView, style: str) -> float:
    font = stage.theme.style(style)
    setting = Setting(stage.px(font.px), font.is_bold or line.head, font.line)
    width = rect.w - (0 if line.head else INDENT)
    return set_text(line.text, setting, stage.px(width)).height / stage.theme.profile.scale
