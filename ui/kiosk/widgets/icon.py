"""An icon in the colour of a role."""

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage

POINTING = frozenset(("back", "next"))
"""Icons that show where text leads: they point the other way where it runs from right to left."""


class Icon(Part):
    """An icon, `size` reference px, in the middle of its place."""

    role = "icon"

    def __init__(
        self, stage: Stage, rect: Rect, name: str, colour: str = "text", size: float = 26
    ) -> None:
        super().__init__(stage, rect)
        self.name = name
        px = stage.px(size)
        with self.canvas:
            self._colour = Color(*stage.colour(colour))
            self._drawn = Rectangle(
                pos=(round(self.center_x - px / 2), round(self.center_y - px / 2)), size=(px, px)
            )
        self.show(name, colour)

    def show(self, name: str, colour: str) -> None:
        """Show another icon or colour; nothing for ""."""
        self.name = name
        if not name:
            self._colour.rgba = (0, 0, 0, 0)
            return
        self._colour.rgba = self.stage.colour(colour)
        self._drawn.texture = self.stage.textures.icon(name, int(self._drawn.size[0]))
        if self.stage.right_to_left and name in POINTING:
            u0, v0, u1, v1, u2, v2, u3, v3 = self._drawn.texture.tex_coords
            self._drawn.tex_coords = (u1, v0, u0, v1, u3, v2, u2, v3)
