"""Words in the language of the screen.

`_` marks and translates the kiosk's own words; `say` makes words of what the engine sent: the
English template of its key with its values. Numbers keep western figures.
"""

from collections.abc import Callable

import msgspec

from appliance.link.text_conversion import value_of
from appliance.messages.wire import QuantityView, TextValueView, TextView
from appliance.texts.english import english
from appliance.texts.text import Text


def _english(message: str) -> str:
    return message


_translate: Callable[[str], str] = _english


def _(message: str) -> str:
    """Return a message of the kiosk in the language of the screen."""
    return _translate(message)


def say_row(value: object) -> str:
    """Return a text of a row of a page, which arrives as plain values."""
    if isinstance(value, str | int):
        return str(value)
    return say(msgspec.convert(value, TextView | QuantityView))


def say(value: TextValueView) -> str:
    """Return a text, quantity, number or name that the engine sent, as words."""
    return english(value_of(value))


def choice(kind: str, name: str) -> str:
    """Return a name of an enum of the engine in words: `choice("region", "neck")`."""
    return english(Text(f"choice.{kind}.{name}"))


def sentence(words: str) -> str:
    """Return words as they begin a sentence: the rest keeps its capitals."""
    return words[:1].upper() + words[1:]
