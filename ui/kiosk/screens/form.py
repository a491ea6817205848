"""A screen of columns of blocks; nothing in it changes by itself."""

from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.blocks import Column, FormView
from ui.kiosk.widgets.blocks import draw_column
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage

COLUMN_GAP = 16


class FormScreen:
    """Built anew for each view."""

    def __init__(self, stage: Stage, view: FormView, still: Layer, live: Layer) -> None:
        del live  # every screen is built with both layers
        content = stage.regions.content
        stage = stage.mirrored(content)
        if stage.theme.profile.layout is LayoutName.TALL and len(view.columns) > 1:
            blocks = tuple(
                block for column in view.columns for block in column.blocks if not block.only_wide
            )
            places = [(content, Column(blocks=blocks))]
        else:
            shares = [column.share for column in view.columns]
            columns = map(_wide, view.columns)
            places = list(zip(content.shares(shares, COLUMN_GAP), columns, strict=True))
        for place, column in places:
            draw_column(stage, place, column, still)

    def show(self, view: FormView) -> None:
        """Nothing changes by itself."""
        del view


def _wide(column: Column) -> Column:
    """Return a column without what stands on a tall display only."""
    blocks = tuple(block for block in column.blocks if not block.only_tall)
    return Column(blocks=blocks, share=column.share)
