"""A pytest plugin: the tests in the order and with the settings that suit mutants.

The same examples each time, so that a mutant's fate does not change between two runs; and the
tests that draw examples last, since most mutants fall to a plain one before.
"""

import pytest
from hypothesis import settings

settings.register_profile(
    "mutation", derandomize=True, database=None, deadline=None, max_examples=60
)
settings.load_profile("mutation")


SLOW = ("test_clean_treatments", "test_state_sequences", "test_pulse_properties")
"""Files that take seconds, of which mutants rarely need one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the plain tests first and those that take long last."""
    items.sort(key=_cost)


def _cost(item: pytest.Item) -> tuple[bool, bool]:
    test = getattr(item, "obj", None)
    return item.path.stem in SLOW, bool(getattr(test, "is_hypothesis_test", False))
