"""Draws the contact of each pair of pads."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.blocks import ContactRow, ContactRows
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

MARK, MOST_HIGH, LINE = 34, 84, 26


def draw_contact_rows(stage: Stage, rect: Rect, block: ContactRows, still: Layer) -> None:
    """Draw a row a pair from the top."""
    for place, row in zip(rect.rows(max(len(block.rows), 1)), block.rows, strict=False):
        _row(stage, place.top(min(place.h, MOST_HIGH)), row, still)


def _row(stage: Stage, rect: Rect, row: ContactRow, still: Layer) -> None:
    still.add_widget(Box(stage, rect, "panel"))
    edge = Rect(rect.x, rect.y + 8, 5, rect.h - 16)
    still.add_widget(Field(stage, edge, f"channel_{row.channel}"))
    inner = rect.inset(14, 4)
    mark = Rect(inner.x, inner.y + (inner.h - MARK) / 2, MARK, MARK)
    still.add_widget(ChannelMark(stage, mark, row.channel))
    words = inner.after(MARK, 12)
    top = words.y + (words.h - 2 * LINE) / 2
    name, state = (Rect(words.x, top + line * LINE, words.w, LINE) for line in (0, 1))
    still.add_widget(Words(stage, name, row.title, "body_bold"))
    still.add_widget(Words(stage, name, row.pads, "caption", "text_soft", align="right"))
    still.add_widget(Icon(stage, state.left(26), row.icon, row.role, 24))
    still.add_widget(Words(stage, state.after(26, 8), row.state, "body_bold", row.role))
    still.add_widget(Words(stage, state, row.ohm, "caption", "text_soft", align="right"))
