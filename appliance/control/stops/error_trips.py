"""The trip for each failure of rig or program."""

from appliance.errors import ApplianceError
from appliance.safety.gate import GateRefused
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import text
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
LATE_SLICE_REASONS = frozenset(
    {
        TripCode.ESTOP,
        TripCode.HAND_SWITCH,
        TripCode.FAULT_LATCH,
        TripCode.GUARD_STILL,
        TripCode.GUARD_SAW_ESTOP,
        TripCode.GUARD_SAW_SILENCE,
        TripCode.LOOP_OVERRUN,
    }
)
"""What may have made a slice come too late. Anything else that a look behind the cut finds (waves
idle, codes zero, supply low) is what the cut has done."""


def trip_for(error: DriverError | ApplianceError) -> Trip:
    """Return the trip for a failure."""
    code = next(code for kind, code in FAILURES if isinstance(error, kind))
    return trip(code, text("trip.detail.error", code=str(error.code), message=str(error)))
