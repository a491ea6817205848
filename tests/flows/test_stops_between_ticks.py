"""Stops at the worst moments: between two ticks, in a self-test, while the daemon's tick wraps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from appliance.engine import stepped_engine
from appliance.messages.actions import Acknowledge, Stop, Unlock
from appliance.records.storage.store import open_read_only
from appliance.safety.state_machine.states import Tripped
from drivers.board_file import load_board_file
from drivers.errors import SliceRejected, TransferFailed
from drivers.quantities import Microseconds
from drivers.virtual.board import VirtualBoard
from drivers.virtual.pigpiod.daemon import Daemon
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace

PRESS_US = 4_000
"""Shorter than a tick: without a reading in that time only latch and guard see it."""


def tick_to(clinic: Clinic, at_us: int) -> None:
    """Tick as the engine does, but stop in between two ticks, at `at_us` exactly."""
    while True:
        began_us = clinic.now_us
        clinic.engine.loop.tick()
        if clinic.link.snapshot() is not None:
            clinic.link.shown()
        clinic.engine._next_us = began_us + 10_000
        if at_us < clinic.engine._next_us:
            clinic.board.advance_to_us(at_us)
            return
        clinic.board.advance_to_us(clinic.engine._next_us)


def press_between_ticks(clinic: Clinic, after_us: int) -> int:
    """Press and let go within one tick; return when it was pressed."""
    pressed_us = clinic.now_us + after_us
    tick_to(clinic, pressed_us)
    clinic.board.fault_set("estop")
    clinic.board.advance_to_us(pressed_us + PRESS_US)
    clinic.board.fault_clear("estop")
    clinic.board.advance_to_us(clinic.engine._next_us)
    clinic.wait(300)
    return pressed_us


def trips(clinic: Clinic) -> list[Any]:
    with open_read_only(clinic.data) as db:
        rows = db.execute("SELECT facts ->> 'code' FROM facts WHERE name = 'trip' ORDER BY number")
        return [code for (code,) in rows.fetchall()]


@pytest.mark.proves("self-test")
@pytest.mark.parametrize("tick", [0, 9, 18, 27, *range(33, 40)])
def test_an_estop_pressed_for_4_ms_in_a_self_test_trips(clinic: Clinic, tick: int) -> None:
    """Hazard: the self-test passes, a new guard does not know the press, and nothing reports it."""
    clinic.until("Locked")
    clinic.do(Unlock(operator="anna"))
    press_between_ticks(clinic, tick * 10_000 + 3_300)
    clinic.until("Tripped")
    assert trips(clinic)


@pytest.mark.proves("fault-latch", "guard-watched")
@pytest.mark.parametrize("tick", range(4))
def test_an_estop_pressed_for_4_ms_after_an_acknowledgement_trips_again(
    clinic: Clinic, tick: int
) -> None:
    clinic.treat(level_ua=2_000)
    clinic.board.fault_set("hand-switch")
    clinic.until("Tripped")
    clinic.board.fault_clear("hand-switch")
    clinic.wait(100)
    clinic.do(Acknowledge())
    assert clinic.state == "Ready"
    press_between_ticks(clinic, tick * 10_000 + 3_300)
    assert clinic.state == "Tripped"
    assert set(trips(clinic)[1:]) & {"T01", "T03", "T18"}


@dataclass
class Noting(Clinic):
    """A clinic that records in which state each tick began."""

    seen: dict[int, str] = field(default_factory=dict)

    def tick(self) -> None:
        self.seen[self.now_us] = self.state
        super().tick()


@contextmanager
def wrapping_clinic(folder: Path, wraps_at_us: int, bits: int = 32) -> Iterator[Noting]:
    """Open a clinic whose daemon's tick wraps to 0 at board time `wraps_at_us`.

    With 31 `bits` it comes to the middle instead, where a signed counter turns negative.
    """
    board = VirtualBoard(load_board_file(), record=folder / "trace.vcd")
    board.daemon = Daemon(
        board.timeline, board.pins, spi=board.stage, tick_us=(1 << bits) - wraps_at_us & 0xFFFF_FFFF
    )
    data = folder / "data"
    data.mkdir()
    try:
        with stepped_engine(board, data, 1_700_000_000_000_000) as (engine, link):
            yield Noting(board, engine, link, data, folder / "trace.vcd")
    finally:
        board.close()


WRAPS = {
    "Locked": 30_000,
    "SelfTest": 250_000,
    "ContactCheck": 800_000,
    "Delivering": 2_000_000,
    "RampDown": 2_720_000,
}


@pytest.mark.proves("guard-silence", "stream-watched")
@pytest.mark.parametrize("bits", [31, 32])
@pytest.mark.parametrize("during", WRAPS)
def test_a_session_is_not_disturbed_when_the_tick_of_the_daemon_wraps(
    tmp_path: Path, during: str, bits: int
) -> None:
    """Hazard: after 72 minutes markers are 72 minutes off, or the guard sees a silence."""
    with wrapping_clinic(tmp_path, WRAPS[during], bits) as clinic:
        clinic.treat(level_ua=3_000)
        clinic.do(Stop())
        clinic.until("Finished")
        assert trips(clinic) == []
        (stop,) = clinic.events("stop")
        assert 250_000 <= stop["time_to_zero_us"] <= 450_000
    assert clinic.seen[max(at_us for at_us in clinic.seen if at_us <= WRAPS[during])] == during


def asleep(folder: Path, wraps_at_us: int, bits: int) -> tuple[int, int, int]:
    """Sleep 120 ms in a treatment; return when that began, what the guard saw, the last current."""
    folder.mkdir()
    with wrapping_clinic(folder, wraps_at_us, bits) as clinic:
        clinic.treat(level_ua=6_000)
        began_us = clinic.now_us
        clinic.board.advance_to_us(began_us + 120_000)
        saw = clinic.engine.loop._output.rig.pulses.guard_status().tripped
        clinic.board.close()
        return began_us, saw, Trace(clinic.record).last_current_us()


@pytest.mark.proves("guard-silence")
@pytest.mark.parametrize("bits", [31, 32])
@pytest.mark.parametrize("into_us", [5_000, 79_000, 80_500])
def test_the_guard_times_silence_across_a_wrap_of_the_tick(
    tmp_path: Path, into_us: int, bits: int
) -> None:
    """Hazard: a negative silence is no silence, and an engine that died is not noticed."""
    began_us, saw, _ = asleep(tmp_path / "far", 10**9, bits)
    assert saw == 2
    again_us, saw, last_us = asleep(tmp_path / "near", began_us + into_us, bits)
    assert (again_us, saw) == (began_us, 2)
    assert last_us - began_us <= 100_000


@pytest.mark.proves("estop-engine", "fault-latch")
@pytest.mark.parametrize("tick", range(4))
@pytest.mark.parametrize("opened_ms", [4, 40])
def test_an_estop_between_reading_and_sending_is_named_and_no_underrun(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, tick: int, opened_ms: int
) -> None:
    """Hazard: the e-stop was pressed, and screen and records name an underrun."""
    clinic.treat(level_ua=5_000)
    clinic.ticks(tick)
    loop, clock = clinic.engine.loop, clinic.engine.clock
    attend = loop._attend

    def press_then_attend() -> None:
        monkeypatch.setattr(loop, "_attend", attend)
        clinic.board.fault_set("estop")
        clock.sleep_until(Microseconds(clock.now_us() + 1_000 * min(opened_ms, 8)))
        if opened_ms < 10:
            clinic.board.fault_clear("estop")
        attend()

    monkeypatch.setattr(loop, "_attend", press_then_attend)
    clinic.until("Tripped")
    assert clinic.trip() == ("T03" if opened_ms < 10 else "T01"), "a short one shows in the latch"
    assert clinic.last().summary.cause == ("fault_latch" if opened_ms < 10 else "estop")


@pytest.mark.proves("stream-watched", "cut")
def test_a_slice_too_late_trips_even_when_nothing_can_be_read_any_more(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hazard: the second reading fails too, and a treatment that was cut continues afterwards."""
    clinic.treat(level_ua=5_000)
    loop = clinic.engine.loop

    def unreadable(_now_us: int) -> None:
        monkeypatch.undo()
        raise TransferFailed("nothing to be read")

    def too_late() -> None:
        monkeypatch.setattr(loop._observer, "observe", unreadable)
        raise SliceRejected("the stream has ended")

    monkeypatch.setattr(loop, "_attend", too_late)
    clinic.tick()
    assert isinstance(loop.state.machine.state, Tripped)
    assert not loop._output.supply_on
    assert clinic.currents_ua() == [0, 0]


@pytest.mark.proves("stream-watched", "loop-in-time")
def test_a_late_slice_is_not_reported_as_a_late_loop(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second reading of a tick once found "0 µs since the last tick" and named that first."""
    clinic.treat(level_ua=5_000)

    def too_late() -> None:
        monkeypatch.undo()
        raise SliceRejected("slice 7 is too late: the stream has ended")

    monkeypatch.setattr(clinic.engine.loop, "_attend", too_late)
    clinic.tick()
    told = [each["code"] for each in clinic.events("trip")]
    assert told[0] == "T23"
    assert "T26" not in told
