"""The clock of a waiting board: never ahead of the machine, delayed when the machine is late."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from drivers.quantities import Microseconds
from drivers.rigs import virtual as virtual_rig
from drivers.rigs.virtual import WaitingClock
from drivers.virtual.shared_time import SeenTime, ShownTime


class Machine:
    """A machine's clock that advances when a program sleeps or when the test makes it late."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        """Return the machine's time in seconds."""
        return self.now_s

    def sleep(self, seconds: float) -> None:
        """Advance the machine's time."""
        self.now_s += seconds


class Board:
    """The control socket of a board whose time a client controls."""

    def __init__(self) -> None:
        self.time_us = 7_000
        self.asked: list[str] = []

    def ask(self, do: str, **arguments: Any) -> Mapping[str, Any]:
        """Answer as the board does."""
        self.asked.append(do)
        self.time_us = max(self.time_us, arguments.get("to_us", 0))
        return {"time_us": self.time_us}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(virtual_rig, "time", machine)
    return machine


@pytest.fixture
def shown(tmp_path: Path) -> ShownTime:
    return ShownTime(tmp_path / "clock")


def clock_on(board: Board, tmp_path: Path) -> WaitingClock:
    return WaitingClock(board, SeenTime(tmp_path / "clock"))  # type: ignore[arg-type]


def until(clock: WaitingClock, at_us: int) -> None:
    clock.sleep_until(Microseconds(at_us))


@pytest.mark.usefixtures("shown")
def test_the_clock_controls_the_board_from_the_start_and_never_runs_ahead_of_the_machine(
    machine: Machine, tmp_path: Path
) -> None:
    board = Board()
    clock = clock_on(board, tmp_path)
    assert board.asked == ["time", "advance"]
    until(clock, 17_000)
    assert machine.now_s == pytest.approx(100.010)
    assert (clock.now_us(), board.time_us) == (17_000, 17_000)


@pytest.mark.usefixtures("shown")
def test_lateness_up_to_a_tenth_of_a_second_is_caught_up_and_a_longer_one_delays_board_time(
    machine: Machine, tmp_path: Path
) -> None:
    clock = clock_on(Board(), tmp_path)
    machine.now_s += 0.09
    until(clock, 17_000)
    assert machine.now_s == pytest.approx(100.09)
    until(clock, 107_000)
    assert machine.now_s == pytest.approx(100.1)
    machine.now_s += 30.0
    until(clock, 117_000)
    until(clock, 127_000)
    assert machine.now_s == pytest.approx(130.11)


def test_time_advanced_by_a_slow_command_is_seen_without_a_request(
    machine: Machine, shown: ShownTime, tmp_path: Path
) -> None:
    board = Board()
    clock = clock_on(board, tmp_path)
    del board.asked[:]
    shown.show(7_300)
    assert (clock.now_us(), board.asked) == (7_300, [])
    assert machine.now_s == 100.0


@pytest.mark.usefixtures("machine")
def test_another_thread_gets_the_last_value_read(shown: ShownTime, tmp_path: Path) -> None:
    clock = clock_on(Board(), tmp_path)
    shown.show(9_000)
    told: list[int] = []
    thread = threading.Thread(target=lambda: told.append(clock.now_us()))
    thread.start()
    thread.join()
    assert told == [7_000]
    assert clock.now_us() == 9_000
