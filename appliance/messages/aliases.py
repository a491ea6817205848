"""Which aliases may be given: one rule for the engine, which judges, and for the screen that asks.

An alias is how a clinic calls a patient on a screen. It is never a name, so it has a digit.
"""

import unicodedata
from enum import StrEnum

LEAST_SIGNS, MOST_SIGNS = 2, 6


class AliasFault(StrEnum):
    """What is wrong with an alias."""

    SIGNS = "signs"
    """Too few or too many, or one that is neither letter nor digit."""
    NO_DIGIT = "no_digit"


def alias_of(entered: str) -> str:
    """Return an alias as it is kept: in capitals, in one form of Unicode, without outer spaces."""
    return unicodedata.normalize("NFKC", entered.strip()).upper()


def alias_fault(entered: str) -> AliasFault | None:
    """Return whether an alias is no 2 to 6 letters and digits, or has no digit."""
    alias = alias_of(entered)
    if not LEAST_SIGNS <= len(alias) <= MOST_SIGNS or not all(map(_is_letter_or_digit, alias)):
        return AliasFault.SIGNS
    return None if any(char.isdecimal() for char in alias) else AliasFault.NO_DIGIT


def _is_letter_or_digit(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "L" or category == "Nd"
