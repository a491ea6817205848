"""Types of option values; the error for a wrong value says what is accepted."""

from math import isfinite
from typing import Any

import click

MOST_DIGITS = 12
"""No option needs more digits; int() itself fails with thousands of them."""
MOST_SHOWN = 40


def shown(value: object) -> str:
    """Return a typed value in quotes, cut to 40 characters."""
    text = str(value)
    return repr(text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…")


def whole_number(text: str) -> int | None:
    """Return ASCII digits as a number; None for anything else, even if int() would accept it."""
    plain = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if plain else None


class WholeNumber(click.IntRange):
    """A whole number in a range."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; fail with the accepted range."""
        number = whole_number(str(value).strip())
        if number is None or not _within(self, number):
            self.fail(f"{shown(value)} is not a whole number {_range(self)}", param, ctx)
        return number


class DecimalNumber(click.FloatRange):
    """A finite number in a range."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number; fail with the accepted range."""
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or not _within(self, number):
            self.fail(f"{shown(value)} is not a number {_range(self)}", param, ctx)
        return number


class PrintableText(click.ParamType[str]):
    """A text for the records: one line without control characters."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text; fail with what is accepted."""
        text = str(value)
        if not text.isprintable():  # nor are bytes that are not UTF-8
            message = f"{shown(value)} is not plain text: give one line of printable characters"
            self.fail(message, param, ctx)
        return text


def _within(kind: WholeNumber | DecimalNumber, number: float) -> bool:
    least, most = kind.min, kind.max
    low = least is not None and (number < least or (kind.min_open and number == least))
    return not low and (most is None or number <= most)


def _range(kind: WholeNumber | DecimalNumber) -> str:
    if kind.min_open:
        return f"above {kind.min:.12g}, up to {kind.max:.12g}"
    return f"from {kind.min:.12g} to {kind.max:.12g}"
