"""When the output ended in a recording, and which layer ended it."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from tests.campaigns.bench.independent_vcd import Change, read_changes, tick_ns

GATES = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")
CURRENTS = ("i1_ua", "i2_ua")
ZERO_UA = 100
"""Below 0.1 mA counts as no current."""
WATCH_NS = 500_000_000
"""How long to look after a death; the slowest layer, the one-shot, acts within 200 ms."""
_WHEN = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Ending:
    """One end of output, in ns after the engine's death (0: no current flowed any more).

    `layer` is what ended it: "slices" that played to their end, or a "guard" that cut one.
    """

    zero_ns: int
    layer: str


class Recording:
    """Gates, strobes and currents of a recording."""

    def __init__(self, path: Path) -> None:
        self._changes = read_changes(path, (*GATES, *CURRENTS, "ldac_n"))
        self._tick_ns = tick_ns(path)

    def ending(self, death_ns: int) -> Ending:
        """Return how the output ended after a death at that board time."""
        death = death_ns // self._tick_ns
        until = death + WATCH_NS // self._tick_ns
        last_on = [self._last_above(name, 0.5, death, until) for name in GATES]
        last_on += [self._last_above(name, ZERO_UA, death, until) for name in CURRENTS]
        ended = max(last_on)
        return Ending((ended - death) * self._tick_ns, self._layer(until))

    def _last_above(self, name: str, level: float, since: int, until: int) -> int:
        """Return when a signal last fell to `level` or below; `since` if it was never above."""
        changes = self._changes[name]
        first = max(bisect_right(changes, since, key=_WHEN) - 1, 0)
        last = since
        for place in range(first, len(changes)):
            at, value = changes[place]
            if at > until:
                break
            if abs(value) >= level:
                last = max(last, _end_of(changes, place, until))
        return last

    def _layer(self, until: int) -> str:
        """Name the layer by the last slice: complete if it has as many pulses as the one before."""
        strobes = [at for at, level in self._changes["ldac_n"] if level == 0 and at <= until]
        # A cut also leaves LDAC low; only a strobe has a rising edge after it.
        last, before = strobes[-1], strobes[-2]
        played = self._rises(before, last)
        return "slices" if self._rises(last, until) >= played else "guard"

    def _rises(self, since: int, until: int) -> int:
        count = 0
        for name in GATES:
            changes = self._changes[name]
            first = bisect_left(changes, since, key=_WHEN)
            last = bisect_left(changes, until, key=_WHEN)
            count += sum(1 for _, level in changes[first:last] if level)
        return count


def _end_of(changes: list[Change], place: int, until: int) -> int:
    return changes[place + 1][0] if place + 1 < len(changes) else until


def summary(endings: list[Ending]) -> str:
    """Return worst and median as text."""
    times_ms = sorted(ending.zero_ns / 1e6 for ending in endings)
    return f"worst {times_ms[-1]:.1f} ms, median {times_ms[len(times_ms) // 2]:.1f} ms"


def layers(endings: list[Ending]) -> str:
    """Return how often each layer ended the output, as text."""
    cut = sum(ending.layer == "guard" for ending in endings)
    return f"the guard cut into a slice {cut} times, the slices ran dry {len(endings) - cut} times"


def worst_ms(endings: list[Ending]) -> float:
    """Return the longest time to zero current in ms."""
    return max(ending.zero_ns for ending in endings) / 1e6
