"""The watchdog's one-shot: high for a fixed time after each HEARTBEAT edge."""

from collections.abc import Callable

from drivers.virtual.timeline import Timeline

WIDTH_US = 160_000
"""Nominal time it stays high (docs/design.md section 4); the part's tolerance is ±25 %."""


class OneShot:
    """Retriggered by edges; `on_change(running)` is called when it starts and when it expires."""

    def __init__(
        self, timeline: Timeline, on_change: Callable[[bool], None], width_us: int = WIDTH_US
    ) -> None:
        self.width_ns = width_us * 1_000
        self.running = False
        self._timeline = timeline
        self._on_change = on_change
        self._ends_ns = 0
        self._looks_ns = 0
        self._dead = False

    def trigger(self) -> None:
        """Apply an edge of HEARTBEAT."""
        self._ends_ns = self._timeline.now_ns + self.width_ns
        if not self.running:
            self.running = True
            self._look_at_end()
            self._on_change(True)
        elif self._ends_ns < self._looks_ns:
            self._look_at_end()

    def disable(self, *, dead: bool) -> None:
        """Make the one-shot stay high for ever (a fault), or work again."""
        self._dead = dead
        if dead:
            self.trigger()

    def _look_at_end(self) -> None:
        # Edges mostly postpone the end; the event scheduled for the old end then schedules the
        # next.
        self._looks_ns = self._ends_ns
        self._timeline.at(self._ends_ns, self._judge)

    def _judge(self) -> None:
        now_ns = self._timeline.now_ns
        if not self.running or now_ns < self._looks_ns:
            return
        if self._dead:
            self._ends_ns = now_ns + self.width_ns
        if now_ns < self._ends_ns:
            self._look_at_end()
            return
        self.running = False
        self._on_change(False)
