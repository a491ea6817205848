"""The known-load drill: through a resistor of known value, the set current must flow.

The current is given as in a treatment: contact check, level from zero by taps, gate and limits.
"""

from collections.abc import Generator
from statistics import median

from appliance.drills.script import (
    Drill,
    DrillOutcome,
    DrillRequest,
    DrillScript,
    DrillSight,
    DrillStep,
    Measured,
    Wait,
)
from appliance.drills.waits import check_found, connected, is_armed
from appliance.safety.interlocks.limits import LOAD_FROM_UA, LOAD_HOLDS, LOAD_WINDOW
from appliance.safety.interlocks.test_load_gone import is_off_load
from appliance.safety.state_machine.states import Delivering, Finished, RampDown, RampUp, Ready
from appliance.texts.text import Text, microamps, microseconds, ohms, percent, text
from drivers.interfaces import HeldReading

DRIVING = (
    "connect",
    "raise",
)
SCRIPT = DrillScript(
    "known-load",
    (*DRIVING, "fall"),
)
LEVELS_UA = (2_000, 5_000, 10_000)
TAP_EVERY_US = 310_000
"""A tap counts every 300 ms (docs/design.md section 7)."""
RAISE_WITHIN_US = 30_000_000
SETTLE_US = 300_000
"""A level takes effect at the second slice boundary; the first pulses have drifted by then."""
LOOK_US = 600_000
"""About fifty pulses, of which sample-and-hold keeps the two phases in turn."""
CURRENT_PERCENT, CURRENT_UA = 5, 500
"""Set against measured: the larger of both. Resistor 1 %, sensing 2 %, one step 59 µA. (D)"""
PHASES_PERCENT, PHASES_UA = 3, 300
"""One phase against the other: the larger of both, five steps of the ADC. (D)"""
LOAD_PERCENT = 10
"""What the engine takes for a test load at all (`bystander`)."""
FALL_WITHIN_US = 500_000
"""A fall takes 250 to 450 ms (docs/design.md section 6); one slice more. (D)"""
PLAYING = (RampUp, Delivering)

ANOTHER = text("drill.failed.load_changed")

Failures = tuple[Text, ...]
Driving = Generator[DrillStep, DrillSight, Failures]


class _Watch:
    """Checks every reading while current flows: is it still the load that was measured?"""

    def __init__(self, load_ohm: int) -> None:
        self._load_ohm = load_ohm
        self._others: tuple[bool, ...] = ()

    def is_another(self) -> bool:
        """Say whether the last readings show another load."""
        return sum(self._others) >= LOAD_HOLDS

    def take(self, sight: DrillSight) -> None:
        """Take a tick's reading if it is certain and large enough."""
        held = sight.held
        if self.is_another() or held is None or abs(held.current_ua) < LOAD_FROM_UA:
            return
        ohm = abs(held.voltage_mv) * 1_000 / abs(held.current_ua)
        other = is_off_load(ohm, self._load_ohm)
        self._others = (*self._others[1 - LOAD_WINDOW :], other)


def known_load_drill(load_ohm: int, measured: Measured) -> Drill:
    """Compare set and measured current at several levels, then time the ramp down."""
    failures = yield from drive(SCRIPT, load_ohm, LEVELS_UA, measured)
    if failures:
        return DrillOutcome(failures, measured)
    sight = yield SCRIPT.step("fall", DrillRequest.STOP)
    while isinstance(sight.state, RampDown):
        sight = yield SCRIPT.step("fall")
    failures = _judge_end(sight, measured)
    if not failures:
        sight = yield SCRIPT.step("fall", DrillRequest.CLOSE)
    return DrillOutcome(failures, measured)


def drive(
    script: DrillScript, load_ohm: int, levels_ua: tuple[int, ...], measured: Measured
) -> Driving:
    """Measure the load, then raise the level from zero and measure at each; return the failures.

    The current still flows at the last level.
    """
    yield script.step("connect", DrillRequest.PRESCRIBE)
    sight = yield from connected(script, "connect")
    measured["contact_ohm"] = sight.ohm
    if not is_armed(sight):
        return (text("drill.failed.contact_check", found=check_found(sight)),)
    failures = _judge_load(sight.ohm, load_ohm)
    if failures:
        return failures
    sight = yield script.step("raise", DrillRequest.START)
    if sight.refusal is not None:
        return (sight.refusal,)
    watch = _Watch(load_ohm)
    rows: list[dict[str, int]] = []
    measured["levels"] = rows
    for level_ua in levels_ua:
        sight = yield from _raised(script, sight, level_ua, watch)
        if watch.is_another():
            return (ANOTHER,)
        if sight.level_ua != level_ua or not isinstance(sight.state, PLAYING):
            why = sight.refusal or text("drill.failed.output_ended")
            return (text("drill.failed.level", level=microamps(level_ua), why=why),)
        held: list[HeldReading] = []
        sight = yield from _looked(script, sight, held, watch)
        if watch.is_another():
            return (ANOTHER,)
        failures = _judge(level_ua, load_ohm, held, rows)
        if failures:
            return failures
    return ()


def _judge_load(ohm: int | None, load_ohm: int) -> Failures:
    if ohm is None:
        return (text("drill.failed.load_not_measured"),)
    if not _off(ohm, load_ohm, LOAD_PERCENT, 0):
        return ()
    seen, load, within = ohms(ohm), ohms(load_ohm), percent(LOAD_PERCENT)
    return (text("drill.failed.load", seen=seen, load=load, within=within),)


def _raised(script: DrillScript, sight: DrillSight, level_ua: int, watch: _Watch) -> Wait:
    began_us, tapped_us = sight.now_us, -TAP_EVERY_US
    while sight.level_ua < level_ua and sight.now_us - began_us < RAISE_WITHIN_US:
        due = sight.now_us - tapped_us >= TAP_EVERY_US and isinstance(sight.state, PLAYING)
        tapped_us = sight.now_us if due else tapped_us
        sight = yield script.step("raise", DrillRequest.RISE if due else DrillRequest.NOTHING)
        watch.take(sight)
        if not isinstance(sight.state, PLAYING) or watch.is_another():
            break
    return sight


def _looked(script: DrillScript, sight: DrillSight, held: list[HeldReading], watch: _Watch) -> Wait:
    """Wait for the level to settle, then collect every certain reading."""
    began_us = sight.now_us
    while sight.now_us - began_us < SETTLE_US + LOOK_US and isinstance(sight.state, PLAYING):
        sight = yield script.step("raise")
        if sight.now_us - began_us >= SETTLE_US and sight.held is not None:
            held.append(sight.held)
        watch.take(sight)
        if watch.is_another():
            break
    return sight


def _judge(
    level_ua: int, load_ohm: int, held: list[HeldReading], rows: list[dict[str, int]]
) -> Failures:
    positive = [each for each in held if each.current_ua > 0]
    negative = [each for each in held if each.current_ua < 0]
    level = microamps(level_ua)
    if not positive or not negative:
        missing = "drill.failed.one_phase" if held else "drill.failed.no_phase"
        return (text(missing, level=level),)
    plus_ua = round(median(each.current_ua for each in positive))
    minus_ua = -round(median(each.current_ua for each in negative))
    flows = [each for each in held if each.current_ua]
    ohm = round(median(abs(each.voltage_mv) * 1_000 / abs(each.current_ua) for each in flows))
    rows.append({"set_ua": level_ua, "positive_ua": plus_ua, "negative_ua": minus_ua, "ohm": ohm})
    plus, minus, failures = microamps(plus_ua), microamps(minus_ua), []
    if _off(plus_ua, level_ua, CURRENT_PERCENT, CURRENT_UA):
        failures.append(text("drill.failed.positive_phase", level=level, seen=plus))
    if _off(minus_ua, level_ua, CURRENT_PERCENT, CURRENT_UA):
        failures.append(text("drill.failed.negative_phase", level=level, seen=minus))
    if _off(plus_ua, minus_ua, PHASES_PERCENT, PHASES_UA):
        failures.append(text("drill.failed.phases", level=level, positive=plus, negative=minus))
    if _off(ohm, load_ohm, LOAD_PERCENT, 0):
        load = ohms(load_ohm)
        failures.append(text("drill.failed.load_at", level=level, seen=ohms(ohm), load=load))
    return tuple(failures)


def _judge_end(sight: DrillSight, measured: Measured) -> Failures:
    measured["time_to_zero_us"] = sight.time_to_zero_us
    if not isinstance(sight.state, Finished | Ready):
        return (text("drill.failed.no_end"),)
    if sight.level_ua or sight.supply_on:
        return (text("drill.failed.not_zero"),)
    allowed = microseconds(FALL_WITHIN_US)
    if sight.time_to_zero_us is None:
        return (text("drill.failed.ramp_down_unknown", allowed=allowed),)
    if sight.time_to_zero_us > FALL_WITHIN_US:
        seen = microseconds(sight.time_to_zero_us)
        return (text("drill.failed.ramp_down", seen=seen, allowed=allowed),)
    return ()


def _off(found: float, wanted: float, percent: int, least: int) -> bool:
    """Say whether a value differs by more than the larger of a percentage and an amount."""
    return abs(found - wanted) > max(wanted * percent / 100, least)
