"""A level against its ceiling, with a tick at the highest level that was tolerated."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage


class Gauge:
    """The well is still, bar and tick change."""

    def __init__(self, stage: Stage, rect: Rect, colour: str, still: Layer, live: Layer) -> None:
        self._rect = rect
        still.add_widget(Box(stage, rect, "sunken", radius=4))
        self._bar = Field(stage, rect.left(0), colour)
        self._tick = Field(stage, rect.left(0), "value")
        live.add_widget(self._bar)
        live.add_widget(self._tick)

    def show(self, share: float, tick: float | None) -> None:
        """Show shares of the ceiling, 0 to 1; no tick for None."""
        rect = self._rect
        self._bar.show(rect.left(rect.w * min(max(share, 0), 1)))
        if tick is None:
            self._tick.show(rect.left(0))
            return
        at = rect.x + rect.w * min(max(tick, 0), 1)
        self._tick.show(Rect(at - 1, rect.y - 3, 2.5, rect.h + 6))
