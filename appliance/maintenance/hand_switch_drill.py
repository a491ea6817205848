"""The hand-switch drill: squeezed or unplugged, the patient's switch stops.

The switch is judged only while somebody may feel something, so the engine drives the isolated
supply first, with every gate off: the state a patient is in between contact check and start.
"""

from appliance.maintenance.drill_types import Course, Drill, Sight, Verdict, Want
from appliance.maintenance.drill_waits import acknowledged, is_at_rest
from appliance.safety.state_types import Tripped
from appliance.safety.trips import TripCode

COURSE = Course(
    "hand-switch",
    (
        ("plugged", "Plug the hand switch in and leave it alone."),
        ("squeeze", "Squeeze the hand switch."),
        ("let-go", "Let go of the hand switch."),
        ("acknowledge", "Acknowledge the trip."),
        ("unplug", "Unplug the hand switch."),
        ("plug-in", "Plug the hand switch in again."),
        ("acknowledge-again", "Acknowledge the trip."),
        ("settle", "Nothing to do: the latch is restored."),
    ),
)
SUPPLY_WITHIN_US = 300_000
"""The isolated supply is good within 200 ms of SUPPLY_EN."""
STOP_WITHIN_US = 30_000
"""The engine trips in the tick that sees the switch open; two more to be seen."""
ACTS = (
    ("squeeze", "let-go", "acknowledge", "unplug"),
    ("unplug", "plug-in", "acknowledge-again", "settle"),
)


def hand_switch_drill() -> Drill:
    """Ask for a squeeze, then for the plug; each has to stop the unit."""
    measured: dict[str, object] = {}
    sight = yield COURSE.step("plugged")
    while not _closed(sight):
        sight = yield COURSE.step("plugged")
    for act, back, acknowledge, settle in ACTS:
        began_us = sight.now_us
        sight = yield COURSE.step(act, Want.SUPPLY)
        while not _powered(sight) and sight.now_us - began_us < SUPPLY_WITHIN_US:
            sight = yield COURSE.step(act)
        if not _powered(sight):
            return Verdict(("the isolated supply does not come up",), measured)
        while _closed(sight):
            sight = yield COURSE.step(act)
        opened_us = sight.now_us
        while not _stopped(sight) and sight.now_us - opened_us < STOP_WITHIN_US:
            sight = yield COURSE.step(act)
        if not _stopped(sight):
            return Verdict((f"{act}: the switch opened and the unit did not stop",), measured)
        measured[f"{act}_us"] = sight.now_us - opened_us
        while not _closed(sight):
            sight = yield COURSE.step(back)
        sight = yield from acknowledged(COURSE, acknowledge, settle, sight)
        if not is_at_rest(sight):
            return Verdict(("the unit did not come back to rest",), measured)
    return Verdict((), measured)


def _closed(sight: Sight) -> bool:
    return sight.inputs is not None and sight.inputs.hand_switch_closed


def _powered(sight: Sight) -> bool:
    return sight.inputs is not None and sight.inputs.supply_good and sight.supply_on


def _stopped(sight: Sight) -> bool:
    state = sight.state
    if not isinstance(state, Tripped) or sight.supply_on:
        return False
    return TripCode.HAND_SWITCH in {each.code for each in (state.trip, *state.further)}
