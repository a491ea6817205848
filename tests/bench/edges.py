"""Edge error: every gate edge of a recording against the plan of its prescription."""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from appliance.core.plan import plan_train
from appliance.core.prescription import Prescription
from tests.bench.figure import Figure, Options, Result, Row
from tests.bench.independent_vcd import Change, read_changes, tick_ns
from tests.bench.stepped import TreatmentFailed, a_treatment
from tests.bench.waveforms import Case, cases

LEVEL_UA = 2_000


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one case: worst error in nanoseconds, pulses compared, edges too few or many."""

    name: str
    channels: int
    pulses: int
    worst_ns: int
    unmatched: int
    seconds: int


def planned_edges(asked: Prescription) -> dict[str, list[int]]:
    """Return when each gate switches, in µs from the first slice on; rise and fall in turn."""
    edges: dict[str, list[int]] = {}
    for channel in asked.channels:
        edges[f"gate{channel}_pos"], edges[f"gate{channel}_neg"] = [], []
    for channel, start_us, phase_us, gap_us, positive_first in plan_train(asked).pulses():
        signs = ("pos", "neg") if positive_first else ("neg", "pos")
        second_us = start_us + phase_us + gap_us
        edges[f"gate{channel}_{signs[0]}"] += (start_us, start_us + phase_us)
        edges[f"gate{channel}_{signs[1]}"] += (second_us, second_us + phase_us)
    return edges


def compare_session(case: Case, record: Path) -> tuple[int, int]:
    """Run one session and return (worst error in ns, edges without a partner)."""
    with a_treatment(case.board, record) as treatment:
        treatment.begin(case.prescription)
        treatment.rise(LEVEL_UA)
        treatment.finish()
        started_us = treatment.started_us
    planned = planned_edges(case.prescription)
    found = read_changes(record, ["ldac_n", *planned])
    tick = tick_ns(record)
    zero = _first_fall(found.pop("ldac_n"), started_us * 1_000 // tick)
    worst = unmatched = 0
    for gate, wanted_us in planned.items():
        # The first change of a signal is its value at the start, not an edge.
        seen = [(at - zero) * tick for at, _ in found[gate][1:] if at >= zero]
        unmatched += abs(len(seen) - len(wanted_us))
        pairs = zip(seen, wanted_us, strict=False)
        worst = max(worst, max((abs(a - 1_000 * b) for a, b in pairs), default=0))
    return worst, unmatched


def run_case(case: Case, folder: Path) -> Compared:
    """Run every session of a case; recordings are deleted as they have been read."""
    worst = unmatched = 0
    for number in range(case.sessions):
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            try:
                error, odd = compare_session(case, Path(scratch) / "session.vcd")
            except TreatmentFailed as failure:
                raise TreatmentFailed(f"{case.name}, session {number + 1}: {failure}") from None
        worst, unmatched = max(worst, error), unmatched + odd
    asked = case.prescription
    return Compared(
        case.name,
        len(asked.channels),
        case.pulses * case.sessions,
        worst,
        unmatched,
        asked.duration_us * case.sessions // 1_000_000,
    )


def run(options: Options) -> Result:
    """Compare every case, several at a time."""
    wanted = cases(options.size(100_000, 500))
    wanted.sort(key=lambda case: -case.prescription.duration_us * case.sessions)
    with ProcessPoolExecutor(options.workers) as pool:
        found = list(pool.map(run_case, wanted, [options.place] * len(wanted)))
    worst = max(each.worst_ns for each in found)
    unmatched = sum(each.unmatched for each in found)
    fewest = min(each.pulses for each in found)
    total = sum(each.pulses for each in found)
    measured = f"{worst / 1_000:g} µs over {total:,} pulses, at least {fewest:,} of a waveform"
    if unmatched:
        measured += f", {unmatched} edges without a partner"
    met = worst == 0 and unmatched == 0
    row = Row("edge error, delivered against planned", FIGURE.target, measured, met, "exact")
    return Result((row,), tuple(_note(each) for each in sorted(found, key=lambda one: one.name)))


def _note(each: Compared) -> str:
    return (
        f"{each.name}, {each.channels} channels: worst {each.worst_ns / 1_000:g} µs over "
        f"{each.pulses:,} pulses in {each.seconds} s of treatment"
    )


def _first_fall(ldac: Sequence[Change], since: int) -> int:
    """Return the strobe that opens the treatment's stream: contact check pulses come before."""
    return next(at for at, level in ldac if at >= since and level == 0)


FIGURE = Figure("edges", "0 µs over 100 000 pulses of every waveform", run)
