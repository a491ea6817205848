"""Icons as white pictures with transparency, drawn by resvg at the size they are shown at."""

import re
from functools import lru_cache
from importlib.resources import files

import resvg_py

_GROUP = re.compile(r'<g id="(?P<name>[a-z_]+)" transform="[^"]*">(?P<body>.*?)</g>', re.DOTALL)
GRID = 24


@lru_cache(maxsize=1)
def icon_bodies() -> dict[str, str]:
    """Return the SVG of each icon by name, on a grid of 24."""
    svg = (files(__package__) / "icons.svg").read_text(encoding="utf-8")
    return {match["name"]: match["body"] for match in _GROUP.finditer(svg)}


@lru_cache(maxsize=256)
def icon_png(name: str, px: int) -> bytes:
    """Return an icon in white as PNG; raises `KeyError` for an unknown name."""
    body = icon_bodies()[name].replace("currentColor", "#FFFFFF")
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{px}" height="{px}" '
        f'viewBox="0 0 {GRID} {GRID}" fill="none" stroke="#FFFFFF" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{body}</svg>'
    )
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
