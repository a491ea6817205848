"""Software PWM and servo pulses: on at the grid of the sampling DMA, off at one of its steps.

The DMA makes the pulses, so they continue when the daemon's process is stopped or killed. All GPIO
of one frequency switch on together, because they share one ring of 100 ms.
"""

from drivers.virtual.pins import PinBank
from drivers.virtual.timeline import Event, Timeline

STEPS_PER_CYCLE = 25
CYCLES = (1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 80, 100, 160, 200, 400, 800)
"""Cycles per period, by frequency index; a cycle is 25 sampling steps (pwmCycles)."""
DEFAULT_INDEX = 5
SERVO_INDEX = {1: 17, 2: 16, 4: 15, 5: 14, 8: 13, 10: 12}
"""Frequency index of a 20 ms period, by sampling step in microseconds (clkCfg)."""


def real_range(index: int) -> int:
    """Return the number of steps in a period of a frequency index."""
    return CYCLES[index] * STEPS_PER_CYCLE


def frequencies(sample_us: int) -> tuple[int, ...]:
    """Return the frequencies in Hz that a sampling step allows, highest first."""
    return tuple(int(1_000_000 / (STEPS_PER_CYCLE * sample_us * cycles) + 0.5) for cycles in CYCLES)


def closest_index(wanted_hz: int, offered: tuple[int, ...]) -> int:
    """Return the index of the frequency closest to `wanted_hz`, the higher of two equals."""
    return min(range(len(offered)), key=lambda index: abs(offered[index] - wanted_hz))


class PulseTrain:
    """One GPIO that DMA switches on at the start of each period and off `off_steps` later."""

    def __init__(self, timeline: Timeline, pins: PinBank, gpio: int, sample_us: int) -> None:
        self._timeline = timeline
        self._pins = pins
        self._bit = 1 << gpio
        self._step_ns = sample_us * 1_000
        self._steps = 0
        self._offs: tuple[int, ...] = ()
        self._on_event: Event | None = None
        self._off_event: Event | None = None

    def run(self, index: int, off_steps: int) -> None:
        """Start, or change the width; a narrower pulse keeps the old end as well (deferOff)."""
        steps = real_range(index)
        narrower = self._offs and off_steps < self._offs[0] and steps == self._steps
        kept = (self._offs[0],) if narrower else ()
        # A pulse as long as its period is never switched off.
        self._offs = ((off_steps,) if off_steps != steps else ()) + kept
        if self._on_event is None or steps != self._steps:
            self._steps = steps
            self._timeline.cancel(self._on_event)
            self._on_event = self._timeline.at(self._next_start_ns(), self._switch_on)
            return
        self._timeline.cancel(self._off_event)
        self._plan_off(self._next_start_ns() - self._period_ns)

    def stop(self) -> None:
        """End for good, with the pin low now."""
        self._cancel()
        self._pins.write(0, self._bit)

    def end_after_pulse(self) -> None:
        """Start no more pulses; the one in progress ends at its time."""
        self._timeline.cancel(self._on_event)
        self._on_event = None

    def abort(self) -> None:
        """Leave the pin as it is (the DMA channel was killed)."""
        self._cancel()

    @property
    def _period_ns(self) -> int:
        return self._steps * self._step_ns

    def _cancel(self) -> None:
        self._timeline.cancel(self._on_event)
        self._timeline.cancel(self._off_event)
        self._on_event = self._off_event = None
        self._offs = ()

    def _next_start_ns(self) -> int:
        return (self._timeline.now_ns // self._period_ns + 1) * self._period_ns

    def _switch_on(self) -> None:
        start_ns = self._timeline.now_ns
        self._pins.write(self._bit, 0)
        self._on_event = self._timeline.at(start_ns + self._period_ns, self._switch_on)
        self._plan_off(start_ns)

    def _plan_off(self, start_ns: int) -> None:
        now_ns = self._timeline.now_ns
        ends = [start_ns + off * self._step_ns for off in self._offs]
        due = [end_ns for end_ns in ends if end_ns > now_ns]
        self._off_event = self._timeline.at(min(due), self._switch_off) if due else None

    def _switch_off(self) -> None:
        self._off_event = None
        self._pins.write(0, self._bit)
