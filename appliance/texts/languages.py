"""The languages of the screen: their own names, how numbers and dates are written, direction.

Every figure is a western one. A language is offered once all of its messages are translated.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Language(NamedTuple):
    """A language; `name` in its own words, `day` a date with {year}, {month} and {day}."""

    code: str
    name: str
    point: str = ","
    day: str = "{day}.{month}.{year}"
    comma: str = ", "
    semicolon: str = "; "
    right_to_left: bool = False
    reviewed: bool = False
    """Whether a clinician who grew up with the language has read its messages."""

    def date(self, iso: str) -> str:
        """Return a date that is written year-month-day as this language writes it."""
        year, _, rest = iso.partition("-")
        month, _, day = rest.partition("-")
        return self.day.format(year=year, month=month, day=day) if day else iso


ENGLISH = Language("en", "English", point=".", day="{year}-{month}-{day}", reviewed=True)
KNOWN: Mapping[str, Language] = {
    language.code: language
    for language in (
        ENGLISH,
        Language("de", "Deutsch"),
        Language("fr", "Français", day="{day}/{month}/{year}"),
        Language("es", "Español", day="{day}/{month}/{year}"),
        Language("it", "Italiano", day="{day}/{month}/{year}"),
        Language("pt", "Português", day="{day}/{month}/{year}"),
        Language("pl", "Polski"),
        Language("tr", "Türkçe"),
        Language(
            "ar",
            "العربية",
            point=".",
            day="{day}/{month}/{year}",
            comma="\u060c ",
            semicolon="\u061b ",
            right_to_left=True,
        ),
    )
}
"""Every language with a file of messages, by its code."""
OFFERED: tuple[str, ...] = ("en", "de", "fr", "es", "it", "pt", "pl", "tr", "ar")
"""Languages whose messages are complete: a test compares this with the files."""


def language_of(code: str) -> Language:
    """Return a language that is offered, English for any other code."""
    return KNOWN[code] if code in OFFERED else ENGLISH
