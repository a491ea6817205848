"""The contact check: prove the DAC, then measure each pad with sub-sensory pulses.

One stream of about half a second: DAC at zero, DAC at the test code with every gate off, a few
slices of test pulses on one channel after the other, DAC at zero again. At most 2 mA for at most
1 s (docs/design.md section 6). Judging it needs only what was read, so it is pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median_high

from appliance.core.plan.compiler import PlannedSlice, Stage
from appliance.core.plan.slice_shapes import idle_slice, test_slice
from appliance.safety.interlocks.limits import (
    ALIKE_PERCENT,
    HIGH_OHM,
    OPEN_OHM,
    RAIL_PERCENT,
    SHORT_OHM,
)
from drivers.interfaces import HeldReading
from drivers.quantities import PPM, Channel, Microamps, Ohms

TEST_AMPLITUDE_UA = Microamps(2_000)
SETTLE_SLICES = 3
"""Pulse-free slices at each proof of the DAC: long enough to read each output in its turn."""
PULSE_SLICES = 6
"""On a channel: some eleven readings, the mean of which was off by 5.4 % at most through 500 Ω."""
PULSES = 2
"""Pulses in a test slice (the compiler's own number)."""


class PadContact(StrEnum):
    """What a pad pair looks like to the contact check."""

    GOOD = "good"
    POOR = "poor"
    OPEN = "open"
    SHORT = "short"
    MISSING = "missing"


class DacProof(StrEnum):
    """What the DAC has to be read back at, with every gate off."""

    ZERO = "zero"
    TEST_CODE = "the test code"
    ZERO_AGAIN = "zero again"


@dataclass(frozen=True, slots=True)
class ContactResult:
    """One channel's contact: `ohm` is end-of-phase voltage over current, None if unmeasured.

    It is the mean of both phases, as it is shown in treatment.

    `phases_alike` says that both phases of a pulse met the same load: a resistor's do; skin still
    holds charge of the first phase, and its second reads lower, by half and more.
    """

    channel: Channel
    contact: PadContact
    ohm: Ohms | None
    phases_alike: bool = False

    @property
    def usable(self) -> bool:
        """Say whether the channel may be armed."""
        return self.contact in (PadContact.GOOD, PadContact.POOR)


class ContactScript:
    """The slices of the check, given out one at a time in place of a plan.

    A slice's envelope, in the order of `channels`, is full where the test code is wanted.
    """

    def __init__(self, channels: tuple[Channel, ...]) -> None:
        self._channels = channels
        self._steps = _steps(channels)
        self._start_us = 0

    def next_slice(self, number: int) -> PlannedSlice | None:
        """Return slice `number` (from 1, each once in turn), None after the last."""
        if number > len(self._steps):
            return None
        tested, coded = self._steps[number - 1]
        shape = idle_slice(number) if tested is None else test_slice(number, tested)
        start_us, self._start_us = self._start_us, self._start_us + shape.duration_us
        stage = Stage.REST if tested is None else Stage.ON
        pulses = tuple(PULSES if channel == tested else 0 for channel in self._channels)
        envelope = tuple(PPM if channel in coded else 0 for channel in self._channels)
        return PlannedSlice(shape, start_us, stage, envelope, pulses)

    def tested(self, number: int) -> Channel | None:
        """Return the channel whose pulses slice `number` carries."""
        return self._steps[number - 1][0]

    def proof(self, number: int) -> DacProof:
        """Return which proof of the DAC a pulse-free slice is for."""
        if self._steps[number - 1][1]:
            return DacProof.TEST_CODE
        return DacProof.ZERO if number <= SETTLE_SLICES else DacProof.ZERO_AGAIN

    @property
    def length(self) -> int:
        """Return how many slices the check takes."""
        return len(self._steps)


_Step = tuple[Channel | None, frozenset[Channel]]


def _steps(channels: tuple[Channel, ...]) -> tuple[_Step, ...]:
    all_channels = frozenset(channels)
    none: frozenset[Channel] = frozenset()
    zero: tuple[_Step, ...] = ((None, none),) * SETTLE_SLICES
    proof: tuple[_Step, ...] = ((None, all_channels),) * SETTLE_SLICES
    pulses: tuple[_Step, ...] = tuple(
        (channel, frozenset({channel})) for channel in channels for _ in range(PULSE_SLICES)
    )
    return zero + proof + pulses + zero


def judge_contact(
    channel: Channel, readings: tuple[HeldReading, ...], rail_mv: int
) -> ContactResult:
    """Judge a channel by the readings taken while its test pulses played.

    The mean is taken: through 500 Ω at 2 mA one step of the ADC is 7 % of the voltage, and a
    median would be off by whole steps. Readings without current are left out of it.
    """
    if not readings:
        return ContactResult(channel, PadContact.MISSING, None)
    current_ua = median_high(abs(reading.current_ua) for reading in readings)
    voltage_mv = median_high(abs(reading.voltage_mv) for reading in readings)
    if current_ua < TEST_AMPLITUDE_UA // 2 or voltage_mv > rail_mv * RAIL_PERCENT // 100:
        return ContactResult(channel, PadContact.OPEN, None)
    flowing = [reading for reading in readings if abs(reading.current_ua) > current_ua // 2]
    phases = [[reading for reading in flowing if reading.current_ua * sign > 0] for sign in (1, -1)]
    ohms = [_ohm(phase) for phase in phases if phase]
    ohm = Ohms(sum(ohms) // len(ohms))
    return ContactResult(channel, _band(ohm), ohm, _alike(ohms))


def _ohm(phase: Sequence[HeldReading]) -> int:
    """Return mean voltage over mean current."""
    voltage_mv = sum(abs(reading.voltage_mv) for reading in phase)
    return voltage_mv * 1_000 // sum(abs(reading.current_ua) for reading in phase)


def _alike(ohms: Sequence[int]) -> bool:
    """Say whether both phases met the same load; a phase that was never read is not alike."""
    return len(ohms) > 1 and (max(ohms) - min(ohms)) * 100 <= max(ohms) * ALIKE_PERCENT


def _band(ohm: int) -> PadContact:
    if ohm < SHORT_OHM:
        return PadContact.SHORT
    if ohm >= OPEN_OHM:
        return PadContact.OPEN
    return PadContact.POOR if ohm >= HIGH_OHM else PadContact.GOOD
