"""Round numbers for axes: where ticks stand and what they are called."""

import math
from dataclasses import dataclass

_UNITS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"))
_MINUTE = (60_000_000_000, "min")
LONG_S = 180
"""A longer run is told in minutes."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From `least` to `most` in `unit`, with ticks `step` apart."""

    least: float
    most: float
    step: float
    unit: str

    @property
    def ns_per_unit(self) -> int:
        """Return the length of the unit of an axis of time."""
        return {unit: size for size, unit in (*_UNITS, _MINUTE)}[self.unit]

    @property
    def ticks(self) -> tuple[float, ...]:
        """Return the ticks within the axis."""
        first = math.ceil(self.least / self.step - 1e-9)
        last = math.floor(self.most / self.step + 1e-9)
        return tuple(number * self.step for number in range(first, last + 1))

    def place(self, value: float) -> float:
        """Return where a value lies, 0 at `least` and 1 at `most`."""
        span = self.most - self.least
        return (value - self.least) / span if span else 0.0

    def label(self, value: float) -> str:
        """Return a tick's number with as many decimals as the step needs."""
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        text = f"{value:.{decimals}f}"
        return text if float(text) else "0"


def round_step(span: float, ticks: int) -> float:
    """Return 1, 2 or 5 times a power of ten so that about `ticks` of them fit `span`."""
    if span <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(span / ticks))
    for factor in (1, 2, 5):
        if span / (factor * power) <= ticks:
            return float(factor * power)
    return float(10 * power)


def value_axis(peak_ua: float, ticks: int = 4) -> Axis:
    """Return an axis in mA, alike above and below zero, that holds `peak_ua` with some air."""
    peak_ma = max(peak_ua, 1.0) / 1_000
    step = round_step(2 * peak_ma, ticks)
    most = math.ceil(peak_ma * 1.02 / (step / 2)) * step / 2
    return Axis(-most, most, step, "mA")


def time_axis(from_ns: int, to_ns: int, ticks: int = 8) -> Axis:
    """Return an axis over a window, in the unit that suits its length."""
    span_ns = max(to_ns - from_ns, 1)
    if span_ns > LONG_S * 1_000_000_000:
        size, unit = _MINUTE
    else:
        size, unit = next((each for each in _UNITS if span_ns >= each[0]), _UNITS[-1])
    least, most = from_ns / size, to_ns / size
    return Axis(least, most, round_step(most - least, ticks), unit)
