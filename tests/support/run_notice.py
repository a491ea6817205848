"""Say before a run what it will take and what it leaves out, so that nobody waits in the dark."""

import shutil
from collections.abc import Sequence

import pytest

SECONDS_A_TEST = 0.07
"""On two quiet cores of a server (M); a busy or slower machine takes several times as long."""
PROGRAMS = ("pigs", "sigrok-cli", "ngspice")
MINUTE_S = 60


def what_it_takes(items: int, left_out: int, missing: Sequence[str]) -> str:
    """Return the line that tells it."""
    about_s = items * SECONDS_A_TEST
    about = f"{about_s / MINUTE_S:.0f} min" if about_s > MINUTE_S else "a minute"
    line = f"{items} tests, about {about} on a quiet machine"
    if left_out:
        line += f"; {left_out} left out by their marks (hil: needs a Pi with the board)"
    if missing:
        line += f"; not installed, their tests are left out: {', '.join(missing)}"
    return line


class ToldFirst:
    """Counts what is chosen and what is left out."""

    def __init__(self) -> None:
        self._left_out = 0

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count the tests that marks or names leave out."""
        self._left_out += len(items)

    def pytest_report_collectionfinish(self, items: Sequence[pytest.Item]) -> str:
        """Say it before the first test."""
        missing = [each for each in PROGRAMS if shutil.which(each) is None]
        return what_it_takes(len(items), self._left_out, missing)


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin."""
    config.pluginmanager.register(ToldFirst(), "told-first")
