"""Edge error: compare every gate edge of a recording with the plan of its prescription."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from appliance.core.plan.pulse_timeline import plan_train
from appliance.core.prescription.prescription import Prescription
from tests.campaigns.bench.figure import Figure, Options, Result, Row
from tests.campaigns.bench.independent_vcd import Change, read_changes, tick_ns
from tests.campaigns.bench.stepped import TreatmentFailed, a_treatment
from tests.campaigns.bench.waveforms import Case, cases

LEVEL_UA = 2_000


@dataclass(frozen=True, slots=True)
class Compared:
    """Result of one case: worst error in ns, pulses compared, and missing or extra edges."""

    name: str
    channels: int
    pulses: int
    worst_ns: int
    unmatched: int
    seconds: int
    failures: tuple[str, ...] = ()
    """Sessions that did not reach the end of the plan."""


def planned_edges(asked: Prescription) -> dict[str, list[int]]:
    """Return when each gate switches, in µs from the start of the first on-time; rise, fall, ..."""
    edges: dict[str, list[int]] = {}
    for channel in asked.channels:
        edges[f"gate{channel}_pos"], edges[f"gate{channel}_neg"] = [], []
    for channel, start_us, phase_us, gap_us, positive_first in plan_train(asked).pulses():
        signs = ("pos", "neg") if positive_first else ("neg", "pos")
        second_us = start_us + phase_us + gap_us
        edges[f"gate{channel}_{signs[0]}"] += (start_us, start_us + phase_us)
        edges[f"gate{channel}_{signs[1]}"] += (second_us, second_us + phase_us)
    return edges


def compare_session(case: Case, record: Path, level_ua: int) -> tuple[int, int]:
    """Run one session and return (worst error in ns, unmatched edges)."""
    with a_treatment(case.board, record) as treatment:
        treatment.begin(case.prescription)
        treatment.rise(level_ua)
        treatment.finish()
        started_us = treatment.started_us
    planned = planned_edges(case.prescription)
    found = read_changes(record, ["ldac_n", *planned])
    tick = tick_ns(record)
    ldac = found.pop("ldac_n")
    zero = _opening(ldac, found.values(), started_us * 1_000 // tick)
    return compare(planned, found, zero, tick)


def compare(
    planned: dict[str, list[int]], found: dict[str, list[Change]], zero: int, tick: int
) -> tuple[int, int]:
    """Return (worst error in ns, unmatched edges) of gates against their plan in µs.

    `zero` is the start of the plan in ticks of the file, `tick` the length of one tick in ns.
    """
    worst = unmatched = 0
    for gate, wanted_us in planned.items():
        # The first entry of a signal is its initial value, not an edge.
        seen = [(at - zero) * tick for at, _ in found[gate][1:] if at >= zero]
        unmatched += abs(len(seen) - len(wanted_us))
        pairs = zip(seen, wanted_us, strict=False)
        worst = max(worst, max((abs(a - 1_000 * b) for a, b in pairs), default=0))
    return worst, unmatched


def run_case(case: Case, folder: Path) -> Compared:
    """Run every session of a case; each recording is deleted after it was read.

    A stepped run is deterministic, so each session uses another order of channels and another
    level. A session that trips is not compared; it is listed under `failures`.
    """
    asked, worst, unmatched, done, failures = case.prescription, 0, 0, 0, []
    for number in range(case.sessions):
        turned = asked.channels[number % len(asked.channels) :]
        channels = (*turned, *asked.channels[: number % len(asked.channels)])
        session = replace(case, prescription=replace(asked, channels=channels))
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            record = Path(scratch) / "session.vcd"
            try:
                error, odd = compare_session(session, record, LEVEL_UA + 500 * (number % 4))
            except TreatmentFailed as failure:
                failures.append(f"session {number + 1} {failure}")
                continue
        worst, unmatched, done = max(worst, error), unmatched + odd, done + 1
    seconds = asked.duration_us * done // 1_000_000
    count = len(asked.channels)
    return Compared(
        case.name, count, case.pulses * done, worst, unmatched, seconds, tuple(failures)
    )


def run(options: Options) -> Result:
    """Compare every case, several in parallel."""
    wanted = cases(options.size(100_000, 500))
    wanted.sort(key=lambda case: -case.prescription.duration_us * case.sessions)
    with ProcessPoolExecutor(options.workers) as pool:
        compared = list(pool.map(run_case, wanted, [options.place] * len(wanted)))
    worst = max(case.worst_ns for case in compared)
    odd = sum(case.unmatched for case in compared)
    tripped = sum(len(case.failures) for case in compared)
    fewest = min(case.pulses for case in compared)
    total = sum(case.pulses for case in compared)
    measured = f"{worst / 1_000:g} µs over {total:,} pulses, at least {fewest:,} of a waveform"
    if odd:
        measured += f"; {odd} edges without a partner"
    if tripped:
        measured += f"; {tripped} sessions tripped"
    row = Row(
        "edge error, delivered against planned",
        FIGURE.target,
        measured,
        worst == 0 and not odd and not tripped,
        "exact" if worst == 0 and not odd and not tripped else "",
    )
    ordered = sorted(compared, key=lambda case: case.name)
    return Result((row,), tuple(note for case in ordered for note in _notes(case)))


def _notes(case: Compared) -> Iterator[str]:
    yield (
        f"{case.name}, {case.channels} channels: worst {case.worst_ns / 1_000:g} µs over "
        f"{case.pulses:,} pulses in {case.seconds} s of treatment"
    )
    yield from (f"{case.name}: {failure}" for failure in case.failures)


def _opening(ldac: Sequence[Change], gates: Iterable[Sequence[Change]], since: int) -> int:
    """Return the strobe time of the slice that plays the treatment's first pulse.

    Contact check pulses come before `since`; a contraction starts after its cue, later than
    `since`.
    """
    first = min(at for changes in gates for at, level in changes if at >= since and level == 1)
    return max(at for at, level in ldac if since <= at <= first and level == 0)


FIGURE = Figure("edges", "0 µs over 100 000 pulses of every waveform", run)
