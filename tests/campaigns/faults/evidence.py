"""Questions to the board's recording, read by the VCD reader that shares no product code.

Times are board time in µs, with a resolution of 0.1 µs.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from tests.campaigns.bench.independent_vcd import Change, read_changes, tick_ns

GATES = ("gate1_pos", "gate1_neg", "gate2_pos", "gate2_neg")
CURRENTS = ("i1_ua", "i2_ua")
CODES = ("dac1", "dac2")
LINES = ("ldac_n", "supply_en", "fault_latch", "heartbeat")
ZERO_UA = 100
"""Below 0.1 mA counts as no current."""
_WHEN = itemgetter(0)


class Flow(NamedTuple):
    """A period of constant current through one load."""

    start_us: float
    end_us: float
    current_ua: float


class Evidence:
    """One recording."""

    def __init__(self, path: Path, end_us: float) -> None:
        self._unit_us = tick_ns(path) / 1_000
        self._end = end_us / self._unit_us
        self._changes = read_changes(path, (*GATES, *CURRENTS, *CODES, *LINES))

    # --- current -----------------------------------------------------------------------------

    def flows(self, channel: int, since_us: float, until_us: float) -> Iterator[Flow]:
        """Yield every period of current of a channel, limited to the given time."""
        yield from self._stretches(CURRENTS[channel - 1], since_us, until_us)

    def peak_ua(self, channels: tuple[int, ...], since_us: float, until_us: float) -> float:
        """Return the largest true current of these channels in µA."""
        currents = (
            abs(flow.current_ua)
            for channel in channels
            for flow in self.flows(channel, since_us, until_us)
        )
        return max(currents, default=0.0)

    def last_current_us(self, since_us: float, until_us: float) -> float:
        """Return when current last flowed in either load; `since_us` if none did."""
        last_us = since_us
        for channel in (1, 2):
            for flow in self.flows(channel, since_us, until_us):
                if abs(flow.current_ua) > ZERO_UA:
                    last_us = max(last_us, flow.end_us)
        return last_us

    def over_us(self, bound_ua: float, since_us: float, until_us: float) -> tuple[float, float]:
        """Return when more than `bound_ua` flowed first and last; (-1, -1) if never."""
        first_us = last_us = -1.0
        for channel in (1, 2):
            for flow in self.flows(channel, since_us, until_us):
                if abs(flow.current_ua) > bound_ua:
                    first_us = flow.start_us if first_us < 0 else min(first_us, flow.start_us)
                    last_us = max(last_us, flow.end_us)
        return first_us, last_us

    def charge_uc(self, channel: int, since_us: float, until_us: float) -> tuple[float, float]:
        """Return (total charge, net charge) of a load in µC."""
        total = net = 0.0
        for flow in self.flows(channel, since_us, until_us):
            moved = flow.current_ua * (flow.end_us - flow.start_us) * 1e-6
            total += abs(moved)
            net += moved
        return total, net

    # --- lines -------------------------------------------------------------------------------

    def first_pulse_us(
        self, channels: tuple[int, ...], code: int, since_us: float, until_us: float
    ) -> float | None:
        """Return when a gate of these channels first rose with at least this code latched."""
        starts: list[float] = []
        for channel in channels:
            codes = self._changes[CODES[channel - 1]]
            for name in GATES[2 * channel - 2 : 2 * channel]:
                rises = self._edges(name, 1, since_us, until_us)
                wanted = (at for at in rises if _value(codes, at / self._unit_us) >= code)
                first = next(wanted, None)
                starts += [] if first is None else [first]
        return min(starts, default=None)

    def first_edge_us(self, name: str, level: int, since_us: float) -> float | None:
        """Return when a line first changed to a level, or None."""
        return next(self._edges(name, level, since_us, self._end * self._unit_us), None)

    def high(self, name: str, at_us: float) -> bool:
        return _value(self._changes[name], at_us / self._unit_us) > 0

    def code(self, channel: int, at_us: float) -> int:
        return int(_value(self._changes[CODES[channel - 1]], at_us / self._unit_us))

    def _edges(self, name: str, level: int, since_us: float, until_us: float) -> Iterator[float]:
        changes, unit_us = self._changes[name], self._unit_us
        first = max(bisect_left(changes, since_us / unit_us, key=_WHEN), 1)
        for place in range(first, len(changes)):
            at, value = changes[place]
            if at * unit_us > until_us:
                return
            if value == level != changes[place - 1][1]:
                yield at * unit_us

    def _stretches(self, name: str, since_us: float, until_us: float) -> Iterator[Flow]:
        changes, unit_us = self._changes[name], self._unit_us
        since, until = since_us / unit_us, min(until_us / unit_us, self._end)
        first = max(bisect_right(changes, since, key=_WHEN) - 1, 0)
        for place in range(first, len(changes)):
            at, value = changes[place]
            if at >= until:
                return
            after = changes[place + 1][0] if place + 1 < len(changes) else until
            if value and after > since:
                yield Flow(max(at, since) * unit_us, min(after, until) * unit_us, value)


def _value(changes: list[Change], at: float) -> float:
    place = bisect_right(changes, at, key=_WHEN) - 1
    return changes[place][1] if place >= 0 else 0.0
