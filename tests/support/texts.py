"""Texts in tests: a refusal in English, and a text sent over the link and back."""

from string import Formatter
from typing import NamedTuple

import msgspec

from appliance.core.refusal import Refusal
from appliance.link.text_conversion import value_of
from appliance.messages.replies import Refused
from appliance.messages.wire import TextView
from appliance.texts.catalogue import TEXTS
from appliance.texts.english import SHOWN, english
from appliance.texts.text import Quantity, Text, TextValue


class Said(NamedTuple):
    """A refusal in English."""

    limit: str
    asked: str
    allowed: str
    nearest: str

    def text(self) -> str:
        return f"{self.limit}: asked {self.asked}, allowed {self.allowed}; nearest {self.nearest}"


def said(answer: Refusal | Refused) -> Said:
    """Return a refusal in English; each of its texts is in the catalogue and has its values."""
    texts: tuple[TextValue, ...]
    if isinstance(answer, Refused):
        texts = tuple(map(value_of, (answer.asked, answer.allowed, answer.nearest)))
    else:
        texts = (answer.asked, answer.allowed, answer.nearest)
    texts = (Text(answer.rule), *texts)
    assert [problem for value in texts for problem in problems(value)] == []
    return Said(*map(english, texts))


def problems(value: TextValue) -> list[str]:
    """Return what is wrong with a text, at any depth: its key, its values or their units."""
    if not isinstance(value, Text):
        return []
    if value.key not in TEXTS:
        return [f"{value.key} is not in the catalogue"]
    values = dict(value.values)
    fields = [(name, how) for _, name, how, _ in Formatter().parse(TEXTS[value.key]) if name]
    found = [] if {name for name, _ in fields} == values.keys() else [f"{value}: other values"]
    for name, how in fields:
        inner = values.get(name)
        if (
            how
            and how in SHOWN
            and (not isinstance(inner, Quantity) or inner.unit is not SHOWN[how][0])
        ):
            found.append(f"{value}: {name} cannot be shown as {how}")
    return found + [problem for inner in values.values() for problem in problems(inner)]


def over_the_link(view: TextView) -> TextView:
    """Return a text after encoding and decoding as a line of the link; raises like the decoder."""
    return msgspec.json.decode(msgspec.json.encode(view), type=TextView)
