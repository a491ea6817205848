"""The hand-switch drill: squeezing or unplugging the patient's switch must stop the output.

The switch only counts while a patient may feel current, so the engine switches the isolated supply
on first, with every gate off: the state between contact check and start.
"""

from typing import NamedTuple

from appliance.drills.script import (
    Drill,
    DrillOutcome,
    DrillRequest,
    DrillScript,
    DrillSight,
    Measured,
    Wait,
    failed,
)
from appliance.drills.waits import acknowledged, is_at_rest
from appliance.safety.state_machine.states import Tripped
from appliance.safety.trips.codes import TripCode
from appliance.texts.text import Text, text

SCRIPT = DrillScript(
    "hand-switch",
    (
        "plugged",
        "squeeze",
        "let-go",
        "acknowledge",
        "leave",
        "unplug",
        "plug-in",
        "acknowledge-again",
        "settle",
    ),
)
SUPPLY_WITHIN_US = 300_000
"""The isolated supply is good within 200 ms of SUPPLY_EN."""
STOP_WITHIN_US = 30_000
"""The engine trips in the tick that sees the switch open; two more ticks to observe it."""


class _Act(NamedTuple):
    """The steps of one act (squeeze or unplug), the step after it, and the failure of the act."""

    before: str
    act: str
    back: str
    acknowledge: str
    after: str
    failure: Text


ACTS = (
    _Act("plugged", "squeeze", "let-go", "acknowledge", "leave", text("drill.failed.squeeze")),
    _Act("leave", "unplug", "plug-in", "acknowledge-again", "settle", text("drill.failed.unplug")),
)


def hand_switch_drill(measured: Measured) -> Drill:
    """Ask for a squeeze, then for unplugging; each must stop the unit."""
    sight = yield SCRIPT.step("plugged")
    while not _closed(sight):
        sight = yield SCRIPT.step("plugged")
    for names in ACTS:
        sight = yield from _powered_up(names.before, sight)
        if not _powered(sight):
            early = text("drill.failed.opened_early")
            return failed(text("drill.failed.supply") if _closed(sight) else early, measured)
        while _closed(sight):
            sight = yield SCRIPT.step(names.act)
        opened_us = sight.now_us
        while not _stopped(sight) and sight.now_us - opened_us < STOP_WITHIN_US:
            sight = yield SCRIPT.step(names.act)
        if not _stopped(sight):
            return failed(names.failure, measured)
        measured[f"{names.act}_us"] = sight.now_us - opened_us
        while not _closed(sight):
            sight = yield SCRIPT.step(names.back)
        sight = yield from acknowledged(SCRIPT, names.acknowledge, names.after, sight)
        if not is_at_rest(sight):
            return failed(text("drill.failed.not_at_rest"), measured)
    return DrillOutcome((), measured)


def _powered_up(name: str, sight: DrillSight) -> Wait:
    """Switch the supply on and wait until it is good, before the person is asked to act."""
    began_us = sight.now_us
    sight = yield SCRIPT.step(name, DrillRequest.SUPPLY)
    while not _powered(sight) and sight.now_us - began_us < SUPPLY_WITHIN_US:
        sight = yield SCRIPT.step(name)
    return sight


def _closed(sight: DrillSight) -> bool:
    return sight.inputs is not None and sight.inputs.hand_switch_closed


def _powered(sight: DrillSight) -> bool:
    return sight.inputs is not None and sight.inputs.supply_good and sight.supply_on


def _stopped(sight: DrillSight) -> bool:
    state = sight.state
    if not isinstance(state, Tripped) or sight.supply_on:
        return False
    return TripCode.HAND_SWITCH in {each.code for each in (state.trip, *state.further)}
