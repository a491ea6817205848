"""The e-stop drill: one press, which every layer behind the button must detect.

The button has two contacts. One sets the fault latch in hardware; the other is read by the guard
inside the daemon and by the engine. A press that only one of them shows means a broken contact;
only this drill finds it.
"""

from appliance.drills.known_load import DRIVING, Driving, drive
from appliance.drills.script import Drill, DrillOutcome, DrillScript, DrillSight, Measured, failed
from appliance.drills.waits import acknowledged, is_at_rest
from appliance.safety.state_machine.states import State, Tripped
from appliance.safety.trips.codes import TripCode
from appliance.texts.text import text

_PRESSING = (
    "press",
    "release",
    "acknowledge",
    "settle",
)
WITHOUT_CURRENT = DrillScript("e-stop", _PRESSING)
WITH_CURRENT = DrillScript("e-stop", (*DRIVING, *_PRESSING))
LAYER_WITHIN_US = 50_000
"""Limit from the first sign to latch, contact and engine: two contacts of one button, two ticks.
Far less than the 120 ms after which a silent engine also sets the latch, which would hide a dead
contact."""
GUARD_WITHIN_US = 150_000
"""Limit for the guard: its latch is read every 50 ms, and names its reason."""
BY_ESTOP = 1
LEVEL_UA = 10_000
LAYERS = {
    "contact_us": text("drill.failed.contact_us"),
    "latch_us": text("drill.failed.latch_us"),
    "guard_us": text("drill.failed.guard_us"),
    "engine_us": text("drill.failed.engine_us"),
}
"""What was measured of each layer -> the failure of one that did not answer in time."""


def estop_drill(load_ohm: int | None, measured: Measured) -> Drill:
    """Ask for a press and judge each layer; with a load (Ω), while 10 mA flow through it."""
    script = WITHOUT_CURRENT if load_ohm is None else WITH_CURRENT
    if load_ohm is not None:
        failures = yield from drive(script, load_ohm, (LEVEL_UA,), measured)
        if failures:
            return DrillOutcome(failures, measured)
    sight = yield script.step("press")
    while not _signs(sight):
        sight = yield script.step("press")
    failures = yield from _layers(script, sight, measured)
    if failures:
        return DrillOutcome(failures, measured)
    sight = yield script.step("release")
    while sight.inputs is None or not sight.inputs.estop_closed:
        sight = yield script.step("release")
    sight = yield from acknowledged(script, "acknowledge", "settle", sight)
    if not is_at_rest(sight):
        return failed(text("drill.failed.not_at_rest"), measured)
    return DrillOutcome((), measured)


def _layers(script: DrillScript, sight: DrillSight, measured: Measured) -> Driving:
    """Time when each layer shows the press; return a failure for each that is too late."""
    began_us, seen = sight.now_us, dict[str, int]()
    while len(seen) < len(LAYERS) and sight.now_us - began_us <= GUARD_WITHIN_US:
        for name in _signs(sight):
            seen.setdefault(name, sight.now_us - began_us)
        measured |= seen
        sight = yield script.step("press")
    if script is WITH_CURRENT:
        measured["time_to_zero_us"] = sight.time_to_zero_us
    return tuple(failure for name, failure in LAYERS.items() if _is_missing(name, seen))


def _is_missing(name: str, seen: dict[str, int]) -> bool:
    allowed_us = GUARD_WITHIN_US if name == "guard_us" else LAYER_WITHIN_US
    return seen.get(name, allowed_us + 1) > allowed_us


def _signs(sight: DrillSight) -> tuple[str, ...]:
    """Return the layers that show the press now."""
    inputs, guard, state = sight.inputs, sight.guard, sight.state
    codes = _codes(state)
    shown = {
        "contact_us": inputs is not None and not inputs.estop_closed,
        "latch_us": inputs is not None and not inputs.latch_clear,
        "guard_us": guard is not None and guard.tripped == BY_ESTOP,
        "engine_us": TripCode.ESTOP in codes and not sight.supply_on,
    }
    return tuple(name for name, is_shown in shown.items() if is_shown)


def _codes(state: State) -> set[TripCode]:
    if not isinstance(state, Tripped):
        return set()
    return {each.code for each in (state.trip, *state.further)}
