"""One rule for free text that is kept: a reason, the name of an operator.

Somebody reads it later to learn why, or who. A text that shows nothing (blanks, invisible
characters, only signs) answers neither, and one that steers the display (control characters,
changes of direction) may show something else than what was written.
"""

import unicodedata

from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import NONE
from appliance.texts.text import Text
from appliance.texts.text import text as text_of

_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
"""Letters and signs of Unicode that are drawn as nothing."""
_JOINERS = frozenset("\u200c\u200d")
"""Invisible, but part of the spelling in some scripts; allowed among letters."""
_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories: controls, invisible formats, surrogates, private, unassigned, line ends."""


def says_something(text: str) -> bool:
    """Return whether a text can be read: one line with a letter or digit, no display control."""
    shown = [char for char in text if char not in _JOINERS]
    return any(map(_is_read, shown)) and not any(map(_steers, shown))


def _refuse_text(rule: str, text: str, wanted: Text, nearest: Text) -> Refusal | None:
    """Refuse a text that says nothing; it is not repeated, for it may steer a terminal."""
    if says_something(text):
        return None
    asked = text_of("text.unreadable", count=len(text)) if text.strip() else NONE
    return Refusal(rule, asked, text_of("text.allowed", wanted=wanted), nearest)


def refuse_reason(reason: str) -> Refusal | None:
    """Refuse a clinician's reason that says nothing."""
    wanted, nearest = text_of("reason.wanted"), text_of("reason.nearest")
    return _refuse_text("refusal.reason", reason, wanted, nearest)


def refuse_operator(operator: str) -> Refusal | None:
    """Refuse a name of who does something that names nobody."""
    wanted, nearest = text_of("operator.wanted"), text_of("operator.nearest")
    return _refuse_text("refusal.operator", operator, wanted, nearest)


def _is_read(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" and char not in _BLANK_LETTERS


def _steers(char: str) -> bool:
    return unicodedata.category(char) in _STEERING
