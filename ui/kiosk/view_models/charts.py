"""Charts as plain values: shares of a width and a height, with the words around them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.kiosk.locale.words import _
from ui.kiosk.view_models.blocks import Block
from ui.kiosk.view_models.channels import milliamps

Point = tuple[float, float]
"""From the left and from below, 0 to 1."""
RING, DISC, LINE, DOTS = "ring", "disc", "line", "dots"
TOPS = (1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200)
"""Where the scale of a chart may end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLine:
    """A line of a channel, full for odd ones and dashed for even ones; a gap begins a new run."""

    channel: int
    runs: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDots:
    """Small dots in the colour of a channel."""

    channel: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """Before as a ring and after as a disc on one stem, None where nobody asked."""

    at: float
    before: float | None
    after: float | None
    is_newest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart with its scale; `marks` are the legend: the number of a channel or a sign, and words.

    With `empty` there is nothing to draw, and that is said.
    """

    title: str
    unit: str = ""
    ticks: tuple[tuple[float, str], ...] = ()
    lines: tuple[ChartLine, ...] = ()
    dots: tuple[ChartDots, ...] = ()
    stems: tuple[Stem, ...] = ()
    from_text: str = ""
    to_text: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What was reached, as a share of a limit."""

    caption: str
    value: str
    of: str
    share: float
    role: str = "channel_1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A panel of bars."""

    title: str
    bars: tuple[Bar, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charts(Block):
    """Charts side by side, or one below the other where that is too narrow."""

    charts: tuple[Chart | Bars, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow(Block):
    """Facts side by side in a panel: a caption above each value."""

    facts: tuple[tuple[str, str], ...]
    height: float | None = 64


def top_of(values: Sequence[float]) -> int:
    """Return where a scale ends that shows every value."""
    highest = max(values, default=0)
    return next((top for top in TOPS if top >= highest), round(highest))


def ticks_of(top: int) -> tuple[tuple[float, str], ...]:
    """Return nothing, the half and all of a scale."""
    half = milliamps(top * 500) if top % 2 else str(top // 2)
    return (0.0, "0"), (0.5, half), (1.0, str(top))


def runs_of(values: Sequence[float | None], top: float) -> tuple[tuple[Point, ...], ...]:
    """Return values over the width as runs, with a gap where one is None."""
    runs: list[tuple[Point, ...]] = []
    run: list[Point] = []
    last = max(len(values) - 1, 1)
    for number, value in enumerate(values):
        if value is None:
            runs, run = [*runs, tuple(run)] if run else runs, []
        else:
            run.append((number / last, value / top))
    return (*runs, tuple(run)) if run else tuple(runs)


def joined_of(values: Sequence[float | None], top: float) -> tuple[tuple[Point, ...], ...]:
    """Return values as one run through those there are: what is measured now and then."""
    points = tuple(point for run in runs_of(values, top) for point in run)
    return (points,) if points else ()


def minutes_text(us: int) -> str:
    """Return a length at the end of a chart: minutes, seconds where it was less than two."""
    seconds = round(us / 1_000_000)
    if seconds < 120:  # noqa: PLR2004 - two minutes
        return _("{seconds} s").format(seconds=seconds)
    return _("{minutes} min").format(minutes=round(seconds / 60))
