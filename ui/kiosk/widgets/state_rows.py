"""Draws things a row each: icon, name with a note, the state, and a key."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.unit_blocks import StateRow, StateRows
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

ICON, GAP, NARROW = 52, 6, 500
LINE, HALF_LINE = 26, 22
STATE_SHARE = 0.4
"""How much of what icon and key leave is for the state."""


def draw_state_rows(stage: Stage, rect: Rect, block: StateRows, still: Layer) -> None:
    """Draw the rows from the top; a short list leaves room below."""
    places = rect.rows(max(block.lines, len(block.rows)), GAP)
    for place, row in zip(places, block.rows, strict=False):
        _row(stage, place, row, block.key_width, still)


def _row(stage: Stage, rect: Rect, row: StateRow, key_width: float, still: Layer) -> None:
    still.add_widget(Box(stage, rect, "panel"))
    still.add_widget(Icon(stage, rect.left(ICON + 8), row.icon, "text_soft", 30))
    inner = rect.after(ICON + 8).before(8)
    if row.key is not None:
        key = inner.end(key_width)
        inner = inner.before(key_width, 8)
        high = min(key.h - 12, 60)
        place = Rect(key.x, key.y + (key.h - high) / 2, key.w, high)
        still.add_widget(Key(stage, place, row.key))
    if rect.w < NARROW:
        _stacked(stage, inner, row, still)
        return
    state = inner.end(inner.w * STATE_SHARE)
    words = inner.before(state.w, 8) if row.state else inner
    _name(stage, words, row, still)
    if row.state:
        _state(stage, state, row, still)


def _name(stage: Stage, rect: Rect, row: StateRow, still: Layer) -> None:
    if not row.note:
        still.add_widget(Words(stage, rect, row.title, "body_bold"))
        return
    top = rect.y + max((rect.h - LINE - HALF_LINE) / 2, 0)
    title = Rect(rect.x, top, rect.w, LINE)
    note = Rect(rect.x, top + LINE, rect.w, HALF_LINE)
    still.add_widget(Words(stage, title, row.title, "body_bold"))
    still.add_widget(Words(stage, note, row.note, "caption", "text_soft"))


def _state(stage: Stage, rect: Rect, row: StateRow, still: Layer) -> None:
    words = rect
    if row.state_icon:
        still.add_widget(Icon(stage, rect.left(26), row.state_icon, row.state_role, 22))
        words = rect.after(26, 6)
    still.add_widget(Words(stage, words, row.state, "caption", row.state_role, bold=True))


def _stacked(stage: Stage, rect: Rect, row: StateRow, still: Layer) -> None:
    """Draw the state below the note, where the rows are narrow and higher."""
    high = LINE + (HALF_LINE if row.note else 0) + (LINE if row.state else 0)
    top = rect.y + max((rect.h - high) / 2, 0)
    named = Rect(rect.x, top, rect.w, LINE + (HALF_LINE if row.note else 0))
    _name(stage, named, row, still)
    if row.state:
        _state(stage, Rect(rect.x, named.bottom, rect.w, LINE), row, still)
