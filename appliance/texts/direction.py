"""Texts that run from right to left: which they are, and numbers that stay together in them."""

import re

ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
ISOLATE, END_ISOLATE = "\u2066", "\u2069"
"""Round what runs from left to right within a text from right to left (Unicode UAX 9)."""
NO_BREAK = "\u00a0"
_WORD = r"[-+\u2212\u2013]?[A-Za-z0-9]+(?:[.,:/\u2013-][A-Za-z0-9]+)*%?"
_UNIT = (
    r"(?:mA|µA|µC|kΩ|Ω|cm|mm|m|µs|ms|s|kHz|Hz|mV|V|mW|µW|ppm|min|h|%|°C|/s)(?![A-Za-z])"
    r"(?:/cm)?²?(?:/s)?"
)
NUMBERS = re.compile(rf"{_WORD}(?: [×/–-] {_WORD})*(?:[ {NO_BREAK}]{_UNIT})?")
"""Numbers and names with numbers (L1–L5), joined by a sign, with the unit behind them."""
_SOURCE = (
    rf"[A-Za-z]+ \d{{4}}, {_WORD}(?:[,/]? {_WORD}| = {_WORD})*"
    rf"|doi {_WORD}(?:/ {_WORD})*"
    rf"|\b[A-Za-z] = {_WORD}"
)
RUNS = re.compile(rf"(?P<source>{_SOURCE})|{NUMBERS.pattern}")
"""What runs from left to right: a source (author, year, doi), which may be broken, or a number."""


def runs_right_to_left(text: str) -> bool:
    """Return whether a text runs from right to left: it has an Arabic letter."""
    return ARABIC.search(text) is not None


def isolated(text: str) -> str:
    """Return a text whose numbers keep their order and their units, and are not broken."""
    return RUNS.sub(_isolate, text)


def _isolate(found: re.Match[str]) -> str:
    words = found[0]
    if found["source"]:
        return f"{ISOLATE}{words}{END_ISOLATE}"
    if not any(letter.isdigit() for letter in words):
        return words
    return f"{ISOLATE}{words.replace(' ', NO_BREAK)}{END_ISOLATE}"
