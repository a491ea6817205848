"""Draws charts: a grid, lines, dots and stems as one picture, with words around them."""

from collections.abc import Callable, Iterator, Sequence

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, width_of
from ui.kiosk.view_models.charts import Bar, Bars, Chart, Charts, FactRow, Point, Stem
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

HEAD, FOOT, LEGEND, SCALE = 26, 20, 28, 30
"""Heights above and below the drawing, and the width of the scale beside it."""
MARK, SMALL_MARK, APART = 20, 14, 10
"""In the legend: the mark of a channel, other marks, and what is between two."""
LOW_CHART = 150
"""A chart less high than this has its legend beside its title."""
LOWEST, LOW, HIGH = 43, 50, 64
"""Below this a bar has its words in one line above it; the most that a bar with words takes."""
LEAST, NARROW = 200, 480
"""The least width of a chart, and that of facts in one line."""
LINE, DOT, SIGN = 2.5, 3.2, 7
"""Width of a line, radius of a dot and of a ring, in reference px."""


class Drawing(Part):
    """The inside of a chart as one picture."""

    role = "chart"

    def __init__(self, stage: Stage, rect: Rect, chart: Chart) -> None:
        super().__init__(stage, rect)
        self._title = " ".join(filter(None, (chart.title, chart.unit)))
        width, height = map(int, self.size)
        body = "".join(_svg(stage, chart, width, height))
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=self.pos, size=self.size, texture=stage.textures.svg(body, width, height))

    @property
    def described(self) -> str:
        """Return the title."""
        return self._title


def draw_charts(stage: Stage, rect: Rect, block: Charts, still: Layer) -> None:
    """Draw each chart in a panel of its own."""
    for place, chart in zip(_places(rect, len(block.charts)), block.charts, strict=True):
        still.add_widget(Box(stage, place, "panel"))
        inner = place.inset(12, 8)
        if isinstance(chart, Bars):
            _bars(stage, inner, chart, still)
        else:
            _chart(stage, inner, chart, still)


def _places(rect: Rect, count: int) -> tuple[Rect, ...]:
    """Return places in rows of as many as fit; an odd last one has its row alone."""
    beside = max(min(count, int(rect.w // LEAST)), 1)
    places: list[Rect] = []
    for row in rect.rows(max(-(-count // beside), 1)):
        places += row.columns(min(beside, max(count - len(places), 1)))
    return tuple(places[:count])


def _chart(stage: Stage, rect: Rect, chart: Chart, still: Layer) -> None:
    title = Words(stage, rect.top(HEAD), chart.title, "body_bold")
    still.add_widget(title)
    beside = rect.top(HEAD).after(title.drawn_width / stage.theme.profile.scale, 8)
    well = rect.below(HEAD, 8)
    if chart.empty:
        still.add_widget(Words(stage, rect.below(HEAD, 4), chart.empty, "body", "text_soft"))
        return
    legend = _legend(stage, chart)
    in_head = rect.h < LOW_CHART and sum(wide for *_, wide in legend) - APART <= beside.w
    if in_head:
        _draw_legend(stage, beside, legend, still, at_end=True)
    else:
        still.add_widget(Words(stage, beside, chart.unit, "caption", "text_soft"))
    if legend and not in_head:
        _draw_legend(stage, well.foot(LEGEND), legend, still)
        well = well.above(LEGEND, 4)
    foot = well.foot(FOOT).after(SCALE, 4)
    still.add_widget(Words(stage, foot, chart.from_text, "caption", "text_soft"))
    still.add_widget(Words(stage, foot, chart.to_text, "caption", "text_soft", align="right"))
    place = well.above(FOOT, 4).after(SCALE, 4)
    for share, words in chart.ticks:
        at = place.y + (1 - share) * place.h
        tick = Rect(rect.x, at - 10, SCALE - 2, 20)
        still.add_widget(Words(stage, tick, words, "caption", "text_soft", align="right"))
    # A ring at the end of the scale is drawn beyond it.
    still.add_widget(Drawing(stage, place.inset(0, -SIGN), chart))


def _legend(stage: Stage, chart: Chart) -> list[tuple[str, str, float]]:
    """Return each mark with its words and how wide both are."""
    style = stage.theme.style("caption")
    setting, unit = (
        Setting(stage.px(style.px), style.is_bold, style.line),
        stage.theme.profile.scale,
    )
    found = []
    for mark, words in chart.marks:
        wide = MARK if mark.isdigit() else SMALL_MARK
        found.append((mark, words, wide + 4 + width_of(words, setting) / unit + APART))
    return found


def _draw_legend(
    stage: Stage,
    rect: Rect,
    legend: list[tuple[str, str, float]],
    still: Layer,
    *,
    at_end: bool = False,
) -> None:
    at = rect.right - sum(wide for *_, wide in legend) + APART if at_end else rect.x + 4
    for mark, words, wide in legend:
        size = MARK if mark.isdigit() else SMALL_MARK
        place = Rect(at, rect.y + (rect.h - size) / 2, size, size)
        if mark.isdigit():
            still.add_widget(ChannelMark(stage, place, int(mark), "caption"))
        else:
            still.add_widget(Sign(stage, place, mark))
        text = Rect(at + size + 4, rect.y, wide - size - 6, rect.h)
        still.add_widget(Words(stage, text, words, "caption", "text_soft"))
        at += wide


class Sign(Part):
    """A sign of the legend: a ring or a disc, a line or dots."""

    def __init__(self, stage: Stage, rect: Rect, sign: str) -> None:
        super().__init__(stage, rect)
        width, height = map(int, self.size)
        unit, ink = stage.theme.profile.scale, _inks(stage)["text"]
        middle = f'cx="{width / 2}" cy="{height / 2}" r="{5.5 * unit}"'
        dots = "".join(
            f'<circle cx="{width * at / 6}" cy="{height / 2}" r="{DOT * unit}" fill="{ink}"/>'
            for at in (1, 5)
        )
        body = {
            "ring": f'<circle {middle} fill="none" stroke="{ink}" stroke-width="{2 * unit}"/>',
            "disc": f'<circle {middle} fill="{ink}"/>',
            "line": f'<path d="M0 {height / 2}H{width}" stroke="{ink}" stroke-width="{2 * unit}"/>',
            "dots": dots,
        }[sign]
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=self.pos, size=self.size, texture=stage.textures.svg(body, width, height))


def _inks(stage: Stage) -> dict[str, str]:
    return dict(stage.theme.tokens.colours[stage.theme.name])


def _svg(stage: Stage, chart: Chart, width: int, height: int) -> Iterator[str]:
    inks, unit = _inks(stage), stage.theme.profile.scale
    above = SIGN * unit
    high = height - 2 * above

    def at(point: Point) -> str:
        share = min(max(point[1], 0.0), 1.0)
        return f"{point[0] * width:.1f} {above + (1 - share) * high:.1f}"

    for share, _ in chart.ticks:
        y = above + (1 - share) * high
        yield f'<path d="M0 {y:.1f}H{width}" stroke="{inks["line"]}" stroke-width="{unit:.1f}"/>'
    for line in chart.lines:
        dash = "" if line.channel % 2 else f'stroke-dasharray="{6 * unit:.0f} {4 * unit:.0f}"'
        path = "".join("M" + "L".join(map(at, _seen(run))) for run in line.runs)
        ink = inks[f"channel_{line.channel}"]
        yield f'<path d="{path}" fill="none" stroke="{ink}" {dash} '
        yield f'stroke-width="{LINE * unit:.1f}" stroke-linejoin="round"/>'
    for dots in chart.dots:
        ink = inks[f"channel_{dots.channel}"]
        for point in dots.points:
            x, y_ = at(point).split()
            yield f'<circle cx="{x}" cy="{y_}" r="{DOT * unit:.1f}" fill="{ink}" '
            yield f'stroke="{inks["panel"]}" stroke-width="{unit:.1f}"/>'
    for stem in chart.stems:
        yield from _stem(stem, inks, unit, width, lambda share: above + (1 - share) * high)


def _seen(run: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return a run; one point alone is drawn a little wide."""
    (x, y), *more = run
    return run if more else ((max(x - 0.02, 0), y), (min(x + 0.02, 1), y))


def _stem(
    stem: Stem, inks: dict[str, str], unit: float, width: int, up: Callable[[float], float]
) -> Iterator[str]:
    radius, ink = (SIGN - 1) * unit, inks["value" if stem.is_newest else "text_soft"]
    x = radius + 1 + stem.at * (width - 2 * radius - 2)
    if stem.before is not None and stem.after is not None:
        ends = f"M{x:.1f} {up(stem.before):.1f}V{up(stem.after):.1f}"
        yield f'<path d="{ends}" stroke="{ink}" stroke-width="{2 * unit:.1f}"/>'
    if stem.before is not None:
        yield f'<circle cx="{x:.1f}" cy="{up(stem.before):.1f}" r="{radius:.1f}" '
        yield f'fill="{inks["panel"]}" stroke="{ink}" stroke-width="{2.2 * unit:.1f}"/>'
    if stem.after is not None:
        # Unchanged: the disc lies within its ring.
        small = radius * (0.55 if stem.after == stem.before else 1)
        yield f'<circle cx="{x:.1f}" cy="{up(stem.after):.1f}" r="{small:.1f}" fill="{ink}"/>'


def _bars(stage: Stage, rect: Rect, panel: Bars, still: Layer) -> None:
    still.add_widget(Words(stage, rect.top(HEAD), panel.title, "body_bold"))
    below = rect.below(HEAD, 4)
    if panel.empty:
        still.add_widget(Words(stage, below, panel.empty, "body", "text_soft"))
        return
    for row, bar in zip(below.rows(max(len(panel.bars), 3), 2), panel.bars, strict=False):
        _bar(stage, row.top(min(row.h, HIGH)), bar, still)


def _bar(stage: Stage, row: Rect, bar: Bar, still: Layer) -> None:
    still.add_widget(Words(stage, row.top(18), bar.caption, "caption", "text_soft"))
    well = Rect(row.x, row.y + 20, row.w, 7)
    still.add_widget(Box(stage, well, "sunken", radius=4))
    share = min(max(bar.share, 0.02), 1.0)
    still.add_widget(Box(stage, well.left(well.w * share), bar.role, radius=4))
    if row.h < LOW:  # below the bar where there is room, for beside the caption there is little
        line = f"{bar.value} {bar.of}"
        words = row.top(18) if row.h < LOWEST else Rect(row.x, well.bottom, row.w, 18)
        still.add_widget(Words(stage, words, line, "caption", "value", align="right"))
        return
    words = Rect(row.x, well.bottom + 1, row.w, 24)
    value = Words(stage, words, bar.value, "body_bold", "value")
    still.add_widget(value)
    beside = words.after(value.drawn_width / stage.theme.profile.scale, 6)
    still.add_widget(Words(stage, beside, bar.of, "caption", "text_soft"))


def draw_fact_row(stage: Stage, rect: Rect, block: FactRow, still: Layer) -> None:
    """Draw each fact in a cell as wide as its words need; in two lines where it is narrow."""
    still.add_widget(Box(stage, rect, "panel"))
    inner = rect.inset(14, 6)
    if rect.w < NARROW:
        half = len(block.facts) // 2
        for row, facts in zip(
            inner.rows(2, 0), (block.facts[:half], block.facts[half:]), strict=True
        ):
            for place, (caption, value) in zip(_cells(row, facts), facts, strict=True):
                words = Words(stage, place, caption, "caption", "text_soft")
                still.add_widget(words)
                beside = place.after(words.drawn_width / stage.theme.profile.scale, 6)
                still.add_widget(Words(stage, beside, value, "body_bold", "value"))
        return
    for place, (caption, value) in zip(_cells(inner, block.facts), block.facts, strict=True):
        still.add_widget(Words(stage, place.top(22), caption, "caption", "text_soft"))
        still.add_widget(Words(stage, place.below(22), value, "body_bold", "value"))


def _cells(row: Rect, facts: Sequence[tuple[str, str]]) -> tuple[Rect, ...]:
    both = row.w < NARROW
    letters = [
        max(len(caption) + len(value) if both else max(len(caption), len(value)), 6)
        for caption, value in facts
    ]
    return row.shares(letters or (1,), 10)[: len(facts)]
