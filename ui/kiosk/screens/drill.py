"""A step of a drill: the part at its true look and the seconds left; what is measured beside it."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.blocks import Column
from ui.kiosk.view_models.drill import DrillScreenView
from ui.kiosk.widgets.blocks import draw_column
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.hands_on import HandsOnDrawing
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

PANEL_SHARE, PANEL_TALL = 272, 220
PART, BAR, SECONDS, CAPTION, FIGURES = 150, 12, 60, 24, 62

PART_SHARE = 0.4


class DrillScreen:
    """Built once for each step and value measured; seconds and currents change by themselves."""

    def __init__(self, stage: Stage, view: DrillScreenView, still: Layer, live: Layer) -> None:
        content = stage.regions.content
        tall = stage.theme.profile.layout is LayoutName.TALL
        if tall:
            panel, column = content.top(PANEL_TALL), content.below(PANEL_TALL, 8)
        else:
            panel = content.left(PANEL_SHARE * content.w / 656)
            column = content.after(panel.w, 8)
        still.add_widget(Box(stage, panel, "panel"))
        inner = panel.inset(12, 12)
        high = max(PART, inner.h * PART_SHARE)
        part = inner.left(PART) if tall else inner.top(high)
        words = inner.after(PART, 12) if tall else inner.below(high, 4)
        if view.part:
            still.add_widget(HandsOnDrawing(stage, part, view.part))
        foot = SECONDS + 2 * CAPTION + BAR + 4
        still.add_widget(Words(stage, words.above(foot), view.text, "body_bold", align="centre"))
        self._bar_place = words.foot(BAR)
        self._values: list[Words] = []
        self._clock(stage, words.foot(foot), view, still, live)
        if view.figures:
            self._figures(stage, column.top(FIGURES), view, still, live)
            column = column.below(FIGURES, 8)
        blocks = [block for block in view.column.blocks if not (tall and block.only_wide)]
        draw_column(stage, column, Column(blocks=tuple(blocks)), still)
        self.show(view)

    def show(self, view: DrillScreenView) -> None:
        """Show the seconds left, and the currents."""
        self._left.show(str(view.left_s))
        place = self._bar_place
        self._bar.show(Rect(place.x, place.y, max(place.w * view.left_share, 1), place.h))
        for words, figure in zip(self._values, view.figures, strict=True):
            words.show(figure.value)

    def _clock(
        self, stage: Stage, rect: Rect, view: DrillScreenView, still: Layer, live: Layer
    ) -> None:
        self._left = Words(stage, rect.top(SECONDS), "", "value_l", "value", align="centre")
        live.add_widget(self._left)
        below = rect.below(SECONDS)
        still.add_widget(
            Words(stage, below.top(CAPTION), view.left_word, "caption", "text_soft", align="centre")
        )
        still.add_widget(
            Words(
                stage,
                below.below(CAPTION).top(CAPTION),
                view.step,
                "caption",
                "text_soft",
                align="centre",
            )
        )
        still.add_widget(Box(stage, self._bar_place, "sunken", radius=BAR / 2))
        self._bar = Field(stage, self._bar_place, "value")
        live.add_widget(self._bar)

    def _figures(
        self, stage: Stage, rect: Rect, view: DrillScreenView, still: Layer, live: Layer
    ) -> None:
        for place, figure in zip(rect.columns(len(view.figures)), view.figures, strict=True):
            still.add_widget(Box(stage, place, "panel"))
            inner = place.inset(12, 6)
            caption, value = inner.shares((0.55, 0.45))
            still.add_widget(Words(stage, caption, figure.caption, "caption", "text_soft"))
            words = Words(stage, value, figure.value, "value_m", "value", align="right")
            live.add_widget(words)
            self._values.append(words)
