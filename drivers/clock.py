"""The clock: the only source of time. Only the composition root chooses the system clock."""

import time
from typing import Protocol

from drivers.quantities import Microseconds


class Clock(Protocol):
    """Monotonic time and a way to wait for it.

    The control loop sleeps only through this: on the stepped virtual board, sleeping is what
    advances the board's time.
    """

    def now_us(self) -> Microseconds:
        """Return monotonic time in microseconds; the zero point is arbitrary."""
        ...

    def sleep_until(self, at_us: Microseconds) -> None:
        """Return when `now_us()` has reached `at_us`; at once if it already has."""
        ...


class SystemClock:
    """The machine's monotonic clock."""

    def now_us(self) -> Microseconds:
        """Return the machine's monotonic time."""
        return Microseconds(time.monotonic_ns() // 1_000)

    def sleep_until(self, at_us: Microseconds) -> None:
        """Sleep until the monotonic clock shows `at_us`."""
        remaining_us = at_us - self.now_us()
        if remaining_us > 0:
            time.sleep(remaining_us / 1_000_000)
