"""Fixtures: a bench, one whose wave clock runs, a maker of short waves, a daemon in real time."""

from collections.abc import Callable, Iterator

import pigpio
import pytest

from tests.drivers.virtual.pigpiod.bench import Bench
from tests.drivers.virtual.pigpiod.live import LiveDaemon


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(pigpio, "exceptions", False)
    return Bench()


@pytest.fixture
def waves(bench: Bench) -> Bench:
    """A bench whose GPIO 17 and 18 are outputs and whose wave clock runs."""
    bench.outputs(17, 18)
    bench.start_wave_clock()
    return bench


@pytest.fixture
def blink(waves: Bench) -> Callable[..., int]:
    """Return a maker of waves: GPIO 17 high for some µs, then low for some (0: at once)."""

    def make(high_us: int = 100, low_us: int = 0, *, padded: int = 0) -> int:
        waves.pi.wave_add_new()
        waves.pi.wave_add_generic(
            [pigpio.pulse(1 << 17, 0, high_us), pigpio.pulse(0, 1 << 17, low_us)]
        )
        return waves.pi.wave_create_and_pad(padded) if padded else waves.pi.wave_create()

    return make


@pytest.fixture
def live() -> Iterator[LiveDaemon]:
    board = LiveDaemon()
    try:
        yield board
    finally:
        board.close()
