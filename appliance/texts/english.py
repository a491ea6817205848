"""English for texts: the template of the key, with its values in the units a clinician reads.

A template names a value and how it is shown: `{seen:mA}`, `{longest:s}`, `{period:rate}`. Numbers
are exact: no digit is rounded away.
"""

import string
from collections.abc import Mapping
from typing import Any

from appliance.texts.catalogue import TEXTS
from appliance.texts.text import Quantity, Text, Unit

SHOWN: Mapping[str, tuple[Unit, int, str]] = {
    "mA": (Unit.MICROAMPERE, 3, "mA"),
    "µA": (Unit.MICROAMPERE, 0, "µA"),
    "µC": (Unit.PICOCOULOMB, 6, "µC"),
    "cm2": (Unit.SQUARE_MILLIMETRE, 2, "cm²"),
    "µs": (Unit.MICROSECOND, 0, "µs"),
    "ms": (Unit.MICROSECOND, 3, "ms"),
    "s": (Unit.MICROSECOND, 6, "s"),
    "mV": (Unit.MILLIVOLT, 0, "mV"),
    "V": (Unit.MILLIVOLT, 3, "V"),
    "ohm": (Unit.OHM, 0, "Ω"),
    "kohm": (Unit.OHM, 3, "kΩ"),
    "percent": (Unit.PERCENT, 0, "%"),
    "power": (Unit.MILLIWATT_PER_CM2, 0, "mW/cm²"),
    "ppm": (Unit.PARTS_PER_MILLION, 0, "ppm"),
    "Hz": (Unit.HERTZ, 0, "Hz"),
    "count": (Unit.COUNT, 0, ""),
}
"""How a template shows a quantity -> the unit it counts, decimal places moved, the sign written."""
USUAL: Mapping[Unit, str] = {
    Unit.MICROAMPERE: "mA",
    Unit.PICOCOULOMB: "µC",
    Unit.MICROSECOND: "ms",
    Unit.SQUARE_MILLIMETRE: "cm2",
    Unit.MILLIVOLT: "V",
    Unit.OHM: "ohm",
    Unit.PERCENT: "percent",
    Unit.MILLIWATT_PER_CM2: "power",
    Unit.PARTS_PER_MILLION: "ppm",
    Unit.HERTZ: "Hz",
    Unit.COUNT: "count",
}
"""What is shown where a template asks for nothing."""
RATE = "rate"
"""A period, exactly, with the rate it means (rounded)."""


def english(text: Text) -> str:
    """Return a text in English; one whose key is not in the catalogue shows key and values.

    Such a text is of a newer engine: nothing of it may be lost because its sentence is not known.
    """
    template = TEXTS.get(text.key)
    values = dict(text.values)
    if template is None:
        shown = (f"{name} {_FORMATTER.format_field(value, '')}" for name, value in values.items())
        return ", ".join((text.key, *shown))
    return _FORMATTER.vformat(template, (), values)


def exact(value: int, places: int) -> str:
    """Write a whole number with its decimal point moved, without zeros at the end."""
    whole, part = divmod(abs(value), 10**places)
    sign = "-" if value < 0 else ""
    if not places:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{part:0{places}d}".rstrip("0").rstrip(".")


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Text):
            return english(value)
        if isinstance(value, Quantity):
            return _shown(value, format_spec or USUAL[value.unit])
        return str(super().format_field(value, format_spec))


_FORMATTER = _Formatter()


def _shown(quantity: Quantity, how: str) -> str:
    if how == RATE:
        return f"{quantity.value} µs ({1_000_000 / quantity.value:.4g} per second)"
    unit, places, sign = SHOWN[how]
    if unit is not quantity.unit:
        raise ValueError(f"a template shows {quantity.unit} as {how}")
    return f"{exact(quantity.value, places)} {sign}".rstrip()
