"""The panel as pictures: paper ground, square corners, brown ink. Drawn by Pillow, without Kivy."""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import resvg_py
from PIL import Image, ImageDraw

from ui.kiosk.art.icons import icon_bodies
from ui.kiosk.theme.typesetting import Setting, font_of, width_of
from ui.panel.layout import Box, PanelKey, PanelText, PanelView
from ui.panel.oscillogram import Oscillogram
from ui.panel.state import Seen

PAPER, KEY_PAPER, INK, SOFT, EDGE = "#F4F1E8", "#FFFEFA", "#2B2620", "#5A5142", "#6E6552"
CHOSEN, CHOSEN_INK = "#3B4852", "#FFFFFF"
STRIPE, STRIPE_DARK, HAIR = "#EAE4D3", "#DDD5BE", "#CFC7B2"
SCREEN, GRID, SCREEN_INK = "#10171D", "#26313A", "#C9D3DB"
SOUND = "#FFD21F"
CHANNELS = ("#4C9BFF", "#FF9AD5", "#C9B38A", "#B9C0FF")
BANNER_WORDS = "For trying out. Not part of the device."
TEXT, SMALL = 16, 15
ICON, ESTOP = 34, 48


class Pen(NamedTuple):
    """What draws into one picture."""

    picture: Image.Image
    draw: ImageDraw.ImageDraw


def draw_panel(view: PanelView) -> Image.Image:
    """Draw everything but the moving curves."""
    picture = Image.new("RGBA", view.size, PAPER)
    pen = Pen(picture, ImageDraw.Draw(picture))
    _banner(pen, view.banner)
    for box in view.lines:
        pen.draw.rectangle(_corners(box), fill=HAIR)
    for key in view.keys:
        _key(pen, key)
    for text in view.texts:
        _text(pen, text)
    for box, number in view.marks:
        picture.alpha_composite(_svg(_mark(number, box.w), box.w, box.h), (box.x, box.y))
    return picture


def draw_scope(shown: Oscillogram, size: tuple[int, int]) -> Image.Image:
    """Draw the oscillogram."""
    wide, high = size
    picture = Image.new("RGBA", size, SCREEN)
    draw = ImageDraw.Draw(picture)
    for number in range(1, int(wide / shown.square) + 1):
        across = round(number * shown.square)
        draw.line((across, 0, across, high), fill=GRID)
        draw.line((0, across, wide, across), fill=GRID)
    draw.line((shown.divider, 0, shown.divider, high), fill=SCREEN_INK, width=2)
    for curve in shown.curves:
        draw.line(curve.points, fill=CHANNELS[curve.channel], width=2)
    channels = 1 + max((curve.channel for curve in shown.curves), default=-1)
    for channel in range(channels):
        top = round(high / channels * (channel + 0.5)) - 9
        picture.alpha_composite(_svg(_mark(channel + 1, 18), 18, 18), (6, top))
    return picture


def draw_sounds(seen: Seen, size: tuple[int, int], seconds: float = 5.0) -> Image.Image:
    """Draw when the buzzer sounded in the last seconds; now is at the right."""
    wide, high = size
    picture = Image.new("RGBA", size, SCREEN)
    draw = ImageDraw.Draw(picture)
    scale = wide / seconds / 1e6
    ends = [at_us for at_us, _ in seen.sounds[1:]] + [0.0]
    for (begin_us, level), end_us in zip(seen.sounds, ends, strict=False):
        if level:
            left, right = wide + begin_us * scale, wide + end_us * scale
            draw.rectangle((left, 2, max(right, left + 1), high - 3), fill=SOUND)
    return picture


def _banner(pen: Pen, box: Box) -> None:
    pen.draw.rectangle(_corners(box), fill=STRIPE)
    for left in range(-box.h, box.w, 36):
        stripe = [(left, box.h), (left + box.h, 0), (left + box.h + 16, 0), (left + 16, box.h)]
        pen.draw.polygon(stripe, fill=STRIPE_DARK)
    _text(pen, PanelText(box, BANNER_WORDS, bold=True, align="centre"))


def _key(pen: Pen, key: PanelKey) -> None:
    fill, ink = (CHOSEN, CHOSEN_INK) if key.chosen else (KEY_PAPER, INK)
    pen.draw.rectangle(_corners(key.box), fill=fill, outline=EDGE, width=2)
    words = key.box
    if key.icon:
        px = ESTOP if key.icon == "estop" else ICON
        body = _estop(px) if key.icon == "estop" else _icon(key.icon, px, ink)
        left, top = key.box.x + 14, key.box.y + (key.box.h - px) // 2
        pen.picture.alpha_composite(_svg(body, px, px), (left, top))
        words = Box(left + px, key.box.y, key.box.w - 14 - px, key.box.h)
    lines = key.text.split("\n")
    high = 20
    top = words.y + (words.h - high * len(lines)) // 2
    for number, line in enumerate(lines):
        box = Box(words.x, top + number * high, words.w, high)
        _text(pen, PanelText(box, line, bold=True, align="centre"), ink, SMALL)


def _text(pen: Pen, text: PanelText, ink: str = INK, px: int = TEXT) -> None:
    setting = Setting(px, text.bold)
    free = text.box.w - width_of(text.text, setting)
    left = text.box.x + {"left": 0.0, "centre": free / 2, "right": free}[text.align]
    middle = text.box.y + text.box.h / 2
    font = font_of(px, bold=text.bold)
    ascent, descent = font.getmetrics()
    top = middle - (ascent + descent) / 2
    pen.draw.text((left, top), text.text, fill=ink, font=font)


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.x + box.w - 1, box.y + box.h - 1


def _mark(number: int, px: int) -> str:
    """Return the mark of a channel: its colour, shape and number's ground."""
    fill = CHANNELS[number - 1]
    middle, far = px / 2, px - 1
    low, high = px * 0.27, px * 0.73
    shapes = (
        f'<circle cx="{middle}" cy="{middle}" r="{middle - 1}" fill="{fill}"/>',
        f'<rect x="1" y="1" width="{px - 2}" height="{px - 2}" rx="2" fill="{fill}"/>',
        f'<path d="M{middle} 1L{far} {low}V{high}L{middle} {far}L1 {high}V{low}Z" fill="{fill}"/>',
        f'<path d="M{middle} 0L{px} {middle}L{middle} {px}L0 {middle}Z" fill="{fill}"/>',
    )
    return shapes[number - 1] + _digit(number, px)


def _digit(number: int, px: int) -> str:
    """Return the strokes of a digit, for the drawing has no fonts."""
    paths = (
        "M9 8L12.5 6V18",
        "M8 9C8 4.500 16 4.500 16 9C16 12 8 14 8 18H16",
        "M8 7H16L11 11.500C17.500 11.500 17 18 12 18C10 18 8.500 17 8 15.500",
        "M14.500 18V6L7.500 14.500H17",
    )
    scale = px / 24
    return (
        f'<path transform="scale({scale})" d="{paths[number - 1]}" fill="none" stroke="#0A0F14" '
        'stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _icon(name: str, px: int, ink: str) -> str:
    body = icon_bodies()[name].replace("currentColor", ink)
    return (
        f'<g transform="scale({px / 24})" fill="none" stroke="{ink}" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{body}</g>'
    )


def _estop(px: int) -> str:
    middle = px / 2
    return (
        f'<rect x="1" y="1" width="{px - 2}" height="{px - 2}" rx="4" fill="#FFD21F" '
        f'stroke="#14110A" stroke-width="2"/>'
        f'<circle cx="{middle}" cy="{middle}" r="{px * 0.38}" fill="#8E1116"/>'
        f'<circle cx="{middle}" cy="{middle}" r="{px * 0.32}" fill="#C8161D"/>'
        f'<circle cx="{middle}" cy="{middle}" r="{px * 0.2}" fill="#DB4A4F"/>'
    )


@lru_cache(maxsize=64)
def _svg(body: str, wide: int, high: int) -> Image.Image:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">{body}</svg>'
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
    with Image.open(BytesIO(png)) as picture:
        return picture.convert("RGBA")
