"""A panel with an icon, a title and words, as high as its words need."""

from collections.abc import Mapping

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, set_text
from ui.kiosk.view_models.blocks import Card
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

EDGES: Mapping[str, str] = {
    "alarm": "alarm_high",
    "warn": "warn",
    "advice": "advice",
    "good": "good",
}
"""Look of a panel -> role of its edge."""
ACROSS, DOWN, ICON, TITLE = 14, 10, 42, 28


def card_height(stage: Stage, width: float, card: Card) -> float:
    """Return how high a card has to be at a width for its words; its own height at least."""
    room = width - 2 * ACROSS - (ICON if card.icon else 0)
    title = _high(stage, room, card.title, "body_bold")
    text = _high(stage, room, card.text, "caption")
    if card.title and card.text:
        title = max(title + 2, TITLE)
    return max(card.height or 0.0, title + text + 2 * DOWN)


def _high(stage: Stage, width: float, text: str, name: str) -> float:
    if not text:
        return 0.0
    style = stage.theme.style(name)
    setting = Setting(stage.px(style.px), style.is_bold, style.line)
    return set_text(text, setting, stage.px(width)).height / stage.theme.profile.scale


def draw_card(stage: Stage, rect: Rect, block: Card, still: Layer) -> None:
    """Draw the panel; its words stand in the middle, beside the icon."""
    edge = EDGES.get(block.look, "")
    still.add_widget(Box(stage, rect, "panel", edge=edge))
    inner = rect.inset(ACROSS, DOWN)
    if block.icon:
        ink = EDGES.get(block.look, "text")
        still.add_widget(Icon(stage, inner.left(30), block.icon, ink, 26))
        inner = inner.after(30, ICON - 30)
    if not block.title:
        still.add_widget(Words(stage, inner, block.text, "caption", "text_soft"))
        return
    if not block.text:
        still.add_widget(Words(stage, inner, block.title, "body_bold"))
        return
    title = max(_high(stage, inner.w, block.title, "body_bold") + 2, TITLE)
    text = _high(stage, inner.w, block.text, "caption")
    if title + text > inner.h + 8:
        title = TITLE  # in a low place the words are more than the title
    inner = inner.below(max((inner.h - title - text) / 2, 0))
    still.add_widget(Words(stage, inner.top(title - 2), block.title, "body_bold"))
    still.add_widget(
        Words(stage, inner.below(title), block.text, "caption", "text_soft", valign="top")
    )
