"""Boxes: panels, fields, outlines, with round corners and smooth edges."""

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage


def box_svg(
    width: int, height: int, radius: int, fill: str, edge: str, edge_px: float, dash: str
) -> str:
    """Return a box as SVG; "" as a colour leaves fill or edge away."""
    inset = edge_px / 2 if edge else 0
    outline = f'stroke="{edge}" stroke-width="{edge_px}"' if edge else ""
    dashes = f'stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{inset}" y="{inset}" width="{width - 2 * inset}" height="{height - 2 * inset}" '
        f'rx="{max(radius - inset, 0)}" fill="{fill or "none"}" {outline} {dashes}/>'
    )


class Box(Part):
    """A box in the colours of roles; `edge_width` in reference px."""

    def __init__(
        self,
        stage: Stage,
        rect: Rect,
        fill: str = "panel",
        *,
        radius: float = 10,
        edge: str = "",
        edge_width: float = 2,
        dashed: bool = False,
    ) -> None:
        super().__init__(stage, rect)
        self._look = (radius, edge_width, dashed)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._drawn = Rectangle(pos=self.pos, size=self.size)
        self.show(fill, edge)

    def show(self, fill: str, edge: str = "") -> None:
        """Draw it in other colours."""
        stage, (radius, edge_width, dashed) = self.stage, self._look
        colours = stage.theme.tokens.colours[stage.theme.name]
        unit = stage.theme.profile.scale
        dash = f"{5 * unit:.0f} {4 * unit:.0f}" if dashed else ""
        width, height = map(int, self.size)
        body = box_svg(
            width,
            height,
            stage.px(radius),
            colours.get(fill, fill),
            colours.get(edge, edge),
            max(round(edge_width * unit), 1),
            dash,
        )
        self._drawn.texture = stage.textures.svg(body, width, height)


class Outline(Part):
    """Four sides of a rectangle, each one picture: what lies within costs nothing to draw."""

    def __init__(self, stage: Stage, rect: Rect, width: float) -> None:
        super().__init__(stage, rect)
        edge = max(round(width * stage.theme.profile.scale), 1)
        wide, high = map(int, self.size)
        self.sides = (
            (0, 0, wide, edge),
            (0, high - edge, wide, edge),
            *((x, edge, edge, high - 2 * edge) for x in (0, wide - edge)),
        )
        """x and y in px from the top left of the rectangle, width and height."""

    def _drawn(self, side: tuple[int, int, int, int], texture: Texture | None = None) -> None:
        """Draw a side in the colour set before."""
        x, y, width, height = side
        pos = (self.x + x, self.y + self.height - y - height)
        Rectangle(pos=pos, size=(width, height), texture=texture)


class Edge(Outline):
    """A plain outline with sharp corners in the colour of a role."""

    def __init__(self, stage: Stage, rect: Rect, width: float, colour: str) -> None:
        super().__init__(stage, rect, width)
        with self.canvas:
            Color(*stage.colour(colour))
            for side in self.sides:
                self._drawn(side)


class Hatch(Outline):
    """An outline of yellow and dark stripes, not moving: armed, or resting."""

    def __init__(self, stage: Stage, rect: Rect, width: float) -> None:
        super().__init__(stage, rect, width)
        with self.canvas:
            Color(1, 1, 1, 1)
            for side in self.sides:
                texture = stage.textures.svg(_stripes(stage, side), *side[2:])
                self._drawn(side, texture)


def _stripes(stage: Stage, side: tuple[int, int, int, int]) -> str:
    """Return the stripes of a side as SVG; they run through all sides as through one picture."""
    colours, (x, y, width, height) = stage.theme.tokens.colours[stage.theme.name], side
    across, thick = max(stage.px(16), 1), 16 * stage.theme.profile.scale / 2 * 0.72
    first = (x + y) // across * across - across
    # A line ends square: it begins and ends outside of the side.
    lines = "".join(
        f"M{at - x - y + across} {-across}l{-height - 2 * across} {height + 2 * across}"
        for at in range(first, x + y + width + height + across, across)
    )
    return (
        f'<rect width="{width}" height="{height}" fill="{colours["on_text"]}"/>'
        f'<path d="{lines}" stroke="{colours["on"]}" stroke-width="{thick:.1f}"/>'
    )


class Field(Part):
    """A plain rectangle of one colour, which may change its size: bars and cursors."""

    def __init__(self, stage: Stage, rect: Rect, colour: str) -> None:
        super().__init__(stage, rect)
        with self.canvas:
            Color(*stage.colour(colour))
            self._drawn = Rectangle(pos=self.pos, size=self.size)

    def show(self, rect: Rect) -> None:
        """Move it."""
        left, bottom, width, height = self.stage.place(rect)
        self._drawn.pos, self._drawn.size = (left, bottom), (width, height)
