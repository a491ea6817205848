"""The watchdog drill: heartbeat, then guard refresh are withheld, and both must act in time.

No person is needed. Nothing is energised: the supply is off, and the latch is set on purpose.
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
from appliance.drills.waits import at_rest, is_at_rest
from appliance.texts.text import Text, microseconds, text

SCRIPT = DrillScript(
    "watchdog",
    (
        "heartbeat",
        "guard",
        "settle",
    ),
)
TICK_US = 10_000
"""An event is observed up to one control tick later, in a late tick up to two."""
LATCH_US = (120_000, 200_000)
"""docs/design.md section 4: one-shot 160 ms ± 25 %."""
LATCH_GIVE_UP_US = 400_000
GUARD_US = (80_000, 100_000)
"""docs/design.md section 6: silence is timed at 80 ms and ends the output within 100 ms."""
GUARD_GIVE_UP_US = 300_000
BY_SILENCE = 2


def watchdog_drill(measured: Measured) -> Drill:
    """Time the hardware one-shot, then the guard; both are restored."""
    sight = yield SCRIPT.step("heartbeat", DrillRequest.WITHHOLD_BEAT)
    before_us = 0
    while not _latched(sight) and _silent_us(sight) < LATCH_GIVE_UP_US:
        before_us = _silent_us(sight)
        sight = yield SCRIPT.step("heartbeat")
    if not _latched(sight):
        clear = microseconds(LATCH_GIVE_UP_US)
        return failed(text("drill.failed.latch_clear", seen=clear), measured)
    measured["latch_us"] = _silent_us(sight)
    failures = _judge("drill.failed.latch_time", before_us, _silent_us(sight), LATCH_US)
    sight = yield SCRIPT.step("guard", DrillRequest.WITHHOLD_REFRESH)
    before_us = 0
    while not _guard_ended(sight) and _unheard_us(sight) < GUARD_GIVE_UP_US:
        before_us = _unheard_us(sight)
        sight = yield SCRIPT.step("guard")
    failures += _judge_guard(sight, before_us, measured)
    sight = yield SCRIPT.step("settle", DrillRequest.RELEASE)
    sight = yield from at_rest(SCRIPT, "settle", sight)
    if not is_at_rest(sight):
        failures += (text("drill.failed.not_restored"),)
    return DrillOutcome(failures, measured)


def _judge_guard(sight: DrillSight, before_us: int, measured: Measured) -> tuple[Text, ...]:
    if sight.guard is None or not sight.guard.running:
        return (text("drill.failed.no_guard"),)
    if not sight.guard.tripped:
        return (text("drill.failed.guard_still", seen=microseconds(GUARD_GIVE_UP_US)),)
    measured["guard_us"] = _unheard_us(sight)
    if sight.guard.tripped != BY_SILENCE:
        return (text("drill.failed.guard_reason", latch=sight.guard.tripped),)
    return _judge("drill.failed.guard_time", before_us, _unheard_us(sight), GUARD_US)


def _judge(
    failure: str, before_us: int, seen_us: int, window_us: tuple[int, int]
) -> tuple[Text, ...]:
    """Judge an event after `before_us` and not later than `seen_us`; `failure` is a key."""
    earliest_us, latest_us = window_us
    if seen_us < earliest_us or before_us > latest_us:
        least, most = microseconds(earliest_us), microseconds(latest_us)
        return (text(failure, seen=microseconds(seen_us), least=least, most=most),)
    return ()


def _latched(sight: DrillSight) -> bool:
    return sight.inputs is not None and not sight.inputs.latch_clear


def _guard_ended(sight: DrillSight) -> bool:
    return sight.guard is None or not sight.guard.running or sight.guard.tripped != 0


def _silent_us(sight: DrillSight) -> int:
    return sight.now_us - sight.beat_at_us


def _unheard_us(sight: DrillSight) -> int:
    return sight.now_us - sight.refreshed_at_us
