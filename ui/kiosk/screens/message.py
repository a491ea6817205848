"""A screen with one message: what is, what to do or a question, and keys below."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.blocks import Keys, Steps
from ui.kiosk.view_models.message import (
    ButtonView,
    FigureView,
    MessageView,
    QuestionView,
)
from ui.kiosk.widgets.blocks import draw_block
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.red_button import RedButton
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Align, Words

EDGES = {"alarm": "alarm_high", "advice": "advice", "warn": "warn"}
KEYS_HIGH, CARD_HIGH, CARD_LOW, CARD_FLAT = 76, 196, 156, 112
CAPTION_HIGH, FIGURE_HIGH = 22, 32
TALLER = 1.3
"""How much higher a card is on a tall display, where its lines are shorter."""
BUTTON_WIDE, BUTTON_HIGH = 272, 140
ASKED_HIGH = 140
LINE = 30
TITLES = (("value_s", 34.0), ("title", 56.0), ("title", 82.0))
"""Style and height of a title; the first that fits is taken."""


class MessageScreen:
    """Built once for a message; only figures change by themselves."""

    def __init__(self, stage: Stage, view: MessageView, still: Layer, live: Layer) -> None:
        stage = stage.mirrored(stage.regions.content)
        self._stage, self._still, self._live = stage, still, live
        self._tall = stage.theme.profile.layout is LayoutName.TALL
        self._figures: list[_Figure] = []
        content = stage.regions.content
        if view.button is not None:
            content = self._button(content, view.button)
        if view.keys:
            self._keys(content.foot(KEYS_HIGH), view)
            content = content.above(KEYS_HIGH, 8)
        if view.question is not None:
            high = ASKED_HIGH * (1.6 if self._tall else 1)
            self._question(content.foot(high), view.question)
            content = content.above(high, 8)
            self._card(content, view)
            return
        card = content.top(self._card_height(view))
        self._card(card, view)
        if view.steps:
            draw_block(stage, content.below(card.h, 8), Steps(steps=view.steps), still)

    def show(self, view: MessageView) -> None:
        """Show the present figures."""
        for drawn, figure in zip(self._figures, view.figures, strict=True):
            drawn.show(figure)

    def _card_height(self, view: MessageView) -> float:
        """Return how high the card is: lower without what was seen, or beside the button."""
        high = CARD_LOW if view.figures or view.button is not None else CARD_FLAT
        if view.figures and view.seen:
            high = CARD_HIGH
        return high * (TALLER if self._tall and view.figures and view.button is None else 1)

    @property
    def _figures_height(self) -> float:
        return CAPTION_HIGH * (2 if self._tall else 1) + FIGURE_HIGH

    def _button(self, content: Rect, button: ButtonView) -> Rect:
        """Draw the red button; return what is left of the content."""
        if self._tall:
            place, rest = content.top(BUTTON_HIGH), content.below(BUTTON_HIGH, 8)
            drawn, words = place.left(BUTTON_HIGH).inset(10), place.after(BUTTON_HIGH)
            words = words.inset(0, 24)
        else:
            place, rest = content.left(BUTTON_WIDE), content.after(BUTTON_WIDE, 8)
            drawn, words = place.above(132).inset(30, 20), place.foot(136).inset(16, 8)
        self._still.add_widget(Box(self._stage, place, "panel"))
        self._still.add_widget(RedButton(self._stage, drawn, twist=button.twist))
        align: Align = "left" if self._tall else "centre"
        high = 32 if self._tall else 56
        text = Words(self._stage, words.top(high), button.text, "title", align=align)
        note = Words(
            self._stage,
            words.below(high, 2),
            button.note,
            "body",
            "text_soft",
            align=align,
            valign="top",
        )
        self._still.add_widget(text)
        self._still.add_widget(note)
        return rest

    def _card(self, card: Rect, view: MessageView) -> None:
        stage, still = self._stage, self._still
        edge = EDGES.get(view.look, "")
        still.add_widget(Box(stage, card, "panel", edge=edge, edge_width=3))
        inner = card.inset(18, 12)
        words = inner
        if view.icon:
            place = Rect(inner.x, inner.y + 2, 64, 64)
            still.add_widget(Icon(stage, place, view.icon, edge or "text", 64))
            words = inner.after(64, 18)
        if view.figures:
            self._draw_figures(inner.foot(self._figures_height), view.figures)
            words = words.above(self._figures_height, 4)
        self._words(words, view)

    def _words(self, place: Rect, view: MessageView) -> None:
        """Draw title, place and what was seen; a title in one line is larger."""
        stage, still = self._stage, self._still
        titles = [
            (Words(stage, place.top(high), view.title, style, valign="top"), high)
            for style, high in TITLES
        ]
        title, high = next((each for each in titles if not each[0].is_cut), titles[-1])
        still.add_widget(title)
        rest = place.below(high, 4)
        if view.detail:
            line = rest.top(LINE) if view.seen else rest
            if view.channel is not None:
                mark = Rect(line.x, line.y + 2, 26, 26)
                still.add_widget(ChannelMark(stage, mark, view.channel, "caption"))
                line = line.top(LINE).after(26, 10)
            detail = Words(stage, line, view.detail, "body", valign="top")
            if detail.is_cut:
                detail = Words(stage, line, view.detail, "caption", valign="top")
            still.add_widget(detail)
            rest = rest.below(LINE, 2)
        if view.seen:
            still.add_widget(Words(stage, rest, view.seen, "caption", "text_soft", valign="top"))

    def _draw_figures(self, place: Rect, figures: tuple[FigureView, ...]) -> None:
        for column, figure in zip(place.columns(max(len(figures), 2)), figures, strict=False):
            self._figures.append(_Figure(self._stage, column, figure, self._still, self._live))

    def _question(self, place: Rect, question: QuestionView) -> None:
        stage, still = self._stage, self._still
        head = place.top(32)
        still.add_widget(Words(stage, head, question.text, "title"))
        note = Words(stage, head, question.note, "caption", "text_soft", align="right")
        still.add_widget(note)
        columns = max(len(question.keys), 1)
        keys = Keys(columns=columns, columns_tall=3, how="stack", keys=question.keys)
        draw_block(stage, place.below(32, 8), keys, still)

    def _keys(self, place: Rect, view: MessageView) -> None:
        shares = [1.6 if key.note else 1 for key in view.keys]
        for rect, key in zip(place.shares(shares), view.keys, strict=True):
            self._still.add_widget(Key(self._stage, rect, key, KeyArrangement(icon_size=30)))


class _Figure:
    """A figure below its caption, with its unit behind it."""

    def __init__(
        self, stage: Stage, place: Rect, view: FigureView, still: Layer, live: Layer
    ) -> None:
        self._stage = stage
        caption = place.above(FIGURE_HIGH)
        still.add_widget(
            Words(stage, caption, view.caption, "caption", "text_soft", valign="bottom")
        )
        self._line = place.foot(FIGURE_HIGH)
        style = "value_s" if view.value[:1].isdigit() else "body_bold"
        self._value = Words(stage, self._line, "", style, "value")
        self._unit = Words(stage, self._line, view.unit, "caption", "text_soft")
        live.add_widget(self._value)
        live.add_widget(self._unit)
        self.show(view)

    def show(self, view: FigureView) -> None:
        """Show the present value."""
        self._value.show(view.value)
        wide = self._value.drawn_width / self._stage.theme.profile.scale
        self._unit.move(self._line.after(wide, 6))
