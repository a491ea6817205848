"""Ticks as slow as the slices: a stop or a lower level still acts, or the output is cut."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from appliance.messages.actions import Stop
from appliance.safety import levels
from drivers.errors import SliceRejected
from tests.support.clinic import Clinic, open_clinic
from tests.support.recorded_trace import Trace

WITHIN_US = 500_000
ENDED = {"Finished", "Tripped"}


class SlowLoop:
    """A control loop whose every tick takes `cost_us` longer."""

    def __init__(self, clinic: Clinic, cost_us: int) -> None:
        self._clinic, self._loop, self._cost_us = clinic, clinic.engine.loop, cost_us

    def tick(self) -> None:
        self._loop.tick()
        self._clinic.board.advance_to_us(self._clinic.now_us + self._cost_us)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)


@contextmanager
def treating(folder: Path, programme: str) -> Iterator[Clinic]:
    with open_clinic(folder) as clinic:
        clinic.treat(programme, level_ua=2_000, channels=(1,))
        clinic.until("Delivering")
        yield clinic


def forced(clinic: Clinic, period_us: int) -> None:
    """Run one tick and let the next begin exactly `period_us` after this one."""
    began_us = clinic.now_us
    clinic.engine.loop.tick()
    clinic.link.snapshot()
    clinic.link.shown()
    clinic.board.advance_to_us(began_us + period_us)


def ends_in_time(clinic: Clinic, asked_us: int) -> None:
    clinic.board.close()
    assert Trace(clinic.record).last_current_us() - asked_us <= WITHIN_US


@pytest.mark.proves("loop-in-time", "soft-fall")
@pytest.mark.parametrize("phase_us", range(0, 20_000, 2_500))
def test_a_stop_ends_the_current_although_each_tick_takes_as_long_as_a_slice(
    tmp_path: Path, phase_us: int
) -> None:
    """Hazard: slices of 20 ms, ticks of 12 ms rounded up to 20, every code too late."""
    with treating(tmp_path, "brief-intense-tens") as clinic:
        clinic.board.advance_to_us(clinic.now_us + phase_us)
        clinic.engine._next_us = -1
        clinic.engine.loop = SlowLoop(clinic, 12_000)  # type: ignore[assignment]
        clinic.ticks(2)
        asked_us = clinic.now_us
        clinic.link.send(Stop())
        while clinic.state not in ENDED and clinic.now_us - asked_us < 2 * WITHIN_US:
            clinic.tick()
        assert clinic.state in ENDED
        ends_in_time(clinic, asked_us)


@pytest.mark.proves("loop-in-time", "soft-fall")
@pytest.mark.parametrize("phase_us", range(0, 25_000, 2_500))
def test_a_stop_ends_the_current_although_ticks_begin_a_slice_apart(
    tmp_path: Path, phase_us: int
) -> None:
    """Hazard: slices of 25 ms, and ticks 25 ms apart."""
    with treating(tmp_path, "conventional-tens") as clinic:
        clinic.board.advance_to_us(clinic.now_us + phase_us)
        forced(clinic, 25_000)
        asked_us = clinic.now_us
        clinic.link.send(Stop())
        while clinic.state not in ENDED and clinic.now_us - asked_us < 2 * WITHIN_US:
            forced(clinic, 25_000)
        assert clinic.state in ENDED
        ends_in_time(clinic, asked_us)


@pytest.mark.proves("loop-in-time")
def test_ticks_that_are_late_for_every_slice_trip_without_any_command(
    tmp_path: Path,
) -> None:
    """Hazard: an operator lowers the level, and the current does not get lower."""
    with treating(tmp_path, "conventional-tens") as clinic:
        playing = clinic.engine.loop._output.stream
        assert playing is not None
        assert playing.playing is not None
        clinic.board.advance_to_us(playing.playing.end_us + 23_000)
        for _ in range(5):
            forced(clinic, 25_000)
        assert clinic.state == "Tripped"
        (trip,) = clinic.events("trip")
        assert (trip["code"], trip["detail"]) == ("T26", "codes late at slice after slice")


@pytest.mark.proves("loop-in-time")
def test_one_late_tick_does_not_trip(tmp_path: Path) -> None:
    with treating(tmp_path, "conventional-tens") as clinic:
        for _ in range(8):
            forced(clinic, 22_000)
            clinic.ticks(6)
        assert clinic.state == "Delivering"


@pytest.mark.proves("soft-fall")
def test_a_ramp_down_that_does_not_lower_is_cut_after_450_ms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with treating(tmp_path, "conventional-tens") as clinic:
        monkeypatch.setattr(levels, "ramp_down", lambda amplitude_ua, _: amplitude_ua)
        asked_us = clinic.now_us
        clinic.do(Stop())
        clinic.until("Tripped")
        (trip,) = clinic.events("trip")
        assert (trip["code"], trip["detail"]) == ("T26", "the ramp down took over 450 ms")
        assert clinic.last().summary.outcome == "tripped"
        ends_in_time(clinic, asked_us)


@pytest.mark.proves("stream-watched", "loop-in-time", "stop-record")
@pytest.mark.parametrize(
    ("passed_ms", "code", "detail"),
    [
        (0, "T23", ""),
        (30, "T23", ""),
        (70, "T26", "70000 µs since the last tick"),
    ],
)
def test_the_trip_of_a_late_slice_names_what_made_it_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passed_ms: int, code: str, detail: str
) -> None:
    """Hazard: "control loop late, 0 µs since the last tick", and current that ended in no time."""
    with treating(tmp_path, "conventional-tens") as clinic:

        def too_late() -> None:
            monkeypatch.undo()
            clinic.board.advance_to_us(clinic.now_us + passed_ms * 1_000)
            raise SliceRejected("slice 7 is too late: the last one sent is playing")

        monkeypatch.setattr(clinic.engine.loop, "_attend", too_late)
        clinic.until("Tripped")
        first = clinic.events("trip")[0]
        assert (first["code"], detail in first["detail"]) == (code, True)
        assert not [each for each in clinic.events("trip") if each["detail"][:10] == "0 µs since"]
        stop = clinic.events("stop")[-1]
        assert stop["cause_known_by"] != "judged"
        assert stop["time_to_zero_us"] > 0
        clinic.board.close()
        flowed_us = Trace(clinic.record).last_current_us() - stop["cause_at_us"]
        assert stop["time_to_zero_us"] >= flowed_us


@pytest.mark.proves("stream-watched", "dac-readback")
@pytest.mark.parametrize("ticks", range(4))  # each of the slow readings has its turn
def test_the_cut_for_a_late_slice_causes_no_further_trip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ticks: int
) -> None:
    """Hazard: "the output level does not follow its command, call service" after a busy moment."""
    with treating(tmp_path, "conventional-tens") as clinic:
        clinic.ticks(ticks)

        def too_late() -> None:
            monkeypatch.undo()
            raise SliceRejected("slice 7 is too late: the last one sent is playing")

        monkeypatch.setattr(clinic.engine.loop, "_attend", too_late)
        clinic.until("Tripped")
        assert [each["code"] for each in clinic.events("trip")] == ["T23"]
