"""A snapshot of a unit at rest, from which tests make the one they need."""

from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName

AT_REST = Snapshot(
    at_us=0,
    tick=0,
    state=StateName.LOCKED,
    state_number=0,
    session=None,
    programme=None,
    rig="virtual",
    stage="off",
    elapsed_us=0,
    remaining_us=0,
    slice_number=0,
    channels=(),
    estop_closed=True,
    hand_switch_closed=True,
    supply_good=True,
    latch_clear=True,
    drift_ppm=None,
    rail_mv=None,
)
