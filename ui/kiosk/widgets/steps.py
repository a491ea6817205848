"""Steps one below the other: icon, words, state at the end; a longer text has a higher row."""

from typing import NamedTuple

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, set_text
from ui.kiosk.view_models.blocks import Steps
from ui.kiosk.view_models.message import StepView
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

ICON_WIDE, SPACE, RING = 54, 10, 30
STYLES = ("body", "caption")


class _Row(NamedTuple):
    """A step as it was set: the width of its state, the style of its words, and its height."""

    step: StepView
    state: float
    style: str
    height: float


def draw_steps(stage: Stage, rect: Rect, block: Steps, still: Layer) -> None:
    """Draw the steps; words become smaller before they are cut."""
    still.add_widget(Box(stage, rect, "panel"))
    rows = _rows(stage, rect, block)
    spare = (rect.h - sum(row.height for row in rows)) / max(len(rows), 1)
    top = rect.y
    for number, row in enumerate(rows):
        place = Rect(rect.x, top, rect.w, row.height + spare)
        if number:
            still.add_widget(Field(stage, Rect(place.x + 12, place.y, place.w - 24, 1), "line"))
        _draw(stage, place, row, still)
        top = place.bottom


def _rows(stage: Stage, rect: Rect, block: Steps) -> list[_Row]:
    steps, share = block.steps, block.state_share
    rows = [_row(stage, rect, step, STYLES[0], share) for step in steps]
    for at in sorted(range(len(rows)), key=lambda at: -rows[at].height):
        if sum(row.height for row in rows) <= rect.h:
            break
        rows[at] = _row(stage, rect, steps[at], STYLES[1], share)
    return rows


def _row(stage: Stage, rect: Rect, step: StepView, style: str, share: float) -> _Row:
    room = rect.w - ICON_WIDE - SPACE
    state = min(_wide(stage, step) + 2, room * share) if step.state else 0.0
    words = room - (state + SPACE if state else 0)
    font = stage.theme.style(style)
    setting = Setting(stage.px(font.px), font.is_bold, font.line)
    done = set_text(step.text, setting, stage.px(words))
    return _Row(step, state, style, done.height / stage.theme.profile.scale + 6)


def _state_style(step: StepView) -> str:
    """Return the style of a state: what only waits is small."""
    return "caption" if step.state_role == "text_soft" else "body_bold"


def _number(stage: Stage, place: Rect, step: StepView, still: Layer) -> None:
    """Draw which of the steps it is in a ring; that of the present step is filled."""
    ring = Rect(place.x + (place.w - RING) / 2, place.y + (place.h - RING) / 2, RING, RING)
    now = step.state_role == "text"
    fill, edge = ("go", "") if now else ("", "text_soft")
    still.add_widget(Box(stage, ring, fill, radius=RING / 2, edge=edge))
    ink = "go_text" if now else "text_soft"
    still.add_widget(Words(stage, ring, step.number, "body_bold", ink, align="centre"))


def _wide(stage: Stage, step: StepView) -> float:
    font = stage.theme.style(_state_style(step))
    setting = Setting(stage.px(font.px), font.is_bold, font.line)
    return set_text(step.state, setting, stage.px(1_000)).width / stage.theme.profile.scale


def _draw(stage: Stage, place: Rect, row: _Row, still: Layer) -> None:
    step = row.step
    if step.icon:
        still.add_widget(Icon(stage, place.left(52), step.icon, step.state_role, 24))
    else:
        _number(stage, place.left(52), step, still)
    words = place.after(ICON_WIDE).before(SPACE)
    if step.state:
        state = words.end(row.state)
        words = words.before(row.state, SPACE)
        still.add_widget(
            Words(stage, state, step.state, _state_style(step), step.state_role, align="right")
        )
    still.add_widget(Words(stage, words, step.text, row.style))
