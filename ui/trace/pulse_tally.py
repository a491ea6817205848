"""Adds up the pulses of one channel, once through and in order."""

from array import array
from collections import deque
from itertools import pairwise

from ui.trace.phases import Phase, RecordedPulse
from ui.trace.recording_faults import ViolationKind, Violations, net_share
from ui.trace.session_parts import PartTally, is_silent

NS_PER_S = 1_000_000_000

Span = tuple[int, int]
"""When a pulse began and ended, in ns."""


class Counts:
    """How many pulses, by what became of them."""

    def __init__(self) -> None:
        self.pulses = 0
        self.silent_pulses = 0
        self.cut_pulses = 0
        self.lone_phases = 0
        self.unsteady_phases = 0
        self.output_ns = 0
        self.charge_pc = 0.0

    def add(self, pulse: RecordedPulse, parts: tuple[Phase, ...]) -> None:
        """Count a pulse."""
        if is_silent(pulse):
            self.silent_pulses += 1
        else:
            self.pulses += 1
            self.output_ns += sum(part.end_ns - part.start_ns for part in parts)
        self.cut_pulses += pulse.is_cut
        self.lone_phases += pulse.second is None and not pulse.is_cut
        self.unsteady_phases += sum(not part.is_steady for part in parts)
        self.charge_pc += sum(abs(part.charge_pc) for part in parts)


class Timing:
    """When the gates moved."""

    def __init__(self, faults: Violations) -> None:
        self._faults = faults
        self.starts = array("q")
        self.widths = array("q")
        self.interphases = array("q")
        self.dead_time_ns: int | None = None
        self.both_gates = 0
        self.spans: list[Span] = []
        self._last: Phase | None = None

    def add(self, pulse: RecordedPulse, parts: tuple[Phase, ...]) -> None:
        """Take in a pulse; one that was cut has no width of its own."""
        self.starts.append(pulse.first.start_ns)
        self.spans.append((pulse.first.start_ns, parts[-1].end_ns))
        for part in parts:
            self._follow(part)
            if not pulse.is_cut:
                self.widths.append(part.end_ns - part.start_ns)
        if pulse.second is not None and not pulse.is_cut:
            self.interphases.append(pulse.second.start_ns - pulse.first.end_ns)

    def _follow(self, part: Phase) -> None:
        last, self._last = self._last, part
        if last is None or last.polarity == part.polarity:
            return
        gap_ns = part.start_ns - last.end_ns
        if gap_ns < 0:
            self.both_gates += 1
            self._faults.note(ViolationKind.BOTH_GATES, part.start_ns)
        if self.dead_time_ns is None or gap_ns < self.dead_time_ns:
            self.dead_time_ns = gap_ns

    @property
    def last_ns(self) -> int | None:
        """Return when the last pulse ended."""
        return self.spans[-1][1] if self.spans else None

    def periods(self) -> "array[int]":
        """Return the times from each pulse to the next."""
        return array("q", (later - earlier for earlier, later in pairwise(self.starts)))


class PulseExtremes:
    """The extremes: current, error against the code, imbalance of a pulse."""

    def __init__(self) -> None:
        self.peak_ua = 0.0
        self.error_ua = 0.0
        self.error_at_ns: int | None = None
        self.net_pc = 0.0
        self.net_share = 0.0
        self.gate_net_pc = 0.0

    def add(self, pulse: RecordedPulse, parts: tuple[Phase, ...]) -> None:
        """Judge a pulse; one that was cut has no balance."""
        for part in parts:
            self.peak_ua = max(self.peak_ua, abs(part.peak_ua))
            self._judge(part)
        if pulse.second is not None and not pulse.is_cut:
            self._balance(pulse.first, pulse.second)

    def _judge(self, phase: Phase) -> None:
        error_ua = (phase.off_ua - phase.expected_ua) * phase.polarity
        if abs(error_ua) > abs(self.error_ua):
            self.error_ua = error_ua
            self.error_at_ns = phase.start_ns

    def _balance(self, first: Phase, second: Phase) -> None:
        net_pc = first.charge_pc + second.charge_pc
        if abs(net_pc) > abs(self.net_pc):
            self.net_pc = net_pc
            self.net_share = net_share(first, second)
        asked_fc = first.expected_ua * first.width_ns + second.expected_ua * second.width_ns
        if abs(asked_fc) > abs(self.gate_net_pc) * 1_000:
            self.gate_net_pc = asked_fc / 1_000


class HighestRms:
    """The highest r.m.s. current over any second, from the phases."""

    def __init__(self) -> None:
        self._recent: deque[tuple[int, float]] = deque()
        self._sum = 0.0
        self._highest = 0.0

    def add(self, parts: tuple[Phase, ...]) -> None:
        """Take in the phases of a pulse."""
        recent = self._recent
        for part in parts:
            mean_ua = part.mean_ua
            square = mean_ua * mean_ua * part.width_ns
            recent.append((part.end_ns, square))
            self._sum += square
            while recent[0][0] <= part.end_ns - NS_PER_S:
                self._sum -= recent.popleft()[1]
            self._highest = max(self._highest, self._sum)

    @property
    def highest_ua(self) -> float:
        """Return the highest so far."""
        return float((self._highest / NS_PER_S) ** 0.5)


class PulseTally:
    """All of these over the pulses of a channel."""

    def __init__(self, channel: int, tolerance_ua: float) -> None:
        self.faults = Violations(channel, tolerance_ua)
        self.counts = Counts()
        self.timing = Timing(self.faults)
        self.worst = PulseExtremes()
        self.rms = HighestRms()
        self.contact_check = PartTally()
        self.treatment = PartTally()

    def add(self, pulse: RecordedPulse, *, is_check: bool = False) -> None:
        """Take in the next pulse, of the contact check or of the treatment."""
        parts = pulse.parts
        (self.contact_check if is_check else self.treatment).add(pulse)
        self.counts.add(pulse, parts)
        self.timing.add(pulse, parts)
        self.worst.add(pulse, parts)
        self.rms.add(parts)
        self.faults.judge(pulse, parts)
