"""Each safety layer by itself: time to zero current when all other layers are disabled.

Layers are disabled by faults of the board, by stopping the guard's script through a plain client of
the daemon, by not ticking the engine, and by a looping wave; the product has no code for this.
"""

import multiprocessing
import sys
from collections import defaultdict
from concurrent.futures import Future, ProcessPoolExecutor

from tests.campaigns.faults import layers_dead_engine, layers_engine, layers_gate
from tests.campaigns.faults.layers_boot import run_boot
from tests.campaigns.faults.layers_experiment import Experiment, Sample, problems_of, rows_of, sweep
from tests.campaigns.faults.part import Part, Row

EXPERIMENTS: tuple[Experiment, ...] = (
    *layers_dead_engine.EXPERIMENTS,
    *layers_gate.EXPERIMENTS,
    *layers_engine.EXPERIMENTS,
)
Found = tuple[list[Sample], list[float]]


def run(jobs: int) -> Part:
    """Measure every layer by itself, at hundreds of time offsets each."""
    # Each sample is a child forked from a treatment; only a process with one thread may fork.
    forked = multiprocessing.get_context("fork")
    futures: dict[int, list[Future[Found]]] = defaultdict(list)
    with ProcessPoolExecutor(jobs, mp_context=forked) as pool:
        boot = pool.submit(run_boot)
        for number, experiment in enumerate(EXPERIMENTS):
            share = -(-experiment.count // len(experiment.programmes))
            for programme in experiment.programmes:
                futures[number].append(pool.submit(measure, number, programme, share))
        rows: list[Row] = []
        problems: list[str] = []
        for number, experiment in enumerate(EXPERIMENTS):
            row, wrong = _gather(experiment, futures[number])
            rows += row
            problems += wrong
        boot_rows, boot_problems = boot.result()
    return Part("layers", (*rows, *boot_rows), (*problems, *boot_problems))


def measure(number: int, programme: str, count: int) -> Found:
    """Run one experiment on one programme, in the current process."""
    return sweep(EXPERIMENTS[number], programme, count)


def _gather(experiment: Experiment, jobs: list[Future[Found]]) -> tuple[list[Row], list[str]]:
    samples: list[Sample] = []
    without: list[float] = []
    problems: list[str] = []
    for job in jobs:
        try:
            more, ended = job.result()
        except AssertionError as error:
            last_line = str(error).strip().rpartition("\n")[2]
            problems.append(f"{experiment.layer} alone, {experiment.event}: {last_line}")
            continue
        samples += more
        without += ended
    if not samples:
        return [], problems
    rows = rows_of(experiment, samples)
    row = rows[0]
    shown = f"worst {row['worst_ms']} ms of {experiment.budget_ms:g}, {row['count']} times"
    print(f"  {experiment.layer}, {experiment.event}: {shown}", file=sys.stderr, flush=True)
    return rows, problems + problems_of(experiment, samples, without)
