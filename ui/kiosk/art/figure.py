"""The figure seen from behind, as a picture of one crop, theme and size. 1 unit of it is 1 mm.

Only skin, hair, the muscles meant, bones at 30 % and landmarks are in the picture; pads, names and
LEFT and RIGHT are drawn over it. A picture takes up to a second to draw, so it is kept as a file.
"""

import hashlib
import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import resvg_py
from PIL import Image

FULL, NECK, UPPER, LOWER = "full", "neck", "upper_back", "lower_back"
BONES_SHOWN = 0.3
STEPS, HAIR_STEPS = 12, 5
TWICE = 2
"""Drawn at twice the size: thin lines would be ragged otherwise."""


class Crop(NamedTuple):
    """A part of the figure, in mm from C7."""

    x: float
    y: float
    w: float
    h: float

    def fitted(self, width: float, height: float) -> "Crop":
        """Return it made wider or higher, about its middle, to the shape of a place."""
        if self.w / self.h < width / height:
            wide = self.h * width / height
            return Crop(self.x - (wide - self.w) / 2, self.y, wide, self.h)
        high = self.w * height / width
        return Crop(self.x, self.y - (high - self.h) / 2, self.w, high)


CROPS: Mapping[str, Crop] = {
    FULL: Crop(-369, -252, 738, 984),
    "suboccipital": Crop(-150, -252, 300, 306),
    NECK: Crop(-214, -182, 428, 434),
    UPPER: Crop(-214, -60, 428, 434),
    LOWER: Crop(-186, 236, 372, 408),
}
BODY = Crop(-325, -252, 650, 1120)
"""Beside it nothing is drawn."""
STEP_PX = 32
_SVG_TAG = re.compile(r"<svg [^>]*>")


class Picture(NamedTuple):
    """A picture to draw: a part of the figure, and how many px it has before `TWICE`."""

    crop: Crop
    width: int
    height: int


def picture_for(crop: Crop, width: int, height: int) -> Picture:
    """Return the picture for a place of so many px.

    In a place that is wider than the body the body alone is drawn, in steps of the height: places
    of about the same height share a picture.
    """
    if crop.w <= BODY.w:
        return Picture(crop, width, height)
    high = -(-height // STEP_PX) * STEP_PX
    return Picture(Crop(BODY.x, crop.y, BODY.w, crop.h), round(high * BODY.w / crop.h), high)


class Look(NamedTuple):
    """Colours of the figure by role, and which muscles are meant, as `lumbar_paraspinals`."""

    colours: tuple[tuple[str, str], ...]
    muscles: tuple[str, ...] = ()
    sides: tuple[str, ...] = ("left", "right")


@lru_cache(maxsize=1)
def figure_svg() -> str:
    """Return the drawing."""
    return (files(__package__) / "figure.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def muscle_groups() -> frozenset[str]:
    """Return the names of the muscles that can be meant, each with its side."""
    after = figure_svg().partition('<g id="target-muscles"')[2]
    inside = after.partition('<g id="context-front"')[0]
    return frozenset(re.findall(r'<g id="([a-z-]+-(?:left|right))" class="target">', inside))


def figure_png(crop: Crop, look: Look, width: int, height: int, kept: Path | None) -> bytes:
    """Return a crop as PNG, twice `width` by `height` px; kept in a folder if one is given."""
    made_of = f"{(crop, look, width, height)!r}{figure_svg()}"
    name = hashlib.sha256(made_of.encode()).hexdigest()[:24]
    path = None if kept is None else kept / f"figure-{name}.png"
    size = (width * TWICE, height * TWICE)
    if path is not None and (png := _kept(path, size)):
        return png
    png = _drawn(crop, look, width, height)
    if path is not None:
        with suppress(OSError):  # a full disk costs a second at the next start, no picture
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")  # the kiosk and what bakes for it
            part.write_bytes(png)
            part.replace(path)
    return png


def _kept(path: Path, size: tuple[int, int]) -> bytes:
    """Return a kept picture, nothing where there is none, or none that is whole."""
    with suppress(OSError):
        png = path.read_bytes()
        if _is_whole(png, size):
            return png
    return b""


def _is_whole(png: bytes, size: tuple[int, int]) -> bool:
    """Return whether a kept file is a picture of that size: the power may have gone meanwhile."""
    try:
        with Image.open(BytesIO(png)) as picture:
            picture.load()
            return picture.size == size
    except (OSError, SyntaxError, ValueError):
        return False


def _drawn(crop: Crop, look: Look, width: int, height: int) -> bytes:
    tag = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{crop.x} {crop.y} {crop.w} {crop.h}" '
        f'width="{width * TWICE}" height="{height * TWICE}" preserveAspectRatio="none">'
    )
    svg = _SVG_TAG.sub(tag, _recoloured(dict(look.colours)), count=1)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, style_sheet=_shown(look.muscles, look.sides), skip_system_fonts=True
        )
    )


def _shown(muscles: Collection[str], sides: Collection[str]) -> str:
    """Return the style that shows what a placement shows."""
    meant = {f"{name.replace('_', '-')}-{side}" for name in muscles for side in sides}
    rules = ["#bones{display:inline;opacity:" + str(BONES_SHOWN) + "}", "#pads{display:none}"]
    if meant & muscle_groups():
        rules.append("#target-muscles{display:inline}")
        rules += [f"#{group}{{display:none}}" for group in sorted(muscle_groups() - meant)]
    return "".join(rules)


def _recoloured(colours: Mapping[str, str]) -> str:
    """Return the drawing with every colour of its style replaced by that of the theme."""
    svg = figure_svg()
    for number in range(STEPS):
        share = number / (STEPS - 1)
        mixed = mix(colours["skin_dark"], colours["skin_light"], share)
        svg = _replaced(svg, f"f-{number}", "fill", mixed)
    for number in range(HAIR_STEPS):
        share = number / (HAIR_STEPS - 1)
        mixed = mix(colours["hair_dark"], colours["hair_light"], share)
        svg = _replaced(svg, f"h-{number}", "fill", mixed)
    for name, (part, role) in _RULES.items():
        svg = _replaced(svg, name, part, colours[role])
    return svg


_RULES: Mapping[str, tuple[str, str]] = {
    "l-contour": ("stroke", "contour"),
    "l-line": ("stroke", "fold"),
    "m-fill": ("fill", "muscle"),
    "m-belly": ("fill", "muscle_belly"),
    "m-fibre": ("stroke", "muscle_fibre"),
    "m-fibre-light": ("stroke", "muscle_fibre_light"),
    "m-line": ("stroke", "muscle_line"),
    "t-fill": ("fill", "tendon"),
    "t-light": ("fill", "tendon_light"),
    "b-fill": ("fill", "bone"),
    "b-tip": ("fill", "bone_edge"),
    "k-dot": ("fill", "landmark"),
    "k-level": ("stroke", "landmark"),
    "mp-cross": ("stroke", "landmark"),
}


def _replaced(svg: str, name: str, part: str, colour: str) -> str:
    rule = re.compile(rf"(\.{name}\{{[^}}]*?{part}:)#[0-9A-Fa-f]{{6}}")
    done, count = rule.subn(rf"\g<1>{colour}", svg, count=1)
    if not count:
        raise ValueError(f"figure.svg has no colour {part} in its rule {name}")
    return done


def mix(first: str, second: str, share: float) -> str:
    """Return the colour between two, `share` of the way from the first."""
    parts = (
        round(int(first[at : at + 2], 16) * (1 - share) + int(second[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)
