"""Fixtures of the drivers' tests."""

from collections.abc import Iterator

import pytest

from tests.drivers.bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A prepared two-channel board; a fault may have killed its daemon by the end."""
    bench = Bench().prepare()
    yield bench
    bench.board.close()
