"""A screen with one message: what is, what to do, and keys below; for stops and waits."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.message import MessageView
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words


class MessageScreen:
    """Built once for a message; only figures change by themselves."""

    def __init__(self, stage: Stage, view: MessageView, still: Layer, live: Layer) -> None:
        content = stage.regions.content
        card = content.top(188)
        edge = {"alarm": "alarm_high", "advice": "advice", "warn": "warn"}.get(view.look, "")
        still.add_widget(Box(stage, card, "panel", edge=edge, edge_width=3))
        ink = {"alarm": "alarm_high", "advice": "advice", "warn": "warn"}.get(view.look, "text")
        still.add_widget(Icon(stage, Rect(card.x + 18, card.y + 20, 78, 70), view.icon, ink, 70))
        words = card.after(112).inset(0, 14).before(16)
        still.add_widget(Words(stage, words.top(40), view.title, "value_s"))
        still.add_widget(
            Words(stage, words.below(40, 2).top(56), view.detail, "body", valign="top")
        )
        self._figures = []
        figures = Rect(card.x + 20, card.bottom - 76, card.w - 40, 68)
        if view.figures:
            columns = figures.columns(max(len(view.figures), 3))
            for place, figure in zip(columns, view.figures, strict=False):
                still.add_widget(
                    Words(stage, place.top(22), figure.caption, "caption", "text_soft")
                )
                value = Words(
                    stage, place.below(22), figure.value, "value_s", "value", valign="top"
                )
                live.add_widget(value)
                self._figures.append(value)
        below = content.below(188, 8)
        keys_high = 76 if view.keys else 0
        self._steps(stage, below.above(keys_high, 8 if keys_high else 0), view, still)
        if view.keys:
            places = below.foot(keys_high).shares([1.6 if key.note else 1 for key in view.keys])
            for place, key in zip(places, view.keys, strict=True):
                still.add_widget(Key(stage, place, key, KeyArrangement(icon_size=24)))

    def show(self, view: MessageView) -> None:
        """Show the present figures."""
        for words, figure in zip(self._figures, view.figures, strict=True):
            words.show(figure.value)

    def _steps(self, stage: Stage, place: Rect, view: MessageView, still: Layer) -> None:
        if not view.steps:
            return
        still.add_widget(Box(stage, place, "panel"))
        rows = place.rows(len(view.steps), 0)
        for row, step in zip(rows, view.steps, strict=True):
            still.add_widget(Icon(stage, row.left(56), step.icon, "text", 24))
            words = row.after(58).before(12)
            if step.state:
                state = words.end(words.w * 0.36)
                words = words.before(state.w, 8)
                still.add_widget(
                    Words(stage, state, step.state, "body_bold", step.state_role, align="right")
                )
            still.add_widget(Words(stage, words, step.text, "body"))
