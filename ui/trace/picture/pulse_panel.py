"""Draw one pulse large, with its widths and amplitudes labelled as in a technical drawing."""

from ui.trace.phases import Phase, RecordedPulse
from ui.trace.picture.axis_scales import Axis, round_step, value_axis
from ui.trace.picture.canvas import INK, MUTED, Box, Canvas
from ui.trace.picture.panel import TICK_SIZE, Panel
from ui.trace.picture.zoom_windows import ZoomWindows
from ui.trace.vcd.reader import Recording

_ARROW = 5.0
_HEADROOM = 1.45
_SET_BEYOND = 0.12
"""How far the dashed line of the set amplitude extends beyond the phase, in phase widths."""


def draw_pulse(
    canvas: Canvas, box: Box, recording: Recording, views: ZoomWindows, colour: str
) -> None:
    """Draw the chosen pulse, with a third of its length before it and two thirds after it."""
    pulse = views.pulse
    second = pulse.second or pulse.first
    zero_ns, end_ns = pulse.first.start_ns, second.end_ns
    length_ns = end_ns - zero_ns
    window = (zero_ns - length_ns // 3, end_ns + length_ns * 2 // 3)
    panel = Panel(canvas, box, _axis(window, zero_ns), _values(pulse, second))
    panel.ground(f"One pulse, channel {views.channel}, at {_clock(zero_ns)}")
    for phase in {pulse.first, second}:
        _set_line(panel, phase, zero_ns)
    panel.steps(recording.get(f"i{views.channel}_ua"), window, zero_ns, colour)
    panel.close()
    for phase in (pulse.first, second):
        _width(panel, phase.start_ns - zero_ns, phase.end_ns - zero_ns, phase)
        _amplitude(panel, phase, zero_ns)
    if pulse.second is not None:
        _gap(panel, pulse, zero_ns)
    _legend(panel, pulse, colour)


def _axis(window: tuple[int, int], zero_ns: int) -> Axis:
    least, most = (window[0] - zero_ns) / 1_000, (window[1] - zero_ns) / 1_000
    return Axis(least, most, round_step(most - least, 8), "µs")


def _values(pulse: RecordedPulse, second: Phase) -> Axis:
    return value_axis(max(abs(pulse.first.peak_ua), abs(second.peak_ua)) * _HEADROOM, 6)


def _clock(at_ns: int) -> str:
    minutes, seconds = divmod(at_ns / 1e9, 60)
    return f"{int(minutes)} min {seconds:.1f} s" if minutes else f"{seconds:.2f} s"


def _set_line(panel: Panel, phase: Phase, zero_ns: int) -> None:
    at = panel.y(phase.expected_ua / 1_000)
    start, end = (phase.start_ns - zero_ns) / 1_000, (phase.end_ns - zero_ns) / 1_000
    extra = (end - start) * _SET_BEYOND
    panel.canvas.dashed((panel.x(start - extra), at), (panel.x(end + extra), at), INK, 1.2)


def _width(panel: Panel, start_ns: int, end_ns: int, phase: Phase) -> None:
    """Write the width of a phase above it (below it for a negative phase)."""
    is_positive = phase.polarity > 0
    at = panel.y(phase.mean_ua / 1_000) + (-20 if is_positive else 20)
    _arrows(panel, start_ns / 1_000, end_ns / 1_000, at)
    middle = panel.x((start_ns + end_ns) / 2_000)
    text = f"{phase.width_ns / 1_000:.1f} µs"
    panel.canvas.text((middle, at + (-7 if is_positive else 19)), text, TICK_SIZE + 1, INK, "ms")


def _amplitude(panel: Panel, phase: Phase, zero_ns: int) -> None:
    """Write the amplitude of a phase to the right of it."""
    text = f"{phase.mean_ua / 1_000:+.2f} mA"
    width = (phase.end_ns - phase.start_ns) / 1_000
    end = (phase.end_ns - zero_ns) / 1_000 + width * _SET_BEYOND
    at = panel.y(phase.mean_ua / 1_000)
    panel.canvas.text((panel.x(end) + 6, at), text, TICK_SIZE + 1, INK, "lm")


def _gap(panel: Panel, pulse: RecordedPulse, zero_ns: int) -> None:
    """Write the interphase gap next to the zero line, on the side where the second phase is not."""
    second = pulse.second
    if second is None:
        return
    start, end = (pulse.first.end_ns - zero_ns) / 1_000, (second.start_ns - zero_ns) / 1_000
    side = 1 if pulse.first.polarity > 0 else -1
    at = panel.y(0) + 16 * side
    _arrows(panel, start, end, at)
    text = f"gap {end - start:.1f} µs"
    below = 20 if side > 0 else -7
    panel.canvas.text((panel.x(end) - 6, at + below), text, TICK_SIZE + 1, INK, "rs")


def _arrows(panel: Panel, start: float, end: float, at: float) -> None:
    left, right = panel.x(start), panel.x(end)
    panel.canvas.line([(left, at), (right, at)], MUTED, 1.0)
    for tip, way in ((left, 1), (right, -1)):
        inner, half = tip + way * _ARROW * 1.6, _ARROW / 1.6
        panel.canvas.polygon([(tip, at), (inner, at - half), (inner, at + half)], MUTED)


def _legend(panel: Panel, pulse: RecordedPulse, colour: str) -> None:
    """Write what the lines mean and, below the frame, the charge of the pulse."""
    box, canvas = panel.box, panel.canvas
    # In the corner where the last phase and its label are not.
    is_up = (pulse.second or pulse.first).polarity > 0
    left, first_row = box.right - 178, box.bottom - 42 if is_up else box.top + 20
    second_row = first_row + 22
    canvas.line([(left, first_row), (left + 28, first_row)], colour, 2.0)
    canvas.text((left + 38, first_row), "load current", TICK_SIZE, INK, "lm")
    canvas.dashed((left, second_row), (left + 28, second_row), INK, 1.2)
    canvas.text((left + 38, second_row), "set by the DAC code", TICK_SIZE, INK, "lm")
    first, second = pulse.first, pulse.second
    net_uc = (first.charge_pc + (second.charge_pc if second else 0.0)) / 1e6
    text = f"charge per phase {abs(first.charge_pc) / 1e6:.3f} µC, net {abs(net_uc):.4f} µC"
    canvas.text((box.right, box.bottom + 26), text, TICK_SIZE, INK, "ra")
