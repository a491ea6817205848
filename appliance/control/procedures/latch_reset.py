"""Reset the fault latch, in the order its hardware wants.

Set dominates: while the one-shot has lapsed, a reset does nothing. So a heartbeat comes first, at
the end of the tick that asked, and the latch is expected to be set until then.
"""

from collections.abc import Generator

from appliance.control.output.handle import OutputHandle
from appliance.control.output.rig_observation import Observation
from drivers.pigpio.guard import TRIPPED_ESTOP

Procedure = Generator[None, Observation, None]


def release_latch(output: OutputHandle, *, known: bool) -> Procedure:
    """Start a fresh guard where it is needed, give a heartbeat, reset; one step a tick.

    `known` says that there was a cut since the guard was started: what it saw has been told. Where
    it saw the e-stop without one, latch and guard are left as they are: the interlocks judge them.
    """
    status = output.rig.pulses.guard_status()
    if status.tripped == TRIPPED_ESTOP and not known:
        return
    output.expect_latch(on=True)
    if not status.running or status.tripped:
        output.start_guard()
    yield
    output.rig.lines.reset_latch()
    yield
    output.expect_latch(on=False)
