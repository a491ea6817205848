"""A pytest plugin: test order and settings for judging mutants.

The examples are the same each time, so that a mutant's outcome does not vary between runs; the
tests that draw examples run last, since most mutants fail a plain test first.
"""

import pytest
from hypothesis import settings

settings.register_profile(
    "mutation", derandomize=True, database=None, deadline=None, max_examples=60
)
settings.load_profile("mutation")


SLOW = ("test_clean_treatments", "test_state_sequences", "test_pulse_properties")
"""Files that take seconds and are rarely needed to kill a mutant."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move plain tests to the front and slow ones to the end."""
    items.sort(key=_cost)


def _cost(item: pytest.Item) -> tuple[bool, bool]:
    test = getattr(item, "obj", None)
    return item.path.stem in SLOW, bool(getattr(test, "is_hypothesis_test", False))
