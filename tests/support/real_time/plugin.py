"""Rerun a real-time test if the machine, and not the product, was late.

Board and engine must run within milliseconds of when they want to, and the product ends its output
when it is delayed: that is correct, and says nothing about the behaviour under test. So a process
on each core measures how late the machine wakes it, with higher priority than ours. A test that is
marked `realtime`, or uses real processes in a `house`, is rerun if it fails while a monitor saw a
delay; if it fails without a delay, it counts as failed at once. After `ATTEMPTS` runs, each
delayed, or after `SPOILED_S` spent in such runs, it is skipped as not judged, and the summary says
so.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.support.real_time.delay_monitors import DelayMonitors

ATTEMPTS = 6
LATE_MS = 10.0
"""Half of the 20 ms in which a daemon must answer (docs/design.md section 5)."""
SPOILED_S = 480.0
"""Per test run: on a machine as slow as that, more reruns do not help."""
TEST_S = 1_800
"""A limit against hanging, like the one in pyproject.toml for the other tests."""


def is_real_time(item: pytest.Item) -> bool:
    """Say whether a test runs board and engine as processes in real time."""
    return item.get_closest_marker("realtime") is not None or "house" in getattr(
        item, "fixturenames", ()
    )


def skip_as_not_judged(reports: Sequence[pytest.TestReport], held_ms: float) -> None:
    """Turn the failures of a test into skips that give the reason."""
    why = f"not judged: in each run of it the machine held us up, last for {held_ms:.0f} ms"
    for report in reports:
        if report.failed:
            path, line, _ = report.location
            report.outcome, report.longrepr = "skipped", (path, line or 0, why)


class RealTime:
    """The plugin's state for one run."""

    def __init__(self, make: Callable[[], DelayMonitors] = DelayMonitors) -> None:
        self._make = make
        self._monitors: DelayMonitors | None = None
        self.again: list[str] = []
        self.spoiled_s = 0.0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give a test that may be rerun a longer time limit."""
        for item in items:
            if is_real_time(item) and item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(TEST_S * ATTEMPTS))

    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Run a real-time test until it passes, or fails on a machine that was in time."""
        if not is_real_time(item):
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in self._judged(item, nextitem):
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def _judged(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Sequence[pytest.TestReport]:
        """Return the reports of the run that counts."""
        self._monitors = monitors = self._monitors or self._make()
        attempt = 0
        while True:
            monitors.reset()
            began_s = time.monotonic()
            reports = runtestprotocol(item, log=False, nextitem=nextitem)
            held_ms = monitors.worst_ms()
            if held_ms < LATE_MS or not any(report.failed for report in reports):
                return reports
            attempt += 1
            self.spoiled_s += time.monotonic() - began_s
            self.again.append(f"{item.nodeid} (run {attempt}: {held_ms:.0f} ms)")
            if attempt == ATTEMPTS or self.spoiled_s > SPOILED_S:
                skip_as_not_judged(reports, held_ms)
                return reports

    def pytest_unconfigure(self) -> None:
        """End the monitors."""
        if self._monitors is not None:
            self._monitors.close()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print which tests the machine spoiled."""
        for spoiled in self.again:
            terminalreporter.write_line(f"HELD UP by the machine: {spoiled}", yellow=True)


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin."""
    config.pluginmanager.register(RealTime(), "real-time")
