"""A healthy unit in numbers: what the loop would read, tick by tick, during a treatment.

Pulses at their times, sample-and-hold in its order, skin that falls with current and differs
between phases, converters with their steps and a little noise. No product code computes here.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from appliance.safety.interlocks.readings import ChannelReading, Readings, Sample
from drivers.interfaces import GuardStatus, HeldReading
from drivers.quantities import Channel, Microamps, Microseconds, Millivolts
from tests.appliance.safety.interlocks.bench import GOOD_STREAM, MS, ORDER, S, but, readings

TICK_US = 10 * MS
SLICE_US = 25 * MS
UNSURE_US = 1 * MS
CURRENT_STEP_UA = 120_000 / 2_048
VOLTAGE_STEP_MV = 150_000 / 2_048


@dataclass(frozen=True)
class Train:
    """Pulses of one channel: when each ends, how wide, and the amplitude at a time."""

    ends_us: list[int]
    phase_us: Callable[[int], int]
    amplitude_ua: Callable[[int], int]
    mean_period_us: int
    carrier: bool = False


def steady(rate_hz: float, seconds: int) -> list[int]:
    return [int((n + 1) * S / rate_hz) for n in range(int(rate_hz * seconds))]


def bursts(rate_hz: float, pulses: int, inner_us: int, seconds: int) -> list[int]:
    starts = steady(rate_hz, seconds)
    return [start + n * inner_us for start in starts for n in range(pulses)]


def contractions(ends_us: list[int], on_us: int, off_us: int) -> list[int]:
    return [end for end in ends_us if end % (on_us + off_us) < on_us]


def envelope(
    level_ua: Callable[[int], int], on_us: int, off_us: int, up_us: int, down_us: int
) -> Callable[[int], int]:
    def amplitude_ua(at_us: int) -> int:
        place = at_us % (on_us + off_us)
        share = min(place / up_us, (on_us - place) / down_us, 1.0)
        return int(level_ua(at_us) * max(share, 0.0))

    return amplitude_ua


def rising(to_ua: int) -> Callable[[int], int]:
    """Return a level raised by taps of 0.5 mA every 0.4 s, lowered by a third after a while."""

    def level_ua(at_us: int) -> int:
        level = min(to_ua, at_us // 400_000 * 500)
        return level if at_us < 25 * S else level * 2 // 3

    return level_ua


def play(train: Train, seconds: int, seed: int = 1) -> Iterator[Readings]:
    """Give the readings of every tick of a healthy treatment."""
    chance = random.Random(seed)
    sure_before = 0
    for tick in range(1, seconds * S // TICK_US):
        now_us = tick * TICK_US
        done = bisect_right(train.ends_us, now_us)
        sure = bisect_right(train.ends_us, now_us - UNSURE_US)
        maybe = bisect_right(train.ends_us, now_us + UNSURE_US)
        codes = {_code(train, n) for n in range(max(sure, 1), maybe + 1)} if maybe else {0}
        codes |= {_code(train, sure_before)} if sure == sure_before and sure else set()
        sure_before = sure
        reading = ChannelReading(
            channel=Channel(1),
            set_low_ua=Microamps(min(codes)),
            set_high_ua=Microamps(max(codes)),
            ceiling_ua=Microamps(100_000),
            held=_held(train, done, chance),
            held_at_us=Microseconds(now_us),
            pulses=sure,
            phase_us=Microseconds(train.phase_us(train.ends_us[maybe - 1]) if maybe else 0),
            mean_period_us=Microseconds(train.mean_period_us),
            exact=sure == maybe,
            pulses_most=maybe,
        )
        yield _tick(now_us, reading)


def _code(train: Train, number: int) -> int:
    """Return the amplitude latched for pulse `number` (from 1): that of its slice's start."""
    return train.amplitude_ua(train.ends_us[number - 1] // SLICE_US * SLICE_US)


def _held(train: Train, done: int, chance: random.Random) -> HeldReading:
    if not done:
        return HeldReading(Microamps(0), Millivolts(0))
    sign = ORDER[(done - 1) % 4]
    current_ua = _code(train, done)
    phase_us = train.phase_us(train.ends_us[done - 1])
    # Skin: 200 Ω and, across 180 nF, 3 kΩ at 2 mA falling to 1 kΩ at 20 mA (log of current).
    share = min(max(math.log10(max(current_ua, 1) / 2_000), 0.0), 1.0)
    parallel_ohm = 3_000 * (1 / 3) ** share
    gone = math.exp(-phase_us / (parallel_ohm * 0.18))
    second = sign < 0
    shown = parallel_ohm * ((1 - gone) * (1 - gone if second else 1))
    voltage_mv = current_ua * (200 + shown) / 1_000
    return HeldReading(
        Microamps(_step(sign * current_ua, CURRENT_STEP_UA, chance)),
        Millivolts(_step(sign * voltage_mv, VOLTAGE_STEP_MV, chance)),
    )


def _step(value: float, size: float, chance: random.Random) -> int:
    return round(round(value / size + chance.uniform(-0.5, 0.5)) * size)


def _tick(now_us: int, reading: ChannelReading) -> Readings:
    markers = now_us // SLICE_US + 1
    stream = but(
        GOOD_STREAM,
        begun_us=Microseconds(0),
        sent=markers + 2,
        markers=markers,
        slice_ends_us=Microseconds(markers * SLICE_US),
        drift_ppm=None if markers < 10 else 150,
    )
    asked_us = Microseconds(now_us // (50 * MS) * 50 * MS)
    return readings(
        now_us=Microseconds(now_us),
        wall_us=Microseconds(1_800_000_000 * S + now_us),
        inputs_at_us=Microseconds(now_us),
        guard=GuardStatus(running=True, alive=asked_us // MS, tripped=0),
        guard_at_us=asked_us,
        channels=(reading,),
        rail=Sample(Millivolts(119_500), asked_us),
        reference=Sample(Millivolts(2_503), asked_us),
        stream=stream,
        supply_at_us=Microseconds(-10 * S),
        screen_at_us=Microseconds(now_us // S * S),
    )
