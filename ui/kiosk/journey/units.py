"""Units in which values of a programme are shown and typed, against those of the engine. Pure."""

from decimal import Decimal, InvalidOperation
from typing import NamedTuple


class Shown(NamedTuple):
    """How a unit is shown: by which number it is divided, and its sign behind the number."""

    parts: int
    sign: str


SHOWN = {
    "Hz": Shown(1, "/s"),
    "us": Shown(1, "µs"),
    "ms": Shown(1_000, "s"),
    "s": Shown(1, "s"),
    "min": Shown(1, "min"),
    "uA": Shown(1_000, "mA"),
    "mm2": Shown(100, "cm²"),
    "percent": Shown(1, "%"),
    "count": Shown(1, ""),
}
"""Units of the engine by their names in its pages."""


def to_shown(value: int, unit: str) -> str:
    """Return a value of the engine in the unit that is shown, with a point where it is no whole."""
    return f"{(Decimal(value) / SHOWN[unit].parts).normalize():f}"


def from_shown(digits: str, unit: str) -> int:
    """Return what was typed in the unit that is shown as a whole value of the engine, rounded."""
    try:
        return int((Decimal(digits) * SHOWN[unit].parts).to_integral_value())
    except InvalidOperation:
        return 0
