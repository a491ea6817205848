"""Read everything the engine may know of the world, once a control tick.

Inputs, markers and held readings are read every tick, the guard every 50 ms (docs/design.md section
6), the rest (DAC readback of each channel, rail, reference) one a tick in turn. A part that cannot
be read is None and its error is kept: a lost daemon must not hide an open e-stop.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from appliance.safety.interlocks.readings import Sample
from drivers.errors import DriverError
from drivers.interfaces import GuardStatus, HeldReading, Inputs, Rig, StreamStatus
from drivers.quantities import Channel, DacCode, Microseconds

GUARD_PERIOD_US = 50_000
NEVER_US = Microseconds(-10_000_000)

T = TypeVar("T")


class Observation(NamedTuple):
    """The world at one control tick; None is "could not be read, see `errors`".

    `held` has one entry per channel of the board. `readback` is (channel, code) of the DAC output
    whose turn it was. `rail`, `reference` and `guard` are the newest known.
    """

    at_us: Microseconds
    inputs: Inputs | None
    held: tuple[HeldReading | None, ...]
    held_at_us: Microseconds
    readback: tuple[Channel, DacCode] | None
    rail: Sample | None
    reference: Sample | None
    guard: GuardStatus | None
    guard_at_us: Microseconds
    stream: StreamStatus | None
    errors: tuple[DriverError, ...]


class Observer:
    """Reads the rig; owns nothing but the turn and the newest of the slow readings."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._channels = tuple(Channel(n) for n in range(1, rig.board.channels + 1))
        self._turn = 0
        self._rail: Sample | None = None
        self._reference: Sample | None = None
        self._guard: GuardStatus | None = None
        self._guard_at_us = NEVER_US
        self._errors: list[DriverError] = []

    def observe(self, now_us: Microseconds) -> Observation:
        """Read the world; whatever fails is in `errors` of what is returned."""
        rig = self._rig
        self._errors = []
        inputs = self._try(rig.lines.read_inputs)
        stream = self._try(rig.pulses.poll)
        held = tuple(self._read_held(channel) for channel in self._channels)
        held_at_us = rig.clock.now_us()
        readback = self._read_in_turn(held_at_us)
        if now_us - self._guard_at_us >= GUARD_PERIOD_US and stream is not None:
            self._guard = self._try(rig.pulses.guard_status)
            self._guard_at_us = now_us
        return Observation(
            now_us,
            inputs,
            held,
            held_at_us,
            readback,
            self._rail,
            self._reference,
            self._guard,
            self._guard_at_us,
            stream,
            tuple(self._errors),
        )

    def forget_guard(self) -> None:
        """Read the guard again in the next tick: it has been restarted."""
        self._guard = None
        self._guard_at_us = NEVER_US

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except DriverError as error:
            self._errors.append(error)
            return None

    def _read_held(self, channel: Channel) -> HeldReading | None:
        return self._try(lambda: self._rig.sense.read_held(channel))

    def _read_in_turn(self, now_us: Microseconds) -> tuple[Channel, DacCode] | None:
        """Read one slow input: each channel's DAC, then the rail, then the reference."""
        turn, sense = self._turn, self._rig.sense
        self._turn = (turn + 1) % (len(self._channels) + 2)
        if turn < len(self._channels):
            channel = self._channels[turn]
            code = self._try(lambda: sense.read_code(channel))
            return None if code is None else (channel, code)
        rail = turn == len(self._channels)
        value = self._try(sense.read_rail_mv if rail else sense.read_reference_mv)
        if value is not None and rail:
            self._rail = Sample(value, now_us)
        elif value is not None:
            self._reference = Sample(value, now_us)
        return None
