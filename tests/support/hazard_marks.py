"""Safety tests name the risk controls they prove; a control without proof fails the run.

    @pytest.mark.proves("guard-estop")

A test proves a control if it fails when that control is broken. Names are those of
`appliance.safety.risk.controls`. A test in one of the safety folders that names no control, or an
unknown one, is rejected at collection; `pytest.mark.proves_none` is for a test that checks
something else. The mark of a test adds to that of its file; `proves_none` at a test removes it.
At the end of a complete run each control needs at least one test that passed and none that failed.
"""

from collections.abc import Iterable
from typing import Any

import pytest

from appliance.safety.risk.controls import CONTROLS
from appliance.safety.risk.hazards import HAZARDS

MARK = "proves"
MARK_NONE = "proves_none"
PLACES = (
    "tests/appliance/safety/",
    "tests/flows/",
    "tests/campaigns/faults/",
    "tests/appliance/control/",
    "tests/appliance/drills/",
    "tests/drivers/pigpio/test_guard",
    "tests/drivers/pigpio/test_lost_daemon",
    "tests/drivers/pigpio/test_stream_rules",
    "tests/drivers/rigs/test_daemon_isolation",
    "tests/appliance/link/test_bad_lines",
    "tests/appliance/link/test_message_bounds",
    "tests/appliance/link/test_floods",
    "tests/appliance/link/test_stops_of_leaving_clients",
    "tests/appliance/link/test_places_for_clients",
    "tests/appliance/link/test_roles",
    "tests/appliance/link/test_staleness",
    "tests/appliance/records/test_incident",
    "tests/appliance/records/test_chain",
    "tests/appliance/records/test_journal",
    "tests/appliance/records/test_power_cut",
    "tests/appliance/records/test_recorded_stop_times",
    "tests/appliance/records/test_tampering",
    "tests/drivers/virtual/output_stage/test_hardware_layers",
)
"""Folders in which every test is a safety test."""


def proven_by(item: pytest.Item) -> tuple[str, ...]:
    """Return the controls that a test proves, its own first, without duplicates."""
    names: list[str] = []
    for _, mark in item.iter_markers_with_node():
        if mark.name == MARK_NONE:
            break
        if mark.name == MARK:
            names += map(str, mark.args)
    return tuple(dict.fromkeys(names))


def unproven(passed: Iterable[str], failed: Iterable[str]) -> list[str]:
    """Return a sentence for each control that tests must prove and do not."""
    good, bad = set(passed), set(failed)
    wanted = [name for name, control in CONTROLS.items() if not control.inspect]
    found = []
    for name in wanted:
        hazards = ", ".join(row.hazard.value for row in HAZARDS if name in row.controls)
        if name in bad:
            found.append(f"a test of the control {name} failed (hazards {hazards})")
        elif name not in good:
            found.append(f"no test proves the control {name} (hazards {hazards})")
    return found


class HazardMarks:
    """The plugin's state for one run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._passed: set[str] = set()
        self._failed: set[str] = set()
        self.problems: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Reject tests that name no control where they must, or an unknown one."""
        problems = []
        for item in items:
            names = proven_by(item)
            unknown = [name for name in names if name not in CONTROLS]
            place = item.nodeid.split("::")[0]
            if unknown:
                problems.append(f"{item.nodeid} proves {unknown[0]!r}, which is no control")
            elif not names and place.startswith(PLACES) and not item.get_closest_marker(MARK_NONE):
                problems.append(
                    f"{item.nodeid} names no control: mark it pytest.mark.proves(…) or proves_none"
                )
            item.user_properties.append((MARK, names))
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise pytest.UsageError(problems[0] + more)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record the controls of a test that passed or failed."""
        said = [value for key, value in report.user_properties if key == MARK]
        names = [str(name) for value in said if isinstance(value, list | tuple) for name in value]
        if report.failed:
            self._failed.update(names)
        elif report.when == "call" and report.passed:
            self._passed.update(names)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """After a complete run, fail if a control is not proven."""
        if not self._is_complete(session):
            return
        self.problems = unproven(self._passed, self._failed)
        if self.problems and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print which controls are not proven."""
        for problem in self.problems:
            terminalreporter.write_line(f"UNPROVEN {problem}", red=True)

    def _is_complete(self, session: pytest.Session) -> bool:
        """Say whether all tests ran: none selected or left out, and the run was not aborted."""
        config, option = self._config, self._config.option
        if hasattr(config, "workerinput") or option.collectonly:
            return False
        if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
            return False
        asked = [option.keyword, option.deselect, option.ignore, option.ignore_glob]
        chosen = [*asked, getattr(option, "lf", False), option.markexpr != "not hil"]
        return not any(chosen) and not session.shouldstop and not session.shouldfail


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark and the plugin."""
    config.addinivalue_line("markers", f"{MARK}(*controls): the risk controls this test proves")
    config.addinivalue_line("markers", f"{MARK_NONE}: this safety test proves no risk control")
    config.pluginmanager.register(HazardMarks(config), "hazard-marks")
