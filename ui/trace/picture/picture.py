"""Draws a treatment from its recording: the whole run, a rise of the amplitude, and one pulse.

What is drawn is the current through the load as the virtual board recorded it, so the picture
says on its face that it is a simulation.
"""

from pathlib import Path

from ui.trace.envelope import envelope
from ui.trace.measure import ChannelMeasure, Measures, measure, signal_names
from ui.trace.measure_text import charge_one_way
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
from ui.trace.session_parts import MOST_UA, SessionPart
from ui.trace.vcd.reader import Recording, read_vcd

WIDTH, HEIGHT = 1600, 1110
MARK = "Simulated. Not for patient use."
_NOTES = (
    (
        "µC: charge one way, moved by the first phases; the second phases take it back. Pulses at "
        "level zero are not counted. The summary counts the treatment alone."
    ),
    "Load current of the virtual board. An open reference design, not a medical device.",
)
_LEFT, _RIGHT = 96, WIDTH - 40
_RUN_TOP, _RUN_BOTTOM = 150, 500
_ZOOM_TOP, _ZOOM_BOTTOM = 610, 920
_LANE_GAP = 14
_FOOT_TOP = 990
_FOOT_LINE = 22
_CHECK = "contact check"
SPARE = 1.25
"""A bin is this many times as long as the time between pulses."""
COARSEST = 4
"""Pixels that a bin may be wide; slower pulses are drawn one by one."""


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
    """Draw a recording (a VCD file, or one already read) into `png`; return what was measured.

    `level_ua` is the level that was ordered. `window` in ns and channel `only` limit the picture;
    `full_scale_ua` is the current of the highest code. Raises `VcdError` for a file that is no
    recording and `OSError` for one that cannot be read or written.
    """
    recording = read_vcd(trace, signal_names()) if isinstance(trace, Path) else trace
    from_ns, to_ns = window or (0, recording.end_ns)
    shown = ZoomWindow(from_ns, min(to_ns, recording.end_ns))
    measures = measure(
        recording, full_scale_ua=full_scale_ua, from_ns=shown.from_ns, to_ns=shown.to_ns, only=only
    )
    canvas = Canvas(WIDTH, HEIGHT + _FOOT_LINE * max(0, len(measures.channels) - 2))
    _heading(canvas, title, subtitle)
    _run(canvas, recording, measures, shown, level_ua)
    _zooms(canvas, recording, measures, full_scale_ua, shown)
    _foot(canvas, measures)
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
    """Draw the whole run, one lane per channel."""
    channels = [each.channel for each in measures.channels]
    x = time_axis(window.from_ns, window.to_ns, 12)
    height = (_RUN_BOTTOM - _RUN_TOP + _LANE_GAP) / max(1, len(channels)) - _LANE_GAP
    peak_ua = max((each.peak_ua for each in measures.channels), default=0.0)
    peak_ua = max(peak_ua, level_ua or 0)
    for place, (channel, each) in enumerate(zip(channels, measures.channels, strict=True)):
        top = _RUN_TOP + place * (height + _LANE_GAP)
        y = value_axis(peak_ua, 6 if len(channels) == 1 else 4)
        panel = Panel(canvas, Box(_LEFT, top, _RIGHT, top + height), x, y)
        is_first, is_last = place == 0, place == len(channels) - 1
        panel.ground("The whole run" if is_first else "", label_x=is_last)
        bins = bins_of(each.treatment, window, _RIGHT - _LEFT)
        panel.filled(
            envelope(recording.get(f"i{channel}_ua"), window.from_ns, window.to_ns, bins),
            _colour(channel),
        )
        if level_ua is not None:
            _level(panel, level_ua)
        _contact_check(panel, each)
        panel.close()
    _legend(canvas, channels)


def bins_of(treatment: SessionPart, window: ZoomWindow, pixels: int) -> int:
    """Return how many bins to draw a run in, at most one per pixel.

    Where pulses come nearly as often as pixels each bin holds one at least: else which pixel has
    a pulse is chance, and the picture has stripes that nobody felt.
    """
    span_ns = window.to_ns - window.from_ns
    if treatment.period is None:
        return pixels
    bins = int(span_ns / (treatment.period.least_ns * SPARE))
    return min(bins, pixels) if bins >= pixels // COARSEST else pixels


def _level(panel: Panel, level_ua: int) -> None:
    """Draw the level that was ordered, and write it where the rise has not come yet."""
    at = panel.y(level_ua / 1_000)
    panel.canvas.dashed((panel.box.left, at), (panel.box.right, at), INK)
    text = f"level ordered: {level_ua / 1_000:g} mA"
    panel.canvas.text((panel.box.left + 10, at + 4), text, TICK_SIZE, INK, "la")


def _contact_check(panel: Panel, each: ChannelMeasure) -> None:
    """Write at the pulses of the contact check what they are."""
    part = each.contact_check
    if part.first_ns is None or part.last_ns is None:
        return
    per_unit_ns = panel.x_axis.ns_per_unit
    middle = panel.x((part.first_ns + part.last_ns) / 2 / per_unit_ns)
    half = panel.canvas.text_width(_CHECK, TICK_SIZE) / 2 + 6
    middle = min(max(middle, panel.box.left + half), panel.box.right - half)
    under = min(panel.y(-MOST_UA / 1_000) + 16, panel.box.bottom - 6)
    panel.canvas.text((middle, under), _CHECK, TICK_SIZE, INK, "ms")


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
    channels = [each.channel for each in measures.channels]
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
    """Draw the rise of the channel that the pulse is taken from."""
    from_ns, to_ns = views.rise
    peak_ua = max(each.peak_ua for each in measures.channels if each.channel == views.channel)
    panel = Panel(canvas, box, time_axis(from_ns, to_ns, 8), value_axis(peak_ua, 6))
    what = "A rise of the amplitude" if views.has_rise else "The first pulses"
    panel.ground(f"{what} of channel {views.channel}")
    current = recording.get(f"i{views.channel}_ua")
    panel.filled(
        envelope(current, from_ns, to_ns, round(box.right - box.left)), _colour(views.channel)
    )
    panel.close()


def _foot(canvas: Canvas, measures: Measures) -> None:
    for number, each in enumerate(measures.channels):
        at = _FOOT_TOP + number * _FOOT_LINE
        canvas.box(Box(_LEFT - 56, at + 2, _LEFT - 42, at + 14), fill=_colour(each.channel))
        canvas.text((_LEFT - 32, at), _summary(each), 15, INK)
    at = _FOOT_TOP + len(measures.channels) * _FOOT_LINE + 6
    for number, note in enumerate(_NOTES):
        canvas.text((_LEFT - 56, at + number * 20), note, 14, MUTED)


def _summary(each: ChannelMeasure) -> str:
    if not each.pulses:
        return f"Channel {each.channel}: no pulse"
    check = f"contact check: {_told(each.contact_check)};  " if each.contact_check.pulses else ""
    return (
        f"Channel {each.channel}:  {check}treatment: {_told(each.treatment)},  "
        f"peak {each.peak_ua / 1_000:.2f} mA,  r.m.s. up to {each.highest_rms_ua / 1_000:.2f} mA,  "
        f"worst pulse out of balance by {abs(each.worst_net_pc) / 1e6:.4f} µC"
    )


def _told(part: SessionPart) -> str:
    if part.phase is None or not part.pulses:
        return f"{part.pulses} pulses"
    least, most = part.phase.least_ns / 1_000, part.phase.most_ns / 1_000
    widths = f"{least:g}" if least == most else f"{least:g} to {most:g}"
    return f"{part.pulses} pulses, phases of {widths} µs, {charge_one_way(part)}"


def _colour(channel: int) -> str:
    return CHANNEL_COLOURS[(channel - 1) % len(CHANNEL_COLOURS)]
