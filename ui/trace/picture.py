"""Draws a treatment from its recording: the whole run, a rise of the amplitude, and one pulse.

What is drawn is the current through the load as the virtual board recorded it, so the picture
says on its face that it is a simulation.
"""

from pathlib import Path

from ui.trace.canvas import (
    CHANNEL_COLOURS,
    INK,
    MUTED,
    WARNING_FILL,
    WARNING_INK,
    Box,
    Canvas,
)
from ui.trace.envelope import envelope
from ui.trace.measure import ChannelMeasure, Measures, measure, signal_names
from ui.trace.panel import Panel
from ui.trace.pulse_panel import draw_pulse
from ui.trace.scales import time_axis, value_axis
from ui.trace.vcd_reader import Recording, read_vcd
from ui.trace.views import Views, Window, choose_views

WIDTH, HEIGHT = 1600, 1080
MARK = "Simulated. Not for patient use."
_LEFT, _RIGHT = 96, WIDTH - 40
_RUN_TOP, _RUN_BOTTOM = 150, 500
_ZOOM_TOP, _ZOOM_BOTTOM = 610, 920
_LANE_GAP = 14
_FOOT_TOP = 990
_FOOT_LINE = 22


def draw_treatment(
    trace: Path | Recording,
    png: Path,
    *,
    title: str = "Delivered current",
    subtitle: str = "",
    full_scale_ua: int = 120_000,
    window: tuple[int, int] | None = None,
    only: int | None = None,
) -> Measures:
    """Draw a recording (a VCD file, or one already read) into `png`; return what was measured.

    `window` in ns and channel `only` limit the picture; `full_scale_ua` is the current of the
    highest code. Raises `VcdError` for a file that is no recording and `OSError` for one that
    cannot be read or written.
    """
    recording = read_vcd(trace, signal_names()) if isinstance(trace, Path) else trace
    from_ns, to_ns = window or (0, recording.end_ns)
    shown = Window(from_ns, min(to_ns, recording.end_ns))
    measures = measure(
        recording, full_scale_ua=full_scale_ua, from_ns=shown.from_ns, to_ns=shown.to_ns, only=only
    )
    canvas = Canvas(WIDTH, HEIGHT + _FOOT_LINE * max(0, len(measures.channels) - 2))
    _heading(canvas, title, subtitle)
    _run(canvas, recording, measures, shown)
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


def _run(canvas: Canvas, recording: Recording, measures: Measures, window: Window) -> None:
    """Draw the whole run, one lane per channel."""
    channels = [each.channel for each in measures.channels]
    x = time_axis(window.from_ns, window.to_ns, 12)
    height = (_RUN_BOTTOM - _RUN_TOP + _LANE_GAP) / max(1, len(channels)) - _LANE_GAP
    peak_ua = max((each.peak_ua for each in measures.channels), default=0.0)
    for place, channel in enumerate(channels):
        top = _RUN_TOP + place * (height + _LANE_GAP)
        y = value_axis(peak_ua, 6 if len(channels) == 1 else 4)
        panel = Panel(canvas, Box(_LEFT, top, _RIGHT, top + height), x, y)
        is_first, is_last = place == 0, place == len(channels) - 1
        panel.ground("The whole run" if is_first else "", label_x=is_last)
        shape = envelope(
            recording.get(f"i{channel}_ua"), window.from_ns, window.to_ns, _RIGHT - _LEFT
        )
        panel.filled(shape, _colour(channel))
        panel.close()
    _legend(canvas, channels)


def _legend(canvas: Canvas, channels: list[int]) -> None:
    at = float(_RIGHT)
    for channel in reversed(channels):
        name = f"channel {channel}"
        at -= canvas.text_width(name, 15)
        canvas.text((at, _RUN_TOP - 11), name, 15, INK, "ls")
        canvas.box(Box(at - 22, _RUN_TOP - 23, at - 8, _RUN_TOP - 11), fill=_colour(channel))
        at -= 46


def _zooms(
    canvas: Canvas, recording: Recording, measures: Measures, full_scale_ua: int, window: Window
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


def _rise(canvas: Canvas, recording: Recording, measures: Measures, views: Views, box: Box) -> None:
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
    note = "Load current of the virtual board. An open reference design, not a medical device."
    canvas.text((_LEFT - 56, at), note, 14, MUTED)


def _summary(each: ChannelMeasure) -> str:
    if not each.pulses or each.phase is None:
        return f"Channel {each.channel}: no pulse"
    least, most = each.phase.least_ns / 1_000, each.phase.most_ns / 1_000
    widths = f"{least:g}" if least == most else f"{least:g} to {most:g}"
    return (
        f"Channel {each.channel}:  {each.pulses} pulses,  phases of {widths} µs,  "
        f"peak {each.peak_ua / 1_000:.2f} mA,  highest r.m.s. {each.highest_rms_ua / 1_000:.2f} mA,"
        f"  charge moved {each.charge_pc / 1e9:.3f} mC,  "
        f"worst pulse out of balance by {abs(each.worst_net_pc) / 1e6:.4f} µC"
    )


def _colour(channel: int) -> str:
    return CHANNEL_COLOURS[(channel - 1) % len(CHANNEL_COLOURS)]
