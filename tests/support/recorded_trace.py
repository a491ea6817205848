"""Values of a recording at given times, read by the product's trace reader; times in µs."""

from bisect import bisect_right
from itertools import pairwise
from pathlib import Path

from ui.trace.vcd.reader import Recording, read_vcd

GATES = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")


class Trace:
    """A recording, with the queries that flow tests need."""

    def __init__(self, path: Path) -> None:
        self.recording: Recording = read_vcd(path)

    def value(self, name: str, at_us: int) -> float:
        steps = self.recording.get(name)
        index = bisect_right(steps.times_ns, at_us * 1_000) - 1
        return steps.values[index]

    def changes(self, name: str) -> list[tuple[int, float]]:
        """Return (time, value) of every change of a signal."""
        steps = self.recording.get(name)
        return [
            (time_ns // 1_000, value)
            for time_ns, value in zip(steps.times_ns, steps.values, strict=True)
        ]

    def last_current_us(self, since_us: int = 0) -> int:
        """Return when more than 100 µA last flowed anywhere; `since_us` if not after it."""
        last_us = since_us
        for name in ("i1_ua", "i2_ua"):
            changes = self.changes(name)
            for (_, value), (ends_us, _) in pairwise(changes):
                if abs(value) > 100:
                    last_us = max(last_us, ends_us)
        return last_us

    def last_gate_us(self) -> int:
        """Return when a gate was last on."""
        return max(time for gate in GATES for time, value in self.changes(gate) if value == 0)
