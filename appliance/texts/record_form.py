"""Texts as the records keep them: JSON with a key and values, beside the English that was shown."""

from collections.abc import Mapping

from appliance.texts.text import Quantity, Text, TextValue, Unit
from appliance.texts.untrusted import shortened

MAX_CHARACTERS = 200
"""Characters of a value that are kept: whoever sends long texts must not fill the records."""
RecordedText = dict[str, object]
"""`{"key": ..., "values": {name: ...}}`; a quantity is `{"value": ..., "unit": ...}`."""


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
