"""The time of day for record stamps, and whether it can be trusted.

A Pi without a battery clock starts with a time in the past. Such times are recorded too, marked as
not trusted; order and distance in time come from boot counter and monotonic clock, never from here.
"""

import ctypes
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from appliance.core.prescription.sessions_per_patient import TimeOfDay
from drivers.clock import Clock
from drivers.quantities import US_PER_S

BUILD_UTC_US = 1_793_491_200 * US_PER_S
"""2026-11-01T00:00:00Z: no correct clock shows less, because this code did not exist before."""
SECONDS_PER_DAY = 86_400
LOOK_AGAIN_NS = 30 * 1_000_000_000
CLOCK_UNSYNCHRONISED = 5
"""adjtimex(2): TIME_ERROR, the clock is not synchronised."""
TIMEX_BYTES = 512
"""More than struct timex needs on any Linux; a zeroed one only queries."""


class WallClock(Protocol):
    """UTC for stamps; never used to order events or to measure anything."""

    @property
    def trusted(self) -> bool:
        """Say whether the time can be trusted."""
        ...

    def utc_us(self) -> int:
        """Return microseconds since 1970 in UTC, as the machine has them."""
        ...


class SystemWallClock:
    """The machine's clock; trusted when past the build date and kept by NTP or a battery clock."""

    def __init__(self) -> None:
        self._kept = False
        self._look_at_ns = 0

    @property
    def trusted(self) -> bool:
        """Say whether the time can be trusted; the system is queried again every 30 s."""
        now_ns = time.monotonic_ns()
        if now_ns >= self._look_at_ns:
            self._kept = _is_synchronised() or _came_from_rtc()
            self._look_at_ns = now_ns + LOOK_AGAIN_NS
        return self._kept and self.utc_us() >= BUILD_UTC_US

    def utc_us(self) -> int:
        """Return the machine's time."""
        return time.time_ns() // 1_000


class SteppedWallClock:
    """Time of day that advances with a stepped clock, so that a fast run has true durations.

    `trusted` says whether the time it starts at can be trusted. It is only for a virtual rig: no
    patient's time on hardware comes from it.
    """

    def __init__(self, clock: Clock, start_utc_us: int, *, trusted: bool = True) -> None:
        self.trusted = trusted
        self._clock = clock
        self._offset_us = start_utc_us - clock.now_us()

    def utc_us(self) -> int:
        """Return the start time plus the advance of the stepped clock."""
        return self._clock.now_us() + self._offset_us


def now_of(wall: WallClock) -> TimeOfDay:
    """Return the time of day for the day rules of the prescription."""
    utc_us = wall.utc_us()
    return TimeOfDay(utc_us, day_of(utc_us), wall.trusted)


def day_of(utc_us: int) -> int:
    """Return the local calendar day of this machine, counted from 1970."""
    seconds = utc_us // US_PER_S
    with suppress(OverflowError, OSError, ValueError):  # a clock this far off has no local time
        seconds += time.localtime(seconds).tm_gmtoff
    return seconds // SECONDS_PER_DAY


def _is_synchronised() -> bool:
    answer: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES))
    return 0 <= answer < CLOCK_UNSYNCHRONISED


def _came_from_rtc() -> bool:
    """Say whether the kernel set its time from a battery clock at boot."""
    for flag in Path("/sys/class/rtc").glob("rtc*/hctosys"):
        try:
            if flag.read_text().strip() == "1":
                return True
        except OSError:
            continue
    return False
