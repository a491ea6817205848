"""Add up the pulses of one channel in a single pass."""

from array import array
from collections import deque
from itertools import pairwise

from drivers.quantities import NS_PER_S
from ui.trace.phases import Phase, RecordedPulse
from ui.trace.pulse_violations import ViolationKind, Violations, net_share
from ui.trace.session_parts import PartTally, is_silent

Span = tuple[int, int]
"""Start and end of a pulse, in ns."""


class Counts:
    """Numbers of pulses by kind, time with a gate on, charge moved both ways."""

    def __init__(self) -> None:
        self.pulses = 0
        self.silent_pulses = 0
        self.cut_pulses = 0
        self.lone_phases = 0
        self.unsteady_phases = 0
        self.output_ns = 0
        self.charge_pc = 0.0

    def add(self, pulse: RecordedPulse, phases: tuple[Phase, ...]) -> None:
        """Count a pulse."""
        if is_silent(pulse):
            self.silent_pulses += 1
        else:
            self.pulses += 1
            self.output_ns += sum(phase.end_ns - phase.start_ns for phase in phases)
        self.cut_pulses += pulse.is_cut
        self.lone_phases += pulse.second is None and not pulse.is_cut
        self.unsteady_phases += sum(not phase.is_steady for phase in phases)
        self.charge_pc += sum(abs(phase.charge_pc) for phase in phases)


class Timing:
    """Pulse starts, phase widths and gaps, from the gates."""

    def __init__(self, faults: Violations) -> None:
        self._faults = faults
        self.starts = array("q")
        self.widths = array("q")
        self.interphases = array("q")
        self.dead_time_ns: int | None = None
        self.both_gates = 0
        self.spans: list[Span] = []
        self._last: Phase | None = None

    def add(self, pulse: RecordedPulse, phases: tuple[Phase, ...]) -> None:
        """Add a pulse; the widths of one that was cut do not count."""
        self.starts.append(pulse.first.start_ns)
        self.spans.append((pulse.first.start_ns, phases[-1].end_ns))
        for phase in phases:
            self._follow(phase)
            if not pulse.is_cut:
                self.widths.append(phase.end_ns - phase.start_ns)
        if pulse.second is not None and not pulse.is_cut:
            self.interphases.append(pulse.second.start_ns - pulse.first.end_ns)

    def _follow(self, phase: Phase) -> None:
        last, self._last = self._last, phase
        if last is None or last.polarity == phase.polarity:
            return
        gap_ns = phase.start_ns - last.end_ns
        if gap_ns < 0:
            self.both_gates += 1
            self._faults.note(ViolationKind.BOTH_GATES, phase.start_ns)
        if self.dead_time_ns is None or gap_ns < self.dead_time_ns:
            self.dead_time_ns = gap_ns

    @property
    def last_ns(self) -> int | None:
        """Return the end of the last pulse, in ns."""
        return self.spans[-1][1] if self.spans else None

    def periods(self) -> "array[int]":
        """Return the times from each pulse to the next, in ns."""
        return array("q", (later - earlier for earlier, later in pairwise(self.starts)))


class PulseExtremes:
    """Largest current, largest error against the DAC code, largest imbalance of a pulse."""

    def __init__(self) -> None:
        self.peak_ua = 0.0
        self.error_ua = 0.0
        self.error_at_ns: int | None = None
        self.net_pc = 0.0
        self.net_share = 0.0
        self.gate_net_pc = 0.0

    def add(self, pulse: RecordedPulse, phases: tuple[Phase, ...]) -> None:
        """Add a pulse; the balance of one that was cut does not count."""
        for phase in phases:
            self.peak_ua = max(self.peak_ua, abs(phase.peak_ua))
            self._judge(phase)
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
        gate_fc = first.expected_ua * first.width_ns + second.expected_ua * second.width_ns
        if abs(gate_fc) > abs(self.gate_net_pc) * 1_000:
            self.gate_net_pc = gate_fc / 1_000


class HighestRms:
    """The highest r.m.s. current over any period of 1 s, from the phases."""

    def __init__(self) -> None:
        self._recent: deque[tuple[int, float]] = deque()
        self._sum = 0.0
        self._highest = 0.0

    def add(self, phases: tuple[Phase, ...]) -> None:
        """Add the phases of a pulse."""
        recent = self._recent
        for phase in phases:
            mean_ua = phase.mean_ua
            square = mean_ua * mean_ua * phase.width_ns
            recent.append((phase.end_ns, square))
            self._sum += square
            while recent[0][0] <= phase.end_ns - NS_PER_S:
                self._sum -= recent.popleft()[1]
            self._highest = max(self._highest, self._sum)

    @property
    def highest_ua(self) -> float:
        """Return the highest r.m.s. current so far, in µA."""
        return float((self._highest / NS_PER_S) ** 0.5)


class PulseTally:
    """All values above for the pulses of one channel."""

    def __init__(self, channel: int, tolerance_ua: float) -> None:
        self.faults = Violations(channel, tolerance_ua)
        self.counts = Counts()
        self.timing = Timing(self.faults)
        self.worst = PulseExtremes()
        self.rms = HighestRms()
        self.contact_check = PartTally()
        self.treatment = PartTally()

    def add(self, pulse: RecordedPulse, *, is_check: bool = False) -> None:
        """Add the next pulse, of the contact check or of the treatment."""
        phases = pulse.phases
        (self.contact_check if is_check else self.treatment).add(pulse)
        self.counts.add(pulse, phases)
        self.timing.add(pulse, phases)
        self.worst.add(pulse, phases)
        self.rms.add(phases)
        self.faults.judge(pulse, phases)
