"""Plot a recording with plain characters, for a terminal over SSH."""

from collections.abc import Iterator

from ui.trace.min_max_bins import Envelope, envelope
from ui.trace.picture.axis_scales import Axis, time_axis, value_axis
from ui.trace.vcd.reader import Recording

WIDTH = 80
MIN_WIDTH = 30
HALF_HEIGHT = 6
_MARGIN = 7
_TICK_EVERY = 9


def ascii_plot(
    recording: Recording, channel: int, from_ns: int, to_ns: int, *, width: int = WIDTH
) -> str:
    """Return a plot of the load current of a channel, with axes; no line is longer than `width`."""
    columns = max(width, MIN_WIDTH) - _MARGIN
    shape = envelope(recording.get(f"i{channel}_ua"), from_ns, to_ns, columns)
    peak_ua = max(1.0, *map(abs, shape.least), *map(abs, shape.most))
    times = time_axis(from_ns, to_ns, columns // _TICK_EVERY)
    lines = [
        f"channel {channel}: mA over {times.unit.replace('µ', 'u')}",
        *_rows(shape, value_axis(peak_ua)),
        *_time_rows(times, columns),
    ]
    return "\n".join(line.rstrip() for line in lines)


def _rows(shape: Envelope, axis: Axis) -> Iterator[str]:
    step = axis.most / HALF_HEIGHT
    for row in range(HALF_HEIGHT, -HALF_HEIGHT - 1, -1):
        marks = {HALF_HEIGHT: axis.most, 0: 0.0, -HALF_HEIGHT: -axis.most}
        label = f"{marks[row]:g}" if row in marks else ""
        blank = "-" if row == 0 else " "
        cells = (
            "#" if _is_filled(row, least / 1_000 / step, most / 1_000 / step) else blank
            for least, most in zip(shape.least, shape.most, strict=True)
        )
        yield f"{label:>{_MARGIN - 2}} |" + "".join(cells)


def _is_filled(row: int, least: float, most: float) -> bool:
    """Tell whether the value reaches at least the middle of a row (0 is the zero line)."""
    return (row > 0 and most >= row - 0.5) or (row < 0 and least <= row + 0.5)


def _time_rows(axis: Axis, columns: int) -> Iterator[str]:
    line = [" "] * (_MARGIN + columns)
    ticks = ["-"] * columns
    for tick in axis.ticks:
        at = min(round(axis.place(tick) * columns), columns - 1)
        ticks[at] = "+"
        label = axis.label(tick)
        start = min(max(_MARGIN, _MARGIN + at - len(label) // 2), _MARGIN + columns - len(label))
        line[start : start + len(label)] = label
    yield " " * (_MARGIN - 1) + "+" + "".join(ticks)
    yield "".join(line)
