"""Waits that several drills share."""

from appliance.drills.script import DrillRequest, DrillScript, DrillSight, Wait
from appliance.safety.state_machine.states import Armed, ContactCheck, Ready, SelfTest, Tripped
from appliance.texts.text import TextValue, ohms, text

OPEN = "open"
"""The result of a contact check on a channel with nothing connected."""


def is_at_rest(sight: DrillSight) -> bool:
    """Say whether the unit is as before the drill: ready, latch clear, guard running."""
    inputs, guard = sight.inputs, sight.guard
    return (
        isinstance(sight.state, Ready)
        and not sight.busy
        and inputs is not None
        and inputs.latch_clear
        and inputs.estop_closed
        and guard is not None
        and guard.running
        and not guard.tripped
    )


def acknowledged(script: DrillScript, acknowledge: str, settle: str, sight: DrillSight) -> Wait:
    """Wait for a person to acknowledge the trip, then until the unit is at rest again."""
    while isinstance(sight.state, Tripped):
        sight = yield script.step(acknowledge)
    return (yield from at_rest(script, settle, sight))


def at_rest(script: DrillScript, name: str, sight: DrillSight) -> Wait:
    """Wait until the unit is at rest; a self-test may come before that."""
    while not is_at_rest(sight) and isinstance(sight.state, Ready | SelfTest):
        sight = yield script.step(name)
    return sight


def contact_check(script: DrillScript, name: str) -> Wait:
    """Request a contact check and wait for it; the state is Armed if it passed."""
    sight = yield script.step(name, DrillRequest.CHECK)
    while isinstance(sight.state, ContactCheck):
        sight = yield script.step(name)
    return sight


def connected(script: DrillScript, name: str) -> Wait:
    """Repeat the contact check while nothing is connected; the state is Armed if it passed."""
    sight = yield from contact_check(script, name)
    while sight.contact == OPEN and not sight.refusal and isinstance(sight.state, Ready):
        sight = yield from contact_check(script, name)
    return sight


def check_found(sight: DrillSight) -> TextValue:
    """Return the result of the last contact check."""
    reason = sight.refusal or sight.problem
    if reason is not None:
        return reason
    if sight.ohm is None:
        return sight.contact or text("drill.found.nothing")
    contact = sight.contact or text("drill.found.nothing")
    return text("drill.found.load", contact=contact, seen=ohms(sight.ohm))


def is_armed(sight: DrillSight) -> bool:
    """Say whether the contact check passed."""
    return isinstance(sight.state, Armed)
