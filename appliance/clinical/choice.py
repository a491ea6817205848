"""Texts of answers a person chooses from: each member of an enum has a key of its own."""

import re
from enum import IntEnum, StrEnum

from appliance.texts.text import Text

_BEFORE_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def choice_text(choice: StrEnum | IntEnum) -> Text:
    """Return an answer in words; its key is made of the enum's name and the recorded value."""
    kind = _BEFORE_CAPITAL.sub("_", type(choice).__name__).lower()
    return Text(f"choice.{kind}.{choice.value}")
