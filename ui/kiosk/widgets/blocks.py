"""Draws the blocks of a form; one function a kind of block."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    ChannelCards,
    Column,
    ContactRows,
    Entry,
    FactCard,
    Figure,
    Gap,
    Heading,
    Keys,
    LineKeys,
    Pair,
    PatientCard,
    Question,
    Rows,
    Say,
    SiteTable,
    Steps,
)
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.contact_rows import draw_contact_rows
from ui.kiosk.widgets.fact_card import draw_fact_card, draw_pair
from ui.kiosk.widgets.figure import draw_figure
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.line_keys import draw_line_keys
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.patient_card import draw_patient_card
from ui.kiosk.widgets.site_table import draw_site_table
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Align, VAlign, Words

HOWS = {
    "plain": KeyArrangement(),
    "tile": KeyArrangement(icon_size=34, align="left", style="body_bold"),
    "stack": KeyArrangement(stacked=True, icon_size=30),
    "digit": KeyArrangement(style="digit_key", icon_size=26, stacked=True),
    "letter": KeyArrangement(style="title", icon_size=22, stacked=True),
    "small": KeyArrangement(style="caption", icon_size=20),
}
BLOCK_GAP = 8
NARROW = 480
"""Answers stand below their question where there is less room."""
LOWEST = 24
"""What a block without a height has at least, where all become lower."""
EDGES = {"alarm": "alarm_high", "warn": "warn", "advice": "advice", "good": "good"}


def stacked(place: Rect, blocks: Sequence[Block]) -> list[Rect]:
    """Return the places of blocks from the top; those without a height share what is left.

    Where too little is left for them, all become lower alike: nothing lies beyond the column.
    """
    heights = [block.height for block in blocks]
    room = place.h - BLOCK_GAP * (len(blocks) - 1)
    fixed = sum(height for height in heights if height is not None)
    sharing = heights.count(None)
    each = max((room - fixed) / sharing, LOWEST) if sharing else 0.0
    squeezed = min(room / max(fixed + each * sharing, 1), 1.0)
    found, top = [], place.y
    for height in heights:
        high = (each if height is None else height) * squeezed
        found.append(Rect(place.x, top, place.w, high))
        top += high + BLOCK_GAP
    return found


def draw_column(stage: Stage, rect: Rect, column: Column, still: Layer) -> None:
    """Draw the blocks of a column from the top."""
    for place, block in zip(stacked(rect, column.blocks), column.blocks, strict=True):
        draw_block(stage, place, block, still)


def draw_block(stage: Stage, rect: Rect, block: Block, still: Layer) -> None:
    """Draw one block at its place."""
    _DRAW[type(block)](stage, rect, block, still)


def _heading(stage: Stage, rect: Rect, block: Heading, still: Layer) -> None:
    still.add_widget(Words(stage, rect, block.text, "title", valign="middle"))
    if block.note:
        still.add_widget(Words(stage, rect, block.note, "caption", "text_soft", align="right"))


def _say(stage: Stage, rect: Rect, block: Say, still: Layer) -> None:
    align, valign = cast("Align", block.align), cast("VAlign", block.valign)
    still.add_widget(
        Words(stage, rect, block.text, block.style, block.role, align=align, valign=valign)
    )


def _keys(stage: Stage, rect: Rect, block: Keys, still: Layer) -> None:
    lines = -(-len(block.keys) // block.columns)
    places = [
        place
        for row in rect.rows(max(lines, 1), block.gap)
        for place in row.columns(block.columns, block.gap)
    ]
    for place, key in zip(places, block.keys, strict=False):
        if key.text or key.icon:
            still.add_widget(Key(stage, place, key, HOWS[block.how]))


def _card(stage: Stage, rect: Rect, block: Card, still: Layer) -> None:
    edge = EDGES.get(block.look, "")
    still.add_widget(Box(stage, rect, "panel", edge=edge))
    inner = rect.inset(14, 10)
    if block.icon:
        ink = EDGES.get(block.look, "text")
        still.add_widget(Icon(stage, inner.left(30), block.icon, ink, 26))
        inner = inner.after(30, 12)
    if not block.title:
        still.add_widget(Words(stage, inner, block.text, "caption", "text_soft"))
        return
    if not block.text:
        still.add_widget(Words(stage, inner, block.title, "body_bold"))
        return
    still.add_widget(Words(stage, inner.top(26), block.title, "body_bold"))
    still.add_widget(
        Words(stage, inner.below(26, 2), block.text, "caption", "text_soft", valign="top")
    )


def _steps(stage: Stage, rect: Rect, block: Steps, still: Layer) -> None:
    still.add_widget(Box(stage, rect, "panel"))
    rows = rect.rows(max(len(block.steps), 1), 0)
    for number, (row, step) in enumerate(zip(rows, block.steps, strict=False)):
        if number:
            still.add_widget(Field(stage, Rect(row.x + 12, row.y, row.w - 24, 1), "line"))
        still.add_widget(Icon(stage, row.left(52), step.icon, step.state_role, 24))
        words = row.after(54).before(10)
        if step.state:
            state = words.end(words.w * 0.36)
            words = words.before(state.w, 8)
            still.add_widget(
                Words(stage, state, step.state, "body_bold", step.state_role, align="right")
            )
        still.add_widget(Words(stage, words, step.text, "body"))


def _question(stage: Stage, rect: Rect, block: Question, still: Layer) -> None:
    edge = EDGES.get(block.look, "")
    still.add_widget(Box(stage, rect, "panel", edge=edge))
    inner = rect.inset(12, 6)
    if inner.w < NARROW:
        keys, words = inner.foot(47), inner.above(47, 2)
    else:
        keys = inner.end(min(block.key_width * len(block.keys), inner.w * block.keys_share))
        words = inner.before(keys.w, 10)
    if block.note:
        still.add_widget(Words(stage, words.top(words.h * 0.52), block.text, "body"))
        note = words.foot(words.h * 0.48)
        if block.icon:
            still.add_widget(Icon(stage, note.left(22), block.icon, block.note_role, 22))
            note = note.after(22, 8)
        still.add_widget(Words(stage, note, block.note, "caption", block.note_role))
    else:
        still.add_widget(Words(stage, words, block.text, "body"))
    for place, key in zip(keys.columns(len(block.keys)), block.keys, strict=True):
        still.add_widget(Key(stage, place, key, KeyArrangement(icon_size=20)))


def _entry(stage: Stage, rect: Rect, block: Entry, still: Layer) -> None:
    edge = "alarm_high" if block.problem else "edge"
    well = rect if not block.problem else rect.above(24, 2)
    still.add_widget(Box(stage, well, "sunken", edge=edge))
    inner = well.inset(14, 6)
    if block.secret:
        _dots(stage, inner, len(block.text), max(block.places, len(block.text)), still)
    else:
        words = Words(stage, inner, block.text or block.hint, "title", _ink(block))
        still.add_widget(words)
        if block.text:
            at = inner.x + words.drawn_width / stage.theme.profile.scale + 2
            still.add_widget(Field(stage, Rect(at, inner.y + 4, 2, inner.h - 8), "value"))
    if block.caption:
        still.add_widget(Words(stage, inner, block.caption, "caption", "text_soft", align="right"))
    if block.problem:
        still.add_widget(
            Words(stage, rect.foot(22), block.problem, "caption", "alarm_high", valign="top")
        )


def _ink(block: Entry) -> str:
    return "value" if block.text else "text_off"


def _dots(stage: Stage, rect: Rect, filled: int, places: int, still: Layer) -> None:
    size = 22.0
    step = min(42.0, (rect.w - size) / max(places - 1, 1))
    start = rect.x + (rect.w - step * (places - 1) - size) / 2
    for number in range(places):
        place = Rect(start + number * step, rect.y + (rect.h - size) / 2, size, size)
        full = number < filled
        still.add_widget(
            Box(stage, place, "value" if full else "", radius=11, edge="" if full else "edge")
        )


def _rows(stage: Stage, rect: Rect, block: Rows, still: Layer) -> None:
    still.add_widget(Box(stage, rect, "panel"))
    inner = rect.inset(14, 6)
    for row, (caption, value) in zip(
        inner.rows(max(len(block.rows), 1), 0), block.rows, strict=False
    ):
        left, right = row.shares((0.4, 0.6))
        still.add_widget(Words(stage, left, caption, "caption", "text_soft"))
        still.add_widget(Words(stage, right, value, "body_bold"))


def _channels(stage: Stage, rect: Rect, block: ChannelCards, still: Layer) -> None:
    for place, card in zip(rect.columns(max(len(block.cards), 1)), block.cards, strict=False):
        colour = f"channel_{card.channel}"
        still.add_widget(Box(stage, place, "panel"))
        still.add_widget(Field(stage, Rect(place.x, place.y + 10, 5, place.h - 20), colour))
        inner = place.inset(16, 10)
        still.add_widget(ChannelMark(stage, Rect(inner.x, inner.y, 34, 34), card.channel))
        title = Rect(inner.x + 46, inner.y, inner.w - 46, 34)
        still.add_widget(Words(stage, title, card.title, "body_bold"))
        left, right = inner.below(40).above(26).columns(2)
        for half, caption, value, style, role in (
            (left, card.now_caption, card.now, "value_l", "value"),
            (right, card.then_caption, card.then, "value_m", colour),
        ):
            if not value:
                continue
            align: Align = "left" if half is left else "right"
            still.add_widget(
                Words(stage, half.top(24), caption, "caption", "text_soft", align=align)
            )
            place_of = half.below(22)
            still.add_widget(Words(stage, place_of, f"{value} mA", style, role, align=align))
        still.add_widget(Words(stage, inner.foot(24), card.foot, "caption", "text_soft"))


def _beside(stage: Stage, rect: Rect, block: Beside, still: Layer) -> None:
    places = rect.shares(block.shares, block.gap)
    for place, part in zip(places, block.parts, strict=True):
        if isinstance(part, Column):
            draw_column(stage, place, part, still)
        else:
            draw_block(stage, place, part, still)


def _gap(*_: Any) -> None:
    return


_DRAW: Mapping[type[Block], Callable[[Stage, Rect, Any, Layer], None]] = {
    Heading: _heading,
    Say: _say,
    Keys: _keys,
    LineKeys: draw_line_keys,
    FactCard: draw_fact_card,
    Pair: draw_pair,
    PatientCard: draw_patient_card,
    Card: _card,
    Steps: _steps,
    Question: _question,
    Entry: _entry,
    Rows: _rows,
    ChannelCards: _channels,
    ContactRows: draw_contact_rows,
    Figure: draw_figure,
    SiteTable: draw_site_table,
    Gap: _gap,
    Beside: _beside,
}
