"""A drawing surface with coordinates in final pixels.

It is drawn at twice the size and then reduced, so that edges are smooth. The font is the one inside
Pillow, so that no font file is needed. It has no µ: that letter is drawn as a u with a longer stem.
"""

import math
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

SCALE = 2
PALETTE = 128
"""With 64 colours a channel with few pixels was drawn in the colour of another text."""
Point = tuple[float, float]
_MICRO = "µ"
_ACROSS = {"l": 0.0, "m": 0.5, "r": 1.0}
_HALF_GREY = 127

INK = "#1b2430"
MUTED = "#5b6675"
GRID = "#e3e7ec"
FRAME = "#aab3be"
PAPER = "#ffffff"
PANEL = "#fafbfc"
WARNING_FILL = "#fff3cd"
WARNING_INK = "#7a4b00"
CHANNEL_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499")
"""Distinguishable for colour-blind people too (after Okabe and Ito)."""


class Box(NamedTuple):
    """A rectangle in final pixels."""

    left: float
    top: float
    right: float
    bottom: float


class Canvas:
    """Lines, rectangles and text on a white image."""

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("RGB", (width * SCALE, height * SCALE), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def line(self, points: list[Point], colour: str, width: float = 1.0) -> None:
        """Draw a line through all points."""
        thick = max(1, round(width * SCALE))
        self._draw.line(_scaled(points), fill=colour, width=thick, joint="curve")

    def dashed(self, start: Point, end: Point, colour: str, width: float = 1.0) -> None:
        """Draw a straight dashed line."""
        length = math.dist(start, end)
        dash, pace = 6.0, 10.0
        for number in range(math.ceil(length / pace)):
            near, far = number * pace / length, min(1.0, (number * pace + dash) / length)
            self.line([_between(start, end, near), _between(start, end, far)], colour, width)

    def box(
        self, box: Box, *, fill: str | None = None, outline: str | None = None, radius: float = 0
    ) -> None:
        """Draw a rectangle, with round corners if `radius` is given."""
        corners = _scaled([(box.left, box.top), (box.right, box.bottom)])
        self._draw.rounded_rectangle(
            corners, radius=radius * SCALE, fill=fill, outline=outline, width=SCALE
        )

    def column(self, box: Box, colour: str) -> None:
        """Fill a vertical bar, aligned to whole pixels so that adjacent bars leave no gap."""
        left, right = round(box.left * SCALE), round(box.right * SCALE) - 1
        corners = [(left, box.top * SCALE), (max(left, right), box.bottom * SCALE)]
        self._draw.rectangle(corners, fill=colour)

    def polygon(self, points: list[Point], colour: str) -> None:
        """Fill a polygon."""
        self._draw.polygon(_scaled(points), fill=colour)

    def text(
        self, at: Point, text: str, size: float, colour: str = INK, anchor: str = "la"
    ) -> None:
        """Write a text whose `anchor` is at the point `at`.

        First letter: l (left), m (middle) or r (right). Second: a (top), m (middle), s (baseline).
        """
        font = _font(size)
        plain = text.replace(_MICRO, "u")
        left = at[0] * SCALE - font.getlength(plain) * _ACROSS[anchor[0]]
        ascent, descent = font.getmetrics()
        below = {"a": ascent, "m": (ascent - descent) / 2, "s": 0}[anchor[1]]
        base = at[1] * SCALE + below
        self._draw.text((left, base), plain, fill=colour, font=font, anchor="ls")
        for place, letter in enumerate(text):
            if letter == _MICRO:
                self._stem(left + font.getlength(plain[:place]), base, size, colour)

    def _stem(self, left: float, base: float, size: float, colour: str) -> None:
        """Extend the left stem of a u below the baseline, as far down as a p, to make a µ."""
        font = _font(size)
        u_left, u_top, _, _ = font.getbbox("u", anchor="ls")
        bottom = font.getbbox("p", anchor="ls")[3]
        x = round(left + u_left)
        stem = [(x, base + u_top / 2), (x + _stem_width(size), base + bottom)]
        self._draw.rectangle(stem, fill=colour)

    def sideways(self, at: Point, text: str, size: float, colour: str = MUTED) -> None:
        """Write from bottom to top, centred on `at`."""
        font = _font(size)
        left, top, right, bottom = font.getbbox(text)
        image = Image.new("L", (math.ceil(right - left) + 4, math.ceil(bottom - top) + 4), 0)
        ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=255, font=font)
        turned = image.transpose(Image.Transpose.ROTATE_90)
        corner = (
            round(at[0] * SCALE - turned.width / 2),
            round(at[1] * SCALE - turned.height / 2),
        )
        self._image.paste(Image.new("RGB", turned.size, colour), corner, turned)

    def text_width(self, text: str, size: float) -> float:
        """Return the width of a text, in final pixels."""
        return _font(size).getlength(text.replace(_MICRO, "u")) / SCALE

    def save(self, path: Path) -> None:
        """Write a PNG with a palette of 128 colours; raises `OSError` if it cannot be written.

        It is written under a temporary name and then renamed: an earlier picture stays until the
        new one is complete, and nothing is left of a failed one.
        """
        reduced = self._image.reduce(SCALE).quantize(PALETTE, dither=Image.Dither.NONE)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            reduced.save(temporary, format="PNG", optimize=True)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size * SCALE)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise OSError("this Pillow was built without FreeType: no text can be drawn")
    return font


@cache
def _stem_width(size: float) -> int:
    """Return the width of the stem of a u minus one, in pixels before reduction."""
    mask = _font(size).getmask("u")
    row = [mask.getpixel((x, mask.size[1] // 4)) for x in range(mask.size[0] // 2)]
    dark = sum(isinstance(grey, int) and grey > _HALF_GREY for grey in row)
    return max(1, dark - 1)


def _scaled(points: list[Point]) -> list[Point]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def _between(start: Point, end: Point, share: float) -> Point:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
