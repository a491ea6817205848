"""Reset the fault latch, in the order its hardware wants.

Set dominates: while the one-shot has lapsed, a reset does nothing. So a heartbeat comes first, at
the end of the tick that asked, and the latch is expected to be set until then.
"""

from collections.abc import Generator

from appliance.control.hands import Hands
from appliance.control.observe import Observation

Procedure = Generator[None, Observation, None]


def release_latch(hands: Hands) -> Procedure:
    """Start a fresh guard where it is needed, give a heartbeat, reset; one step a tick."""
    hands.proving = True
    status = hands.rig.pulses.guard_status()
    if not status.running or status.tripped:
        hands.start_guard()
    yield
    hands.rig.lines.reset_latch()
    yield
    hands.proving = False
