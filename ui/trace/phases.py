"""Find the phases and pulses of a channel in a recording, and the current in each.

A pulse is a phase and the phase of the other polarity that begins within 300 µs of its end (the
longest interphase gap of a prescription is 250 µs).
"""

import heapq
from array import array
from collections.abc import Iterator
from typing import NamedTuple

from ui.trace.vcd.reader import Recording, Steps

PAIR_GAP_NS = 300_000
CUT_WITHIN_NS = 100_000_000
"""A single phase counts as cut if the bridges are disabled within this time after it."""
FULL_CODE = 4095
_FAR_NS = 1 << 62
_POWERED = (("supply_en", 1), ("supply", 1), ("fault_latch", 0))


class Phase(NamedTuple):
    """The time a gate was on, and the load current during it.

    `charge_pc` is signed, positive for the positive gate; so are `low_ua` and `high_ua`, the lowest
    and highest current. `expected_ua` is the current of the latched code with the same sign, 0 if
    the bridges were disabled. `is_cut`: the bridges were disabled during the phase. `is_steady`:
    the latched code did not change during the phase.
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
        """Return how long the gate was on, in ns."""
        return self.end_ns - self.start_ns

    @property
    def peak_ua(self) -> float:
        """Return the current of largest magnitude, with its sign."""
        return self.high_ua if self.high_ua >= -self.low_ua else self.low_ua

    @property
    def off_ua(self) -> float:
        """Return the current that differed most from the expected one.

        In a phase that was cut, only a current above the expected one counts.
        """
        expected_ua, low_ua, high_ua = self.expected_ua, self.low_ua, self.high_ua
        if self.is_cut and low_ua >= min(expected_ua, 0.0) and high_ua <= max(expected_ua, 0.0):
            return expected_ua
        return max(low_ua, high_ua, key=lambda current_ua: abs(current_ua - expected_ua))

    @property
    def mean_ua(self) -> float:
        """Return the mean load current while the gate was on, signed."""
        return self.charge_pc * 1_000 / self.width_ns if self.width_ns else 0.0


class RecordedPulse(NamedTuple):
    """One or two phases; `is_cut` if a cut ended the pulse."""

    first: Phase
    second: Phase | None
    is_cut: bool

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Return the one or two phases."""
        return (self.first,) if self.second is None else (self.first, self.second)


class Interval(NamedTuple):
    """A time during which a line was high."""

    start_ns: int
    end_ns: int


def intervals(line: Steps, end_ns: int) -> Iterator[Interval]:
    """Yield the intervals in which a one-bit signal was high.

    If it is still high at the end, the last interval ends with the recording.
    """
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
    """Return a signal that is 1 while the bridges can conduct.

    That is: SUPPLY_EN high, supply high, fault latch clear. A line that was not recorded counts as
    fulfilled.
    """
    signals = recording.signals
    recorded = [(signals[name], needed) for name, needed in _POWERED if name in signals]
    fulfilled = [False] * len(recorded)
    times, values = array("q", [0]), array("q", [int(not recorded)])
    for at_ns, index, is_fulfilled in heapq.merge(
        *(_fulfilled(index, steps, needed) for index, (steps, needed) in enumerate(recorded))
    ):
        fulfilled[index] = is_fulfilled
        if all(fulfilled) != values[-1]:
            times.append(at_ns)
            values.append(int(all(fulfilled)))
    return Steps(times, values)


def _fulfilled(index: int, steps: Steps, needed: int) -> Iterator[tuple[int, int, bool]]:
    for at_ns, level in zip(steps.times_ns, steps.values, strict=True):
        yield at_ns, index, level == needed


class Level:
    """The value of a signal, read at increasing times."""

    __slots__ = ("_at", "_times", "_values", "next_ns", "since_ns", "value")

    def __init__(self, steps: Steps) -> None:
        self._times, self._values = steps.times_ns, steps.values
        self._at = 0
        self.value: float = 0
        self.since_ns = 0
        self.next_ns = self._times[0] if self._times else _FAR_NS

    def at(self, now_ns: int) -> float:
        """Return the value at `now_ns`; it is valid from `since_ns` until before `next_ns`."""
        while self.next_ns <= now_ns:
            self.since_ns = self.next_ns
            self.value = self._values[self._at]
            self._at += 1
            self.next_ns = self._times[self._at] if self._at < len(self._times) else _FAR_NS
        return self.value


class Charge:
    """The integral of a current, read at increasing times."""

    __slots__ = ("_at", "_current_ua", "_from_ns", "_moved_fc", "_times", "_values", "high", "low")

    def __init__(self, current: Steps) -> None:
        self._times, self._values = current.times_ns, current.values
        self._at = 0
        self._from_ns = 0
        self._moved_fc = 0.0
        self._current_ua = 0.0
        self.low = self.high = 0.0

    def until(self, now_ns: int) -> float:
        """Return the charge since the start of the recording, in pC.

        `low` and `high` become the lowest and highest current since the last call, in µA; a value
        that was replaced at the same instant does not count.
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
    """Yield the phases of a channel, ordered by start."""
    end_ns = recording.end_ns
    gates = heapq.merge(
        ((gate, 1) for gate in intervals(recording.get(f"gate{channel}_pos"), end_ns)),
        ((gate, -1) for gate in intervals(recording.get(f"gate{channel}_neg"), end_ns)),
    )
    charge = Charge(recording.get(f"i{channel}_ua"))
    code, powered = Level(recording.get(f"dac{channel}")), Level(power(recording))
    ua_per_code = full_scale_ua / FULL_CODE
    for (start_ns, stop_ns), polarity in gates:
        before_pc = charge.until(start_ns)
        is_powered = bool(powered.at(start_ns))
        expected_ua = code.at(start_ns) * ua_per_code * polarity * is_powered
        charge_pc = charge.until(stop_ns) - before_pc
        yield Phase(
            start_ns,
            stop_ns,
            polarity,
            charge_pc,
            charge.low,
            charge.high,
            expected_ua,
            is_powered,
            is_powered and powered.next_ns < stop_ns,
            code.next_ns >= stop_ns,
        )


def pulses(recording: Recording, channel: int, full_scale_ua: int) -> Iterator[RecordedPulse]:
    """Yield the pulses of a channel, without phases that began with the bridges disabled."""
    powered = Level(power(recording))
    waiting: Phase | None = None
    for phase in phases(recording, channel, full_scale_ua):
        if waiting is not None and _belong(waiting, phase):
            yield RecordedPulse(waiting, phase, waiting.is_cut or phase.is_cut)
            waiting = None
            continue
        if waiting is not None:
            yield _single_phase(waiting, powered, phase.start_ns)
        waiting = phase if phase.is_powered else None
    if waiting is not None and recording.end_ns - waiting.end_ns > PAIR_GAP_NS:
        yield _single_phase(waiting, powered, _FAR_NS)
    elif waiting is not None:
        yield RecordedPulse(waiting, None, is_cut=True)


def _belong(first: Phase, second: Phase) -> bool:
    gap_ns = second.start_ns - first.end_ns
    return second.is_powered and second.polarity != first.polarity and gap_ns <= PAIR_GAP_NS


def _single_phase(phase: Phase, powered: Level, next_ns: int) -> RecordedPulse:
    """Return a pulse of one phase; it was cut if the bridges were disabled before the next one.

    They must have been disabled within 100 ms of its end.
    """
    powered.at(phase.start_ns)
    off_ns = powered.next_ns
    is_cut = off_ns <= min(phase.end_ns + CUT_WITHIN_NS, next_ns)
    return RecordedPulse(phase, None, is_cut)
