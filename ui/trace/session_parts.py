"""Tells the contact check from the treatment: which pulses are whose, and what each came to.

The check is the first that a channel plays: pulses at most 20 ms apart, all of one width and one
code up to 2 mA, for at most 1 s, and then a pause (docs/design.md section 6). A treatment begins at
level zero instead, so its first pulses are silent.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ui.trace.phases import RecordedPulse

CLOSE_NS = 20_000_000
LONGEST_NS = 1_000_000_000
PAUSE_NS = 100_000_000
MOST_UA = 2_000.0
SILENT_UA = 1.0
"""Below this, asked for and measured, nothing flows: the level was zero."""


@dataclass(frozen=True, slots=True)
class Range:
    """Least and greatest of a time, in ns."""

    least_ns: int
    most_ns: int


@dataclass(frozen=True, slots=True)
class SessionPart:
    """What the contact check or the treatment came to on a channel.

    `pulses` are those that carried current or should have; `one_way_pc` is the charge of the
    first phases of all pulses, which the second ones take back.
    """

    pulses: int
    phase: Range | None
    period: Range | None
    first_ns: int | None
    last_ns: int | None
    one_way_pc: float


class PartTally:
    """Adds up a part."""

    def __init__(self) -> None:
        self._pulses = 0
        self._starts = array("q")
        self._widths = array("q")
        self._last_ns: int | None = None
        self._moved_pc = 0.0

    def add(self, pulse: RecordedPulse) -> None:
        """Take in the next pulse."""
        parts = pulse.parts
        self._pulses += not is_silent(pulse)
        self._starts.append(pulse.first.start_ns)
        self._last_ns = parts[-1].end_ns
        self._moved_pc += sum(abs(part.charge_pc) for part in parts) / 2
        if not pulse.is_cut:
            self._widths.extend(part.width_ns for part in parts)

    def result(self) -> SessionPart:
        """Return what it came to."""
        periods = array("q", (later - earlier for earlier, later in pairwise(self._starts)))
        return SessionPart(
            self._pulses,
            range_of(self._widths),
            range_of(periods),
            self._starts[0] if self._starts else None,
            self._last_ns,
            self._moved_pc,
        )


def told_apart(pulses: Iterable[RecordedPulse]) -> Iterator[tuple[RecordedPulse, bool]]:
    """Yield each pulse in order, and whether it belongs to the contact check."""
    first: list[RecordedPulse] = []
    rest = iter(pulses)
    for pulse in rest:
        if first and not _goes_on(first, pulse):
            is_check = pulse.first.start_ns - first[-1].first.end_ns >= PAUSE_NS
            yield from ((each, is_check) for each in first)
            yield pulse, False
            break
        first.append(pulse)
        if not _may_be_check(pulse):
            yield from ((each, False) for each in first)
            break
    else:
        yield from ((each, True) for each in first)
    yield from ((pulse, False) for pulse in rest)


def _may_be_check(pulse: RecordedPulse) -> bool:
    return not is_silent(pulse) and abs(pulse.first.expected_ua) <= MOST_UA


def _goes_on(run: list[RecordedPulse], pulse: RecordedPulse) -> bool:
    begun, last, phase = run[0].first, run[-1].first, pulse.first
    return (
        phase.start_ns - last.start_ns <= CLOSE_NS
        and phase.end_ns - begun.start_ns <= LONGEST_NS
        and abs(phase.expected_ua) == abs(begun.expected_ua)
        and phase.width_ns == begun.width_ns
    )


def is_silent(pulse: RecordedPulse) -> bool:
    """Say whether no current was asked for and none flowed."""
    return all(
        abs(part.expected_ua) < SILENT_UA and abs(part.mean_ua) < SILENT_UA for part in pulse.parts
    )


def range_of(values: Sequence[int]) -> Range | None:
    """Return least and greatest, None of nothing."""
    return Range(min(values), max(values)) if values else None
