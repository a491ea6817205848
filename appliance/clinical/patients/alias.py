"""Aliases: what is refused as one, and which may be a slip of another."""

from appliance.core.refusal import Refusal
from appliance.messages.aliases import LEAST_SIGNS, MOST_SIGNS, AliasFault, alias_fault, alias_of
from appliance.texts.text import text

_ALIKE = str.maketrans("OIQDSBZ", "0100582")
"""Letters that are taken for digits, and the digits they are taken for (D)."""


def refuse_alias(entered: str) -> Refusal | None:
    """Refuse an alias that is too short or too long, or has no digit, a space or another sign.

    It is not repeated: it may be somebody's name.
    """
    fault = alias_fault(entered)
    if fault is None:
        return None
    asked = text("alias.without_digit")
    if fault is AliasFault.SIGNS:
        asked = text("alias.asked", count=len(alias_of(entered)))
    allowed = text("alias.allowed", least=LEAST_SIGNS, most=MOST_SIGNS)
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
