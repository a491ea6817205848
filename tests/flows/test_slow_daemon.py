"""Slow round trips: codes that reach the DAC after their strobe are not recorded as played.

Hazard: a fall comes a slice late, and records and interlocks believe it came in time.
"""

from bisect import bisect_right
from itertools import pairwise
from math import ceil
from typing import Any

import pytest

from appliance.messages.actions import Fall, Stop
from drivers.pigpio.output import PigpioOutput
from drivers.quantities import DacCode
from drivers.slices import Slice
from drivers.spi.current_source import SpiCurrentSource
from tests.support.clinic import Clinic
from tests.support.recorded_trace import Trace

FULL_SCALE_UA = 120_000


class Delays:
    """Makes each sent slice, and each write of codes, take this much board time."""

    def __init__(self, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
        self.play_us = self.write_us = 0
        self.writes: list[int] = []
        board = clinic.board
        play, write = PigpioOutput.play, SpiCurrentSource.write_codes

        def slow_play(output: PigpioOutput, piece: Slice) -> None:
            play(output, piece)
            board.advance_to_us(board.now_us + self.play_us)

        def slow_write(source: SpiCurrentSource, codes: tuple[DacCode, ...]) -> None:
            board.advance_to_us(board.now_us + self.write_us)
            write(source, codes)
            if self.play_us:
                self.writes.append(board.now_us)

        monkeypatch.setattr(PigpioOutput, "play", slow_play)
        monkeypatch.setattr(SpiCurrentSource, "write_codes", slow_write)


@pytest.fixture
def delays(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Delays:
    return Delays(clinic, monkeypatch)


def true_charge_pc(trace: Trace, channel: int, since_us: int) -> float:
    """Return the charge of the positive phases, from gate times and DAC codes."""
    total = 0.0
    gate = trace.changes(f"gate{channel}_pos")
    for (on_us, level), (off_us, _) in pairwise(gate):
        if level and on_us >= since_us:
            code = trace.value(f"dac{channel}", on_us)
            total += code * FULL_SCALE_UA / 4_096 * (off_us - on_us)
    return total


def falls_under(clinic: Clinic, delays: Delays, play_us: int, write_us: int) -> int:
    """Lower the level step by step; return when the session began."""
    clinic.start()
    began_us = clinic.now_us
    clinic.raise_to(10_000)
    delays.play_us, delays.write_us = play_us, write_us
    for _ in range(7):
        for channel in (1, 2):
            clinic.link.send(Fall(channel=channel, step_ua=1_000))
        clinic.wait(110)
        if clinic.state != "Delivering":
            break
    delays.play_us = delays.write_us = 0
    return began_us


@pytest.mark.proves("stop-record")
@pytest.mark.parametrize(
    ("play_us", "write_us"), [(0, 0), (8_000, 0), (12_000, 0), (15_000, 0), (0, 8_000), (0, 15_000)]
)
def test_the_recorded_dose_is_never_below_the_charge_that_flowed(
    clinic: Clinic, delays: Delays, play_us: int, write_us: int
) -> None:
    began_us = falls_under(clinic, delays, play_us, write_us)
    if clinic.state == "Delivering":
        clinic.do(Stop(cut=True))
    clinic.until("Finished", "Tripped")
    doses: dict[Any, Any] = {each["channel"]: each["charge_pc"] for each in clinic.last().dose}
    clinic.board.close()
    trace = Trace(clinic.record)
    for channel, booked_pc in doses.items():
        true_pc = true_charge_pc(trace, channel, began_us)
        assert 0.999 * true_pc <= booked_pc <= 1.03 * true_pc


@pytest.mark.proves("set-against-measured")
@pytest.mark.parametrize(("play_us", "write_us"), [(0, 0), (12_000, 0), (0, 15_000)])
def test_the_recorded_codes_contain_the_code_the_dac_had(
    clinic: Clinic, delays: Delays, play_us: int, write_us: int
) -> None:
    booked: list[tuple[int, int, int]] = []
    feeder: Any = clinic.engine.loop._feeder
    count = feeder._count

    def noting(played: Any) -> None:
        booked.append((played.start_us, played.lowest_ua[0], played.highest_ua[0]))
        count(played)

    feeder._count = noting
    falls_under(clinic, delays, play_us, write_us)
    clinic.board.close()
    trace = Trace(clinic.record)
    steps = trace.recording.get("dac1")
    assert len(booked) > 50
    for start_us, lowest_ua, highest_ua in booked:
        place = bisect_right(steps.times_ns, (start_us + 19) * 1_000) - 1
        given_ua = ceil(steps.values[place] * 120_000 / 4_095)
        assert lowest_ua <= given_ua <= highest_ua, start_us


@pytest.mark.proves("whole-slices")
def test_no_write_of_codes_begins_within_5_ms_of_its_strobe_after_a_slow_send(
    clinic: Clinic, delays: Delays
) -> None:
    falls_under(clinic, delays, 12_000, 0)
    clinic.board.close()
    strobes = [at for at, level in Trace(clinic.record).changes("ldac_n") if level == 0]
    assert len(delays.writes) >= 5
    for at_us in delays.writes:
        assert min(each for each in strobes if each > at_us) - at_us >= 5_000
