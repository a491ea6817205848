"""The order of the steps of a cut, and that every step is tried whatever fails."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from appliance.control.output.cut import cut
from appliance.core.plan.slice_shapes import test_slice
from drivers.board_file import load_board_file
from drivers.errors import DaemonLost, LineFailed, StopFailed
from drivers.interfaces import Rig
from drivers.rigs.virtual import open_stepped_rig
from drivers.virtual.board import VirtualBoard

pytestmark = pytest.mark.proves("cut")

a_test_slice = test_slice
a_test_slice.__test__ = False  # type: ignore[attr-defined]


class Spy:
    """Forwards calls and records their order; `fails` names calls that raise instead."""

    def __init__(self, real: Any, calls: list[str], fails: dict[str, Exception]) -> None:
        self._real, self._calls, self._fails = real, calls, fails

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self._calls.append(name)
            if name in self._fails:
                raise self._fails[name]
            return getattr(self._real, name)(*arguments, **named)

        return call


@pytest.fixture
def rig() -> Iterator[Rig]:
    found = open_stepped_rig(VirtualBoard(load_board_file()))
    found.pulses.prepare()
    yield found
    found.close()


def spied(rig: Rig, **fails: Exception) -> tuple[Rig, list[str]]:
    calls: list[str] = []
    parts = {
        name: Spy(getattr(rig, name), calls, fails) for name in ("pulses", "currents", "lines")
    }
    return replace(rig, **parts), calls  # type: ignore[arg-type]


def test_a_cut_stops_waves_then_codes_then_supply(rig: Rig) -> None:
    watched, calls = spied(rig)
    assert cut(watched).failures == ()
    assert calls == ["cut", "write_codes", "set_supply"]


@pytest.mark.proves("daemon-lost")
def test_without_the_daemon_the_supply_goes_first(rig: Rig) -> None:
    watched, calls = spied(rig)
    cut(watched, daemon_lost=True)
    assert calls == ["set_supply", "clear_gates", "cut", "write_codes", "set_supply"]


def test_a_daemon_that_was_only_slow_is_still_stopped_by_a_later_cut(rig: Rig) -> None:
    """Hazard: waves continue while the supply is off, and give current when it returns."""
    gone = DaemonLost("gone")
    watched, _ = spied(rig, cut=gone)
    assert cut(watched, daemon_lost=True).failures == ()
    rig.pulses.begin_stream()
    rig.pulses.play(a_test_slice(1, 1))
    cut(rig, daemon_lost=True)
    assert rig.pulses.poll().idle
    assert not rig.lines.read_inputs().supply_good


def test_a_cut_says_whether_the_supply_line_went_low(rig: Rig) -> None:
    watched, _ = spied(rig, set_supply=LineFailed("no"))
    assert not cut(watched).supply_off
    assert cut(spied(rig, write_codes=LineFailed("no"))[0]).supply_off


@pytest.mark.parametrize("error", [DaemonLost("gone"), StopFailed("no")])
def test_a_daemon_that_fails_during_the_cut_is_bypassed(rig: Rig, error: Exception) -> None:
    watched, calls = spied(rig, cut=error)
    report = cut(watched)
    assert calls[:4] == ["cut", "set_supply", "clear_gates", "write_codes"]
    assert report.failures == (f"waves: {error}",)


def test_every_step_of_a_cut_is_tried_whatever_fails(rig: Rig) -> None:
    no = LineFailed("no")
    watched, calls = spied(rig, cut=no, set_supply=no, clear_gates=no, write_codes=no)
    assert cut(watched).failures == ("waves: no", "supply: no", "kernel gates: no", "codes: no")
    assert calls == ["cut", "set_supply", "clear_gates", "write_codes", "set_supply"]
