"""A text for a person as data: a stable key, and values with their units.

The engine, the link and the records carry keys and values; `english` makes sentences of them where
a person reads. A key never changes its meaning: translations and old records rely on it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Unit(StrEnum):
    """The unit a whole number counts; the engine's own units, not those of a screen."""

    MICROAMPERE = "uA"
    PICOCOULOMB = "pC"
    MICROSECOND = "us"
    MILLIMETRE = "mm"
    SQUARE_MILLIMETRE = "mm2"
    MILLIVOLT = "mV"
    OHM = "ohm"
    PARTS_PER_MILLION = "ppm"
    PERCENT = "percent"
    MILLIWATT_PER_CM2 = "mW/cm2"
    MICROWATT_PER_CM2 = "uW/cm2"
    MICROAMPERE_PER_CM2 = "uA/cm2"
    HERTZ = "Hz"
    UTC_MICROSECOND = "utc_us"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A whole number of a unit."""

    value: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Text:
    """A key of the catalogue and its values by name, in the order given."""

    key: str
    values: tuple[tuple[str, "TextValue"], ...] = ()


TextValue: TypeAlias = int | str | Quantity | Text
"""A number without a unit, a name or words of others, a quantity, or a text."""


def text(key: str, **values: TextValue) -> Text:
    """Return a text of a key with named values."""
    return Text(key, tuple(values.items()))


def microamps(value: int) -> Quantity:
    """Return a current in µA."""
    return Quantity(value, Unit.MICROAMPERE)


def microseconds(value: int) -> Quantity:
    """Return a duration in µs."""
    return Quantity(value, Unit.MICROSECOND)


def picocoulombs(value: int) -> Quantity:
    """Return a charge in pC."""
    return Quantity(value, Unit.PICOCOULOMB)


def ohms(value: int) -> Quantity:
    """Return a resistance in Ω."""
    return Quantity(value, Unit.OHM)


def millimetres(value: int) -> Quantity:
    """Return a length in mm."""
    return Quantity(value, Unit.MILLIMETRE)


def square_millimetres(value: int) -> Quantity:
    """Return an area in mm²."""
    return Quantity(value, Unit.SQUARE_MILLIMETRE)


def millivolts(value: int) -> Quantity:
    """Return a voltage in mV."""
    return Quantity(value, Unit.MILLIVOLT)


def percent(value: int) -> Quantity:
    """Return a share in percent."""
    return Quantity(value, Unit.PERCENT)


def parts_per_million(value: int) -> Quantity:
    """Return a deviation in ppm."""
    return Quantity(value, Unit.PARTS_PER_MILLION)


def utc_microseconds(value: int) -> Quantity:
    """Return a time of day as µs since 1970 in UTC."""
    return Quantity(value, Unit.UTC_MICROSECOND)
