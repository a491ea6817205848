"""A small drawing surface that writes SVG: boxes, wires with corners, words."""

from collections.abc import Sequence
from html import escape

INK, GREY, PAPER = "#1d2733", "#5a6775", "#ffffff"
BLUE, RED, GREEN, AMBER = "#1f4e8c", "#b3261e", "#2b6e4f", "#8a5a00"
FILLS = {BLUE: "#e8f0fa", RED: "#fbeae9", GREEN: "#e7f3ec", AMBER: "#fbf2df", GREY: "#eef1f4"}
Point = tuple[float, float]


class Canvas:
    """Collects what is drawn; `text` gives the whole file."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self._width, self._height, self._title = width, height, title
        self._back: list[str] = []
        self._front: list[str] = []

    def box(
        self, x: float, y: float, width: float, height: float, words: Sequence[str],
        colour: str = GREY,
    ) -> None:  # fmt: skip
        """Draw a box with centred lines of words, the first one bold."""
        self._front.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5" '
            f'fill="{FILLS[colour]}" stroke="{colour}" stroke-width="1.4"/>'
        )
        first = y + height / 2 - 8 * (len(words) - 1) + 4
        for index, each in enumerate(words):
            self.word(x + width / 2, first + 16 * index, each, "middle", bold=index == 0)

    def wire(self, points: Sequence[Point], colour: str = INK, *, arrow: str = "end") -> None:
        """Draw a line through points; `arrow` is end, both or none."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        head = f' marker-end="url(#{colour[1:]})"' if arrow != "none" else ""
        head += f' marker-start="url(#{colour[1:]})"' if arrow == "both" else ""
        self._back.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{head}/>'
        )

    def dashed(self, start: Point, end: Point, colour: str, width: float = 2) -> None:
        """Draw a dashed line behind everything."""
        self._back.append(
            f'<line x1="{start[0]:g}" y1="{start[1]:g}" x2="{end[0]:g}" y2="{end[1]:g}" '
            f'stroke="{colour}" stroke-width="{width:g}" stroke-dasharray="7 5"/>'
        )

    def dot(self, x: float, y: float, radius: float = 3, fill: str = INK) -> None:
        """Draw a joint or a jack."""
        self._front.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{INK}" '
            'stroke-width="1.2"/>'
        )

    def curve(self, points: Sequence[Point], colour: str, width: float = 1.8) -> None:
        """Draw a line of a capture."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._front.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            'stroke-linejoin="round"/>'
        )

    def word(
        self, x: float, y: float, words: str, anchor: str = "start", *, bold: bool = False,
        colour: str = INK, size: int = 13,
    ) -> None:  # fmt: skip
        """Write one line; `anchor` is start, middle or end."""
        weight = ' font-weight="600"' if bold else ""
        self._front.append(
            f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="{colour}"{weight}>{escape(words)}</text>'
        )

    def text(self) -> str:
        """Return the file."""
        heads = "".join(
            f'<marker id="{colour[1:]}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" '
            f'markerHeight="6" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" '
            f'fill="{colour}"/></marker>'
            for colour in (INK, GREY, BLUE, RED, GREEN, AMBER)
        )
        size = f'width="{self._width}" height="{self._height}"'
        opened = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self._width} {self._height}" '
            f'{size} font-family="DejaVu Sans, Verdana, sans-serif">'
        )
        title, heads = f"<title>{escape(self._title)}</title>", f"<defs>{heads}</defs>"
        paper = f'<rect {size} fill="{PAPER}"/>'
        drawn = [opened, title, heads, paper, *self._back, *self._front, "</svg>"]
        return "\n".join(drawn) + "\n"
