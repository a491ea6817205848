"""Lines of text as masks: measured, wrapped between words and drawn by Pillow, without Kivy.

Kivy multiplies the edges of letters with their opacity twice, which makes small light text thin.
A mask is white with opacity; whoever shows it gives the colour.
"""

from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from ui.kiosk.theme.fonts import LATIN, font_file

FONT_LINE = 1.362
"""Height of a line of Noto Sans, in sizes."""


class Setting(NamedTuple):
    """Size in px, weight, and height of a line in sizes."""

    px: int
    bold: bool
    line: float = FONT_LINE


class SetText(NamedTuple):
    """A text as it was set: its lines, its size in px, and whether a word is wider than its box."""

    lines: tuple[str, ...]
    width: int
    height: int
    is_broken: bool


@lru_cache(maxsize=64)
def font_of(px: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """Return a font of that size; raises `FontsMissing`."""
    path = str(font_file(LATIN, bold=bold))
    return ImageFont.truetype(path, px, layout_engine=ImageFont.Layout.BASIC)


def width_of(text: str, setting: Setting) -> float:
    """Return how wide a line is, in px."""
    return float(font_of(setting.px, bold=setting.bold).getlength(text))


@lru_cache(maxsize=2048)
def set_text(text: str, setting: Setting, width: int) -> SetText:
    """Return a text wrapped between words within a width in px."""
    lines: list[str] = []
    broken = False
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if not line or width_of(longer, setting) <= width:
                line = longer
            else:
                lines.append(line)
                line = word
            broken = broken or width_of(word, setting) > width + 1
        lines.append(line)
    widest = max((width_of(line, setting) for line in lines), default=0.0)
    high = line_px(setting)
    return SetText(tuple(lines), int(widest + 2), high * len(lines), broken)


def line_px(setting: Setting) -> int:
    """Return the height of a line in px."""
    return round(setting.px * min(setting.line, FONT_LINE))


def draw_text(text: SetText, setting: Setting, align: str) -> Image.Image:
    """Return a text as a white picture with opacity; `align` is left, centre or right."""
    font, high = font_of(setting.px, bold=setting.bold), line_px(setting)
    ascent, descent = font.getmetrics()
    # A line may be set tighter than its letters are high: the first and last need their whole room.
    whole = high * (len(text.lines) - 1) + ascent + descent
    mask = Image.new("L", (max(text.width, 1), whole), 0)
    pen = ImageDraw.Draw(mask)
    for number, line in enumerate(text.lines):
        free = text.width - width_of(line, setting)
        left = {"left": 0.0, "centre": free / 2, "right": free}[align]
        pen.text((left, number * high), line, font=font, fill=255)
    picture = Image.new("RGBA", mask.size, (255, 255, 255, 0))
    picture.putalpha(mask)
    return picture
