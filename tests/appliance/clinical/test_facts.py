"""Every fact is frozen, strict and made of names only; it is recorded whole and read back."""

import importlib
import pkgutil

import msgspec
import pytest

import appliance.clinical
from appliance.clinical.fact import Fact
from appliance.clinical.unit.facts import UnitFact

ROOMS = [
    name
    for _, name, _ in pkgutil.walk_packages(appliance.clinical.__path__, "appliance.clinical.")
    if name.endswith(".facts")
]
FACTS = [
    kind
    for room in ROOMS
    for kind in vars(importlib.import_module(room)).values()
    if isinstance(kind, type)
    and issubclass(kind, Fact | UnitFact)
    and kind.__module__ == room
    and kind is not UnitFact
]


def test_every_room_with_facts_is_found() -> None:
    assert len(ROOMS) >= 5
    assert len(FACTS) >= 30
    assert len({kind.__name__ for kind in FACTS}) == len(FACTS)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: str(kind.__name__))
def test_a_fact_is_frozen_and_refuses_a_field_it_does_not_have(kind: type[msgspec.Struct]) -> None:
    config = kind.__struct_config__
    assert config.frozen
    assert config.forbid_unknown_fields
    with pytest.raises(TypeError):
        kind("P-0015")


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: str(kind.__name__))
def test_a_fact_says_who_recorded_it_and_whether_it_was_simulated(
    kind: type[msgspec.Struct],
) -> None:
    names = {field.name for field in msgspec.structs.fields(kind)}
    assert {"operator", "simulated"} <= names
    assert "patient" in names or issubclass(kind, UnitFact)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: str(kind.__name__))
def test_a_fact_has_a_schema_of_plain_values(kind: type[msgspec.Struct]) -> None:
    assert msgspec.json.schema(kind)
