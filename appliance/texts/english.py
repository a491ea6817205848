"""Words for texts: the template of the key, with its values in the units a clinician reads.

A template names a value and how it is shown: `{seen:mA}`, `{longest:s}`, `{period:rate}`. Numbers
are exact: no digit is rounded away.
"""

import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from appliance.texts.catalogue import TEXTS
from appliance.texts.languages import ENGLISH, Language
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


class Sayer:
    """Makes words of texts in one language.

    `template_of` returns the template of a key, None where the catalogue does not have it.
    """

    def __init__(self, language: Language, template_of: Callable[[str], str | None]) -> None:
        self._language, self._template_of = language, template_of
        self._formatter = _Formatter(self)

    def say(self, text: TextValue) -> str:
        """Return a text, or a value of one, in words.

        One whose key is not in the catalogue shows key and values: it is of a newer engine, and
        nothing of it may be lost because its sentence is not known.
        """
        if isinstance(text, Quantity):
            return self._shown(text, USUAL[text.unit])
        if not isinstance(text, Text):
            return str(text)
        template = self._template_of(text.key)
        values = dict(text.values)
        if template is None:
            return ", ".join((text.key, *(f"{name} {self.say(values[name])}" for name in values)))
        return self._formatter.vformat(template, (), values)

    def shown(self, value: Any, how: str) -> str:
        """Return a value of a text as a template asks for it, as usual for ""."""
        if isinstance(value, Quantity):
            return self._shown(value, how or USUAL[value.unit])
        return self.say(value) if isinstance(value, Text) else str(value)

    def _shown(self, quantity: Quantity, how: str) -> str:
        if quantity.unit is Unit.UTC_MICROSECOND:
            return self._language.date(date_of(quantity.value))
        if how == RATE and quantity.value > 0:
            rate = self._point(f"{1_000_000 / quantity.value:.4g}")
            return self._way("way.rate", period=f"{quantity.value} µs", rate=rate)
        if how == NUMBER:
            return str(quantity.value)
        if how == TIMES:
            return self._point(f"{quantity.value / 1_000_000:.3f}")
        if how == TENTHS:
            return self._point(f"{quantity.value / 1_000_000:.1f} s")
        if how == HOURS:
            return self._hours(quantity.value)
        unit, places, sign = SHOWN.get(how, SHOWN[USUAL[quantity.unit]])
        if unit is not quantity.unit:
            return self._shown(quantity, USUAL[quantity.unit])
        return self._point(f"{exact(quantity.value, places)} {sign}".rstrip())

    def _point(self, number: str) -> str:
        return number.replace(".", self._language.point)

    def _hours(self, time_us: int) -> str:
        hours, minutes = divmod(max(time_us, 0) // 60_000_000, 60)
        if not hours:
            return self._way("way.minutes", minutes=str(minutes))
        if not minutes:
            return self._way("way.hours", hours=str(hours))
        return self._way("way.hours_and_minutes", hours=str(hours), minutes=f"{minutes:02d}")

    def _way(self, key: str, **values: str) -> str:
        return (self._template_of(key) or key).format(**values)


def english(text: TextValue) -> str:
    """Return a text, or a value of one, in English."""
    return _ENGLISH.say(text)


def exact(value: int, places: int) -> str:
    """Write a whole number with its decimal point moved, without zeros at the end."""
    whole, part = divmod(abs(value), 10**places)
    sign = "-" if value < 0 else ""
    if not places:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{part:0{places}d}".rstrip("0").rstrip(".")


class _Formatter(string.Formatter):
    """Shows what is there: a control loop that writes a text down must never end by it."""

    def __init__(self, sayer: Sayer) -> None:
        self._sayer = sayer

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        del args
        return kwargs.get(str(key), "?")

    def format_field(self, value: Any, format_spec: str) -> str:
        return self._sayer.shown(value, format_spec)


_ENGLISH = Sayer(ENGLISH, TEXTS.get)


def date_of(utc_us: int) -> str:
    """Return a date in UTC as year-month-day, a dash for one that no calendar has."""
    from datetime import UTC, datetime, timedelta

    # By addition, as no clock is too far in the past or the future for it to be shown.
    try:
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc_us):%Y-%m-%d}"
    except OverflowError:
        return "-"
