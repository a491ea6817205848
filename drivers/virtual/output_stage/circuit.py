"""Load and DC block of one channel over time, solved leg by leg.

A leg is a time in which the bridge does one thing: drives a constant current, is limited by the
rail (the source would need more voltage than it has), discharges through a resistance, or is open.
The state is computed only when a leg ends, so a pulse costs a few exponentials.
"""

import math
from collections.abc import Callable
from enum import IntEnum

from drivers.virtual.output_stage.decay import DC_BLOCK_F
from drivers.virtual.output_stage.recorder_steps import Sampler
from drivers.virtual.output_stage.skin import Load

NS = 1e-9
FIRST_BRACKET_S = 1e-6
LAST_BRACKET_S = 1e4

Trace = Callable[[int, float], None]
"""Called with (board time in ns, µA) at each step of the load current, in order of time."""


class Leg(IntEnum):
    """What the bridge does to the load."""

    OPEN = 0
    CONSTANT = 1
    LIMITED = 2
    DISCHARGE = 3


class LoadCircuit:
    """DC block voltage and tissue voltage, both positive when the positive gate charges them.

    `current_a` and `bridge_v` are those at the end of the last finished leg.
    """

    __slots__ = (
        "_fast_x",
        "_fast_y",
        "_k_fast",
        "_k_slow",
        "_slow_x",
        "_slow_y",
        "block_v",
        "bridge_v",
        "current_a",
        "decay",
        "drive_a",
        "leg",
        "load",
        "rail_v",
        "sampler",
        "since_ns",
        "target_v",
        "tissue_v",
        "trace",
    )  # fmt: skip

    def __init__(self, load: Load) -> None:
        self.load = load
        self.block_v = self.tissue_v = 0.0
        self.current_a = self.bridge_v = 0.0
        self.leg = Leg.OPEN
        self.since_ns = 0
        self.drive_a = self.rail_v = self.target_v = 0.0
        self.decay = load.behind(0.0)
        self._slow_x = self._slow_y = self._fast_x = self._fast_y = 0.0
        self._k_slow = self._k_fast = 0.0
        self.trace: Trace | None = None
        self.sampler: Sampler | None = None

    def advance(self, now_ns: int) -> None:
        """End the leg at `now_ns` and update the state, `current_a` and `bridge_v` to that time."""
        while True:
            dt = (now_ns - self.since_ns) * NS
            leg = self.leg
            if leg == Leg.CONSTANT:
                if self._ends_constant(dt):
                    break
            elif leg == Leg.OPEN:
                if dt > 0.0:
                    self.tissue_v *= math.exp(-dt / self.load.tau_s)
                self.current_a = 0.0
                self.bridge_v = self.block_v + self.tissue_v
                break
            elif self._ends_decay(dt, now_ns):
                break
        self.since_ns = now_ns

    def drive(self, current_a: float, rail_v: float) -> None:
        """Start driving `current_a` (its sign is the gate) with at most `rail_v` at the bridge."""
        self.drive_a = current_a
        self.rail_v = rail_v
        wanted_v = self.block_v + self.tissue_v + current_a * self.load.series_ohm
        if (wanted_v if current_a > 0.0 else -wanted_v) > rail_v:
            self._limit()
            return
        self.leg = Leg.CONSTANT
        self.sampler = None
        if self.trace is not None:
            self.trace(self.since_ns, current_a * 1e6)

    def discharge(self, source_ohm: float) -> None:
        """Start discharging through a resistance across the bridge."""
        self._settle_towards(0.0, source_ohm)
        self.leg = Leg.DISCHARGE
        self._watch(smallest_ns=5_000, share=0.3)

    def open(self) -> None:
        """Open the bridge: no current."""
        self.leg = Leg.OPEN
        self.sampler = None
        if self.trace is not None:
            self.trace(self.since_ns, 0.0)

    def flowing_a(self) -> float:
        """The load current at the start of the current leg."""
        if self.leg == Leg.CONSTANT:
            return self.drive_a
        return 0.0 if self.leg == Leg.OPEN else self._k_slow + self._k_fast

    def follow(self, now_ns: int) -> None:
        """Switch the leg from constant to limited or back, if that happens by `now_ns`."""
        dt = (now_ns - self.since_ns) * NS
        if self.leg == Leg.CONSTANT and self._above_rail(dt) > 0.0:
            turned = self._turn_limited(dt)
        else:
            turned = self.leg == Leg.LIMITED and self._turn_constant(dt)
        if turned:
            self.follow(now_ns)

    def peek(self, now_ns: int) -> tuple[float, float, float]:
        """Return (load current, block voltage, tissue voltage) at `now_ns`; the leg continues."""
        self.follow(now_ns)
        dt = (now_ns - self.since_ns) * NS
        if self.leg == Leg.OPEN:
            return 0.0, self.block_v, self.tissue_v * math.exp(-dt / self.load.tau_s)
        if self.leg == Leg.CONSTANT:
            return self.drive_a, *self._constant_state(dt)
        return self._decay_state(dt)

    def sample_until(self, now_ns: int) -> int:
        """Trace what is settled up to `now_ns`; return until when nothing more will be traced."""
        self.follow(now_ns)
        return now_ns if self.sampler is None else self.sampler.emit(now_ns)

    def block_at(self, at_ns: int) -> float:
        """Return the DC block's voltage at a time within the current, settling leg."""
        dt = (at_ns - self.since_ns) * NS
        slow, fast = math.exp(self.decay.slow * dt), math.exp(self.decay.fast * dt)
        return self._slow_x * slow + self._fast_x * fast

    # --- legs -----------------------------------------------------------------------------

    def _constant_state(self, dt: float) -> tuple[float, float]:
        drive_a, load = self.drive_a, self.load
        held_v = drive_a * load.parallel_ohm
        tissue_v = held_v + (self.tissue_v - held_v) * math.exp(-dt / load.tau_s)
        return self.block_v + drive_a * dt / DC_BLOCK_F, tissue_v

    def _ends_constant(self, dt: float) -> bool:
        """Advance a constant leg; return False if it became a limited one on the way.

        The bridge voltage is a line plus an exponential that grows, or is convex: its highest value
        is at an end of the leg, and the start was checked in `drive`.
        """
        drive_a, load = self.drive_a, self.load
        held_v = drive_a * load.parallel_ohm
        tissue_v = held_v + (self.tissue_v - held_v) * math.exp(-dt / load.tau_s)
        block_v = self.block_v + drive_a * dt / DC_BLOCK_F
        bridge_v = block_v + tissue_v + drive_a * load.series_ohm
        over = (bridge_v if drive_a > 0.0 else -bridge_v) > self.rail_v
        if over and self._turn_limited(dt):
            return False
        self.block_v, self.tissue_v = block_v, tissue_v
        self.current_a, self.bridge_v = drive_a, bridge_v
        return True

    def _turn_limited(self, within_s: float) -> bool:
        reached_s = _first_above(self._above_rail)
        if reached_s >= within_s:
            return False
        self.block_v, self.tissue_v = self._constant_state(reached_s)
        self.since_ns += round(reached_s / NS)
        self._limit()
        return True

    def _above_rail(self, dt: float) -> float:
        block_v, tissue_v = self._constant_state(dt)
        bridge_v = block_v + tissue_v + self.drive_a * self.load.series_ohm
        return (bridge_v if self.drive_a > 0.0 else -bridge_v) - self.rail_v

    def _ends_decay(self, dt: float, now_ns: int) -> bool:
        """Advance a settling leg; return False if the source took over again on the way."""
        if self.leg == Leg.LIMITED and self._turn_constant(dt):
            return False
        current_a, block_v, tissue_v = self._decay_state(dt)
        if self.sampler is not None:
            self.sampler.finish(now_ns)
        self.block_v, self.tissue_v, self.current_a = block_v, tissue_v, current_a
        self.bridge_v = block_v + tissue_v + current_a * self.load.series_ohm
        return True

    def _turn_constant(self, within_s: float) -> bool:
        """Return to the requested current once the rail is high enough for it."""
        if self._above_drive(within_s) <= abs(self.drive_a) * 1e-9:
            return False
        after_s = _first_above(self._above_drive)
        if after_s >= within_s:
            return False
        end_ns = self.since_ns + max(round(after_s / NS), 1)
        _, block_v, tissue_v = self._decay_state(after_s)
        if self.sampler is not None:
            self.sampler.finish(end_ns)
        self.block_v, self.tissue_v = block_v, tissue_v
        self.since_ns = end_ns
        self.leg = Leg.CONSTANT
        self.sampler = None
        if self.trace is not None:
            self.trace(end_ns, self.drive_a * 1e6)
        return True

    def _above_drive(self, dt: float) -> float:
        return abs(self._decay_state(dt)[0]) - abs(self.drive_a)

    def _decay_state(self, dt: float) -> tuple[float, float, float]:
        slow, fast = math.exp(self.decay.slow * dt), math.exp(self.decay.fast * dt)
        return (
            self._k_slow * slow + self._k_fast * fast,
            self.target_v + self._slow_x * slow + self._fast_x * fast,
            self._slow_y * slow + self._fast_y * fast,
        )

    def _limit(self) -> None:
        self._settle_towards(self.rail_v if self.drive_a > 0.0 else -self.rail_v, 0.0)
        self.leg = Leg.LIMITED
        self._watch(smallest_ns=2_000, share=0.05)

    def _settle_towards(self, target_v: float, source_ohm: float) -> None:
        decay = self.load.behind(source_ohm)
        x, y = self.block_v - target_v, self.tissue_v
        slow_x, slow_y = decay.xx * x + decay.xy * y, decay.yx * x + decay.yy * y
        self._slow_x, self._slow_y = slow_x, slow_y
        self._fast_x, self._fast_y = x - slow_x, y - slow_y
        self._k_slow = -(slow_x + slow_y) / decay.loop_ohm
        self._k_fast = -(x + y) / decay.loop_ohm - self._k_slow
        self.target_v = target_v
        self.decay = decay

    def _watch(self, smallest_ns: int, share: float) -> None:
        if self.trace is None:
            return
        self.sampler = Sampler(
            self.trace, self.since_ns, self.block_at, self.decay, (self._k_slow, self._k_fast),
            smallest_ns, share,
        )  # fmt: skip
        self.sampler.open()


def _first_above(excess: Callable[[float], float]) -> float:
    """Return the first time after 0 at which `excess` is positive, accurate to well under 1 ns.

    The bracket depends only on the function, so repeated calls for a leg give the same answer.
    """
    high = FIRST_BRACKET_S
    while excess(high) <= 0.0:
        high *= 2.0
        if high > LAST_BRACKET_S:
            return math.inf
    low = 0.0
    while high - low > 0.25 * NS:
        middle = (low + high) / 2.0
        if excess(middle) > 0.0:
            high = middle
        else:
            low = middle
    return high
