"""Words in the language of the screen.

`_` marks and translates the kiosk's own words; `say` makes words of what the engine sent: the
template of its key with its values. `use` changes the language for every view made after it.
"""

import gettext
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from appliance.link.text_conversion import value_of
from appliance.messages.wire import QuantityView, TextValueView, TextView
from appliance.texts.catalogue import TEXTS
from appliance.texts.english import english
from appliance.texts.languages import ENGLISH, Language, language_of
from appliance.texts.text import Text, TextValue
from appliance.texts.translations import load_messages, sayer_of

FOLDER = Path(__file__).parent
"""The kiosk's own words, a `.po` file for each language."""


class Words(NamedTuple):
    """A language with its messages; both are loaded."""

    language: Language
    own: gettext.NullTranslations
    say: Callable[[TextValue], str]


_words = Words(ENGLISH, gettext.NullTranslations(), english)


@lru_cache(maxsize=2)
def words_of(language: Language) -> Words:
    """Return the words of a language; raises `OSError` without its files."""
    if language.code == ENGLISH.code:
        return Words(ENGLISH, gettext.NullTranslations(), english)
    own = load_messages(FOLDER / f"{language.code}.po")
    return Words(language, own, sayer_of(language))


def use(words: Words) -> None:
    """Make every word from now on in a language."""
    global _words  # noqa: PLW0603 - a screen has one language; views are made anew when it changes
    _words = words


@contextmanager
def using(code: str) -> Iterator[None]:
    """Make words in a language that is offered, then again in the one before."""
    before = _words
    use(words_of(language_of(code)))
    try:
        yield
    finally:
        use(before)


def language() -> Language:
    """Return the language of the screen."""
    return _words.language


def _(message: str) -> str:
    """Return a message of the kiosk in the language of the screen."""
    return _words.own.gettext(message)


def pgettext(context: str, message: str) -> str:
    """Return a message whose English words mean something else elsewhere; `context` says what."""
    return _words.own.pgettext(context, message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the message for that many, which still has its placeholders."""
    return _words.own.ngettext(one, many, count)


def say_row(value: object) -> str:
    """Return a text of a row of a page, which arrives as plain values."""
    if isinstance(value, str | int):
        return str(value)
    return say(msgspec.convert(value, TextView | QuantityView))


def say(value: TextValueView) -> str:
    """Return a text, quantity, number or name that the engine sent, as words."""
    return _words.say(value_of(value))


def choice(kind: str, name: str) -> str:
    """Return a name of an enum of the engine in words: `choice("region", "neck")`."""
    return _words.say(Text(f"choice.{kind}.{name}"))


def text_of(name: str) -> str:
    """Return the text of a key without values, "" for one that the catalogue does not have."""
    return _words.say(Text(name)) if name in TEXTS else ""


def sentence(words: str) -> str:
    """Return words as they begin a sentence: the rest keeps its capitals."""
    if _words.language.code == "tr" and words.startswith("i"):
        return "İ" + words[1:]  # Turkish keeps the dot of its i; İ and I are two letters
    return words[:1].upper() + words[1:]


def listed(*words: str) -> str:
    """Return words apart by the comma of the language."""
    return _words.language.comma.join(words)


def clauses(*words: str) -> str:
    """Return clauses apart by the semicolon of the language."""
    return _words.language.semicolon.join(words)


def decimal(number: str) -> str:
    """Return a number that is written with a point as the language writes it."""
    return number.replace(".", _words.language.point)


def date(iso: str) -> str:
    """Return a day that is written year-month-day as the language writes it."""
    return _words.language.date(iso)
