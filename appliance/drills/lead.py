"""The lead drill: the contact check must detect a lead that is off, before anything is felt.

The contact check is repeated until it finds the lead off, then until it finds it on again. Its
test pulses stay below what is felt (2 mA, less than a second).
"""

from appliance.drills.script import (
    Drill,
    DrillOutcome,
    DrillRequest,
    DrillScript,
    DrillSight,
    Measured,
    failed,
)
from appliance.drills.waits import OPEN, check_found, connected, contact_check, is_armed
from appliance.safety.state_machine.states import Armed, Ready
from appliance.texts.text import text

SCRIPT = DrillScript(
    "lead",
    (
        "attach",
        "unplug",
        "plug-in",
    ),
)


def lead_drill(measured: Measured) -> Drill:
    """Check contact with the lead on, off, and on again."""
    yield SCRIPT.step("attach", DrillRequest.PRESCRIBE)
    sight = yield from connected(SCRIPT, "attach")
    if not is_armed(sight):
        return failed(text("drill.failed.leads_on", found=check_found(sight)), measured)
    measured["before_ohm"] = sight.ohm
    began_us = sight.now_us
    while sight.contact != OPEN:
        if not _may_go_on(sight):
            return failed(text("drill.failed.lead_not_named", found=check_found(sight)), measured)
        sight = yield from contact_check(SCRIPT, "unplug")
    measured["found_off_us"] = sight.now_us - began_us
    while not is_armed(sight):
        if not _may_go_on(sight):
            return failed(text("drill.failed.lead_back", found=check_found(sight)), measured)
        sight = yield from contact_check(SCRIPT, "plug-in")
    measured["after_ohm"] = sight.ohm
    return DrillOutcome((), measured)


def _may_go_on(sight: DrillSight) -> bool:
    """Say whether another check may follow: the last one had a result, and was not refused."""
    if sight.refusal or sight.contact is None:
        return False
    return isinstance(sight.state, Armed | Ready)
