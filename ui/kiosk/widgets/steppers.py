"""Draws values with minus and plus, a row each: the limits, or what is wrong, beside the value."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.train_blocks import Steppers, StepperView
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

GAP, KEY_GAP = 6, 8
NARROW, TWO_LINES = 480, 70
"""Where a row is narrower and as high, its keys stand below its words."""
KEYS_WIDE, TAKE_WIDE = 312, 128
SHARES = (64, 152, 64)
"""Widths of minus, value and plus."""
KEY_HIGH, NAME = 47, 24
VALUE = KeyArrangement(style="title", icon_size=24)


def draw_steppers(stage: Stage, rect: Rect, block: Steppers, still: Layer) -> None:
    """Draw the rows from the top; a short list leaves room below."""
    for place, row in zip(rect.rows(max(block.lines, 1), GAP), block.rows, strict=False):
        _row(stage, place, row, still)


def _row(stage: Stage, rect: Rect, row: StepperView, still: Layer) -> None:
    if not row.name:
        _keys(stage, rect, row, still)
        return
    if not row.keys:
        still.add_widget(Words(stage, rect.inset(10, 0), row.name, "caption", "text_soft"))
        return
    edge = "alarm_high" if row.problem else ""
    still.add_widget(Box(stage, rect, "panel", edge=edge))
    inner = rect.inset(10, max(min((rect.h - KEY_HIGH) / 2, 6), 0))
    if rect.w < NARROW and rect.h >= TWO_LINES:
        inner = rect.inset(10, min((rect.h - KEY_HIGH - NAME) / 2, 4))
        below = inner.foot(KEY_HIGH)
        _line(stage, inner.above(KEY_HIGH), row, still)
        if row.take is not None:
            still.add_widget(Key(stage, below.left(TAKE_WIDE), row.take))
            below = below.after(TAKE_WIDE, KEY_GAP)
        _keys(stage, below, row, still)
        return
    words = inner.before(KEYS_WIDE, 10)
    if row.take is not None:
        still.add_widget(Key(stage, words.end(TAKE_WIDE), row.take))
        words = words.before(TAKE_WIDE, 8)
    _words(stage, words, row, still)
    _keys(stage, inner.end(KEYS_WIDE), row, still)


def _line(stage: Stage, rect: Rect, row: StepperView, still: Layer) -> None:
    """Draw the name, and what stands below it elsewhere at the end of its line."""
    text, role = (row.problem, "alarm_high") if row.problem else (row.limits, "text_soft")
    below = Words(stage, rect, text, "caption", role, align="right")
    still.add_widget(below)
    free = rect.before(below.drawn_width / stage.theme.profile.scale, 8)
    still.add_widget(Words(stage, free, row.name, "body_bold"))


def _words(stage: Stage, rect: Rect, row: StepperView, still: Layer) -> None:
    below, role = (row.problem, "alarm_high") if row.problem else (row.limits, "text_soft")
    if not below:
        still.add_widget(Words(stage, rect, row.name, "body_bold"))
        return
    still.add_widget(Words(stage, rect.top(NAME), row.name, "body_bold"))
    still.add_widget(Words(stage, rect.below(NAME), below, "caption", role))


def _keys(stage: Stage, rect: Rect, row: StepperView, still: Layer) -> None:
    """Draw minus left of plus in every language; answers of a choice stand as the text runs."""
    if row.is_choice:
        for place, key in zip(rect.columns(max(len(row.keys), 1), KEY_GAP), row.keys, strict=True):
            still.add_widget(Key(stage, place, key, KeyArrangement(icon_size=20)))
        return
    places = stage.here(rect).shares(SHARES, KEY_GAP)
    straight = stage.left_to_right()
    for place, key in zip(places, row.keys, strict=True):
        still.add_widget(Key(straight, place, key, VALUE))
