"""No rule trips or warns in a healthy treatment of any kind, with noise, and each fault does."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from appliance.safety.interlocks.judge import InterlockMemory, judge
from appliance.safety.interlocks.readings import Readings
from appliance.safety.interlocks.rule import Caution
from appliance.safety.trips.trip import Trip
from drivers.interfaces import HeldReading
from drivers.quantities import Microamps, Millivolts
from tests.appliance.safety.interlocks.bench import S, but
from tests.appliance.safety.interlocks.treatment import (
    Train,
    bursts,
    contractions,
    envelope,
    play,
    rising,
    steady,
)

pytestmark = pytest.mark.proves("phase-missing")

SECONDS = 40


def fixed(phase_us: int) -> Callable[[int], int]:
    return lambda _: phase_us


def swept(at_us: int) -> int:
    """Sweep 60 to 250 µs and back in 4 s."""
    place = at_us % (4 * S) * 380 // (4 * S)
    return 60 + min(place, 380 - place)


def motor(rate_hz: float, phase_us: int, level_ua: int) -> Train:
    ends = contractions(steady(rate_hz, SECONDS), 10 * S, 10 * S)
    amplitude = envelope(rising(level_ua), 10 * S, 10 * S, 2 * S, 1 * S)
    return Train(ends, fixed(phase_us), amplitude, int(S / rate_hz))


def burst_ac(cycles: int) -> Train:
    ends = contractions(bursts(50, cycles, 400, SECONDS), 10 * S, 10 * S)
    amplitude = envelope(rising(40_000), 10 * S, 10 * S, 2 * S, 1 * S)
    return Train(ends, fixed(190), amplitude, 20_000 // cycles, carrier=True)


TREATMENTS = {
    "conventional TENS": Train(steady(100, SECONDS), fixed(100), rising(25_000), 10_000),
    "fast TENS": Train(steady(250, SECONDS), fixed(80), rising(20_000), 4_000),
    "odd rate": Train(steady(133, SECONDS), fixed(150), rising(20_000), 7_518),
    "low-rate TENS": Train(steady(2, SECONDS), fixed(200), rising(30_000), 500_000),
    "burst TENS": Train(bursts(2, 7, 10_000, SECONDS), fixed(200), rising(30_000), 71_428),
    "modulated TENS": Train(steady(90, SECONDS), swept, rising(25_000), 11_111),
    "strengthening": motor(50, 300, 60_000),
    "neck strengthening": motor(35, 200, 30_000),
    "burst a.c., 7 cycles": burst_ac(7),
    "burst a.c., 10 cycles": burst_ac(10),
}


def findings(ticks: Iterable[Readings]) -> list[tuple[int, Trip | Caution]]:
    """Return when what was found, up to and with the first tick that trips."""
    memory = InterlockMemory()
    found: list[tuple[int, Trip | Caution]] = []
    for tick in ticks:
        memory, trips, cautions = judge(memory, tick)
        found += [(tick.now_us, each) for each in trips]
        found += [(tick.now_us, each) for each in cautions]
        if trips:
            break
    return found


@pytest.mark.proves("readings-fresh", "set-against-measured")
@pytest.mark.parametrize("name", TREATMENTS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_clean_treatment_trips_and_warns_of_nothing(name: str, seed: int) -> None:
    assert findings(play(TREATMENTS[name], SECONDS, seed)) == []


def test_a_burst_that_hides_a_phase_from_every_reading_is_not_delivered() -> None:
    found = findings(play(burst_ac(8), SECONDS))
    assert [each.code.value for _, each in found] == ["T11"]


# --- each fault in the middle of a treatment ---------------------------------------------------

FAULT_US = 15 * S
Fault = Callable[[HeldReading], HeldReading]


def scaled(current: float, voltage: float) -> Fault:
    return lambda held: HeldReading(
        Microamps(int(held.current_ua * current)), Millivolts(int(held.voltage_mv * voltage))
    )


def opened(held: HeldReading) -> HeldReading:
    return HeldReading(Microamps(0), Millivolts(120_000 if held.current_ua > 0 else -120_000))


def no_negative(held: HeldReading) -> HeldReading:
    return held if held.current_ua > 0 else HeldReading(Microamps(0), Millivolts(0))


def unequal(held: HeldReading) -> HeldReading:
    return held if held.current_ua > 0 else scaled(0.88, 0.88)(held)


def frozen(_: HeldReading) -> HeldReading:
    return HeldReading(Microamps(17_000), Millivolts(15_000))


def with_fault(train: Train, fault: Fault) -> Iterator[Readings]:
    for tick in play(train, SECONDS):
        (reading,) = tick.channels
        if tick.now_us >= FAULT_US and reading.held is not None:
            yield but(tick, channels=(but(reading, held=fault(reading.held)),))
        else:
            yield tick


FAULTS: dict[str, tuple[Fault, str, int]] = {
    "over-current": (scaled(1.6, 1.6), "T04", 10_000),
    "a fifth too much": (scaled(1.2, 1.2), "T05", 40_000),
    "a fifth too little": (scaled(0.8, 0.8), "T05", 40_000),
    "lead off": (opened, "T06", 40_000),
    "short": (scaled(1.0, 0.05), "T07", 40_000),
    "half-lifted": (scaled(1.0, 1.4), "T08", 200_000),
    "missing phase": (no_negative, "T11", 100_000),
    "unequal phases": (unequal, "T10", 400_000),
    "frozen ADC": (frozen, "T14", 60_000),
}


@pytest.mark.proves(
    "measured-above-set",
    "set-against-measured",
    "lead-off",
    "short",
    "contact-drift",
    "residual-charge",
    "readings-fresh",
)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_mid_treatment_trips_in_time_and_by_its_name(name: str) -> None:
    fault, code, within_us = FAULTS[name]
    # 12 % less in one phase of 300 µs at 100 per second is 2.4 mA x 0.03 = 72 µA of d.c.
    train = Train(steady(100, SECONDS), fixed(300), lambda _: 20_000, 10_000)
    found = findings(with_fault(train, fault))
    trips = [(at_us, each) for at_us, each in found if isinstance(each, Trip)]
    at_us, first = trips[0]
    assert first.code.value == code
    assert 0 <= at_us - FAULT_US <= within_us
