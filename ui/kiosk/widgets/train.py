"""Draws the train as it will be: the envelope of each part, and a pulse of the one looked at."""

from collections.abc import Mapping

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.train_blocks import Train, TrainPart, TrainPoint, TrainPulse
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

LINE, HEAD = 20, 20
"""Heights of the words below a part and above the picture."""
LEAST = 0.3
"""A part takes so much of the width at least: its words have to fit. With more parts it is less."""
NARROW = 480
"""Where the picture is narrower there is no room for a pulse beside it."""
TOP = 0.12
"""Room above the set level."""
PULSE_WIDE = 128
SHOWN_US = 1_300
"""The longest pulse there is, with its gap: all are drawn to one scale."""
TICKS_HIGH = 0.3


def draw_train(stage: Stage, rect: Rect, block: Train, still: Layer) -> None:
    """Draw the parts from left to right, in every language: it is time."""
    rect, straight = stage.here(rect), stage.straight()
    if block.pulse is not None and not block.small and rect.w >= NARROW:
        place = rect.end(PULSE_WIDE)
        rect = rect.before(PULSE_WIDE, 6)
        still.add_widget(Box(straight, place, "sunken"))
        inner = place.inset(8, 4)
        still.add_widget(PulsePicture(straight, inner.above(LINE, 2), block.pulse))
        foot = inner.foot(LINE)
        words = Words(straight, foot, block.pulse.text, "caption", "text_soft", align="centre")
        still.add_widget(words)
    still.add_widget(Box(straight, rect, "sunken"))
    inner = rect.inset(8, 4)
    if not block.small:
        one = Words(straight, inner.top(HEAD), block.sums, "caption")
        high = 2 * HEAD if one.is_cut else HEAD
        head, inner = inner.top(high), inner.below(high)
        sums = Words(straight, head, block.sums, "caption", "text", align="right")
        still.add_widget(sums)
        free = head.before(sums.drawn_width / stage.theme.profile.scale, 8)
        if free.w > 0 and high == HEAD:
            level = Words(straight, free, block.level, "caption", "text_soft")
            if not level.is_cut:
                still.add_widget(level)
    places = inner.shares(_shares(block))
    lines = 0 if block.small else _name_lines(straight, places, block)
    for place, part in zip(places, block.parts, strict=False):
        _part(straight, place, part, still, lines)


def _shares(block: Train) -> list[float]:
    """Return how wide each part is, each with its least."""
    whole = sum(part.weight for part in block.parts) or 1.0
    least = min(LEAST, 1 / (len(block.parts) + 1))
    return [max(part.weight / whole, least) for part in block.parts] or [1.0]


def _name_lines(stage: Stage, places: tuple[Rect, ...], block: Train) -> int:
    """Return in how many lines names stand below their parts: two where more of them fit then."""
    pairs = tuple(zip(places, block.parts, strict=False))

    def fitting(lines: int) -> int:
        rects = [(place.top(lines * LINE), part) for place, part in pairs]
        names = [Words(stage, at, part.name, "caption", bold=part.chosen) for at, part in rects]
        return sum(not name.is_cut for name in names)

    return 2 if fitting(2) > fitting(1) else 1


def _part(stage: Stage, rect: Rect, part: TrainPart, still: Layer, lines: int) -> None:
    """Draw a part above its name, in that many lines, and its note; without lines alone.

    A name that is too long for a narrow part is left out: the page of parts has all of them.
    """
    words = rect.foot((lines + 1) * LINE if lines else 0)
    still.add_widget(TrainPicture(stage, rect.above(words.h, 2), part))
    if lines:
        name, note = words.top(lines * LINE), words.below(lines * LINE)
        bold = part.chosen
        for drawn in (
            Words(stage, name, part.name, "caption", "text", valign="top", bold=bold),
            Words(stage, note, part.note, "caption", "text_soft"),
        ):
            if not drawn.is_cut:
                still.add_widget(drawn)


class Picture(Part):
    """A drawing of a train; its words stand beside it."""

    role = "figure"

    def _draw(self, body: str, width: int, height: int) -> None:
        with self.canvas:
            Color(1, 1, 1, 1)
            texture = self.stage.textures.svg(body, width, height)
            Rectangle(pos=self.pos, size=self.size, texture=texture)

    def _box(self) -> tuple[int, int]:
        return max(int(self.width), 1), max(int(self.height), 1)

    def _colours(self) -> Mapping[str, str]:
        return self.stage.theme.tokens.colours[self.stage.theme.name]


class TrainPicture(Picture):
    """The envelope of one part, in one lane or in two where the channels take turns."""

    def __init__(self, stage: Stage, rect: Rect, part: TrainPart) -> None:
        super().__init__(stage, rect)
        self._draw(train_svg(part, *self._box(), self._colours()), *self._box())


class PulsePicture(Picture):
    """One pulse to scale, and below it when pulses come."""

    def __init__(self, stage: Stage, rect: Rect, pulse: TrainPulse) -> None:
        super().__init__(stage, rect)
        self._draw(pulse_svg(pulse, *self._box(), self._colours()), *self._box())


def train_svg(part: TrainPart, width: int, height: int, colours: Mapping[str, str]) -> str:
    """Return the envelope as SVG; the dashed line is the set level."""
    high = height / part.lanes
    whole = max((point.at_ms for point in part.points), default=0) or 1
    ink = colours["value" if part.chosen else "edge"]
    body = ""
    for lane in range(part.lanes):
        foot = high * (lane + 1) - 1
        top = high * lane + high * TOP
        body += f'<path d="M0 {top:.1f}H{width}" stroke="{colours["text_soft"]}" '
        body += 'stroke-width="1" stroke-dasharray="2 4"/>'
        for corners in filter(None, (part.points, part.rest)):
            scale = width / whole, (foot - top) / 100
            points = [_at(point, part.turn_ms * lane, scale, foot) for point in corners]
            body += _envelope(points, foot, colours["pressed"], ink)
        body += f'<path d="M0 {foot:.1f}H{width}" stroke="{colours["edge"]}" stroke-width="1"/>'
    return body


def _envelope(points: list[tuple[float, float]], foot: float, ground: str, ink: str) -> str:
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    closed = f"{line}L{points[-1][0]:.1f} {foot:.1f}L{points[0][0]:.1f} {foot:.1f}Z"
    return (
        f'<path d="M{closed}" fill="{ground}"/>'
        f'<path d="M{line}" fill="none" stroke="{ink}" stroke-width="2" stroke-linejoin="round"/>'
    )


def _at(
    point: TrainPoint, later_ms: int, scale: tuple[float, float], foot: float
) -> tuple[float, float]:
    """Return where a corner lies, in px."""
    return (point.at_ms + later_ms) * scale[0], foot - point.percent * scale[1]


def pulse_svg(pulse: TrainPulse, width: int, height: int, colours: Mapping[str, str]) -> str:
    """Return a pulse of each sign, and a stroke for each pulse in the window, as SVG."""
    upper = height * (1 - TICKS_HIGH) - 4
    room = width / max(len(pulse.signs), 1)
    middle, peak = upper / 2, upper / 2 - 3
    across = room / SHOWN_US
    body = f'<path d="M0 {middle:.1f}H{width}" stroke="{colours["line"]}" stroke-width="1"/>'
    for number, sign in enumerate(pulse.signs):
        wide, gap = pulse.phase_us * across, pulse.interphase_us * across
        start = room * number + (room - 2 * wide - gap) / 2
        first, second = middle - sign * peak, middle + sign * peak
        end = room * (number + 1)
        body += (
            f'<path d="M{room * number:.1f} {middle:.1f}H{start:.1f}V{first:.1f}h{wide:.1f}'
            f'V{middle:.1f}h{gap:.1f}V{second:.1f}h{wide:.1f}V{middle:.1f}H{end:.1f}"'
            f' fill="none" stroke="{colours["value"]}" stroke-width="2" stroke-linejoin="round"/>'
        )
    foot = height - 1
    top = height * (1 - TICKS_HIGH)
    strokes = "".join(
        f"M{at_ms / pulse.window_ms * (width - 2) + 1:.1f} {foot:.1f}V{top:.1f}"
        for at_ms in pulse.at_ms
    )
    body += f'<path d="M0 {foot:.1f}H{width}" stroke="{colours["edge"]}" stroke-width="1"/>'
    return body + f'<path d="{strokes}" stroke="{colours["text"]}" stroke-width="1.5"/>'
