"""The measured values that are shown: right, after a few pulses at every rate, and never old."""

import random
from types import SimpleNamespace
from typing import Any

import pytest

from appliance.control.engine_state import EngineState, SetupState
from appliance.control.output.sampled_pulses import PulseTracker
from appliance.control.tick.last_measurements import ChannelMeasurements
from appliance.core.plan.compiler import compile_next, first_cursor
from appliance.core.plan.decode import decode_slice
from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.waveform import Biphasic, Burst
from appliance.safety.interlocks.readings import ChannelReading
from drivers.interfaces import HeldReading
from drivers.quantities import Channel, Microamps, Microseconds, Millivolts
from tests.appliance.safety.interlocks.bench import GOOD_STREAM, ORDER, but, readings
from tests.support.strategies import prescription

pytestmark = pytest.mark.proves("stop-record")

SET_UA = 20_000
FIRST_OHM, SECOND_OHM = 830, 540
TICK_US = 10_000


class Scene:
    """Two channels of a train whose slices are reported a little early or late, as by a daemon."""

    def __init__(self, period_us: int, offset_us: int, burst: Burst | None = None) -> None:
        self.period_us = period_us
        asked = prescription(
            waveform=Biphasic(100), period_us=period_us, channels=(1, 2), burst=burst
        )
        self.chance = random.Random(period_us * 31 + offset_us)
        self.plan = plan_train(asked)
        self.cursor, self.number, self.now_us = first_cursor(self.plan), 1, offset_us
        self.ends_us = 0
        self.trackers = {1: PulseTracker(), 2: PulseTracker()}
        self.true_ends: dict[int, list[int]] = {1: [], 2: []}
        self.engine = EngineState.for_channels(2)
        treatment: Any = SimpleNamespace(longest_period_us=period_us)
        self.engine.claim(SetupState)(SetupState(treatment))
        self.measurer = ChannelMeasurements(self.engine)
        self.stream = but(GOOD_STREAM, number=1)
        self.ohms = (FIRST_OHM, SECOND_OHM)

    def tick(self) -> None:
        """Play up to now and take the readings of a tick."""
        self.now_us += TICK_US
        while self.ends_us <= self.now_us:
            found = compile_next(self.plan, self.cursor, self.number)
            assert found is not None
            planned, self.cursor = found
            self.number += 1
            pulses = decode_slice(planned.slice, 2)
            start_us = self.ends_us + self.chance.randint(-900, 900)
            for n, tracker in self.trackers.items():
                ends_us = tuple(each.end_us for each in pulses if each.channel == n)
                self.true_ends[n] += [self.ends_us + each for each in ends_us]
                tracker.played(start_us, ends_us, SET_UA, 100)
            self.ends_us += planned.slice.duration_us
        self.take()

    def take(self, number: int = 1) -> None:
        channels = tuple(self._reading(n) for n in (1, 2))
        stream = but(self.stream, number=number)
        tick = readings(now_us=Microseconds(self.now_us), channels=channels, stream=stream)
        self.measurer.take(tick)

    def _reading(self, number: int) -> ChannelReading:
        ended = sum(each <= self.now_us for each in self.true_ends[number])
        held = HeldReading(Microamps(0), Millivolts(0))
        if ended:
            sign = ORDER[(ended - 1) % 4]
            ohm = self.ohms[sign < 0]
            held = HeldReading(Microamps(sign * SET_UA), Millivolts(sign * SET_UA * ohm // 1_000))
        seen = self.trackers[number].at(self.now_us, SET_UA)
        return ChannelReading(
            channel=Channel(number),
            set_low_ua=seen.low_ua,
            set_high_ua=seen.high_ua,
            ceiling_ua=Microamps(60_000),
            held=held,
            held_at_us=Microseconds(self.now_us),
            pulses=seen.pulses,
            phase_us=seen.phase_us,
            mean_period_us=Microseconds(self.period_us),
            exact=seen.exact,
            pulses_most=seen.most,
        )


def shown(scene: Scene, channel: int) -> tuple[int | None, int | None]:
    seen = scene.engine.measured.channels[channel]
    return seen.measured_ua, seen.contact_ohm


RIGHT = (SET_UA, (FIRST_OHM + SECOND_OHM) // 2)


def arrives(scene: Scene, within_us: int) -> None:
    """Let time pass until both channels show the right values, and check that they stay."""
    for _ in range(within_us // TICK_US + 1):
        scene.tick()
    for _ in range(max(40, 3 * scene.period_us // TICK_US)):
        assert [shown(scene, n) for n in (1, 2)] == [RIGHT, RIGHT], scene.now_us
        scene.tick()


@pytest.mark.parametrize("first_hz", range(1, 251, 25))
def test_at_every_rate_a_measured_value_is_shown_within_four_pulses(first_hz: int) -> None:
    """Hazard: at 100 per second every reading is near the end of a pulse, and none is ever used."""
    for rate_hz in range(first_hz, first_hz + 25):
        period_us = -(-1_000_000 // rate_hz)
        for offset_us in (0, 300, 2_500, 7_100):
            arrives(Scene(period_us, offset_us), 4 * period_us + 60_000)


@pytest.mark.parametrize(
    "period_us", [4_000, 5_000, 7_500, 7_501, 9_990, 9_999, 10_001, 10_010, 15_000, 30_000, 30_030]
)
def test_rates_in_step_with_the_tick_are_measured_from_any_offset(period_us: int) -> None:
    for offset_us in range(0, 10_000, 700):
        arrives(Scene(period_us, offset_us), 4 * period_us + 60_000)


@pytest.mark.parametrize(
    ("pulses", "inner_us"),
    [(3, 4_000), (4, 5_000), (7, 10_000), (8, 4_000), (8, 10_000), (2, 5_000)],
)
def test_bursts_are_measured_and_their_values_last_until_the_next_burst(
    pulses: int, inner_us: int
) -> None:
    for offset_us in (0, 2_500, 7_100):
        scene = Scene(500_000, offset_us, Burst(pulses, inner_us))
        arrives(scene, 2_200_000)


def test_a_value_disappears_soon_after_the_pulses_end() -> None:
    scene = Scene(20_000, 0)
    arrives(scene, 200_000)
    for gone_us in range(TICK_US, 200_000, TICK_US):  # pulses end, the stream goes on
        scene.now_us += TICK_US
        scene.take()
        measured, ohm = shown(scene, 1)
        if gone_us <= 70_000:
            assert (measured, ohm) == RIGHT
        assert measured is None or gone_us <= 90_000 + TICK_US
        assert ohm is None or gone_us <= 130_000 + TICK_US
    assert shown(scene, 1) == (None, None)


def test_without_a_stream_no_current_is_shown_and_contact_keeps_its_last_value() -> None:
    scene = Scene(20_000, 0)
    arrives(scene, 200_000)
    scene.take(number=0)
    assert shown(scene, 1) == (None, RIGHT[1])
    scene.measurer.take_contact(1, 999)  # as a contact check leaves it
    scene.now_us += 60_000_000
    scene.take(number=0)
    scene.take(number=2)
    assert shown(scene, 1) == (SET_UA, 999)
    scene.now_us += 170_000
    scene.take(number=2)
    assert shown(scene, 1) == (None, None)


@pytest.mark.proves_none
def test_a_voltage_of_another_pulse_than_the_current_is_not_used_for_contact() -> None:
    scene = Scene(20_000, 0)
    arrives(scene, 200_000)
    before = shown(scene, 1)
    scene.now_us += TICK_US
    torn = but(
        scene._reading(1),
        held=HeldReading(Microamps(SET_UA), Millivolts(-1)),
        pulses=10_000,
        set_low_ua=Microamps(SET_UA),
        set_high_ua=Microamps(SET_UA),
    )
    tick = readings(now_us=Microseconds(scene.now_us), channels=(torn,), stream=scene.stream)
    scene.measurer.take(tick)
    assert shown(scene, 1) == before
