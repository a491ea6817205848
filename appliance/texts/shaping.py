"""Arabic letters joined, a line in the order it is seen, and the font of each part of it.

The forms of joined letters are characters of their own in the font (U+FE70 and on): no shaper is
needed, and every machine draws the same. Text without an Arabic letter passes unchanged.
"""

from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from appliance.texts.direction import (
    ARABIC,
    END_ISOLATE,
    ISOLATE,
    isolated,
    runs_right_to_left,
)
from appliance.texts.fonts import ARABIC as ARABIC_FONT
from appliance.texts.fonts import LATIN

RIGHT_MARK = "\u200f"
MIRRORED = {
    ord(letter): f"{RIGHT_MARK}{other}{RIGHT_MARK}"
    for letter, other in ("()", ")(", "[]", "][", "«»", "»«")
}
"""Brackets as they are seen in a line from right to left; `get_display` does not turn them."""
UNSEEN = frozenset((ISOLATE, END_ISOLATE, RIGHT_MARK))


class Run(NamedTuple):
    """A part of a line in one font, in the order it is seen."""

    text: str
    font: str


@lru_cache(maxsize=512)
def joined(text: str) -> str:
    """Return a text in the order it is read, its letters in the forms they have when joined."""
    if not runs_right_to_left(text):
        return text
    import arabic_reshaper

    return str(arabic_reshaper.reshape(isolated(text).translate(MIRRORED)))


def broken(line: str, word: str) -> tuple[str, str]:
    """Return a line of joined letters and the word after it, isolated by themselves.

    What is isolated may be longer than a line: it ends with the line and begins again.
    """
    if line.count(ISOLATE) == line.count(END_ISOLATE):
        return line, word
    return f"{line}{END_ISOLATE}", f"{ISOLATE}{word}"


def font_for(letter: str) -> str:
    """Return the font that has a letter, wherever it stands."""
    return ARABIC_FONT if ARABIC.match(letter) else LATIN


@lru_cache(maxsize=2048)
def runs_of(line: str) -> tuple[Run, ...]:
    """Return a line of joined letters from left to right as it is seen, split by font."""
    if not runs_right_to_left(line) and UNSEEN.isdisjoint(line):
        return (Run(line, LATIN),)
    from bidi import get_display

    seen = str(get_display(line, base_dir="R"))
    shown = [letter for letter in seen if letter not in UNSEEN]
    by_font = groupby(shown, font_for)
    return tuple(Run("".join(letters), font) for font, letters in by_font)
