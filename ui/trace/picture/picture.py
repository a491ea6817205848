"""Draw a recording: the whole treatment, a rise of the amplitude, one pulse, and a table.

It shows the load current recorded by the virtual board, so the picture states that it is simulated.
"""

from pathlib import Path

from ui.trace.measure import ChannelMeasure, Measures, measure, signal_names
from ui.trace.measure_text import charge_one_way, widths_us
from ui.trace.min_max_bins import envelope
from ui.trace.picture.axis_scales import time_axis, value_axis
from ui.trace.picture.canvas import (
    CHANNEL_COLOURS,
    INK,
    MUTED,
    WARNING_FILL,
    WARNING_INK,
    Box,
    Canvas,
)
from ui.trace.picture.panel import TICK_SIZE, Panel
from ui.trace.picture.pulse_panel import draw_pulse
from ui.trace.picture.zoom_windows import ZoomWindow, ZoomWindows, choose_views
from ui.trace.session_parts import CHECK_UA, SessionPart
from ui.trace.vcd.reader import Recording, read_vcd

WIDTH, HEIGHT = 1600, 1110
MARK = "Simulated. Not for patient use."
_NOTES = (
    (
        "Charge: of the first phases, in µC; the second phases return it. Pulses at level zero are "
        "not counted. Peak, r.m.s. and imbalance: contact check and treatment together."
    ),
    "Load current simulated by the virtual board. Open reference design, not a medical device.",
)
_COLUMNS = (
    (26, "channel"),
    (130, "contact check: pulses, phase, charge"),
    (460, "treatment: pulses, phase, charge"),
    (800, "peak current"),
    (960, "highest r.m.s. over 1 s"),
    (1200, "largest imbalance of a pulse"),
)
"""Left edge in pixels and heading of each column of the table."""
_LEFT, _RIGHT = 96, WIDTH - 40
_RUN_TOP, _RUN_BOTTOM = 150, 500
_ZOOM_TOP, _ZOOM_BOTTOM = 610, 920
_LANE_GAP = 14
_TABLE_TOP = 984
_ROW = 22
_CHECK = "contact check"
BIN_PERIODS = 1.25
"""Length of a bin, in periods of the pulses."""
MAX_BIN_PIXELS = 4
"""If bins would be wider than this, pulses are drawn one by one."""


def draw_treatment(
    trace: Path | Recording,
    png: Path,
    *,
    title: str = "Delivered current",
    subtitle: str = "",
    level_ua: int | None = None,
    full_scale_ua: int = 120_000,
    window: tuple[int, int] | None = None,
    only: int | None = None,
) -> Measures:
    """Draw a recording (a VCD file, or one already read) into `png`; return the measured values.

    `level_ua` is the requested level, drawn as a dashed line. `window` in ns and channel `only`
    limit the picture; `full_scale_ua` is the current of the highest DAC code. Raises `VcdError` for
    a file that is not a recording and `OSError` for one that cannot be read or written.
    """
    recording = read_vcd(trace, signal_names()) if isinstance(trace, Path) else trace
    from_ns, to_ns = window or (0, recording.end_ns)
    shown = ZoomWindow(from_ns, min(to_ns, recording.end_ns))
    measures = measure(
        recording, full_scale_ua=full_scale_ua, from_ns=shown.from_ns, to_ns=shown.to_ns, only=only
    )
    canvas = Canvas(WIDTH, HEIGHT + _ROW * max(0, len(measures.channels) - 2))
    _heading(canvas, title, subtitle)
    _run(canvas, recording, measures, shown, level_ua)
    _zooms(canvas, recording, measures, full_scale_ua, shown)
    _table(canvas, measures)
    canvas.save(png)
    return measures


def _heading(canvas: Canvas, title: str, subtitle: str) -> None:
    canvas.text((_LEFT - 56, 34), title, 30)
    canvas.text((_LEFT - 56, 76), subtitle, 16, MUTED)
    width = canvas.text_width(MARK, 17) + 36
    chip = Box(_RIGHT - width, 34, _RIGHT, 70)
    canvas.box(chip, fill=WARNING_FILL, outline=WARNING_INK, radius=8)
    canvas.text(((chip.left + chip.right) / 2, 52), MARK, 17, WARNING_INK, "mm")


def _run(
    canvas: Canvas,
    recording: Recording,
    measures: Measures,
    window: ZoomWindow,
    level_ua: int | None,
) -> None:
    """Draw the whole time, one plot per channel."""
    channels = [channel.channel for channel in measures.channels]
    x = time_axis(window.from_ns, window.to_ns, 12)
    height = (_RUN_BOTTOM - _RUN_TOP + _LANE_GAP) / max(1, len(channels)) - _LANE_GAP
    peak_ua = max((channel.peak_ua for channel in measures.channels), default=0.0)
    peak_ua = max(peak_ua, level_ua or 0)
    for place, (number, channel) in enumerate(zip(channels, measures.channels, strict=True)):
        top = _RUN_TOP + place * (height + _LANE_GAP)
        y = value_axis(peak_ua, 6 if len(channels) == 1 else 4)
        panel = Panel(canvas, Box(_LEFT, top, _RIGHT, top + height), x, y)
        is_first, is_last = place == 0, place == len(channels) - 1
        panel.ground("Load current" if is_first else "", label_x=is_last)
        bins = bins_of(channel.treatment, window, _RIGHT - _LEFT)
        panel.filled(
            envelope(recording.get(f"i{number}_ua"), window.from_ns, window.to_ns, bins),
            _colour(number),
        )
        if level_ua is not None:
            _level(panel, level_ua)
        _contact_check(panel, channel)
        panel.close()
    _legend(canvas, channels)


def bins_of(treatment: SessionPart, window: ZoomWindow, pixels: int) -> int:
    """Return the number of bins for a plot of the whole time, at most one per pixel.

    If there are nearly as many pulses as pixels, bins are made long enough to hold at least one
    pulse each: otherwise pixels without a pulse would show as stripes that are not in the output.
    """
    span_ns = window.to_ns - window.from_ns
    if treatment.period is None:
        return pixels
    bins = int(span_ns / (treatment.period.least_ns * BIN_PERIODS))
    return min(bins, pixels) if bins >= pixels // MAX_BIN_PIXELS else pixels


def _level(panel: Panel, level_ua: int) -> None:
    """Draw the requested level as a dashed line, with its label at the left end."""
    at = panel.y(level_ua / 1_000)
    panel.canvas.dashed((panel.box.left, at), (panel.box.right, at), INK)
    text = f"requested level: {level_ua / 1_000:g} mA"
    panel.canvas.text((panel.box.left + 10, at + 4), text, TICK_SIZE, INK, "la")


def _contact_check(panel: Panel, channel: ChannelMeasure) -> None:
    """Write "contact check" below the pulses of the contact check."""
    check = channel.contact_check
    if check.first_ns is None or check.last_ns is None:
        return
    per_unit_ns = panel.x_axis.ns_per_unit
    middle = panel.x((check.first_ns + check.last_ns) / 2 / per_unit_ns)
    half = panel.canvas.text_width(_CHECK, TICK_SIZE) / 2 + 6
    middle = min(max(middle, panel.box.left + half), panel.box.right - half)
    baseline = min(panel.y(-CHECK_UA / 1_000) + 16, panel.box.bottom - 6)
    panel.canvas.text((middle, baseline), _CHECK, TICK_SIZE, INK, "ms")


def _legend(canvas: Canvas, channels: list[int]) -> None:
    at = float(_RIGHT)
    for channel in reversed(channels):
        name = f"channel {channel}"
        at -= canvas.text_width(name, 15)
        canvas.text((at, _RUN_TOP - 11), name, 15, INK, "ls")
        canvas.box(Box(at - 22, _RUN_TOP - 23, at - 8, _RUN_TOP - 11), fill=_colour(channel))
        at -= 46


def _zooms(
    canvas: Canvas, recording: Recording, measures: Measures, full_scale_ua: int, window: ZoomWindow
) -> None:
    middle = (_LEFT + _RIGHT) / 2
    left = Box(_LEFT, _ZOOM_TOP, middle - 40, _ZOOM_BOTTOM)
    right = Box(middle + 76, _ZOOM_TOP, _RIGHT, _ZOOM_BOTTOM)
    channels = [channel.channel for channel in measures.channels]
    views = choose_views(recording, channels, full_scale_ua, window)
    if views is None:
        text = "No channel delivered a pulse in this time."
        canvas.text(((_LEFT + _RIGHT) / 2, _ZOOM_TOP + 60), text, 18, MUTED, "mm")
        return
    _rise(canvas, recording, measures, views, left)
    draw_pulse(canvas, right, recording, views, _colour(views.channel))


def _rise(
    canvas: Canvas, recording: Recording, measures: Measures, views: ZoomWindows, box: Box
) -> None:
    """Draw the rise of the amplitude, on the same channel as the pulse."""
    from_ns, to_ns = views.rise
    measured = next(one for one in measures.channels if one.channel == views.channel)
    axes = time_axis(from_ns, to_ns, 8), value_axis(measured.peak_ua, 6)
    panel = Panel(canvas, box, *axes)
    title = "Rise of the amplitude" if views.has_rise else "First pulses"
    panel.ground(f"{title}, channel {views.channel}")
    current = recording.get(f"i{views.channel}_ua")
    bins = bins_of(measured.treatment, views.rise, round(box.right - box.left))
    panel.filled(envelope(current, from_ns, to_ns, bins), _colour(views.channel))
    panel.close()


def _table(canvas: Canvas, measures: Measures) -> None:
    """Write the measured values of each channel in a row, and the notes below."""
    left = _LEFT - 56
    for offset, heading in _COLUMNS:
        canvas.text((left + offset, _TABLE_TOP), heading, 14, MUTED)
    top = _TABLE_TOP + _ROW
    for channel in measures.channels:
        canvas.box(Box(left, top + 2, left + 14, top + 14), fill=_colour(channel.channel))
        for (offset, _), cell in zip(_COLUMNS, _cells(channel), strict=True):
            canvas.text((left + offset, top), cell, 15, INK)
        top += _ROW
    for number, note in enumerate(_NOTES):
        canvas.text((left, top + 8 + number * 20), note, 14, MUTED)


def _cells(channel: ChannelMeasure) -> tuple[str, ...]:
    return (
        str(channel.channel),
        _part_text(channel.contact_check),
        _part_text(channel.treatment),
        f"{channel.peak_ua / 1_000:.2f} mA",
        f"{channel.highest_rms_ua / 1_000:.2f} mA",
        f"{abs(channel.worst_net_pc) / 1e6:.4f} µC",
    )


def _part_text(part: SessionPart) -> str:
    if part.phase is None or not part.pulses:
        return f"{part.pulses} pulses" if part.pulses else "no pulse"
    return f"{part.pulses} pulses, {widths_us(part.phase)} µs, {charge_one_way(part)}"


def _colour(channel: int) -> str:
    return CHANNEL_COLOURS[(channel - 1) % len(CHANNEL_COLOURS)]
