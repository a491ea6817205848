"""Finds the phases and pulses of a channel in a recording, and what flowed in each.

A pulse is a phase and the phase of the other polarity that begins within 300 µs of its end (the
longest interphase gap a prescription may ask for is 250 µs).
"""

import heapq
from array import array
from collections.abc import Iterator
from typing import NamedTuple

from ui.trace.vcd.reader import Recording, Steps

PAIR_GAP_NS = 300_000
CUT_WITHIN_NS = 100_000_000
"""A phase left alone counts as cut if the bridges are disabled this soon after it."""
FULL_CODE = 4095
_FAR_NS = 1 << 62
_WELL = (("supply_en", 1), ("supply", 1), ("fault_latch", 0))


class Phase(NamedTuple):
    """A gate that was on, and the load current meanwhile.

    `charge_pc` is signed, positive from the positive gate, and so are the least and greatest
    current that flowed, `low_ua` and `high_ua`. `expected_ua` is the latched code's current, signed
    alike, 0 where the bridges were disabled. `is_cut` says that they were disabled in mid-phase,
    `is_steady` that the latched code stood still.
    """

    start_ns: int
    end_ns: int
    polarity: int
    charge_pc: float
    low_ua: float
    high_ua: float
    expected_ua: float
    is_powered: bool
    is_cut: bool
    is_steady: bool

    @property
    def width_ns(self) -> int:
        """Return how long the gate was on."""
        return self.end_ns - self.start_ns

    @property
    def peak_ua(self) -> float:
        """Return the greatest current of either sign."""
        return self.high_ua if self.high_ua >= -self.low_ua else self.low_ua

    @property
    def off_ua(self) -> float:
        """Return the current that was furthest from the one expected.

        In a phase that was disabled on the way only too much counts.
        """
        expected_ua, low_ua, high_ua = self.expected_ua, self.low_ua, self.high_ua
        if self.is_cut and low_ua >= min(expected_ua, 0.0) and high_ua <= max(expected_ua, 0.0):
            return expected_ua
        return max(low_ua, high_ua, key=lambda each: abs(each - expected_ua))

    @property
    def mean_ua(self) -> float:
        """Return the mean load current while the gate was on, signed."""
        return self.charge_pc * 1_000 / self.width_ns if self.width_ns else 0.0


class RecordedPulse(NamedTuple):
    """One or two phases; `is_cut` says that a cut ended it."""

    first: Phase
    second: Phase | None
    is_cut: bool

    @property
    def parts(self) -> tuple[Phase, ...]:
        """Return the phases there are."""
        return (self.first,) if self.second is None else (self.first, self.second)


class Interval(NamedTuple):
    """A stretch of a line that was high."""

    start_ns: int
    end_ns: int


def intervals(line: Steps, end_ns: int) -> Iterator[Interval]:
    """Yield when a one-bit signal was high; a last one still high ends with the recording."""
    since_ns: int | None = None
    for at_ns, level in zip(line.times_ns, line.values, strict=True):
        if level and since_ns is None:
            since_ns = at_ns
        elif not level and since_ns is not None:
            if at_ns > since_ns:
                yield Interval(since_ns, at_ns)
            since_ns = None
    if since_ns is not None and since_ns < end_ns:
        yield Interval(since_ns, end_ns)


def power(recording: Recording) -> Steps:
    """Return whether the bridges could conduct: SUPPLY_EN and supply high, fault latch clear.

    A line that was not recorded counts as being well.
    """
    signals = recording.signals
    recorded = [(signals[name], good) for name, good in _WELL if name in signals]
    is_well = [False] * len(recorded)
    times, values = array("q", [0]), array("q", [int(not recorded)])
    for at_ns, index, well in heapq.merge(
        *(_wellness(index, steps, good) for index, (steps, good) in enumerate(recorded))
    ):
        is_well[index] = well
        if all(is_well) != values[-1]:
            times.append(at_ns)
            values.append(int(all(is_well)))
    return Steps(times, values)


def _wellness(index: int, steps: Steps, good: int) -> Iterator[tuple[int, int, bool]]:
    for at_ns, level in zip(steps.times_ns, steps.values, strict=True):
        yield at_ns, index, level == good


class Level:
    """The value of a signal at moments that only grow."""

    __slots__ = ("_at", "_times", "_values", "next_ns", "since_ns", "value")

    def __init__(self, steps: Steps) -> None:
        self._times, self._values = steps.times_ns, steps.values
        self._at = 0
        self.value: float = 0
        self.since_ns = 0
        self.next_ns = self._times[0] if self._times else _FAR_NS

    def at(self, now_ns: int) -> float:
        """Return the value at `now_ns`: it stands from `since_ns` to before `next_ns`."""
        while self.next_ns <= now_ns:
            self.since_ns = self.next_ns
            self.value = self._values[self._at]
            self._at += 1
            self.next_ns = self._times[self._at] if self._at < len(self._times) else _FAR_NS
        return self.value


class Charge:
    """The charge that a current has moved, at moments that only grow."""

    __slots__ = ("_at", "_current_ua", "_from_ns", "_moved_fc", "_times", "_values", "high", "low")

    def __init__(self, current: Steps) -> None:
        self._times, self._values = current.times_ns, current.values
        self._at = 0
        self._from_ns = 0
        self._moved_fc = 0.0
        self._current_ua = 0.0
        self.low = self.high = 0.0

    def until(self, now_ns: int) -> float:
        """Return the charge since the beginning, in pC.

        `low` and `high` are the least and greatest current since last asked, in µA; one that was
        replaced at the same instant never flowed.
        """
        times, values = self._times, self._values
        at, last = self._at, len(times)
        from_ns, current_ua, moved_fc = self._from_ns, self._current_ua, self._moved_fc
        flowed: list[float] = []
        while at < last and times[at] < now_ns:
            if times[at] > from_ns:
                moved_fc += current_ua * (times[at] - from_ns)
                flowed.append(current_ua)
            from_ns, current_ua = times[at], values[at]
            at += 1
        if now_ns > from_ns:
            flowed.append(current_ua)
        self._moved_fc = moved_fc + current_ua * (now_ns - from_ns)
        self._at, self._from_ns, self._current_ua = at, now_ns, current_ua
        self.low, self.high = (min(flowed), max(flowed)) if flowed else (0.0, 0.0)
        return self._moved_fc / 1_000


def phases(recording: Recording, channel: int, full_scale_ua: int) -> Iterator[Phase]:
    """Yield the phases of a channel in the order of their starts."""
    end_ns = recording.end_ns
    gates = heapq.merge(
        ((gate, 1) for gate in intervals(recording.get(f"gate{channel}_pos"), end_ns)),
        ((gate, -1) for gate in intervals(recording.get(f"gate{channel}_neg"), end_ns)),
    )
    moved = Charge(recording.get(f"i{channel}_ua"))
    code, powered = Level(recording.get(f"dac{channel}")), Level(power(recording))
    ua_per_code = full_scale_ua / FULL_CODE
    for (start_ns, stop_ns), polarity in gates:
        before_pc = moved.until(start_ns)
        is_powered = bool(powered.at(start_ns))
        expected_ua = code.at(start_ns) * ua_per_code * polarity * is_powered
        charge_pc = moved.until(stop_ns) - before_pc
        yield Phase(
            start_ns,
            stop_ns,
            polarity,
            charge_pc,
            moved.low,
            moved.high,
            expected_ua,
            is_powered,
            is_powered and powered.next_ns < stop_ns,
            code.next_ns >= stop_ns,
        )


def pulses(recording: Recording, channel: int, full_scale_ua: int) -> Iterator[RecordedPulse]:
    """Yield the pulses that could flow; phases with the bridges disabled are left out."""
    powered = Level(power(recording))
    waiting: Phase | None = None
    for phase in phases(recording, channel, full_scale_ua):
        if waiting is not None and _belong(waiting, phase):
            yield RecordedPulse(waiting, phase, waiting.is_cut or phase.is_cut)
            waiting = None
            continue
        if waiting is not None:
            yield _lone(waiting, powered, phase.start_ns)
        waiting = phase if phase.is_powered else None
    if waiting is not None and recording.end_ns - waiting.end_ns > PAIR_GAP_NS:
        yield _lone(waiting, powered, _FAR_NS)
    elif waiting is not None:
        yield RecordedPulse(waiting, None, is_cut=True)


def _belong(first: Phase, second: Phase) -> bool:
    gap_ns = second.start_ns - first.end_ns
    return second.is_powered and second.polarity != first.polarity and gap_ns <= PAIR_GAP_NS


def _lone(phase: Phase, powered: Level, next_ns: int) -> RecordedPulse:
    """Return a pulse of one phase, cut if the bridges were disabled soon after and before more."""
    powered.at(phase.start_ns)
    off_ns = powered.next_ns
    is_cut = off_ns <= min(phase.end_ns + CUT_WITHIN_NS, next_ns)
    return RecordedPulse(phase, None, is_cut)
