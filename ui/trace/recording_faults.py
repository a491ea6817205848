"""What in a recording must not be: each kind counted, the first of it kept with its place."""

from dataclasses import dataclass
from enum import StrEnum

from ui.trace.phases import FULL_CODE, Phase, RecordedPulse

UNBALANCED_SHARE = 0.01
"""A pulse whose phases differ in charge by more than this is a fault,"""
UNBALANCED_PC = 1_000.0
"""if it is also more than this: 10 mA for the 100 ns that the recording resolves."""


class ViolationKind(StrEnum):
    """The kinds of fault."""

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
    """One kind on one channel (0: none in particular): how often, and the first.

    `values` are the first one's, by kind: CURRENT set and flowed in µA; STRAY µA; UNBALANCED net
    charge in pC and its share of a phase. `signal` names the line where it is one line's fault.
    """

    kind: ViolationKind
    channel: int
    count: int
    first_ns: int
    values: tuple[float, ...] = ()
    signal: str = ""


def current_tolerance_ua(full_scale_ua: int) -> float:
    """Return how far a current may be from its code's: half a step of the DAC, 14.7 µA of 120 mA.

    Beyond it the current is nearer to another code's. The recording adds nothing to it: it holds
    currents to 0.001 µA, and gates and currents change at the same ticks.
    """
    return full_scale_ua / FULL_CODE / 2


class Violations:
    """Collects the faults of a channel, in the order of time within each kind."""

    def __init__(self, channel: int, tolerance_ua: float) -> None:
        self._channel = channel
        self._tolerance_ua = tolerance_ua
        self._found: dict[ViolationKind, Violation] = {}

    def note(self, kind: ViolationKind, at_ns: int, *values: float) -> None:
        """Count a fault; the first of a kind is kept."""
        first = self._found.get(kind)
        if first is None:
            self._found[kind] = Violation(kind, self._channel, 1, at_ns, values)
        else:
            self._found[kind] = Violation(
                kind, self._channel, first.count + 1, first.first_ns, first.values
            )

    def judge(self, pulse: RecordedPulse, parts: tuple[Phase, ...]) -> None:
        """Note what is wrong with a pulse by itself."""
        for part in parts:
            if abs(part.off_ua - part.expected_ua) > self._tolerance_ua:
                self.note(ViolationKind.CURRENT, part.start_ns, part.expected_ua, part.off_ua)
            if not part.is_steady:
                self.note(ViolationKind.UNSTEADY, part.start_ns)
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
    def found(self) -> tuple[Violation, ...]:
        """Return one fault of each kind there was, in the order of the kinds."""
        return tuple(self._found[kind] for kind in ViolationKind if kind in self._found)


def net_share(first: Phase, second: Phase) -> float:
    """Return what two phases leave behind, as a share of the greater one's charge."""
    greater_pc = max(abs(first.charge_pc), abs(second.charge_pc))
    return abs(first.charge_pc + second.charge_pc) / greater_pc if greater_pc else 0.0
