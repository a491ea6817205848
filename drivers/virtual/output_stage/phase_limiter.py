"""The phase limiter of one channel: no gate stays on for longer than 600 µs."""

from collections.abc import Callable

from drivers.virtual.timeline import Timeline

LIMIT_NS = 600_000
"""Maximum time a gate may be on (docs/design.md section 4)."""


class PhaseLimiter:
    """Forces a gate off that was high too long, until its line goes low.

    Gates are bits: 1 the positive gate, 2 the negative one. `on_trip(gates)` is called once for
    each forced-off phase; `dead` disables the limiter (a fault).
    """

    __slots__ = ("_high", "_pending", "_rose_ns", "_timeline", "dead", "limited", "on_trip")

    def __init__(self, timeline: Timeline, on_trip: Callable[[int], None]) -> None:
        self.limited = 0
        self.dead = False
        self.on_trip = on_trip
        self._timeline = timeline
        self._high = 0
        self._rose_ns = [0, 0]
        self._pending = False

    def pass_through(self, lines: int, enabled: int) -> int:
        """Return the gates that reach the bridge.

        `lines` are the gate lines themselves; `enabled` are the same after the disable, and the
        limiter times these.
        """
        rising = enabled & ~self._high
        self._high = enabled
        if rising:
            now_ns = self._timeline.now_ns
            if rising & 1:
                self._rose_ns[0] = now_ns
            if rising & 2:
                self._rose_ns[1] = now_ns
            if not self._pending:
                self._pending = True
                self._timeline.at(now_ns + LIMIT_NS, self._judge)
        self.limited &= lines
        return enabled & ~self.limited

    def _judge(self) -> None:
        # Pulses come faster than the limit expires: a single event watches all of them.
        self._pending = False
        now_ns = self._timeline.now_ns
        over, earliest = 0, None
        for bit, rose_ns in zip((1, 2), self._rose_ns, strict=True):
            if not self._high & bit & ~self.limited:
                continue
            if now_ns - rose_ns >= LIMIT_NS:
                over |= bit
            elif earliest is None or rose_ns < earliest:
                earliest = rose_ns
        if earliest is not None:
            self._pending = True
            self._timeline.at(earliest + LIMIT_NS, self._judge)
        if over and not self.dead:
            self.limited |= over
            self.on_trip(over)
