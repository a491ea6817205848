"""The red button of the unit as it looks: a mushroom on yellow, with arrows where it is turned."""

from kivy.graphics import Color, Rectangle

from ui.kiosk.art.icons import GRID, icon_bodies
from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage

SIZE = 216
"""The drawing is as wide and high as this."""
ARROWS = 112


class RedButton(Part):
    """The button in the middle of its place, as large as fits."""

    def __init__(self, stage: Stage, rect: Rect, *, twist: bool) -> None:
        super().__init__(stage, rect)
        px = int(min(self.width, self.height))
        colours = stage.theme.tokens.colours[stage.theme.name]
        sample = stage.theme.tokens.sample
        body = (
            f'<rect x="2" y="2" width="212" height="212" rx="12" fill="{colours["on"]}" '
            f'stroke="{colours["on_text"]}" stroke-width="4"/>'
            f'<circle cx="108" cy="108" r="80" fill="{sample["button_ring"]}"/>'
            f'<circle cx="108" cy="108" r="68" fill="{colours["stop"]}"/>'
            f'<circle cx="108" cy="108" r="52" fill="{sample["button_top"]}"/>'
        )
        if twist:
            scale = ARROWS / GRID
            corner = (SIZE - ARROWS) / 2
            arrows = icon_bodies()["twist"].replace("currentColor", colours["stop_text"])
            body += (
                f'<g transform="translate({corner} {corner}) scale({scale})" fill="none" '
                f'stroke="{colours["stop_text"]}" stroke-width="2" stroke-linecap="round" '
                f'stroke-linejoin="round">{arrows}</g>'
            )
        drawing = f'<g transform="scale({px / SIZE})">{body}</g>'
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(
                pos=(round(self.center_x - px / 2), round(self.center_y - px / 2)),
                size=(px, px),
                texture=stage.textures.svg(drawing, px, px),
            )
