"""What the English words of a key are in another language of the kiosk."""

import re
from collections.abc import Callable
from functools import cache

from appliance.texts.languages import language_of
from ui.kiosk.locale.words import words_of

_PLACEHOLDER = re.compile(r"\\{(\w+)[^}]*\\}")


@cache
def spoken(code: str) -> Callable[[str], str]:
    """Return what translates the words with which tests find keys.

    Words that are no message, such as an alias or the name of an action, stay as they are.
    """
    messages = words_of(language_of(code)).own
    table: dict[object, str] = getattr(messages, "_catalog", {})
    known = {key: text for key, text in table.items() if isinstance(key, str) and key}
    patterns = [(_pattern(key), text) for key, text in known.items() if key.count("{") == 1]

    def translated(text: str) -> str:
        whole = next((known[key] for key in known if key == text), "")
        begun = next((known[key] for key in known if key.startswith(text)), "")
        if whole or begun:
            return whole or begun
        for pattern, template in patterns:
            if found := pattern.match(text):
                return template.format(**found.groupdict())
        return text

    return translated


def _pattern(message: str) -> "re.Pattern[str]":
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>\\d+)", re.escape(message)) + r"\b")
