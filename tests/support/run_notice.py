"""Before a run, print how long it will take and which tests it leaves out."""

import shutil
import sys
from collections.abc import Sequence

import pytest

SECONDS_A_TEST = 0.12
"""Measured on two idle cores of a server (M); a busy or slower machine takes several times that."""
PROGRAMS = ("pigs", "sigrok-cli", "ngspice", "Xvfb", "xdotool")
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


def missing_programs() -> list[str]:
    """Return the programs that some tests compare with and that are not installed."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class RunNotice:
    """Prints the notice; counts the deselected tests."""

    def __init__(self) -> None:
        self._left_out = 0

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count the tests deselected by marks or names."""
        self._left_out += len(items)

    def pytest_report_collectionfinish(self, items: Sequence[pytest.Item]) -> str:
        """Return the line, printed before the first test."""
        return notice_line(len(items), self._left_out, missing_programs())


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin."""
    config.pluginmanager.register(RunNotice(), "run-notice")


if __name__ == "__main__":
    absent = ", ".join(missing_programs())
    left = f"; not installed, their tests are left out: {absent}" if absent else ""
    sys.stdout.write(f"all tests, some 15 min on two quiet cores, several at a time{left}\n")
