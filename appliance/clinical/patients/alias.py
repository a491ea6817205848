"""Aliases: how a clinic calls a patient on a screen. Never a name, so it has a digit."""

import unicodedata

from appliance.core.refusal import Refusal
from appliance.texts.text import text

SHORTEST = 2
LONGEST = 6
_ALIKE = str.maketrans("OIQDSBZ", "0100582")
"""Letters that are taken for digits, and the digits they are taken for (D)."""


def alias_of(entered: str) -> str:
    """Return an alias as it is kept: in capitals, in one form of Unicode, without outer spaces."""
    return unicodedata.normalize("NFKC", entered.strip()).upper()


def refuse_alias(entered: str) -> Refusal | None:
    """Refuse an alias that is too short or too long, or has no digit, a space or another sign.

    It is not repeated: it may be somebody's name.
    """
    alias = alias_of(entered)
    if SHORTEST <= len(alias) <= LONGEST and all(map(_is_letter_or_digit, alias)):
        if any(char.isdecimal() for char in alias):
            return None
        asked = text("alias.without_digit")
    else:
        asked = text("alias.asked", count=len(alias))
    allowed = text("alias.allowed", least=SHORTEST, most=LONGEST)
    return Refusal("refusal.alias", asked, allowed, text("alias.nearest"))


def is_similar(first: str, second: str) -> bool:
    """Return whether one alias may be a slip of the other.

    One character wrong, missing or too many, two neighbours swapped, or a letter for a digit that
    looks like it.
    """
    one, other = sorted((first.translate(_ALIKE), second.translate(_ALIKE)), key=len)
    if len(one) < len(other):
        return any(one == other[:place] + other[place + 1 :] for place in range(len(other)))
    wrong = [place for place, char in enumerate(one) if char != other[place]]
    match wrong:
        case [] | [_]:
            return True
        case [left, right] if right == left + 1:
            return one[left : right + 1] == other[right] + other[left]
    return False


def _is_letter_or_digit(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "L" or category == "Nd"
