"""Draws the blocks of a form; one function a kind of block."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.blocks import (
    AreaPicker,
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
    Legend,
    LineKeys,
    Lines,
    Mushroom,
    Pair,
    PatientCard,
    Question,
    Rows,
    Say,
    SiteTable,
    Steps,
)
from ui.kiosk.view_models.charts import Charts, FactRow
from ui.kiosk.view_models.tables import Progress, TableKeys
from ui.kiosk.view_models.train_blocks import Steppers, Train
from ui.kiosk.view_models.unit_blocks import HandsOn, Pulses, StateRows
from ui.kiosk.widgets.area_picker import draw_area_picker
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.cards import EDGES, card_height, draw_card
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.channel_panel import Number
from ui.kiosk.widgets.charts import draw_charts, draw_fact_row
from ui.kiosk.widgets.contact_rows import draw_contact_rows
from ui.kiosk.widgets.fact_card import draw_fact_card, draw_pair
from ui.kiosk.widgets.figure import draw_figure
from ui.kiosk.widgets.hands_on import draw_hands_on
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.line_keys import GAP as LINE_GAP
from ui.kiosk.widgets.line_keys import draw_line_keys
from ui.kiosk.widgets.lines import draw_legend, draw_lines
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.patient_card import draw_patient_card
from ui.kiosk.widgets.pulses import draw_pulses
from ui.kiosk.widgets.red_button import RedButton
from ui.kiosk.widgets.site_table import draw_site_table
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.state_rows import draw_state_rows
from ui.kiosk.widgets.steppers import draw_steppers
from ui.kiosk.widgets.steps import draw_steps
from ui.kiosk.widgets.tables import draw_progress, draw_table_keys
from ui.kiosk.widgets.train import draw_train
from ui.kiosk.widgets.words import Align, VAlign, Words

HOWS = {
    "plain": KeyArrangement(),
    "tile": KeyArrangement(icon_size=34, align="left", style="body_bold"),
    "stack": KeyArrangement(stacked=True, icon_size=30),
    "digit": KeyArrangement(style="digit_key", icon_size=26, stacked=True),
    "letter": KeyArrangement(style="title", icon_size=22, stacked=True),
    "small": KeyArrangement(style="caption", icon_size=20, inset=1),
}
AS_TYPED = frozenset(("digit", "letter"))
"""Keys of numbers and letters stand from left to right in every language."""
BLOCK_GAP = 8
NARROW, KEYS_BELOW = 480, 76
"""Answers stand below their question where there is less width and so much height."""
TWO_VALUES = 240
"""Two currents beside one another in a narrower card are smaller."""
TILE_LINES, STEP_LINES = 1.4, 0.8
"""How high a tile and a step are where they share what is left, against a row of keys."""
KEY_HIGH, FIGURE_HIGH, AREAS_HIGH, SITE_HEADS, SITE_GAP = 47, 112, 408, 122, 6
"""Of a key, a figure, one with areas, the heads of a table of sites, and between its rows."""
LOWEST = 24
"""What a block without a height has at least, where all become lower."""


def stacked(
    place: Rect,
    heights: Sequence[float | None],
    shares: Sequence[float] = (),
    least: Sequence[float] = (),
) -> list[Rect]:
    """Return places of those heights from the top; those without a height share what is left.

    Each of these has its least. Where too little is left for them, all become lower alike: nothing
    lies beyond the column.
    """
    room = place.h - BLOCK_GAP * (len(heights) - 1)
    weights, lows = shares or [1.0] * len(heights), least or [LOWEST] * len(heights)
    whole = _shared(heights, weights, lows, room)
    squeezed = min(room / max(sum(whole), 1), 1.0)
    found, top = [], place.y
    for high in whole:
        found.append(Rect(place.x, top, place.w, high * squeezed))
        top += high * squeezed + BLOCK_GAP
    return found


def _shared(
    heights: Sequence[float | None],
    shares: Sequence[float],
    least: Sequence[float],
    room: float,
) -> list[float]:
    """Return the heights; those that are None share what is left, each with its least at least."""
    found = list(heights)
    while None in found:
        waiting = [number for number, height in enumerate(found) if height is None]
        left = max(room - sum(height for height in found if height is not None), 0.0)
        # Where no block has a row yet, as before a page has come, none takes any room.
        each = left / (sum(shares[number] for number in waiting) or 1.0)
        needy = [number for number in waiting if least[number] > each * shares[number]]
        for number in needy or waiting:
            found[number] = least[number] if needy else each * shares[number]
    return [height or 0.0 for height in found]


def _least(block: Block, *, tall: bool) -> float:
    """Return the height that a block without one needs: its keys want 9 mm, a figure is seen."""
    match block:
        case SiteTable(rows=rows) if rows and rows[0].keys:
            head = SITE_HEADS if block.heads else 0
            return head + len(rows) * (KEY_HIGH + SITE_GAP) - SITE_GAP
        case Keys(keys=keys, gap=gap):
            return -(-len(keys) // _in_a_row(block, tall=tall)) * (KEY_HIGH + gap) - gap
        case LineKeys(lines_tall=lines) if tall and lines:
            return lines * (KEY_HIGH + LINE_GAP) - LINE_GAP
        case Figure():
            return FIGURE_HIGH
        case AreaPicker():
            return AREAS_HIGH
        case _:
            return LOWEST


def draw_column(stage: Stage, rect: Rect, column: Column, still: Layer) -> None:
    """Draw the blocks of a column from the top."""
    heights = [_height(stage, rect.w, block) for block in column.blocks]
    tall = _is_tall(stage)
    shares = [_lines(block, tall=tall) for block in column.blocks]
    least = [_least(block, tall=tall) for block in column.blocks]
    for place, block in zip(stacked(rect, heights, shares, least), column.blocks, strict=True):
        draw_block(stage, place, block, still)


def _is_tall(stage: Stage) -> bool:
    return stage.theme.profile.layout is LayoutName.TALL


def _in_a_row(block: Keys, *, tall: bool) -> int:
    """Return how many keys stand in a row."""
    return (block.columns_tall if tall else 0) or block.columns


def _lines(block: Block, *, tall: bool) -> float:
    """Return how many rows a block has that shares what is left with others."""
    match block:
        case LineKeys(lines_tall=lines) if tall and lines:
            return lines
        case Keys(keys=keys, columns=columns, how=how):
            return -(-len(keys) // columns) * (TILE_LINES if how == "tile" else 1)
        case Steps(steps=lines) | Rows(rows=lines):
            return max(len(lines) * STEP_LINES, 1)
        case _:
            return 1


def _height(stage: Stage, width: float, block: Block) -> float | None:
    """Return the height of a block: more where its words need it, or its keys have more rows."""
    if isinstance(block, Card) and block.height is not None:
        return card_height(stage, width, block)
    if isinstance(block, Keys) and block.height is not None and _is_tall(stage):
        rows = [
            -(-len(block.keys) // count) for count in (_in_a_row(block, tall=True), block.columns)
        ]
        return block.height * rows[0] / rows[1] + block.gap * (rows[0] - rows[1]) / rows[1]
    return block.height


def draw_block(stage: Stage, rect: Rect, block: Block, still: Layer) -> None:
    """Draw one block at its place."""
    _DRAW[type(block)](stage, rect, block, still)


def _heading(stage: Stage, rect: Rect, block: Heading, still: Layer) -> None:
    free = rect
    if block.note:
        note = Words(stage, rect, block.note, "caption", "text_soft", align="right")
        still.add_widget(note)
        free = rect.before(note.drawn_width / stage.theme.profile.scale, BLOCK_GAP)
    still.add_widget(Words(stage, free, block.text, "title", valign="middle"))


def _say(stage: Stage, rect: Rect, block: Say, still: Layer) -> None:
    align, valign = cast("Align", block.align), cast("VAlign", block.valign)
    still.add_widget(
        Words(stage, rect, block.text, block.style, block.role, align=align, valign=valign)
    )


def _keys(stage: Stage, rect: Rect, block: Keys, still: Layer) -> None:
    columns = _in_a_row(block, tall=_is_tall(stage))
    lines = -(-len(block.keys) // columns)
    places = [
        place
        for row in rect.rows(max(lines, 1), block.gap)
        for place in row.columns(columns, block.gap)
    ]
    if block.how in AS_TYPED or all(key.text.isdigit() for key in block.keys):
        places, stage = [stage.here(place) for place in places], stage.left_to_right()
        places.sort(key=lambda place: (place.y, place.x))
    for place, key in zip(places, block.keys, strict=False):
        if key.text or key.icon:
            word = block.how == "digit" and len(key.text) > 1
            still.add_widget(Key(stage, place, key, HOWS["plain" if word else block.how]))


def _question(stage: Stage, rect: Rect, block: Question, still: Layer) -> None:
    edge = EDGES.get(block.look, "")
    still.add_widget(Box(stage, rect, "panel", edge=edge))
    inner = rect.inset(12, 6)
    if not block.head and inner.w < NARROW and inner.h > KEYS_BELOW:
        keys, words = inner.foot(47), inner.above(47, 2)
    else:
        keys = inner.end(min(block.key_width * len(block.keys), inner.w * block.keys_share))
        words = inner.before(keys.w, 10)
    if block.head:
        below = words.below(26)
        still.add_widget(Words(stage, words.top(26), block.text, "body_bold"))
        still.add_widget(Words(stage, below, block.note, "caption", "text_soft", valign="top"))
    elif block.note:
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
    if block.problem:
        problem = Words(
            stage,
            rect.foot(block.problem_high),
            block.problem,
            "caption",
            "alarm_high",
            valign="top",
        )
        still.add_widget(problem)
    # What is typed runs from left to right in every language.
    rect, stage = stage.here(rect), stage.left_to_right()
    edge = "alarm_high" if block.problem else "edge"
    well = rect if not block.problem else rect.above(block.problem_high + 2, 2)
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
    rect, stage = stage.here(rect), stage.straight()
    for place, card in zip(rect.columns(max(len(block.cards), 1)), block.cards, strict=False):
        colour = f"channel_{card.channel}"
        still.add_widget(Box(stage, place, "panel"))
        still.add_widget(Field(stage, Rect(place.x, place.y + 10, 5, place.h - 20), colour))
        inner = place.inset(16, 10)
        still.add_widget(ChannelMark(stage, Rect(inner.x, inner.y, 34, 34), card.channel))
        title = Rect(inner.x + 46, inner.y, inner.w - 46, 34)
        still.add_widget(Words(stage, title, card.title, "body_bold"))
        left, right = inner.below(40).above(26).shares((1.25 if card.then else 1, 1), 8)
        style = "value_s" if card.then and inner.w < TWO_VALUES else "value_m"
        for half, caption, value, role in (
            (left, card.now_caption, card.now, "value"),
            (right, card.then_caption, card.then, colour),
        ):
            if not value:
                continue
            align: Align = "left" if half is left else "right"
            still.add_widget(
                Words(stage, half.top(24), caption, "caption", "text_soft", align=align)
            )
            number = Number(stage, half.below(22).top(42), style, role, align, still)
            number.show(value)
        still.add_widget(Words(stage, inner.foot(24), card.foot, "caption", "text_soft"))


def _beside(stage: Stage, rect: Rect, block: Beside, still: Layer) -> None:
    places = rect.shares(block.shares, block.gap)
    for place, part in zip(places, block.parts, strict=True):
        if isinstance(part, Column):
            draw_column(stage, place, part, still)
        else:
            draw_block(stage, place, part, still)


def _mushroom(stage: Stage, rect: Rect, _: Mushroom, still: Layer) -> None:
    still.add_widget(RedButton(stage, rect, twist=False))


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
    Card: draw_card,
    Steps: draw_steps,
    Question: _question,
    Entry: _entry,
    Rows: _rows,
    ChannelCards: _channels,
    ContactRows: draw_contact_rows,
    Figure: draw_figure,
    AreaPicker: draw_area_picker,
    SiteTable: draw_site_table,
    Charts: draw_charts,
    FactRow: draw_fact_row,
    TableKeys: draw_table_keys,
    Progress: draw_progress,
    Gap: _gap,
    Legend: draw_legend,
    Lines: draw_lines,
    Mushroom: _mushroom,
    StateRows: draw_state_rows,
    HandsOn: draw_hands_on,
    Pulses: draw_pulses,
    Steppers: draw_steppers,
    Train: draw_train,
    Beside: _beside,
}
