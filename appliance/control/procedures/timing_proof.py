"""The timing proof: real edges read back before any current may flow.

Some boards run the wave clock 13 to 100 % slow, decided at boot (pigpio issues 331, 140, 137,
430); a phase twice as long is twice the charge. So a wave of LDAC strobes alone is timed against
the daemon's tick, then each gate plays legal phases while the fault latch holds both bridges off.
"""

from collections.abc import Generator
from dataclasses import dataclass

from appliance.texts.text import Quantity, Text, Unit, microseconds, text
from drivers.interfaces import Edge, PulseOutput
from drivers.quantities import PPM
from drivers.slices import ALL_OFF, Segment

# docs/design.md section 5, timing proof: clock over >= 200 ms, within 1 %.
CLOCK_STRETCH_US = 30_000
CLOCK_STRETCHES = 8
TOLERANCE_PPM = 10_000
SAMPLING_STEP_US = 5
"""pigpiod -s 5: reports place an edge on a 5 µs grid."""
GATE_PHASE_US = 400
"""A legal phase, under the limiter's 600 µs."""
GATE_REST_US = 600
PATIENCE_TICKS = 100
"""A probe that has not ended after this many control ticks has failed (1 s)."""


@dataclass(frozen=True, slots=True)
class TimingProof:
    """The result: clock ratio in parts per million of right, worst width error, what failed."""

    ratio_ppm: int
    worst_width_error_us: int
    failures: tuple[Text, ...]

    @property
    def passed(self) -> bool:
        """Say whether timing is proven."""
        return not self.failures


def prove_timing(
    pulses: PulseOutput, gate_lines: tuple[str, ...]
) -> Generator[None, None, TimingProof]:
    """Play both probes, yielding once a control tick, and return the result."""
    pulses.begin_probe((Segment(ALL_OFF, CLOCK_STRETCH_US),) * CLOCK_STRETCHES, ldac=True)
    strobes = yield from _await_probe(pulses)
    ratio_ppm, failures = judge_clock(strobes)
    pulses.begin_probe(gate_probe(len(gate_lines)), ldac=False)
    edges = yield from _await_probe(pulses)
    worst_us, wrong = judge_gates(edges, gate_lines)
    return TimingProof(ratio_ppm, worst_us, failures + wrong)


def _await_probe(pulses: PulseOutput) -> Generator[None, None, tuple[Edge, ...]]:
    for _ in range(PATIENCE_TICKS):
        edges = pulses.take_probe()
        if edges is not None:
            return edges
        yield
    return ()


def gate_probe(gates: int) -> tuple[Segment, ...]:
    """Return one legal phase on each gate in turn."""
    segments = [Segment(ALL_OFF, GATE_REST_US)]
    for index in range(gates):
        segments += [Segment(1 << index, GATE_PHASE_US), Segment(ALL_OFF, GATE_REST_US)]
    return tuple(segments)


def judge_clock(edges: tuple[Edge, ...]) -> tuple[int, tuple[Text, ...]]:
    """Return the wave clock in ppm of right, and what is wrong with it."""
    strobes = [edge for edge in edges if edge.line == "ldac_n" and edge.level == 0]
    if len(strobes) != CLOCK_STRETCHES:
        return 0, (text("note.strobes", seen=len(strobes), planned=CLOCK_STRETCHES),)
    planned_us = CLOCK_STRETCH_US * (CLOCK_STRETCHES - 1)
    measured_us = strobes[-1].tick_us - strobes[0].tick_us
    ratio_ppm = measured_us * PPM // planned_us
    if abs(ratio_ppm - PPM) <= TOLERANCE_PPM:
        return ratio_ppm, ()
    ratio = Quantity(ratio_ppm, Unit.PARTS_PER_MILLION)
    allowed = Quantity(TOLERANCE_PPM * 100 // PPM, Unit.PERCENT)
    return ratio_ppm, (text("note.wave_clock", ratio=ratio, allowed=allowed),)


def judge_gates(
    edges: tuple[Edge, ...], gate_lines: tuple[str, ...]
) -> tuple[int, tuple[Text, ...]]:
    """Return the worst width error in µs, and each gate that did not pulse just as asked."""
    allowed_us = GATE_PHASE_US * TOLERANCE_PPM // PPM + SAMPLING_STEP_US
    gate_edges = [edge for edge in edges if edge.line in gate_lines]
    wanted = [(line, level) for line in gate_lines for level in (1, 0)]
    if [(edge.line, edge.level) for edge in gate_edges] != wanted:
        return 0, (text("note.gates", edges=_spell(gate_edges)),)
    errors = [
        abs(fall.tick_us - rise.tick_us - GATE_PHASE_US)
        for rise, fall in zip(gate_edges[::2], gate_edges[1::2], strict=True)
    ]
    failures = tuple(
        text(
            "note.gate_width",
            line=line,
            error=microseconds(error),
            allowed=microseconds(allowed_us),
        )
        for line, error in zip(gate_lines, errors, strict=True)
        if error > allowed_us
    )
    return max(errors), failures


def _spell(edges: list[Edge]) -> str | Text:
    if not edges:
        return text("note.no_edge")
    return " ".join(f"{edge.line}{'+' if edge.level else '-'}" for edge in edges[:8])
