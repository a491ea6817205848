"""The isolated supply: its rail, and SUPPLY_GOOD."""

import math
from collections.abc import Callable

from drivers.virtual.timeline import Timeline

RISE_NS = 5_000_000
"""Time from zero to the nominal rail."""
BLEED_S = 0.2
"""Time constant: 10 µF with 20 kΩ. The charge that pulses draw is neglected, so the simulated rail
lasts longer."""
GOOD_SHARE = 0.9


class IsolatedSupply:
    """A rail that rises linearly and discharges exponentially.

    `on_good(level)` is called when SUPPLY_GOOD changes.
    """

    def __init__(
        self, timeline: Timeline, nominal_v: float, on_good: Callable[[bool], None]
    ) -> None:
        self.enabled = False
        self.good = False
        self._timeline = timeline
        self._nominal_v = nominal_v
        self._sag = 1.0
        self._from_v = 0.0
        self._since_ns = 0
        self._on_good = on_good
        self._crossing: list[object] | None = None

    def enable(self, *, on: bool) -> None:
        """Switch the supply on or off."""
        self._restart(on=on, sag=self._sag)

    def sag(self, share: float) -> None:
        """Limit the rail to this fraction of its nominal voltage (a fault; 1 is healthy)."""
        self._restart(on=self.enabled, sag=share)

    def rail_v(self) -> float:
        """Return the rail voltage now."""
        passed_ns = self._timeline.now_ns - self._since_ns
        if not self.enabled:
            return self._from_v * math.exp(-passed_ns * 1e-9 / BLEED_S)
        target_v = self._nominal_v * self._sag
        if self._from_v >= target_v:
            return target_v
        return min(self._from_v + self._nominal_v * passed_ns / RISE_NS, target_v)

    def _restart(self, *, on: bool, sag: float) -> None:
        if on == self.enabled and sag == self._sag:
            return
        self._from_v = self.rail_v()
        self._since_ns = self._timeline.now_ns
        self.enabled, self._sag = on, sag
        Timeline.cancel(self._crossing)
        self._crossing = None
        good_v = self._nominal_v * GOOD_SHARE
        if on and sag >= GOOD_SHARE:
            missing_v = max(good_v - self._from_v, 0.0)
            wait_ns = math.ceil(missing_v / self._nominal_v * RISE_NS)
            self._crossing = self._timeline.after(wait_ns, self._become_good)
        elif not on and self._from_v > good_v:
            wait_ns = math.ceil(math.log(self._from_v / good_v) * BLEED_S * 1e9)
            self._crossing = self._timeline.after(wait_ns, self._become_bad)
        else:
            self._become_bad()

    def _become_good(self) -> None:
        self._become(good=True)

    def _become_bad(self) -> None:
        self._become(good=False)

    def _become(self, *, good: bool) -> None:
        if self.good != good:
            self.good = good
            self._on_good(good)
