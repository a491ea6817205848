"""Texts in the facts of events: the English as it was shown and, beside it, key and values.

Version 1, before texts had keys: the English only (`detail`, or a list `failures`). Version 2: the
same field, and beside it `key` and `values`, or for a list `texts` with one `{"key", "values"}`
for each line. Old rows are never rewritten. The functions that read make the English from key and
values; they read the English of the row only where it has no key, or one this build does not know.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from appliance.texts.catalogue import TEXTS as KNOWN
from appliance.texts.english import english
from appliance.texts.text import Quantity, Text, TextValue, Unit
from appliance.texts.untrusted import shortened

KEY, VALUES, TEXTS = "key", "values", "texts"
FIELDS = ("detail", "refusal")
"""Fields with the English of one text."""
LISTS = ("failures",)
"""Fields with the English of several."""

MAX_CHARACTERS = 200
"""Characters of a value that are kept: whoever sends long texts must not fill the records."""
RecordedText = dict[str, object]
"""`{"key": ..., "values": {name: ...}}`; a quantity is `{"value": ..., "unit": ...}`."""


class ShownText(NamedTuple):
    """A text of the records in English, and the text itself; `text` is None in version 1."""

    english: str
    text: Text | None


def with_text(field: str, text: Text | None) -> dict[str, object]:
    """Return the facts of one text; a text that is None leaves only an empty field."""
    if text is None:
        return {field: ""}
    return {field: english(text), **to_record(text)}


def with_texts(field: str, texts: Sequence[Text]) -> dict[str, object]:
    """Return the facts of a list of texts."""
    return {field: [english(text) for text in texts], TEXTS: [to_record(text) for text in texts]}


def read_text(facts: Mapping[str, object], field: str) -> ShownText | None:
    """Return the text of a field, None where there is none."""
    shown = facts.get(field)
    if not isinstance(shown, str) or not shown:
        return None
    return _shown(shown, from_record(facts))


def read_texts(facts: Mapping[str, object], field: str) -> tuple[ShownText, ...]:
    """Return the texts of a list, in their order."""
    shown, recorded = facts.get(field), facts.get(TEXTS)
    lines = [str(line) for line in shown] if isinstance(shown, list | tuple) else []
    texts = [from_record(text) for text in recorded] if isinstance(recorded, list | tuple) else []
    if len(texts) != len(lines):  # version 1
        return tuple(ShownText(line, None) for line in lines)
    return tuple(map(_shown, lines, texts))


def in_english(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as a person reads them: each text in English, without its key and values."""
    hidden = {TEXTS} if KEY not in facts or VALUES not in facts else {TEXTS, KEY, VALUES}
    shown = {name: value for name, value in facts.items() if name not in hidden}
    for field in FIELDS:
        shown_text = read_text(facts, field)
        shown |= {} if shown_text is None else {field: shown_text.english}
    for field in LISTS:
        lines = [shown_text.english for shown_text in read_texts(facts, field)]
        shown |= {field: lines} if lines else {}
    return shown


def _shown(recorded: str, text: Text | None) -> ShownText:
    known = text is not None and text.key in KNOWN
    return ShownText(english(text) if text is not None and known else recorded, text)


def to_record(text: Text) -> RecordedText:
    """Return a text as a fact of the journal."""
    return {"key": text.key, "values": {name: _to_record(value) for name, value in text.values}}


def from_record(recorded: object) -> Text | None:
    """Return the text of a fact; None if it is none of this form."""
    value = _from_record(recorded)
    return value if isinstance(value, Text) else None


def _to_record(value: TextValue) -> object:
    if isinstance(value, Text):
        return to_record(value)
    if isinstance(value, Quantity):
        return {"value": value.value, "unit": value.unit.value}
    return shortened(value, MAX_CHARACTERS) if isinstance(value, str) else value


def _from_record(recorded: object) -> TextValue | None:
    match recorded:
        case bool():
            return None
        case int() | str():
            return recorded
        case {"key": str(key), "values": Mapping() as values}:
            read = {str(name): _from_record(value) for name, value in values.items()}
            return Text(key, tuple((name, v) for name, v in read.items() if v is not None))
        case {"value": int(number), "unit": str(unit)}:
            return Quantity(number, Unit(unit)) if unit in set(Unit) else f"{number} {unit}"
        case _:
            return None
