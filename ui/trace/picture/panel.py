"""One plot: a frame with axes, into which currents are drawn."""

from ui.trace.min_max_bins import Envelope, spans
from ui.trace.picture.axis_scales import Axis
from ui.trace.picture.canvas import FRAME, GRID, INK, MUTED, PANEL, Box, Canvas, Point
from ui.trace.vcd.reader import Steps

TICK_SIZE = 13.0
TITLE_SIZE = 17.0
MANY_CHANGES = 4_000


class Panel:
    """A plot whose frame is `box`; the labels are outside the frame."""

    def __init__(self, canvas: Canvas, box: Box, x: Axis, y: Axis) -> None:
        self.canvas = canvas
        self.box = box
        self.x_axis = x
        self.y_axis = y

    def x(self, value: float) -> float:
        """Return the x pixel of a time, given in the unit of the time axis."""
        return self.box.left + self.x_axis.place(value) * (self.box.right - self.box.left)

    def y(self, value: float) -> float:
        """Return the y pixel of a current in mA."""
        return self.box.bottom - self.y_axis.place(value) * (self.box.bottom - self.box.top)

    def ground(self, title: str = "", *, label_x: bool = True) -> None:
        """Draw background, grid, tick labels, axis names and the title above the frame."""
        canvas, box = self.canvas, self.box
        canvas.box(box, fill=PANEL)
        for tick in self.x_axis.ticks:
            at = self.x(tick)
            canvas.line([(at, box.top), (at, box.bottom)], GRID)
            if label_x:
                canvas.text((at, box.bottom + 7), self.x_axis.label(tick), TICK_SIZE, MUTED, "ma")
        for tick in self.y_axis.ticks:
            at = self.y(tick)
            canvas.line([(box.left, at), (box.right, at)], GRID)
            canvas.text((box.left - 8, at), self.y_axis.label(tick), TICK_SIZE, MUTED, "rm")
        canvas.line([(box.left, self.y(0)), (box.right, self.y(0))], FRAME)
        if label_x:
            canvas.text(
                ((box.left + box.right) / 2, box.bottom + 26),
                f"time ({self.x_axis.unit})",
                TICK_SIZE,
                MUTED,
                "ma",
            )
        canvas.sideways((box.left - 50, (box.top + box.bottom) / 2), "current (mA)", TICK_SIZE)
        if title:
            canvas.text((box.left, box.top - 10), title, TITLE_SIZE, INK, "ls")

    def close(self) -> None:
        """Draw the frame on top of the curves."""
        self.canvas.box(self.box, outline=FRAME)

    def filled(self, shape: Envelope, colour: str) -> None:
        """Draw an envelope as one vertical bar per bin, each including zero."""
        box = self.box
        width = (box.right - box.left) / len(shape.least)
        zero = self.y(0)
        for index, (least, most) in enumerate(zip(shape.least, shape.most, strict=True)):
            if least or most:
                left = box.left + index * width
                top = min(zero, self.y(most / 1_000))
                bottom = max(zero, self.y(least / 1_000))
                self.canvas.column(Box(left, top, left + width, bottom), colour)

    def steps(self, current: Steps, window: tuple[int, int], zero_ns: int, colour: str) -> None:
        """Draw a current as a line; `zero_ns` is the zero of the time axis, which is in µs."""
        points: list[Point] = []
        for start_ns, end_ns, value_ua in spans(current, *window):
            at = self.y(value_ua / 1_000)
            points.append((self.x((start_ns - zero_ns) / 1_000), at))
            points.append((self.x((end_ns - zero_ns) / 1_000), at))
        if len(points) > 1:
            self.canvas.line(points[:MANY_CHANGES], colour, 2.0)
