"""The first feeling: figure and answers above, the channel that plays alone below."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.blocks import Column
from ui.kiosk.view_models.feeling import FeelingView
from ui.kiosk.widgets.blocks import draw_block, draw_column
from ui.kiosk.widgets.channel_row import ChannelRow
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage

ROW_HIGH, APART, TO_STOP = 104, 32, 12
FIGURE_SHARE, FIGURE_TALL = 0.45, 112


class FeelingScreen:
    """Built once for each still look; `show` follows the level."""

    def __init__(self, stage: Stage, view: FeelingView, still: Layer, live: Layer) -> None:
        content = stage.regions.content
        self._row: ChannelRow | None = None
        if view.channel is not None:
            if stage.theme.profile.layout is LayoutName.TALL:
                content = content.above(APART - 8)  # STOP lies below plus
                row = content.foot(ROW_HIGH)
            else:
                row = content.foot(ROW_HIGH).before(TO_STOP)
            self._row = ChannelRow(stage, row, view.channel, still, live)
            content = content.above(ROW_HIGH, APART)
        stage = stage.mirrored(content)
        figure, column = _split(stage, content, with_figure=view.figure is not None)
        if view.figure is not None:
            draw_block(stage, figure, view.figure, still)
        draw_column(stage, column, Column(blocks=view.column.blocks), still)
        self.show(view)

    def show(self, view: FeelingView) -> None:
        """Show the present level."""
        if self._row is not None and view.channel is not None:
            self._row.show(view.channel)


def _split(stage: Stage, content: Rect, *, with_figure: bool) -> tuple[Rect, Rect]:
    if not with_figure:
        return content, content
    if stage.theme.profile.layout is LayoutName.TALL:
        return content.top(FIGURE_TALL), content.below(FIGURE_TALL, 8)
    wide = content.w * FIGURE_SHARE
    return content.left(wide), content.after(wide, 16)
