"""Rules over the engine itself: tick timing, clock, screen, journal."""

from typing import NamedTuple

from appliance.safety.interlocks.limits import CLOCK_JUMP_US, OVERRUN_US, SCREEN_SILENT_US
from appliance.safety.interlocks.readings import Readings
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip, trip
from appliance.texts.text import microseconds, text


class TickSeen(NamedTuple):
    """When the last guarded tick began; −1 when the last tick was not guarded."""

    at_us: int = -1


def loop_overrun(memory: TickSeen, readings: Readings) -> tuple[TickSeen, Trip | None]:
    """Trip when a tick begins more than 50 ms after the last, or time does not advance."""
    if not readings.guarded:
        return TickSeen(), None
    now = TickSeen(readings.now_us)
    if memory.at_us < 0:
        return now, None
    passed_us = readings.now_us - memory.at_us
    if passed_us > OVERRUN_US or passed_us <= 0:
        seen, allowed = microseconds(passed_us), microseconds(OVERRUN_US)
        detail = text("trip.detail.late_tick", seen=seen, allowed=allowed)
        return now, trip(TripCode.LOOP_OVERRUN, detail)
    return now, None


def screen_silent(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip when no screen has shown a snapshot for 2 s while the patient may feel something."""
    if not readings.energising:
        return memory, None
    if readings.screen_at_us is None:
        return memory, trip(TripCode.SCREEN_SILENT, text("trip.detail.no_screen"))
    silent_us = readings.now_us - readings.screen_at_us
    if silent_us > SCREEN_SILENT_US:
        detail = text("trip.detail.screen_silent", seen=microseconds(silent_us))
        return memory, trip(TripCode.SCREEN_SILENT, detail)
    return memory, None


def journal(memory: None, readings: Readings) -> tuple[None, Trip | None]:
    """Trip while the journal cannot be written, in any state."""
    if readings.journal_ok:
        return memory, None
    return memory, trip(TripCode.JOURNAL_FAULT, text("trip.detail.journal_not_writable"))


class ClocksSeen(NamedTuple):
    """How far the wall clock was ahead of the engine's; None before the first energised tick."""

    ahead_us: int | None = None


def clock_jump(memory: ClocksSeen, readings: Readings) -> tuple[ClocksSeen, Trip | None]:
    """Trip when the wall clock is set during a treatment: the record's times would be wrong."""
    if not readings.energising:
        return ClocksSeen(), None
    ahead_us = readings.wall_us - readings.now_us
    now = ClocksSeen(ahead_us)
    if memory.ahead_us is None:
        return now, None
    jump_us = ahead_us - memory.ahead_us
    if abs(jump_us) > CLOCK_JUMP_US:
        detail = text("trip.detail.clock_set", seen=microseconds(jump_us))
        return now, trip(TripCode.CLOCK_JUMP, detail)
    return now, None
