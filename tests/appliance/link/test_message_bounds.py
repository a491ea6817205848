"""Every text, number and list of every message has a bound in its type."""

import importlib
import pkgutil
import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from msgspec import Meta

from appliance import messages
from appliance.link.codec import BadLine, decode_from_client
from appliance.messages.actions import Command, Prescribe

pytestmark = pytest.mark.proves("bad-input")

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.iter_modules(messages.__path__, f"{messages.__name__}.")
]
WIRE = [
    found
    for module in MODULES
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, msgspec.Struct)
    if found.__module__ == module.__name__ and found.__struct_fields__
]
WIDEST = 2**63
LONGEST = 8_192
"""Characters of the longest text: an eighth of a line, so that several fit one."""


def unbounded(hint: Any, bounds: tuple[Meta, ...] = ()) -> Iterator[str]:
    """Name every part of a type that has no bound."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        own = tuple(each for each in hint.__metadata__ if isinstance(each, Meta))
        yield from unbounded(hint.__origin__, (*bounds, *own))
    elif origin in {typing.Union, types.UnionType}:
        for part in parts:
            yield from unbounded(part)
    elif hint is int:
        low = [each.ge for each in bounds if each.ge is not None]
        high = [each.le for each in bounds if each.le is not None]
        if not low or not high or min(low) < -WIDEST or max(high) > WIDEST:
            yield "a number"
    elif hint is str or origin in {tuple, list, dict}:
        most = [each.max_length for each in bounds if each.max_length is not None]
        if not most or min(most) > LONGEST:
            yield "a text" if hint is str else "a list"
        for part in parts:
            yield from unbounded(part) if part not in {..., object} else ()
    elif hint is float or hint is bytes or hint is Any:
        yield str(hint)


@pytest.mark.parametrize("message", WIRE, ids=lambda message: message.__name__)
def test_every_field_of_every_message_is_bounded(message: type) -> None:
    hints = get_type_hints(message, include_extras=True)
    assert {name: found for name, hint in hints.items() if (found := [*unbounded(hint)])} == {}


@pytest.mark.proves_none
def test_all_messages_are_looked_at() -> None:
    assert {each.__name__ for each in WIRE} >= {
        "Command",
        "Query",
        "Hello",
        "Prescribe",
        "Snapshot",
    }
    assert len(WIRE) > 20
    of_messages = {each.__module__ for each in WIRE}
    rules = {f"appliance.messages.{name}" for name in ("aliases", "pins")}
    assert {module.__name__ for module in MODULES} - of_messages == rules


@pytest.mark.proves_none
@pytest.mark.parametrize("hint", [int, str, tuple[str, ...], int | None, Annotated[str, Meta()]])
def test_the_look_finds_what_has_no_bound(hint: Any) -> None:
    assert [*unbounded(hint)]


def sent(**fields: object) -> bytes:
    action = {"type": "prescribe", "programme": "p", **fields}
    return msgspec.json.encode({"type": "command", "request": 5, "action": action})


HUGE = b"1" * 2_200
ODD = {
    "2200 digits": sent().replace(b'"p"', b'"p","ceiling_ua":' + HUGE),
    "5000 digits": sent().replace(b'"p"', b'"p","ceiling_ua":' + b"9" * 5_000),
    "a request of 2200 digits": sent().replace(b":5", b":" + HUGE),
    "over 63 bits": sent().replace(b":5", b":9223372036854775808"),
    "NaN": sent().replace(b'"p"', b'"p","ceiling_ua":NaN'),
    "infinite": sent().replace(b'"p"', b'"p","ceiling_ua":1e999'),
    "a fraction": sent(ceiling_ua=0.5),
    "a true": sent(ceiling_ua=True),
    "a lone surrogate": sent().replace(b'"p"', b'"\\ud800"'),
    "half a pair": sent().replace(b'"p"', b'"\\ud800\\u0041"'),
    "a raw surrogate": sent().replace(b'"p"', b'"\xed\xa0\x80"'),
    "no UTF-8": sent().replace(b'"p"', b'"\xff"'),
    "a long programme": sent(programme="x" * 60_000),
    "a long reason": sent(reason="x" * 501),
    "many channels": sent(channels=list(range(1, 40))),
    "deep": sent().replace(b'"p"', b"[" * 50_000),
    "deep in an unknown field": sent().replace(b'"p"', b'"p","x":' + b'{"a":' * 10_000),
    "a long unknown field": sent(**{"x" * 60_000: 1}),
    "a long action": b'{"type":"command","request":5,"action":{"type":"' + b"x" * 60_000 + b'"}}',
    "a long client": b'{"type":"hello","version":2,"build":"b","peer":"' + b"x" * 60_000 + b'"}',
    "a long session": sent().replace(b'"request"', b'"session":"' + b"s" * 65 + b'","request"'),
}


@pytest.mark.parametrize("line", ODD.values(), ids=ODD.keys())
def test_an_odd_value_is_a_short_refusal_of_that_line(line: bytes) -> None:
    found = decode_from_client(line)
    assert isinstance(found, BadLine)
    assert len(found.problem) < 260
    assert found.request in {0, 5}


def test_what_only_the_limits_can_judge_passes() -> None:
    found = decode_from_client(sent(ceiling_ua=500_000, duration_us=7_200_000_000, channels=[9]))
    assert isinstance(found, Command)
    assert isinstance(found.action, Prescribe)
