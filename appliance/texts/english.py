"""English for texts: the template of the key, with its values in the units a clinician reads.

A template names a value and how it is shown: `{seen:mA}`, `{longest:s}`, `{period:rate}`. Numbers
are exact: no digit is rounded away.
"""

import string
from collections.abc import Mapping, Sequence
from typing import Any

from appliance.texts.catalogue import TEXTS
from appliance.texts.text import Quantity, Text, TextValue, Unit

SHOWN: Mapping[str, tuple[Unit, int, str]] = {
    "mA": (Unit.MICROAMPERE, 3, "mA"),
    "µA": (Unit.MICROAMPERE, 0, "µA"),
    "µC": (Unit.PICOCOULOMB, 6, "µC"),
    "cm2": (Unit.SQUARE_MILLIMETRE, 2, "cm²"),
    "mm": (Unit.MILLIMETRE, 0, "mm"),
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
    "µW/cm2": (Unit.MICROWATT_PER_CM2, 0, "µW/cm²"),
    "density": (Unit.MICROAMPERE_PER_CM2, 3, "mA/cm²"),
    "Hz": (Unit.HERTZ, 0, "Hz"),
    "count": (Unit.COUNT, 0, ""),
}
"""How a template shows a quantity -> the unit it counts, decimal places moved, the sign written."""
USUAL: Mapping[Unit, str] = {
    Unit.MICROAMPERE: "mA",
    Unit.PICOCOULOMB: "µC",
    Unit.MICROSECOND: "ms",
    Unit.MILLIMETRE: "mm",
    Unit.SQUARE_MILLIMETRE: "cm2",
    Unit.MILLIVOLT: "V",
    Unit.OHM: "ohm",
    Unit.PERCENT: "percent",
    Unit.MILLIWATT_PER_CM2: "power",
    Unit.PARTS_PER_MILLION: "ppm",
    Unit.MICROWATT_PER_CM2: "µW/cm2",
    Unit.MICROAMPERE_PER_CM2: "density",
    Unit.HERTZ: "Hz",
    Unit.UTC_MICROSECOND: "date",
    Unit.COUNT: "count",
}
"""What is shown where a template asks for nothing."""
RATE = "rate"
"""A period, exactly, with the rate it means (rounded)."""
DATE = "date"
"""A time of day, as its date in UTC."""
NUMBER = "number"
"""The number alone, where a unit written once stands for several numbers."""
HOURS = "hours"
"""A duration in whole hours and minutes, rounded down; never below zero."""
TENTHS = "tenths"
"""A duration in seconds, to a tenth."""
TIMES = "times"
"""Parts per million as a factor, to a thousandth."""
WAYS = frozenset({*SHOWN, RATE, DATE, NUMBER, HOURS, TENTHS, TIMES})
"""Every way in which a template can show a value."""


def english(text: TextValue) -> str:
    """Return a text, or a value of one, in English.

    One whose key is not in the catalogue shows key and values: it is of a newer engine, and
    nothing of it may be lost because its sentence is not known.
    """
    if not isinstance(text, Text):
        return _FORMATTER.format_field(text, "")
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
    """Shows what is there: a control loop that writes a text down must never end by it."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        del args
        return kwargs.get(str(key), "?")

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Text):
            return english(value)
        if isinstance(value, Quantity):
            return _shown(value, format_spec or USUAL[value.unit])
        return str(value)


_FORMATTER = _Formatter()


def _shown(quantity: Quantity, how: str) -> str:
    if quantity.unit is Unit.UTC_MICROSECOND:
        return date_of(quantity.value)
    if how == RATE and quantity.value > 0:
        return f"{quantity.value} µs ({1_000_000 / quantity.value:.4g} per second)"
    if how == NUMBER:
        return str(quantity.value)
    if how == TIMES:
        return f"{quantity.value / 1_000_000:.3f}"
    if how == TENTHS:
        return f"{quantity.value / 1_000_000:.1f} s"
    if how == HOURS:
        return _hours(quantity.value)
    unit, places, sign = SHOWN.get(how, SHOWN[USUAL[quantity.unit]])
    if unit is not quantity.unit:
        return _shown(quantity, USUAL[quantity.unit])
    return f"{exact(quantity.value, places)} {sign}".rstrip()


def _hours(time_us: int) -> str:
    hours, minutes = divmod(max(time_us, 0) // 60_000_000, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes:02d} min" if minutes else f"{hours} h"


def date_of(utc_us: int) -> str:
    """Return a date in UTC, a dash for one that no calendar has."""
    from datetime import UTC, datetime, timedelta

    # By addition, as no clock is too far in the past or the future for it to be shown.
    try:
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc_us):%Y-%m-%d}"
    except OverflowError:
        return "-"
