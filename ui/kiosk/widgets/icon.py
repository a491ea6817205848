"""An icon in the colour of a role."""

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage


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
        self._drawn.texture = stage.textures.icon(name, px)

    def show(self, name: str, colour: str) -> None:
        """Show another icon or colour."""
        self.name = name
        self._colour.rgba = self.stage.colour(colour)
        self._drawn.texture = self.stage.textures.icon(name, int(self._drawn.size[0]))
