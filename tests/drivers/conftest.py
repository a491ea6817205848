"""What the drivers' tests stand on."""

from collections.abc import Iterator

import pytest

from tests.drivers.bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Give a prepared two-channel board; faults may have killed its daemon by the end."""
    bench = Bench().prepare()
    yield bench
    bench.board.close()
