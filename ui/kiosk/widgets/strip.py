"""The strip: measured peaks of the last 30 s as bars, the set level as a line."""

from kivy.graphics import Color, Line, Mesh

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.channels import StripView
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

LOW = 60
"""In a lower place no time stands below the bars: they would be flat."""
BAR_SHARE = 0.8
"""How much of its place a bar fills."""


class Bars(Part):
    """Bars of one channel as one mesh, and the set level above them."""

    role = "chart"

    def __init__(self, stage: Stage, rect: Rect, channel: int) -> None:
        super().__init__(stage, rect)
        red, green, blue, _ = stage.colour(f"channel_{channel}")
        with self.canvas:
            Color(red, green, blue, 0.85)
            self._mesh = Mesh(mode="triangles", fmt=[(b"vPosition", 2, "float")])
            Color(*stage.colour("value"))
            self._line = Line(width=max(stage.px(1), 1), dash_length=1, dash_offset=0)

    def show(self, bars: tuple[float, ...], level: tuple[float, ...]) -> None:
        """Show shares of the height, the newest last."""
        count = max(len(bars), 1)
        step = self.width / count
        vertices: list[float] = []
        for number, share in enumerate(bars):
            if share <= 0:
                continue
            left, right = self.x + number * step, self.x + (number + BAR_SHARE) * step
            top = self.y + min(share, 1.0) * self.height
            vertices += [left, self.y, right, self.y, right, top]
            vertices += [left, self.y, right, top, left, top]
        self._mesh.vertices = vertices
        self._mesh.indices = list(range(len(vertices) // 2))
        points: list[float] = []
        for number, share in enumerate(level):
            height = self.y + min(share, 1.0) * self.height
            points += [self.x + number * step, height, self.x + (number + 1) * step, height]
        self._line.points = points


class Strip:
    """The strip of all channels."""

    def __init__(
        self, stage: Stage, rect: Rect, view: StripView, still: Layer, live: Layer
    ) -> None:
        still.add_widget(Box(stage, rect, "panel"))
        head = rect.inset(10, 4).top(24)
        ink = "warn" if view.warns else "text_soft"
        title = Words(stage.mirrored(rect), head, view.title, "caption", ink, bold=view.warns)
        self._title, self._counts = title, view.counts
        (live if view.counts else still).add_widget(title)
        well = Rect(rect.x + 6, rect.y + 28, rect.w - 12, rect.h - 34)
        still.add_widget(Box(stage, well, "sunken"))
        low = well.h < LOW
        if not low:
            foot = Rect(well.x + 34, well.bottom - 22, well.w - 42, 20)
            now = Words(stage, foot, view.to_text, "caption", "text_soft", align="right")
            still.add_widget(Words(stage, foot, view.from_text, "caption", "text_soft"))
            still.add_widget(now)
        inner = well.inset(0, 4) if low else Rect(well.x, well.y + 8, well.w, well.h - 30)
        rows = inner.rows(len(view.channels), 4 if low else 8)
        self._bars = []
        for channel, row in zip(view.channels, rows, strict=True):
            mark = min(22, row.h)
            middle = row.y + (row.h - mark) / 2
            still.add_widget(
                ChannelMark(stage, Rect(row.x + 7, middle, mark, mark), channel, "caption")
            )
            bars = Bars(stage, Rect(row.x + 34, row.y + 2, row.w - 42, row.h - 4), channel)
            self._bars.append(bars)
            live.add_widget(bars)

    def show(self, view: StripView) -> None:
        """Show the newest bars, and a title that counts."""
        if self._counts:
            self._title.show(view.title)
        for bars, shares, level in zip(self._bars, view.bars, view.set_share, strict=True):
            bars.show(shares, level)
