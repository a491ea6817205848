"""Separate the pulses of the contact check from those of the treatment, and add up each.

The contact check comes first on a channel: pulses at most 20 ms apart, all of one width and one
DAC code up to 2 mA, for at most 1 s, then a pause (docs/design.md section 6). A treatment begins
at level zero instead, so its first pulses are silent.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ui.trace.phases import RecordedPulse

CHECK_PERIOD_NS = 20_000_000
CHECK_NS = 1_000_000_000
PAUSE_NS = 100_000_000
CHECK_UA = 2_000.0
"""A contact check: longest period and duration, shortest pause after it, highest current."""
SILENT_UA = 1.0
"""A pulse with less current, expected and measured, was at level zero."""


@dataclass(frozen=True, slots=True)
class Range:
    """Minimum and maximum of a time, in ns."""

    least_ns: int
    most_ns: int


@dataclass(frozen=True, slots=True)
class SessionPart:
    """The measured values of the contact check, or of the treatment, on one channel.

    `pulses` counts those that carried current or should have. `one_way_pc` is the charge of the
    first phases of all pulses, in pC; the second phases return it.
    """

    pulses: int
    phase: Range | None
    period: Range | None
    first_ns: int | None
    last_ns: int | None
    one_way_pc: float


class PartTally:
    """Add up the pulses of the contact check or of the treatment."""

    def __init__(self) -> None:
        self._pulses = 0
        self._starts = array("q")
        self._widths = array("q")
        self._last_ns: int | None = None
        self._one_way_pc = 0.0

    def add(self, pulse: RecordedPulse) -> None:
        """Add the next pulse."""
        phases = pulse.phases
        self._pulses += not is_silent(pulse)
        self._starts.append(pulse.first.start_ns)
        self._last_ns = phases[-1].end_ns
        self._one_way_pc += sum(abs(phase.charge_pc) for phase in phases) / 2
        if not pulse.is_cut:
            self._widths.extend(phase.width_ns for phase in phases)

    def result(self) -> SessionPart:
        """Return the totals so far."""
        periods = array("q", (later - earlier for earlier, later in pairwise(self._starts)))
        return SessionPart(
            self._pulses,
            range_of(self._widths),
            range_of(periods),
            self._starts[0] if self._starts else None,
            self._last_ns,
            self._one_way_pc,
        )


def mark_contact_check(pulses: Iterable[RecordedPulse]) -> Iterator[tuple[RecordedPulse, bool]]:
    """Yield each pulse in order, and whether it belongs to the contact check."""
    candidates: list[RecordedPulse] = []
    remaining = iter(pulses)
    for pulse in remaining:
        if candidates and not _continues(candidates, pulse):
            is_check = pulse.first.start_ns - candidates[-1].first.end_ns >= PAUSE_NS
            yield from ((earlier, is_check) for earlier in candidates)
            yield pulse, False
            break
        candidates.append(pulse)
        if not _may_be_check(pulse):
            yield from ((earlier, False) for earlier in candidates)
            break
    else:
        yield from ((earlier, True) for earlier in candidates)
    yield from ((pulse, False) for pulse in remaining)


def _may_be_check(pulse: RecordedPulse) -> bool:
    return not is_silent(pulse) and abs(pulse.first.expected_ua) <= CHECK_UA


def _continues(candidates: list[RecordedPulse], pulse: RecordedPulse) -> bool:
    first, last, phase = candidates[0].first, candidates[-1].first, pulse.first
    return (
        phase.start_ns - last.start_ns <= CHECK_PERIOD_NS
        and phase.end_ns - first.start_ns <= CHECK_NS
        and abs(phase.expected_ua) == abs(first.expected_ua)
        and phase.width_ns == first.width_ns
    )


def is_silent(pulse: RecordedPulse) -> bool:
    """Tell whether no current was set and none flowed."""
    return all(
        abs(phase.expected_ua) < SILENT_UA and abs(phase.mean_ua) < SILENT_UA
        for phase in pulse.phases
    )


def range_of(values: Sequence[int]) -> Range | None:
    """Return minimum and maximum; None if there are no values."""
    return Range(min(values), max(values)) if values else None
