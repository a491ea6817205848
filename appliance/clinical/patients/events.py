"""The event that each kind of fact becomes in the journal. Recorded: a name never changes."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import ModuleType

import msgspec

from appliance.clinical.closing import facts as closing
from appliance.clinical.course import facts as course
from appliance.clinical.exercises import facts as exercises
from appliance.clinical.fact import Fact
from appliance.clinical.outcomes import facts as outcomes
from appliance.clinical.patients import facts as patients
from appliance.clinical.placement import facts as placement
from appliance.clinical.pre_use import facts as pre_use
from appliance.clinical.screening import facts as screening
from appliance.clinical.skin import facts as skin

_MODULES = (patients, screening, skin, placement, pre_use, outcomes, exercises, closing, course)


def event_of(kind: type[msgspec.Struct]) -> str:
    """Return the event of a kind of fact: PatchTestRead becomes patch_test_read."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


@lru_cache(maxsize=1)
def fact_types() -> Mapping[str, type[Fact]]:
    """Return every kind of fact about a patient by its event."""
    return {event_of(kind): kind for module in _MODULES for kind in _kinds(module)}


def _kinds(module: ModuleType) -> Iterator[type[Fact]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Fact) and value is not Fact:
            yield value
