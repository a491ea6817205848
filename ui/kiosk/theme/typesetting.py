"""Lines of text as masks: measured, wrapped between words and drawn by Pillow, without Kivy.

Kivy multiplies the edges of letters with their opacity twice, which makes small light text thin.
A mask is white with opacity; whoever shows it gives the colour.
"""

from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from appliance.texts.fonts import LATIN, font_file
from appliance.texts.shaping import UNSEEN, Run, broken, font_for, joined, runs_of

FONT_LINE = 1.362
"""Height of a line of Noto Sans, in sizes."""


class Setting(NamedTuple):
    """Size in px, weight, and height of a line in sizes."""

    px: int
    bold: bool
    line: float = FONT_LINE


class SetText(NamedTuple):
    """A text as it was set: its lines, its size in px, and whether a word is wider than its box.

    Letters of a line are joined, and in the order they are read.
    """

    lines: tuple[str, ...]
    width: int
    height: int
    is_broken: bool


@lru_cache(maxsize=64)
def font_of(px: int, *, bold: bool, name: str = LATIN) -> ImageFont.FreeTypeFont:
    """Return a font of that size; raises `FontsMissing`."""
    path = str(font_file(name, bold=bold))
    return ImageFont.truetype(path, px, layout_engine=ImageFont.Layout.BASIC)


def width_of(text: str, setting: Setting) -> float:
    """Return how wide a line of joined letters is, in px."""
    return sum(_word_width(word, setting) for word in text.split(" ")) + text.count(
        " "
    ) * _word_width(" ", setting)


@lru_cache(maxsize=4096)
def _word_width(word: str, setting: Setting) -> float:
    """Return how wide a word is, whatever stands beside it and in whichever order it is seen."""
    return sum(
        _advance(letter, setting.px, setting.bold, font_for(letter))
        for letter in word
        if letter not in UNSEEN
    )


def _run_width(run: Run, setting: Setting) -> float:
    return sum(_advance(letter, setting.px, setting.bold, run.font) for letter in run.text)


@lru_cache(maxsize=8192)
def _advance(letter: str, px: int, bold: bool, name: str) -> float:
    """Return how far a letter moves the pen: no pair of letters is set closer (a test compares)."""
    return float(font_of(px, bold=bold, name=name).getlength(letter))


@lru_cache(maxsize=2048)
def set_text(text: str, setting: Setting, width: int) -> SetText:
    """Return a text wrapped between words within a width in px."""
    lines: list[str] = []
    is_broken, widest, space = False, 0.0, _word_width(" ", setting)
    for paragraph in joined(text).split("\n"):
        line, reached = "", 0.0
        for word in paragraph.split(" "):
            wide = _word_width(word, setting)
            if not line or reached + space + wide <= width:
                reached += space + wide if line else wide
                line = f"{line} {word}" if line else word
            else:
                ended, line = broken(line, word)
                lines.append(ended)
                widest, reached = max(widest, reached), wide
            is_broken = is_broken or wide > width + 1
        lines.append(line)
        widest = max(widest, reached)
    high = line_px(setting)
    return SetText(tuple(lines), int(widest + 2), high * len(lines), is_broken)


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
        for run in runs_of(line):
            font = font_of(setting.px, bold=setting.bold, name=run.font)
            # Letters of every font stand on the same line.
            pen.text((left, number * high + ascent), run.text, font=font, fill=255, anchor="ls")
            left += _run_width(run, setting)
    picture = Image.new("RGBA", mask.size, (255, 255, 255, 0))
    picture.putalpha(mask)
    return picture
