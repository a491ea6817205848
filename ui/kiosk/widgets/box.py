"""Boxes: panels, fields, outlines, with round corners and smooth edges."""

from kivy.graphics import Color, Rectangle

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


class Hatch(Part):
    """A frame or field of yellow and dark stripes, not moving: armed, or resting."""

    def __init__(self, stage: Stage, rect: Rect, width: float) -> None:
        super().__init__(stage, rect)
        unit, px = stage.theme.profile.scale, stage.px
        across, edge = px(16), max(px(width), 2)
        colours = stage.theme.tokens.colours[stage.theme.name]
        step = 16 * unit
        total_w, total_h = map(int, self.size)
        lines = "".join(
            f'<path d="M{at} 0L{at - total_h} {total_h}" stroke="{colours["on"]}" '
            f'stroke-width="{step / 2 * 0.72:.1f}"/>'
            for at in range(0, total_w + total_h, max(across, 1))
        )
        inner_w, inner_h = total_w - 2 * edge, total_h - 2 * edge
        frame = (
            f'<mask id="m"><rect width="{total_w}" height="{total_h}" fill="white"/>'
            f'<rect x="{edge}" y="{edge}" width="{inner_w}" height="{inner_h}" fill="black"/>'
            "</mask>"
            f'<g mask="url(#m)"><rect width="{total_w}" height="{total_h}" '
            f'fill="{colours["on_text"]}"/>{lines}</g>'
        )
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(
                pos=self.pos,
                size=self.size,
                texture=stage.textures.svg(frame, total_w, total_h),
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
