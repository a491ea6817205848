"""An experiment on one safety layer, and how it is repeated at many time offsets."""

import math
import statistics
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.campaigns.faults.layers_child import in_child
from tests.campaigns.faults.layers_stand import DENSE, SLOW, TENS, Stand, open_stand
from tests.campaigns.faults.part import Row

GOLDEN = (math.sqrt(5) - 1) / 2
"""The fractional parts of its multiples fill 0 to 1 evenly, however many there are."""
MS = 1_000
MOST_TICKS_APART = 7
PATIENCE_TICKS = 100
CONTROLS = 3
"""Samples of each programme in which the layer itself is also disabled."""


class Sample(NamedTuple):
    """One event: time to zero current, what ended it, and a second value (see `second_of`)."""

    ms: float
    acted: str
    second: float = 0.0


class NothingFlowed(AssertionError):
    """The event cannot count: there was no current to end."""


Act = Callable[[Stand, float, Path, bool], Sample]
"""Called in a child right after a control tick: (stand, share 0 to 1, scratch folder, whether the
layer is active). Without the layer the current must continue, or the experiment proves nothing."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One event with one layer active. `acted` lists what a sample may name as having ended it.

    `standing` are board faults injected beforehand; `least_ms` is the shortest plausible time.
    `second` names the second value of a sample, followed by its unit and its upper limit.
    """

    layer: str
    disabled: tuple[str, ...]
    event: str
    budget_ms: float
    act: Act
    acted: tuple[str, ...]
    programmes: tuple[str, ...] = (DENSE, TENS, SLOW)
    count: int = 210
    standing: tuple[str, ...] = ()
    least_ms: float = 0.0
    second: str = ""
    unit: str = "ms"
    most_second: float = math.inf
    note: str = ""
    controlled: bool = True


def sweep(experiment: Experiment, programme: str, count: int) -> tuple[list[Sample], list[float]]:
    """Repeat an experiment on one treatment; return its samples, and times without the layer."""
    samples: list[Sample] = []
    without: list[float] = []
    with tempfile.TemporaryDirectory(prefix="layers-") as folder, open_stand(programme) as stand:
        for fault in experiment.standing:
            stand.board.fault_set(fault)
        for number in range(count):
            share = number * GOLDEN % 1
            _wait(stand, number)
            place = Path(folder) / str(number)
            samples.append(in_child(partial(_one, experiment, stand, share, place, alive=True)))
            if experiment.controlled and number < CONTROLS:
                place = Path(folder) / f"{number}-without"
                sample = in_child(partial(_one, experiment, stand, share, place, alive=False))
                without.append(sample.ms)
            stand.rest()
    return samples, without


def once(experiment: Experiment, programme: str, share: float, *, alive: bool = True) -> Sample:
    """Run an experiment in this process, on its own treatment."""
    with tempfile.TemporaryDirectory(prefix="layers-") as folder, open_stand(programme) as stand:
        for fault in experiment.standing:
            stand.board.fault_set(fault)
        _wait(stand, round(share * 100))
        return _one(experiment, stand, share, Path(folder) / "once", alive=alive)


def _wait(stand: Stand, number: int) -> None:
    """Run the treatment for a few ticks, up to the end of a tick with pulses due."""
    stand.ticks(1 + number % MOST_TICKS_APART)
    for _ in range(PATIENCE_TICKS):
        stand.tick()
        if stand.is_live():
            return
        stand.rest()
    raise NothingFlowed(f"{stand.programme}: codes stay at zero")


def _one(experiment: Experiment, stand: Stand, share: float, place: Path, *, alive: bool) -> Sample:
    if not stand.carries() or stand.trip:
        raise NothingFlowed(f"{stand.programme}: {stand.carried_us} at {stand.now_us} {stand.trip}")
    place.mkdir()
    stand.record(place / "trace.vcd")
    return experiment.act(stand, share, place, alive)


def rows_of(experiment: Experiment, samples: Iterable[Sample]) -> list[Row]:
    """Return the row of the report, and one for the second value if that has a limit."""
    every = list(samples)
    notes = [experiment.note] if experiment.note else []
    times, seconds = [sample.ms for sample in every], [sample.second for sample in every]
    if experiment.least_ms:
        notes.append(f"shortest {min(times):.1f} ms, at least {experiment.least_ms:g} ms wanted")
    limited = not math.isinf(experiment.most_second)
    if experiment.second and not limited:
        notes.append(f"{experiment.second} {distribution(seconds)} {experiment.unit}")
    event, budget = experiment.event, experiment.budget_ms
    rows = [_row(experiment, event, budget, times, "; ".join(notes), "ms")]
    if experiment.second and limited:
        event, most = f"{event}: {experiment.second}", experiment.most_second
        rows.append(_row(experiment, event, most, seconds, experiment.note, experiment.unit))
    return rows


def _row(
    experiment: Experiment, event: str, budget: float, values: list[float], note: str, unit: str
) -> Row:
    """Return one row; budget, worst, median and p99 are in `unit`, whatever the key's name."""
    ordered = sorted(values)
    return {
        "layer": experiment.layer,
        "disabled": list(experiment.disabled),
        "event": event,
        "unit": unit,
        "budget_ms": budget,
        "count": len(ordered),
        "worst_ms": round(ordered[-1], 4),
        "median_ms": round(statistics.median(ordered), 4),
        "p99_ms": round(percentile(ordered, 0.99), 4),
        "note": note,
    }


def percentile(ordered: list[float], share: float) -> float:
    """Return the value that this share (0 to 1) of the sorted values does not exceed."""
    return ordered[min(math.ceil(share * len(ordered)), len(ordered)) - 1]


def distribution(values: list[float]) -> str:
    """Return worst, 99th and 50th percentile and smallest value as text."""
    ordered = sorted(values)
    return (
        f"worst {ordered[-1]:.2f}, p99 {percentile(ordered, 0.99):.2f}, "
        f"median {statistics.median(ordered):.2f}, least {ordered[0]:.2f}"
    )


def problems_of(
    experiment: Experiment, samples: Iterable[Sample], without: Iterable[float]
) -> list[str]:
    """Return the problems, one sentence each."""
    name = f"{experiment.layer} alone, {experiment.event}"
    every = list(samples)
    times = [sample.ms for sample in every]
    problems = []
    if max(times) > experiment.budget_ms:
        problems.append(f"{name}: {max(times):.2f} ms, budget {experiment.budget_ms:g} ms")
    if min(times) < experiment.least_ms:
        problems.append(f"{name}: {min(times):.2f} ms is sooner than {experiment.least_ms:g} ms")
    others = {sample.acted for sample in every} - set(experiment.acted)
    if others:
        wanted = " or ".join(experiment.acted)
        problems.append(f"{name}: ended by {', '.join(sorted(others))}, not {wanted}")
    if max(sample.second for sample in every) > experiment.most_second:
        problems.append(f"{name}: {experiment.second} over {experiment.most_second:g}")
    ended = list(without)
    if experiment.controlled and (not ended or max(ended) <= experiment.budget_ms):
        problems.append(
            f"{name}: current ended in time without that layer too, so it shows nothing"
        )
    return problems
