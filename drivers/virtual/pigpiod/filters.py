"""Glitch and noise filters: they delay or hide edges in reports and scripts, never in READ.

pigpio examines every sample. Here only changes exist, so each filter also says when it will act
without a change.
"""

from dataclasses import dataclass

Sample = tuple[int, int]
"""Sampling time in microseconds, and the levels of GPIO 0 to 31 from then on."""


@dataclass(slots=True)
class FilterWindow:
    """The sampling times of one batch: every `step_us` from `first_us`, before `end_us`."""

    first_us: int
    end_us: int
    step_us: int

    def grid(self, at_us: int) -> int:
        """Return the first sampling time at or after `at_us`."""
        return -(-at_us // self.step_us) * self.step_us


class GlitchFilter:
    """Reports a level after it was steady for `steady_us` (alertGlitchFilter)."""

    def __init__(self, gpio: int, steady_us: int) -> None:
        self._bit = 1 << gpio
        self._steady_us = steady_us
        self._started = False
        self._reported = self._last = 0
        self._changed_us = 0

    def due_us(self) -> int | None:
        """When the filter reports a level that stays, None if none waits."""
        return self._changed_us + self._steady_us if self._reported != self._last else None

    def apply(
        self, start: int, samples: list[Sample], window: FilterWindow
    ) -> tuple[int, list[Sample]]:
        """Return the starting levels and samples after filtering."""
        if not self._started:
            self._started = True
            self._reported = self._last = start & self._bit
            self._changed_us = window.first_us
        out: list[Sample] = []
        before, level = self._show(start), start
        points = (
            samples if start & self._bit == self._last else [(window.first_us, start), *samples]
        )
        for at_us, following in points:
            self._settle(level, min(at_us, window.end_us), window, out)
            bit = following & self._bit
            if bit != self._last:
                self._last, self._changed_us = bit, at_us
            level = following
            out.append((at_us, self._show(level)))
        self._settle(level, window.end_us, window, out)
        return before, out

    def _settle(self, level: int, until_us: int, window: FilterWindow, out: list[Sample]) -> None:
        steady_at_us = window.grid(self._changed_us + self._steady_us)
        if self._reported != self._last and steady_at_us < until_us:
            self._reported = self._last
            out.append((steady_at_us, self._show(level)))

    def _show(self, level: int) -> int:
        return level & ~self._bit | self._reported


class NoiseFilter:
    """Reports for `active_us` from a change after `steady_us` of quiet (alertNoiseFilter)."""

    def __init__(self, gpio: int, steady_us: int, active_us: int, now_us: int) -> None:
        self._bit = 1 << gpio
        self._steady_us = steady_us
        self._active_us = active_us
        self._active = False
        self._quiet_since_us = now_us
        self._closes_us = now_us
        self._last = self._reported = 0

    def due_us(self) -> int | None:
        """When reporting ends, None while it is off."""
        return self._closes_us if self._active else None

    def apply(
        self, start: int, samples: list[Sample], window: FilterWindow
    ) -> tuple[int, list[Sample]]:
        """Return the starting levels and samples after filtering."""
        out: list[Sample] = []
        before, level = self._show(start), start
        points = (
            samples if start & self._bit == self._last else [(window.first_us, start), *samples]
        )
        for at_us, following in points:
            closes_us = window.grid(self._closes_us)
            if self._active and closes_us < at_us:
                self._close(level, closes_us, out)
            self._take(following & self._bit, at_us)
            level = following
            out.append((at_us, self._show(level)))
        closes_us = window.grid(self._closes_us)
        if self._active and closes_us < window.end_us:
            self._close(level, closes_us, out)
        return before, out

    def _take(self, bit: int, at_us: int) -> None:
        if self._active:
            if at_us >= self._closes_us:
                self._active, self._quiet_since_us = False, at_us
        elif bit != self._last:
            quiet_us = at_us - self._quiet_since_us
            self._quiet_since_us = at_us
            if quiet_us >= self._steady_us:
                self._reported, self._active = self._last, True
                self._closes_us = at_us + self._active_us
        self._last = bit

    def _close(self, level: int, at_us: int, out: list[Sample]) -> None:
        # When reporting ends, the level is again that from before it began, whatever the pin is
        # now.
        self._active, self._quiet_since_us = False, at_us
        out.append((at_us, self._show(level)))

    def _show(self, level: int) -> int:
        return level if self._active else level & ~self._bit | self._reported
