"""A part of the unit as it looks, in the middle of its place."""

from kivy.graphics import Color, Rectangle

from ui.kiosk.art.hands_on import GRID, part_svg
from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.unit_blocks import HandsOn
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage


class HandsOnDrawing(Part):
    """What a person presses, squeezes or plugs."""

    role = "figure"

    def __init__(self, stage: Stage, rect: Rect, name: str) -> None:
        super().__init__(stage, rect)
        px = int(min(self.width, self.height))
        body = part_svg(name, stage.theme.tokens.part)
        svg = f'<g transform="scale({px / GRID})">{body}</g>'
        corner = (self.x + (self.width - px) / 2, self.y + (self.height - px) / 2)
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=corner, size=(px, px), texture=stage.textures.svg(svg, px, px))


def draw_hands_on(stage: Stage, rect: Rect, block: HandsOn, still: Layer) -> None:
    """Draw the part on a panel."""
    still.add_widget(Box(stage, rect, "panel"))
    still.add_widget(HandsOnDrawing(stage, rect.inset(12), block.part))
