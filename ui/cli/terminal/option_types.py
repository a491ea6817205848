"""Types of option values: a wrong value is answered with what is accepted."""

from math import isfinite
from typing import Any

import click

MOST_DIGITS = 12
"""More belongs to no number that is asked for anywhere; int() itself refuses thousands of them."""
MOST_SHOWN = 40


def shown(value: object) -> str:
    """Return what was typed, in quotes, short enough for a line."""
    text = str(value)
    return repr(text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…")


def whole_number(text: str) -> int | None:
    """Return plain digits as a number, None for anything else that Python might take for one."""
    plain = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if plain else None


class WholeNumber(click.IntRange):
    """A whole number in a range."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or fail with what is accepted."""
        number = whole_number(str(value).strip())
        if number is None or not _within(self, number):
            self.fail(f"{shown(value)} is no whole number {_range(self)}", param, ctx)
        return number


class DecimalNumber(click.FloatRange):
    """A number in a range, without the infinite and the undefined ones."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or fail with what is accepted."""
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or not _within(self, number):
            self.fail(f"{shown(value)} is no number {_range(self)}", param, ctx)
        return number


class PrintableText(click.ParamType[str]):
    """A text for the records: one line, and nothing that would steer a terminal."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, or fail with what is accepted."""
        text = str(value)
        if not text.isprintable():  # bytes that are no UTF-8 are not, either
            message = f"{shown(value)} is no plain text: give one line of letters and signs"
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
