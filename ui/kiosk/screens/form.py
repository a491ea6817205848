"""A screen of columns of blocks; nothing in it changes by itself."""

from collections.abc import Sequence

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.blocks import Block, Column, FormView
from ui.kiosk.widgets.blocks import draw_block
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage

COLUMN_GAP, BLOCK_GAP = 16, 8


class FormScreen:
    """Built anew for each view."""

    def __init__(self, stage: Stage, view: FormView, still: Layer, live: Layer) -> None:
        del live  # every screen is built with both layers
        content = stage.regions.content
        if stage.theme.profile.layout is LayoutName.TALL and len(view.columns) > 1:
            blocks = tuple(block for column in view.columns for block in column.blocks)
            places = [(content, Column(blocks=blocks))]
        else:
            shares = [column.share for column in view.columns]
            places = list(zip(content.shares(shares, COLUMN_GAP), view.columns, strict=True))
        for place, column in places:
            for rect, block in zip(stacked(place, column.blocks), column.blocks, strict=True):
                draw_block(stage, rect, block, still)

    def show(self, view: FormView) -> None:
        """Nothing changes by itself."""
        del view


def stacked(place: Rect, blocks: Sequence[Block]) -> list[Rect]:
    """Return the places of blocks from the top; those without a height share what is left."""
    fixed = sum(block.height for block in blocks if block.height is not None)
    free = place.h - fixed - BLOCK_GAP * (len(blocks) - 1)
    sharing = sum(block.height is None for block in blocks)
    each = max(free / sharing, 0) if sharing else 0.0
    found, top = [], place.y
    for block in blocks:
        height = each if block.height is None else block.height
        found.append(Rect(place.x, top, place.w, height))
        top += height + BLOCK_GAP
    return found
