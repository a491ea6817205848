"""A clinic for each flow."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clinic import Clinic, open_clinic


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with open_clinic(tmp_path) as found:
        yield found
