"""Draws a table of sites: the tag of a pad, words, and an answer on each key."""

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.blocks import PadMark, SiteHead, SiteRow, SiteTable
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.figure import Pad
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

TAG, GAP, HEAD_HIGH, MOST_HIGH = 38, 6, 116, 76
TAG_MM = 40
"""A tag shows a pad of this size."""
NARROW, HEADS_SHARE = 500, 0.74
"""A table narrower than this has no notes in its heads; the share of answers below heads."""
IN_LINE = 36
"""About so many letters are in a line of a step."""
MOST_SHARE = 0.6
"""The greatest share of a row that answers take."""


class Samples(Part):
    """Pale and dark skin side by side, as a grade looks on each; the same in every theme."""

    role = "figure"

    def __init__(self, stage: Stage, rect: Rect, sample: str) -> None:
        super().__init__(stage, rect)
        width, height = map(int, self.size)
        svg = _sample_svg(stage, sample, width, height)
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=self.pos, size=self.size, texture=stage.textures.svg(svg, width, height))


def _sample_svg(stage: Stage, sample: str, width: int, height: int) -> str:
    colours = stage.theme.tokens.sample
    half, side = width / 2, height * 0.62
    parts = []
    for number, skin in enumerate(("pale", "deep")):
        left = number * half
        x, y = left + (half - side) / 2, (height - side) / 2
        ground = colours[f"skin_{skin}"]
        parts.append(f'<rect x="{left}" width="{half}" height="{height}" fill="{ground}"/>')
        box = f'x="{x}" y="{y}" width="{side}" height="{side}" rx="{side * 0.18}"'
        if sample == "flush":
            parts.append(f'<rect {box} fill="{colours[f"flush_{skin}"]}" opacity="0.85"/>')
            continue
        inner = side * 0.62
        place = f'x="{x + side * 0.19}" y="{y + side * 0.19}" width="{inner}" height="{inner}"'
        parts.append(f'<rect {box} fill="{colours[f"mark_{skin}"]}"/>')
        if sample == "mark":
            lighter = colours[f"flush_{skin}"]
            parts.append(f'<rect {place} rx="{inner * 0.14}" fill="{lighter}" opacity="0.6"/>')
            continue
        wet = colours[f"wet_{skin}"]
        parts += [
            _spot(x + side * 0.32, y + side * 0.58, side * 0.24, colours["broken"]),
            _spot(x + side * 0.66, y + side * 0.32, side * 0.2, wet),
            _spot(x + side * 0.72, y + side * 0.76, side * 0.1, wet),
        ]
    gap = max(stage.px(2), 1)
    line = stage.theme.tokens.colours[stage.theme.name]["panel"]
    parts.append(f'<rect x="{half - gap / 2}" width="{gap}" height="{height}" fill="{line}"/>')
    return "".join(parts)


def _spot(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'


def draw_site_table(stage: Stage, rect: Rect, block: SiteTable, still: Layer) -> None:
    """Draw the heads, then the sites from the top."""
    most = max((len(row.keys) for row in block.rows), default=0)
    narrow = rect.w < NARROW
    share = MOST_SHARE if narrow or not block.heads else HEADS_SHARE
    wide = min(block.key_width * most, rect.w * share)
    if block.heads:
        head, rect = rect.top(HEAD_HIGH), rect.below(HEAD_HIGH, GAP)
        words = head.before(wide, 10)
        still.add_widget(Words(stage, words.top(28), block.title, "title"))
        lead = words.below(28, 2)
        still.add_widget(Words(stage, lead, block.lead, "caption", "text_soft", valign="top"))
        for place, each in zip(head.end(wide).columns(len(block.heads)), block.heads, strict=True):
            _head(stage, place, each, still, narrow=narrow)
    for place, row in zip(_places(rect, block), block.rows, strict=False):
        _row(stage, place.top(min(place.h, MOST_HIGH if row.keys else place.h)), row, wide, still)


def _places(rect: Rect, block: SiteTable) -> tuple[Rect, ...]:
    """Return equal rows; where they are steps, a long one is higher."""
    if not any(row.number for row in block.rows):
        return rect.rows(max(len(block.rows), block.room, 1), GAP)
    lines = [1 + len(row.text) // IN_LINE for row in block.rows]
    free, top, places = rect.h - GAP * (len(lines) - 1), rect.y, []
    for count in lines:
        high = free * count / sum(lines)
        places.append(Rect(rect.x, top, rect.w, high))
        top += high + GAP
    return tuple(places)


def _head(stage: Stage, rect: Rect, head: SiteHead, still: Layer, *, narrow: bool) -> None:
    still.add_widget(Box(stage, rect, "panel"))
    if narrow:
        still.add_widget(Samples(stage, rect.above(50), head.sample))
        words, style = rect.foot(48).inset(4, 2), "caption"
        title = Words(stage, words, head.title, style, align="centre", bold=True)
        still.add_widget(title)
        return
    still.add_widget(Samples(stage, rect.above(54), head.sample))
    words = rect.foot(52)
    still.add_widget(Words(stage, words.top(26), head.title, "body_bold", align="centre"))
    note = words.below(24)
    still.add_widget(Words(stage, note, head.note, "caption", "text_soft", align="centre"))


def _row(stage: Stage, rect: Rect, row: SiteRow, wide: float, still: Layer) -> None:
    keys = rect.end(wide)
    words = rect.before(wide, 8) if row.keys else rect
    still.add_widget(Box(stage, words, "panel"))
    inner = words.inset(8, 1)
    if row.label:
        tag = Rect(inner.x + 2, inner.y + (inner.h - TAG) / 2, TAG, TAG)
        mark = PadMark(label="", channel=row.channel, x=0, y=0, width_mm=TAG, height_mm=TAG)
        still.add_widget(Pad(stage, tag, mark, TAG / TAG_MM * stage.theme.profile.scale * 0.8))
        name = Words(stage, tag, row.label, "caption", "channel_text", align="centre", bold=True)
        still.add_widget(name)
        inner = inner.after(TAG, 10)
    elif row.number:
        place = inner.left(28)
        still.add_widget(Words(stage, place, row.number, "body_bold", "text_soft", align="centre"))
        inner = inner.after(28, 8)
    still.add_widget(Words(stage, inner, row.text, row.style))
    if row.keys:
        for place, key in zip(keys.columns(len(row.keys), GAP), row.keys, strict=True):
            still.add_widget(Key(stage, place, key, KeyArrangement(icon_size=20)))
