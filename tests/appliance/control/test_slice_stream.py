"""The stream of slices on a stepped board: how many are in flight, and how it ends."""

from collections.abc import Iterator
from functools import partial

import pytest

from appliance.control.output.slice_stream import SliceStream
from appliance.core.limits.limits import Region
from appliance.core.plan.compiler import PlannedSlice, Stage
from appliance.core.plan.slice_shapes import idle_slice, test_slice
from appliance.safety.gate import Gate, Permit
from appliance.safety.state_machine.states import Delivering
from drivers.board_file import load_board_file
from drivers.interfaces import Rig
from drivers.quantities import Microamps, Microseconds
from drivers.rigs.virtual import open_stepped_rig
from drivers.virtual.board import VirtualBoard

TICK_US = 10_000
a_test_slice = test_slice
a_test_slice.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def rig() -> Iterator[Rig]:
    found = open_stepped_rig(VirtualBoard(load_board_file()))
    found.pulses.prepare()
    yield found
    found.close()


class Feeding:
    """A stream of test pulses and silences, stepped by ticks."""

    def __init__(self, rig: Rig, length: int) -> None:
        self.rig = rig
        self.length = length
        self.gate = Gate(rig)
        self.gate.open(Permit(Region.LOWER_BACK, 5_000, (2_000, 0)))
        self.gate.enter(Delivering())
        self.stream = SliceStream(1, self.gate, self.plan, self.amplitudes_for)
        self.asked: list[int] = []

    def plan(self, number: int) -> PlannedSlice | None:
        if number > self.length:
            return None
        pulsing = number % 2 == 0
        piece = a_test_slice(number, 1) if pulsing else idle_slice(number)
        pulses = 2 if pulsing else 0
        return PlannedSlice(piece, 0, Stage.ON, (1_000_000,), (pulses,))

    def amplitudes_for(
        self, planned: PlannedSlice, starts_us: Microseconds
    ) -> tuple[Microamps, ...]:
        assert self.rig.clock.now_us() <= starts_us - 5_000, "too late for the strobe"
        self.asked.append(planned.slice.number)
        return Microamps(2_000 if any(planned.pulses) else 0), Microamps(0)

    def tick(self) -> None:
        now_us = self.rig.clock.now_us()
        self.stream.take(self.rig.pulses.poll())
        self.stream.feed(self.rig.clock.now_us)
        assert self.stream.sent - self.stream.markers <= 3
        self.rig.clock.sleep_until(Microseconds(now_us + TICK_US))


@pytest.mark.proves("finite-slices")
def test_one_slice_plays_and_two_wait_until_the_source_ends(rig: Rig) -> None:
    feeding = Feeding(rig, 12)
    feeding.stream.begin(rig.clock.now_us())
    assert feeding.stream.sent == 3
    played: list[tuple[int, int]] = []
    for _ in range(60):
        feeding.tick()
        playing = feeding.stream.playing
        if playing is not None and playing.planned.slice.number not in [n for n, _ in played]:
            played.append((playing.planned.slice.number, playing.highest_ua[0]))
    assert [number for number, _ in played] == list(range(1, 13))
    assert all(given_ua == (number % 2 == 0) * 1_993 for number, given_ua in played)
    assert feeding.stream.is_spent
    assert feeding.stream.is_over(rig.clock.now_us())
    assert abs(feeding.stream.drift_ppm() or 0) < 1_000
    assert feeding.stream.reading().idle


@pytest.mark.proves("finite-slices")
def test_a_stream_that_is_not_fed_ends_within_100_ms_and_sends_nothing_more(rig: Rig) -> None:
    feeding = Feeding(rig, 100)
    feeding.stream.begin(rig.clock.now_us())
    feeding.tick()
    rig.clock.sleep_until(Microseconds(rig.clock.now_us() + 100_000))
    sent = feeding.stream.sent
    feeding.tick()
    assert feeding.stream.sent == sent
    assert feeding.stream.reading().idle


@pytest.mark.proves("whole-slices")
def test_no_code_is_written_while_the_strobe_may_still_be_low(rig: Rig) -> None:
    """The DAC is transparent then: the code would act in the slice that has just begun."""
    feeding = Feeding(rig, 12)
    feeding.stream.begin(rig.clock.now_us())
    while feeding.stream.playing is None or feeding.stream.playing.planned.slice.number < 2:
        feeding.tick()
    playing = feeding.stream.playing
    feeding.asked.clear()
    for since_us, written in ((0, False), (15, False), (999, False), (1_000, True)):
        at_us = Microseconds(playing.start_us + since_us)
        feeding.stream.feed(partial(Microseconds, at_us))
        assert bool(feeding.asked) is written, since_us
