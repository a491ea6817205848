"""A picture of a recording in a few hundred numbers: one pulse, and the envelope beside it.

Whole units only, so that the same recording gives the same file to the byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 96
TOP, BASE = 12, 76
PULSE_X, PULSE_WIDTH = 8, 112
TRAIN_X, TRAIN_WIDTH = 140, 272
INK, LINE, FILL, SECOND = "#333", "#1f4e8c", "#a9c6e8", "#b5541c"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of (0 to 1 across, -1 to 1 up), drawn as steps or straight from point to point."""

    points: Sequence[Point]
    stepped: bool
    filled: bool = False
    colour: str = LINE


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves over a base line, with words at the left, the right and above."""

    curves: tuple[Curve, ...]
    left: str
    right: str
    above: str


def picture(title: str, pulse: Panel, train: Panel) -> str:
    """Return the picture as SVG."""
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    font = 'font-family="sans-serif" font-size="9"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    middle = (TOP + BASE) // 2
    parts += _panel(pulse, PULSE_X, PULSE_WIDTH, (middle, middle - TOP))
    parts += _panel(train, TRAIN_X, TRAIN_WIDTH, (BASE, BASE - TOP))
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, x: int, width: int, zero: tuple[int, int]) -> list[str]:
    base = zero[0]
    found = [f'<path d="M{x} {base}h{width}" stroke="{INK}" stroke-width=".5"/>']
    found += [_curve(curve, x, width, zero) for curve in panel.curves]
    for text, at, anchor, y in (
        (panel.above, x, "start", TOP - 4),
        (panel.left, x, "start", HEIGHT - 6),
        (panel.right, x + width, "end", HEIGHT - 6),
    ):
        found.append(f'<text x="{at}" y="{y}" fill="{INK}" text-anchor="{anchor}">{text}</text>')
    return found


def _curve(curve: Curve, x: int, width: int, zero: tuple[int, int]) -> str:
    base, high = zero
    places = [(x + round(across * width), base - round(up * high)) for across, up in curve.points]
    path = _steps(places) if curve.stepped else _lines(places)
    fill = FILL if curve.filled else "none"
    if curve.filled and places:
        path += f"V{base}H{places[0][0]}z"
    return f'<path d="{path}" fill="{fill}" stroke="{curve.colour}" stroke-width=".8"/>'


def _steps(places: Sequence[tuple[int, int]]) -> str:
    """Return a path that keeps each height until the next place; only changes are written."""
    if not places:
        return ""
    x, y = places[0]
    path = f"M{x} {y}"
    for place, height in places[1:]:
        if height != y:
            path += f"H{place}V{height}" if place != x else f"V{height}"
            x, y = place, height
    last = places[-1][0]
    return path if last == x else f"{path}H{last}"


def _lines(places: Sequence[tuple[int, int]]) -> str:
    """Return a path through the places, without those on the way between their neighbours."""
    kept: list[tuple[int, int]] = []
    for place in places:
        while len(kept) > 1 and _on_the_way(kept[-2], kept[-1], place):
            kept.pop()
        if not kept or kept[-1] != place:
            kept.append(place)
    return "".join(f"{'L' if n else 'M'}{x} {y}" for n, (x, y) in enumerate(kept))


def _on_the_way(first: tuple[int, int], middle: tuple[int, int], last: tuple[int, int]) -> bool:
    run, rise = last[0] - first[0], last[1] - first[1]
    if not run:
        return first[0] == middle[0]
    expected = first[1] + rise * (middle[0] - first[0]) / run
    return abs(expected - middle[1]) <= 0.6
