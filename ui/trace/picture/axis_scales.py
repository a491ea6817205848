"""Axes with round numbers: position and label of each tick."""

import math
from dataclasses import dataclass

_UNITS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"))
_MINUTE = (60_000_000_000, "min")
LONG_S = 180
"""A longer time axis is in minutes."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `least` to `most` in `unit`, with a tick every `step`."""

    least: float
    most: float
    step: float
    unit: str

    @property
    def ns_per_unit(self) -> int:
        """Return the unit of a time axis in ns."""
        return {unit: size for size, unit in (*_UNITS, _MINUTE)}[self.unit]

    @property
    def ticks(self) -> tuple[float, ...]:
        """Return the ticks within the axis."""
        first = math.ceil(self.least / self.step - 1e-9)
        last = math.floor(self.most / self.step + 1e-9)
        return tuple(number * self.step for number in range(first, last + 1))

    def place(self, value: float) -> float:
        """Return the position of a value: 0 at `least`, 1 at `most`."""
        span = self.most - self.least
        return (value - self.least) / span if span else 0.0

    def label(self, value: float) -> str:
        """Return a tick's label, with as many decimals as the step needs."""
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        text = f"{value:.{decimals}f}"
        return text if float(text) else "0"


def round_step(span: float, ticks: int) -> float:
    """Return 1, 2 or 5 times a power of ten, so that at most `ticks` steps fit into `span`."""
    if span <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(span / ticks))
    for factor in (1, 2, 5):
        if span / (factor * power) <= ticks:
            return float(factor * power)
    return float(10 * power)


def value_axis(peak_ua: float, ticks: int = 4) -> Axis:
    """Return an axis in mA, symmetric about zero, that holds `peak_ua` with a margin of 6 %."""
    peak_ma = max(peak_ua, 1.0) / 1_000
    step = round_step(2 * peak_ma, ticks)
    most = math.ceil(peak_ma * 1.06 / (step / 2)) * step / 2
    return Axis(-most, most, step, "mA")


def time_axis(from_ns: int, to_ns: int, ticks: int = 8) -> Axis:
    """Return a time axis over a window in ns; its unit (µs, ms, s, min) depends on the length."""
    span_ns = max(to_ns - from_ns, 1)
    if span_ns > LONG_S * 1_000_000_000:
        size, unit = _MINUTE
    else:
        size, unit = next((pair for pair in _UNITS if span_ns >= pair[0]), _UNITS[-1])
    least, most = from_ns / size, to_ns / size
    return Axis(least, most, round_step(most - least, ticks), unit)
