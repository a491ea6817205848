"""The event that each kind of fact about the unit becomes. Recorded: a name never changes."""

from collections.abc import Mapping
from functools import lru_cache

from appliance.clinical.patients.events import event_of
from appliance.clinical.unit import facts
from appliance.clinical.unit.facts import UnitFact


@lru_cache(maxsize=1)
def unit_fact_types() -> Mapping[str, type[UnitFact]]:
    """Return every kind of fact about the unit by its event."""
    kinds = (value for value in vars(facts).values() if isinstance(value, type))
    return {
        event_of(kind): kind
        for kind in kinds
        if issubclass(kind, UnitFact) and kind is not UnitFact
    }
