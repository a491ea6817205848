"""Only real-time tests are excused, and only on a machine that was late."""

import time
from itertools import chain, repeat

import pytest

from tests.support.hang import HANG_S
from tests.support.real_time import plugin
from tests.support.real_time.delay_monitors import DelayMonitors
from tests.support.real_time.plugin import RealTime

FAILS_TWICE = """
import pytest
runs = []
@pytest.fixture
def fresh(): return []
{mark}
def test_it(fresh):
    fresh.append(1)
    runs.append(1)
    assert fresh == [1], "a fixture of an earlier run"
    assert len(runs) > {fails}
"""
MARK = "@pytest.mark.realtime"


class FakeMonitors(DelayMonitors):
    """Monitors that report given delays, one for each run of a test."""

    def __init__(self, *worst_ms: float) -> None:
        self._worst_ms = chain(worst_ms, repeat(worst_ms[-1]))

    def reset(self) -> None:
        """Do nothing: each call of `worst_ms` gives the next delay."""

    def worst_ms(self) -> float:
        return next(self._worst_ms)

    def close(self) -> None:
        """Do nothing: there are no processes."""


def run(pytester: pytest.Pytester, fails: int, *worst_ms: float, mark: str = MARK) -> list[str]:
    """Run a test that fails this often before it passes; return the lines pytest printed."""
    pytester.makepyfile(FAILS_TWICE.format(mark=mark, fails=fails))
    pytester.makeini("[pytest]\nmarkers = realtime: real\n")
    arguments = ("-p", "no:randomly", "-p", "no:real-time", "-rs")
    plugins = [RealTime(lambda: FakeMonitors(*worst_ms))]
    return list(pytester.runpytest_inprocess(*arguments, plugins=plugins).outlines)


def test_a_test_that_was_held_up_runs_again_with_fixtures_of_its_own(
    pytester: pytest.Pytester,
) -> None:
    lines = run(pytester, 2, 40.0, 10.0, 0.1)
    assert "1 passed" in lines[-1]
    held_up = [line.partition("::")[2] for line in lines if line.startswith("HELD UP")]
    assert held_up == ["test_it (run 1: 40 ms)", "test_it (run 2: 10 ms)"]


def test_a_test_fails_at_once_on_a_machine_that_was_in_time(pytester: pytest.Pytester) -> None:
    assert "1 failed" in run(pytester, 1, 9.9)[-1]


def test_a_failure_in_time_counts_whatever_was_before(pytester: pytest.Pytester) -> None:
    assert "1 failed" in run(pytester, 2, 40.0, 0.1)[-1]


def test_a_test_that_needs_no_time_is_never_excused(pytester: pytest.Pytester) -> None:
    assert "1 failed" in run(pytester, 1, 40.0, mark="")[-1]


def test_what_was_held_up_in_each_of_six_runs_is_not_judged_and_said(
    pytester: pytest.Pytester,
) -> None:
    assert "1 passed" in run(pytester, 5, 40.0)[-1]
    lines = run(pytester, 6, 40.0)
    assert "1 skipped" in lines[-1]
    assert any("not judged: in each run of it the machine held us up" in line for line in lines)


def test_a_whole_run_gives_its_minutes_to_repeats_only_so_far(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin, "SPOILED_S", 0.0)
    lines = run(pytester, 1, 40.0)
    assert "1 skipped" in lines[-1]


def test_a_monitor_measures_that_it_was_not_run() -> None:
    """The monitor is suspended for 60 ms, as on a machine that is busy with other work."""
    monitors = DelayMonitors()
    try:
        until_s = time.monotonic() + HANG_S
        while not monitors.worst_ms() and time.monotonic() < until_s:
            time.sleep(0.005)
        monitors.suspend(0.06)
        while monitors.worst_ms() < 50 and time.monotonic() < until_s:
            time.sleep(0.005)
        assert monitors.worst_ms() > 50
    finally:
        monitors.close()
