"""Curves of the oscilloscope: the last moments to the left, the last pulse enlarged to the right.

Pure: from steps of current to points in px.
"""

from typing import NamedTuple

from ui.panel.layout import Box
from ui.panel.state import Seen, Steps

SHORT_US, LONG_US = 40_000, 1_000_000
"""How far back is looked: a second where pulses are rare."""
PULSE_US, BEFORE_US = 1_000, 60
QUIET_UA, QUIET_US = 300.0, 400.0
"""Below this current nothing flows; between two pulses nothing flows for at least this time."""
SQUARES_MA = (2, 5, 10, 20, 50)
"""What a square may stand for."""
SQUARES_UP = 1.6
"""Squares from the zero line of a channel to the end of its band."""
SHARE = 0.62

Points = tuple[tuple[float, float], ...]


class Curve(NamedTuple):
    """A curve of a channel, which counts from 0."""

    channel: int
    points: Points


class Oscillogram(NamedTuple):
    """The curves, where the enlarged pulse begins and how wide a square is in px, the caption."""

    curves: tuple[Curve, ...]
    divider: float
    square: float
    caption: str


def next_window_us(seen: Seen) -> int:
    """Return how far back to look next: far where there were fewer than two pulses of late."""
    late_us = seen.window_us - SHORT_US
    counts = (sum(at_us > late_us for at_us in _pulses(steps)) for steps in seen.currents)
    return SHORT_US if max(counts, default=0) > 1 else LONG_US


def oscillogram(seen: Seen, box: Box) -> Oscillogram:
    """Return what is drawn in a box; coordinates from its top left."""
    peak_ma = max((abs(ua) / 1_000 for steps in seen.currents for _, ua in steps), default=0.0)
    square_ma = next((ma for ma in SQUARES_MA if ma * SQUARES_UP >= peak_ma), SQUARES_MA[-1])
    divider = round(box.w * SHARE)
    band = box.h / max(len(seen.currents), 1)
    square = band / 2 / SQUARES_UP
    up = square / square_ma / 1_000
    curves: list[Curve] = []
    for channel, steps in enumerate(seen.currents):
        zero = band * (channel + 0.5)
        left = _curve(steps, 0, seen.window_us, (30, divider - 6), (zero, up))
        begin = _last_pulse(steps, seen.window_us)
        right = _curve(steps, begin - BEFORE_US, PULSE_US, (divider + 6, box.w - 6), (zero, up))
        curves += [Curve(channel, left), Curve(channel, right)]
    shown = f"{seen.window_us // 1_000} ms" if seen.window_us < LONG_US else "1 s"
    return Oscillogram(
        tuple(curves), divider, square, f"{shown}, one pulse; {square_ma} mA a square"
    )


def _curve(
    steps: Steps,
    begin_us: float,
    length_us: float,
    across: tuple[float, float],
    height: tuple[float, float],
) -> Points:
    """Return the steps of a time as points; `height` is the zero line and px for each µA."""
    left, right = across
    zero, up = height
    end_us = begin_us + length_us
    points: list[tuple[float, float]] = []
    value = next((ua for at_us, ua in reversed(steps) if at_us <= begin_us), 0.0)
    points.append((left, zero - value * up))
    for at_us, ua in steps:
        if begin_us < at_us < end_us:
            x = left + (at_us - begin_us) / length_us * (right - left)
            points += [(x, zero - value * up), (x, zero - ua * up)]
            value = ua
    points.append((right, zero - value * up))
    return tuple(points)


def _last_pulse(steps: Steps, window_us: int) -> float:
    """Return when the last pulse began that is wholly seen."""
    starts = [at_us for at_us in _pulses(steps) if at_us <= window_us - PULSE_US]
    return starts[-1] if starts else 0.0


def _pulses(steps: Steps) -> list[float]:
    """Return when current began to flow after a time without any."""
    starts: list[float] = []
    quiet_since: float | None = None
    for at_us, ua in steps:
        flows = abs(ua) >= QUIET_UA
        if flows and quiet_since is not None and at_us - quiet_since >= QUIET_US:
            starts.append(at_us)
        if flows:
            quiet_since = None
        elif quiet_since is None:
            quiet_since = at_us
    return starts
