"""Before a run, print how long it will take and which tests it leaves out."""

import shutil
from collections.abc import Sequence

import pytest

SECONDS_A_TEST = 0.07
"""Measured on two idle cores of a server (M); a busy or slower machine takes several times that."""
PROGRAMS = ("pigs", "sigrok-cli", "ngspice")
MINUTE_S = 60


def notice_line(items: int, left_out: int, missing: Sequence[str]) -> str:
    """Return the line to print before the run."""
    about_s = items * SECONDS_A_TEST
    about = f"{about_s / MINUTE_S:.0f} min" if about_s > MINUTE_S else "a minute"
    line = f"{items} tests, about {about} on a quiet machine"
    if left_out:
        line += f"; {left_out} left out by their marks (hil: needs a Pi with the board)"
    if missing:
        line += f"; not installed, their tests are left out: {', '.join(missing)}"
    return line


class RunNotice:
    """Prints the notice; counts the deselected tests."""

    def __init__(self) -> None:
        self._left_out = 0

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count the tests deselected by marks or names."""
        self._left_out += len(items)

    def pytest_report_collectionfinish(self, items: Sequence[pytest.Item]) -> str:
        """Return the line, printed before the first test."""
        missing = [each for each in PROGRAMS if shutil.which(each) is None]
        return notice_line(len(items), self._left_out, missing)


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin."""
    config.pluginmanager.register(RunNotice(), "run-notice")
