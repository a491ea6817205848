"""The pulses of a recording: every phase of every gate, and the charge that flowed in each second.

Read with the campaigns' own VCD reader; imports no product code.
"""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.campaigns.bench.independent_vcd import Change, read_changes, tick_ns

PAIR_NS = 300_000
"""The second phase of a pulse begins at most this long after the first; gaps are up to 250 µs."""
CHANNELS = (1, 2)
Signals = dict[str, list[Change]]
"""Each signal by name: (time in ns, value) of every change."""


class Phase(NamedTuple):
    """The time a gate was on, and the charge that flowed in it, with its sign, in pC."""

    start_ns: int
    end_ns: int
    polarity: int
    charge_pc: float

    @property
    def width_us(self) -> float:
        return (self.end_ns - self.start_ns) / 1_000

    @property
    def mean_ua(self) -> float:
        """Return the mean size of the current in the phase, in µA."""
        return abs(self.charge_pc) * 1_000 / (self.end_ns - self.start_ns)


class Pulse(NamedTuple):
    """Two phases of opposite sign; `second` is None where the other one never came."""

    first: Phase
    second: Phase | None

    @property
    def start_ns(self) -> int:
        return self.first.start_ns

    @property
    def end_ns(self) -> int:
        return (self.second or self.first).end_ns

    @property
    def net_pc(self) -> float:
        return self.first.charge_pc + (0 if self.second is None else self.second.charge_pc)


def read_signals(path: Path) -> Signals:
    """Return gates and currents of a recording."""
    names = [f"gate{n}_{sign}" for n in CHANNELS for sign in ("pos", "neg")]
    names += [f"i{n}_ua" for n in CHANNELS]
    tick = tick_ns(path)
    found = read_changes(path, names)
    return {name: [(at * tick, value) for at, value in changes] for name, changes in found.items()}


def pulses_of(signals: Signals, channel: int) -> list[Pulse]:
    """Return every pulse of a channel in the order of time."""
    found: list[Pulse] = []
    waiting: Phase | None = None
    for phase in _phases(signals, channel):
        if waiting is None:
            waiting = phase
        elif phase.polarity != waiting.polarity and phase.start_ns - waiting.end_ns <= PAIR_NS:
            found.append(Pulse(waiting, phase))
            waiting = None
        else:
            found.append(Pulse(waiting, None))
            waiting = phase
    return found if waiting is None else [*found, Pulse(waiting, None)]


def net_of_seconds_ua(signals: Signals, channel: int, pulses: Sequence[Pulse]) -> list[float]:
    """Return the mean current of each second, in µA: what flowed one way and not back.

    A second lasts until the next pulse begins, so that none is cut in two.
    """
    bounds_ns: list[int] = []
    for pulse in pulses:
        if not bounds_ns or pulse.start_ns >= bounds_ns[-1] + 1_000_000_000:
            bounds_ns.append(pulse.start_ns)
    charges = charges_pc(signals[f"i{channel}_ua"], bounds_ns)
    return [
        (charge_after - charge) * 1_000 / (after_ns - before_ns)
        for (charge, charge_after), (before_ns, after_ns) in zip(
            pairwise(charges), pairwise(bounds_ns), strict=True
        )
    ]


def charges_pc(current: Sequence[Change], times_ns: Sequence[int]) -> list[float]:
    """Return the charge since the start of the recording at each of these rising times, in pC."""
    found: list[float] = []
    moved, since_ns, value, at = 0.0, 0, 0.0, 0
    for now_ns in times_ns:
        while at < len(current) and current[at][0] <= now_ns:
            moved += value * (current[at][0] - since_ns)
            since_ns, value = current[at]
            at += 1
        moved += value * (now_ns - since_ns)
        since_ns = now_ns
        found.append(moved / 1_000)
    return found


def _phases(signals: Signals, channel: int) -> Iterator[Phase]:
    on = [
        *merge(
            _intervals(signals[f"gate{channel}_pos"], 1),
            _intervals(signals[f"gate{channel}_neg"], -1),
        )
    ]
    times_ns = [at_ns for start_ns, end_ns, _ in on for at_ns in (start_ns, end_ns)]
    charges = charges_pc(signals[f"i{channel}_ua"], times_ns)
    for place, (start_ns, end_ns, polarity) in enumerate(on):
        yield Phase(start_ns, end_ns, polarity, charges[2 * place + 1] - charges[2 * place])


def _intervals(changes: Sequence[Change], polarity: int) -> Iterator[tuple[int, int, int]]:
    since_ns: int | None = None
    for at_ns, level in changes:
        if level and since_ns is None:
            since_ns = at_ns
        elif not level and since_ns is not None:
            yield since_ns, at_ns, polarity
            since_ns = None
