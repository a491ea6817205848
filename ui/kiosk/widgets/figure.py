"""The figure with pads to scale: seen from behind, left on the left, in every language."""

from pathlib import Path

from kivy.graphics import Color, PopMatrix, PushMatrix, Rectangle, Rotate

from ui.kiosk.art.baking import look_of, shown_crop
from ui.kiosk.art.figure import Crop, Look, figure_png, picture_for
from ui.kiosk.locale.words import _
from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.blocks import Figure, PadMark, PointMark
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

SCALE_MM = 50
RIM_MM = 3.0
OFF_FILL = 0.75
NARROW = 240
"""Scale and "seen from behind" do not fit side by side below this width."""
BROAD = 1.4
"""Beside a body as broad as this is high, levels stand on the right: the words are on the left."""
SMALL = 34
"""A pad below this width has its name in the smallest type."""


class FigurePicture(Part):
    """The picture of the body."""

    role = "figure"

    def __init__(self, stage: Stage, rect: Rect, crop: Crop, look: Look, kept: Path | None) -> None:
        super().__init__(stage, rect)
        picture = picture_for(crop, *map(int, self.size))
        drawn, wide, high = picture
        texture = stage.textures.picture(lambda: figure_png(drawn, look, wide, high, kept))
        left, right = max(crop.x, drawn.x), min(crop.x + crop.w, drawn.x + drawn.w)
        per_mm, texels = self.width / crop.w, texture.width / drawn.w
        across = right - left
        part = texture.get_region((left - drawn.x) * texels, 0, across * texels, texture.height)
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(
                pos=(self.x + (left - crop.x) * per_mm, self.y),
                size=(across * per_mm, self.height),
                texture=part,
            )

    @property
    def described(self) -> str:
        """Return what a screen reader says."""
        return _("Seen from behind")


class Pad(Part):
    """A pad in true size, in the colour of its channel: solid rim for 1, dashed for others."""

    role = "pad"

    def __init__(self, stage: Stage, rect: Rect, mark: PadMark, px_per_mm: float) -> None:
        super().__init__(stage, rect)
        self.mark = mark
        width, height = map(int, self.size)
        texture = stage.textures.svg(_pad_svg(stage, mark, width, height, px_per_mm), width, height)
        with self.canvas:
            PushMatrix()
            Rotate(angle=-mark.turn, origin=(self.center_x, self.center_y))
            Color(1, 1, 1, 1)
            Rectangle(pos=self.pos, size=self.size, texture=texture)
            PopMatrix()
        ink = "text" if mark.look == "off" else "channel_text"
        style = "body_bold" if rect.w >= SMALL else "caption"
        place = Rect(rect.x - SMALL, rect.y, rect.w + 2 * SMALL, rect.h)
        self.add_widget(Words(stage, place, mark.label, style, ink, align="centre", bold=True))

    @property
    def described(self) -> str:
        """Return the name of the pad."""
        return self.mark.label


def _pad_svg(stage: Stage, mark: PadMark, width: int, height: int, px_per_mm: float) -> str:
    colours = stage.theme.tokens.colours[stage.theme.name]
    gel = stage.theme.tokens.figure[stage.theme.name]["pad_gel"]
    off = mark.look == "off"
    fill = colours["ground"] if off else colours[f"channel_{mark.channel}"]
    ink = colours["channel_text"]
    line, radius = max(RIM_MM * px_per_mm * 0.8, 2), 6 * px_per_mm
    edge = colours["on"] if mark.look in {"playing", "chosen"} else ink
    if off:
        edge = colours[f"channel_{mark.channel}"]
    thick = line * (2 if mark.look in {"playing", "chosen"} else 1)
    dash = "" if mark.channel == 1 else f'stroke-dasharray="{4 * px_per_mm} {3 * px_per_mm}"'
    inner = thick + 2 * px_per_mm
    body = (
        f'<rect x="{thick / 2}" y="{thick / 2}" width="{width - thick}" height="{height - thick}" '
        f'rx="{radius}" fill="{fill}" fill-opacity="{OFF_FILL if off else 1}" '
        f'stroke="{edge}" stroke-width="{thick}"/>'
        f'<rect x="{inner}" y="{inner}" width="{width - 2 * inner}" height="{height - 2 * inner}" '
        f'rx="{radius * 0.6}" fill="none" stroke="{gel}" stroke-width="{line * 0.6}" {dash}/>'
    )
    if not mark.plus or off:
        return body
    at, arm = width - inner - 6 * px_per_mm, 4.5 * px_per_mm
    top = inner + 6 * px_per_mm
    return body + (
        f'<path d="M{at - arm} {top}H{at + arm}M{at} {top - arm}V{top + arm}" '
        f'stroke="{ink}" stroke-width="{line}" fill="none"/>'
    )


def draw_figure(stage: Stage, rect: Rect, view: Figure, still: Layer) -> None:
    """Draw the figure with everything on it: left stays left in every language."""
    stage, rect = stage.straight(), stage.here(rect)
    *_, width, height = stage.place(rect)
    crop = shown_crop(width, height, view)
    look = look_of(stage.theme.tokens.figure[stage.theme.name], view)
    still.add_widget(Box(stage, rect, "sunken"))
    still.add_widget(FigurePicture(stage, rect, crop, look, stage.kept))
    per_mm = rect.w / crop.w
    for mark in view.pads:
        wide, high = mark.width_mm * per_mm, mark.height_mm * per_mm
        x = rect.x + (mark.x - crop.x) * per_mm - wide / 2
        y = rect.y + (mark.y - crop.y) * per_mm - high / 2
        still.add_widget(
            Pad(stage, Rect(x, y, wide, high), mark, per_mm * stage.theme.profile.scale)
        )
    for point in view.points:
        _point(stage, rect, crop, per_mm, point, still)
    _furniture(stage, rect, per_mm, still)


def _point(
    stage: Stage, rect: Rect, crop: Crop, per_mm: float, point: PointMark, still: Layer
) -> None:
    x = rect.x + (point.x - crop.x) * per_mm
    y = rect.y + (point.y - crop.y) * per_mm
    if point.dot:
        fill, edge = ("", "on") if point.hollow else ("on", "on_text")
        still.add_widget(Box(stage, Rect(x - 6, y - 6, 12, 12), fill, radius=6, edge=edge))
        x += 10
    if point.text:
        chip(stage, rect, Rect(x, y - 11, 0, 22), point.text, still)


def _furniture(stage: Stage, rect: Rect, per_mm: float, still: Layer) -> None:
    chip(stage, rect, Rect(rect.x + 8, rect.y + 8, 0, 24), _("LEFT"), still, bold=True)
    right = Rect(rect.right - 8, rect.y + 8, 0, 24)
    chip(stage, rect, right, _("RIGHT"), still, bold=True, anchor=1.0)
    up, anchor, seen_at = 28, 1.0, rect.right - 8
    if rect.w < NARROW:
        up, anchor, seen_at = 62, 0.5, rect.x + rect.w / 2
    elif rect.w > rect.h * BROAD:
        up, anchor, seen_at = 62, 0.0, rect.x + 8
    seen = Rect(seen_at, rect.bottom - up, 0, 22)
    chip(stage, rect, seen, _("Seen from behind"), still, anchor=anchor)
    bar = Rect(rect.x + 10, rect.bottom - 10, SCALE_MM * per_mm, 2)
    chip(stage, rect, Rect(bar.x - 2, bar.y - 26, 0, 22), _("50 mm"), still)
    for part in (bar, Rect(bar.x, bar.y - 6, 2, 8), Rect(bar.right - 2, bar.y - 6, 2, 8)):
        still.add_widget(Field(stage, part, "value"))


def chip(
    stage: Stage,
    within: Rect,
    at: Rect,
    text: str,
    still: Layer,
    *,
    bold: bool = False,
    anchor: float = 0.0,
) -> None:
    """Draw words on a ground of their own, kept within the figure."""
    probe = Words(stage, Rect(at.x, at.y, within.w, at.h), text, "caption", bold=bold)
    wide = probe.drawn_width / stage.theme.profile.scale + 12
    x = min(max(at.x - wide * anchor, within.x + 2), within.right - wide - 2)
    place = Rect(x, at.y, wide, at.h)
    still.add_widget(Box(stage, place, "ground", radius=5))
    still.add_widget(Words(stage, place, text, "caption", align="centre", bold=bold))
