"""Every drill by its kind: how it is begun, how long it may take, which trips belong to it."""

from appliance.drills.estop import estop_drill
from appliance.drills.hand_switch import hand_switch_drill
from appliance.drills.known_load import known_load_drill
from appliance.drills.lead import lead_drill
from appliance.drills.script import Drill, Measured
from appliance.drills.watchdog import watchdog_drill
from appliance.messages.wire import DrillKind
from appliance.safety.trips.codes import TripCode

LONGEST_US = 120_000_000
"""Issue list, point 4: each at most 2 minutes."""
OWN_TRIPS: dict[DrillKind, frozenset[TripCode]] = {
    DrillKind.ESTOP: frozenset({TripCode.ESTOP, TripCode.FAULT_LATCH, TripCode.GUARD_SAW_ESTOP}),
    DrillKind.HAND_SWITCH: frozenset({TripCode.HAND_SWITCH}),
}
"""Trips a drill causes on purpose; any other one ends it as failed. A contact that opens a tick
before the other one makes the fault latch or the guard the first to be seen."""
NONE: frozenset[TripCode] = frozenset()


def begin(kind: DrillKind, load_ohm: int | None, measured: Measured) -> Drill:
    """Return a fresh drill that fills `measured`; a known-load drill needs its load."""
    match kind:
        case DrillKind.ESTOP:
            return estop_drill(load_ohm, measured)
        case DrillKind.HAND_SWITCH:
            return hand_switch_drill(measured)
        case DrillKind.LEAD:
            return lead_drill(measured)
        case DrillKind.KNOWN_LOAD:
            return known_load_drill(load_ohm or 0, measured)
        case DrillKind.WATCHDOG:
            return watchdog_drill(measured)
