"""Steps for the recorder while the load current is a curve.

Each step's value is the mean over the step (charge moved divided by time), so the sum of current
times time is the charge that really flowed. The steps depend only on the curve, not on when the
recorder is flushed: the same session gives the same file.
"""

import math
from collections.abc import Callable

from drivers.virtual.output_stage.decay import DC_BLOCK_F, Decay

NS = 1e-9
QUIET_A = 1e-6
"""Below this current the recorded value is 0."""
LONGEST_NS = 100_000_000


class Sampler:
    """The steps of one settling leg, from its start."""

    __slots__ = (
        "_block_at", "_decay", "_end_ns", "_k_fast", "_k_slow", "_next_v", "_share",
        "_smallest_ns", "_start_ns", "_start_v", "_trace", "_zero_ns",
    )  # fmt: skip

    def __init__(
        self,
        trace: Callable[[int, float], None],
        start_ns: int,
        block_at: Callable[[int], float],
        decay: Decay,
        amplitudes_a: tuple[float, float],
        smallest_ns: int,
        share: float,
    ) -> None:
        self._trace = trace
        self._zero_ns = self._start_ns = start_ns
        self._block_at = block_at
        self._decay = decay
        self._k_slow, self._k_fast = amplitudes_a
        self._smallest_ns = smallest_ns
        self._share = share
        self._start_v = block_at(start_ns)
        self._end_ns: int | None = start_ns

    def open(self) -> None:
        """Choose the first step."""
        self._plan()

    def emit(self, now_ns: int) -> int:
        """Trace every step that ended by `now_ns`; return until when all is traced."""
        while self._end_ns is not None and self._end_ns <= now_ns:
            self._step_to(self._end_ns)
            self._plan()
        return now_ns if self._end_ns is None else self._start_ns

    def finish(self, now_ns: int) -> None:
        """Trace the rest, ending the last step at `now_ns`."""
        self.emit(now_ns)
        if self._end_ns is not None and now_ns > self._start_ns:
            self._step_to(now_ns)

    def _step_to(self, end_ns: int) -> None:
        end_v = self._block_at(end_ns)
        mean_a = (end_v - self._start_v) * DC_BLOCK_F / ((end_ns - self._start_ns) * NS)
        self._trace(self._start_ns, mean_a * 1e6)
        self._start_ns, self._start_v = end_ns, end_v

    def _plan(self) -> None:
        """Choose the next step: in it the current changes by a fixed share or by 1 µA."""
        decay = self._decay
        dt = (self._start_ns - self._zero_ns) * NS
        slow_a = self._k_slow * math.exp(decay.slow * dt)
        fast_a = self._k_fast * math.exp(decay.fast * dt)
        if abs(slow_a) + abs(fast_a) < QUIET_A:
            self._trace(self._start_ns, 0.0)
            self._end_ns = None
            return
        slope = abs(slow_a * decay.slow) + abs(fast_a * decay.fast)
        change_a = max(self._share * abs(slow_a + fast_a), QUIET_A)
        step_ns = int(min(change_a / slope / NS, LONGEST_NS)) if slope else LONGEST_NS
        # Whole ticks of the trace (100 ns), so that no step is rounded.
        self._end_ns = self._start_ns + max(step_ns // 100 * 100, self._smallest_ns)
