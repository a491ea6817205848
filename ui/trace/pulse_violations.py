"""The faults found in a recording: each kind is counted, and the first of it kept with its time."""

from dataclasses import dataclass
from enum import StrEnum

from ui.trace.phases import FULL_CODE, Phase, RecordedPulse

UNBALANCED_SHARE = 0.01
UNBALANCED_PC = 1_000.0
"""A pulse is unbalanced if the charges of its phases differ by more than this share of the larger
one and by more than this charge in pC: 10 mA for the 100 ns that the recording resolves."""


class ViolationKind(StrEnum):
    """The kinds of fault in a recording, with a short name of each."""

    CURRENT = "current is not the one set"
    STRAY = "current without a gate"
    LONE = "phase without its counterpart"
    UNSTEADY = "amplitude changed inside a phase"
    BOTH_GATES = "both gates on"
    UNBALANCED = "pulse out of balance"
    TOGETHER = "channels pulsed together"
    UNKNOWN = "signal without a known level"
    MISSING = "signal not recorded"


@dataclass(frozen=True, slots=True)
class Violation:
    """One kind of fault on one channel (0: not of one channel): how often, and the first one.

    `values` are those of the first one. CURRENT: current set and current that flowed, in µA; STRAY:
    the current in µA; UNBALANCED: net charge in pC and its share of a phase. `signal` is the name
    of the line if the fault concerns one line.
    """

    kind: ViolationKind
    channel: int
    count: int
    first_ns: int
    values: tuple[float, ...] = ()
    signal: str = ""


def current_tolerance_ua(full_scale_ua: int) -> float:
    """Return how far a current may differ from that of its DAC code, in µA.

    Half a DAC step, 14.7 µA at 120 mA: beyond it the current is nearer to that of another code. The
    recording adds no error: it holds currents to 0.001 µA, and gates and currents change at the
    same ticks.
    """
    return full_scale_ua / FULL_CODE / 2


class Violations:
    """Collect the faults of a channel; each kind is reported in the order of time."""

    def __init__(self, channel: int, tolerance_ua: float) -> None:
        self._channel = channel
        self._tolerance_ua = tolerance_ua
        self._by_kind: dict[ViolationKind, Violation] = {}

    def note(self, kind: ViolationKind, at_ns: int, *values: float) -> None:
        """Count a fault; keep time and values of the first of each kind."""
        first = self._by_kind.get(kind)
        if first is None:
            self._by_kind[kind] = Violation(kind, self._channel, 1, at_ns, values)
        else:
            self._by_kind[kind] = Violation(
                kind, self._channel, first.count + 1, first.first_ns, first.values
            )

    def judge(self, pulse: RecordedPulse, phases: tuple[Phase, ...]) -> None:
        """Check a single pulse: amplitude, steadiness, number of phases, balance."""
        for phase in phases:
            if abs(phase.off_ua - phase.expected_ua) > self._tolerance_ua:
                self.note(ViolationKind.CURRENT, phase.start_ns, phase.expected_ua, phase.off_ua)
            if not phase.is_steady:
                self.note(ViolationKind.UNSTEADY, phase.start_ns)
        if pulse.is_cut:
            return
        if pulse.second is None:
            self.note(ViolationKind.LONE, pulse.first.start_ns)
            return
        net_pc = pulse.first.charge_pc + pulse.second.charge_pc
        share = net_share(pulse.first, pulse.second)
        if abs(net_pc) > UNBALANCED_PC and share > UNBALANCED_SHARE:
            self.note(ViolationKind.UNBALANCED, pulse.first.start_ns, net_pc, share)

    @property
    def by_kind(self) -> tuple[Violation, ...]:
        """Return one fault for each kind that occurred, in the order of the kinds."""
        return tuple(self._by_kind[kind] for kind in ViolationKind if kind in self._by_kind)


def net_share(first: Phase, second: Phase) -> float:
    """Return the net charge of two phases as a share of the larger one's charge."""
    larger_pc = max(abs(first.charge_pc), abs(second.charge_pc))
    return abs(first.charge_pc + second.charge_pc) / larger_pc if larger_pc else 0.0
