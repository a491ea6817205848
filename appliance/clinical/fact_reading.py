"""Read a fact from plain values, as a client or a record gives them; what is wrong is refused.

A value that does not fit is answered with its field and what would be accepted there. It is not
repeated: it may be anything.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec import inspect

from appliance.core.refusal import Refusal
from appliance.texts.common_phrases import at_least, at_most, between, listed
from appliance.texts.text import Text, TextValue, text

KindOfFact = TypeVar("KindOfFact", bound=msgspec.Struct)
SHOWN = 12
"""Accepted values that a refusal lists at most."""
_PATH = re.compile(r"`(\$[^`]*)`$")
_STEP = re.compile(r"\.(\w+)|(\[\.\.\.\]|\[\d+\])")
_NAMED = re.compile(r"Object (?:missing required|contains unknown) field `([^`]*)`")
_OF_KEY = "at `key` in "
_RULE = "refusal.fact"


def read_fact(kind: type[KindOfFact], values: Mapping[str, object]) -> KindOfFact | Refusal:
    """Return the fact, or what would be accepted in the first field that does not fit."""
    try:
        return msgspec.convert(dict(values), kind)
    except msgspec.ValidationError as error:
        return _refusal(kind, str(error))


def _refusal(kind: type[msgspec.Struct], error: str) -> Refusal:
    path = _PATH.search(error)
    steps = [match[1] or "" for match in _STEP.finditer(path[1])] if path else []
    named = _NAMED.search(error)
    if named is not None and "missing" in error:
        steps.append(named[1])
        asked = text("fact.missing", field=_field(steps))
    elif named is not None:
        asked = text("fact.unknown_field")
    else:
        asked = text("fact.wrong_value", field=_field(steps) or "-")
    allowed = _accepted(inspect.type_info(kind), steps, of_key=_OF_KEY in error)
    return Refusal(_RULE, asked, allowed, text("fact.nearest"))


def _field(steps: list[str]) -> str:
    return ".".join(step for step in steps if step)


def _accepted(info: inspect.Type, steps: list[str], *, of_key: bool) -> TextValue:
    """Return what is accepted at the end of a path of fields, list items and values by key."""
    info = _inner(info)
    if not steps:
        if of_key and isinstance(info, inspect.DictType):
            return _values(_inner(info.key_type))
        return _values(info)
    step, *rest = steps
    match info:
        case inspect.StructType(fields=fields):
            found = next((field for field in fields if field.name == step), None)
            return _values(info) if found is None else _accepted(found.type, rest, of_key=of_key)
        case inspect.DictType(value_type=item) | inspect.VarTupleType(item_type=item):
            return _accepted(item, rest, of_key=of_key)
        case _:
            return _values(info)


def _inner(info: inspect.Type) -> inspect.Type:
    """Return a type without "or nothing" and without its metadata."""
    while True:
        match info:
            case inspect.UnionType(types=types):
                info = next(each for each in types if not isinstance(each, inspect.NoneType))
            case inspect.Metadata(type=inner):
                info = inner
            case _:
                return info


def _values(info: inspect.Type) -> TextValue:
    match info:
        case inspect.EnumType(cls=values):
            return _listed([str(each.value) for each in values])
        case inspect.BoolType():
            return _listed(["true", "false"])
        case inspect.IntType(ge=least, le=most):
            return _number(least, most)
        case inspect.StructType(fields=fields):
            return text("fact.fields", names=_listed([field.name for field in fields]))
        case _:
            return text(_PLAIN.get(type(info), "fact.another_value"))


_PLAIN: Mapping[type[inspect.Type], str] = {
    inspect.StrType: "fact.a_text",
    inspect.DictType: "fact.names_and_values",
    inspect.VarTupleType: "fact.a_list",
}


def _number(least: int | None, most: int | None) -> TextValue:
    if least is not None and most is not None:
        return between(least, most)
    if least is not None:
        return at_least(least)
    return text("fact.a_whole_number") if most is None else at_most(most)


def _listed(values: list[str]) -> TextValue:
    if len(values) <= SHOWN:
        return listed(values)
    return Text("fact.and_more", (("values", listed(values[:SHOWN])),))
