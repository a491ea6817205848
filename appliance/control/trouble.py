"""Which trip stands for a failure of rig or program, and the look that follows it."""

from appliance.control.present import Present
from appliance.errors import ApplianceError
from appliance.safety.gate import GateRefused
from appliance.safety.interlocks.judge import InterlockMemory
from appliance.safety.trips import Trip, TripCode, trip
from drivers.clock import Clock
from drivers.errors import DaemonLost, DriverError, SliceRejected, StopFailed, TransferFailed

FAILURES: tuple[tuple[type[Exception], TripCode], ...] = (
    (DaemonLost, TripCode.DAEMON_LOST),
    (TransferFailed, TripCode.SPI_LOST),
    (StopFailed, TripCode.STOP_FAILED),
    (SliceRejected, TripCode.UNDERRUN),  # the gate has judged its shape: it came too late
    (DriverError, TripCode.DRIVER_FAULT),
    (GateRefused, TripCode.GATE_REFUSED),
    (ApplianceError, TripCode.INTERNAL_FAULT),
)
"""The first that fits counts."""


def trip_for(error: DriverError | ApplianceError) -> Trip:
    """Return the trip that stands for a failure."""
    code = next(code for kind, code in FAILURES if isinstance(error, kind))
    return trip(code, f"{error.code} {error}")


def second_look(present: Present, clock: Clock, memory: InterlockMemory) -> InterlockMemory:
    """Take the time it has become since the tick began; return the memory to judge it with.

    A second look at the same instant is no tick that came too late.
    """
    before_us, present.now_us = present.now_us, clock.now_us()
    return memory.in_same_tick() if present.now_us == before_us else memory
