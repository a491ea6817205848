"""`build/mutation.json` and `docs/mutation.md`: the score, and every survivor with its reason.

The newest result of each file is kept, so that a single file can be judged again.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.campaigns.bench.report import ROOT
from tests.campaigns.mutation.mutant import Change, Count, Mutant, Outcome, Way, count

DOCUMENT = ROOT / "docs" / "mutation.md"
RESULTS = ROOT / "build" / "mutation.json"
TARGET_PERCENT = 95.0
FEW = 6
"""If a run judged at most this many files, they are named."""
PARTS: dict[str, tuple[str, ...]] = {
    "limits": ("core/limits/",),
    "dose": ("core/plan/dose",),
    "compiler": ("core/plan/compiler", "core/plan/slice_"),
    "gate": ("safety/gate",),
    "states": ("safety/state_machine/",),
    "levels": ("safety/levels",),
    "interlocks": ("safety/interlocks/", "safety/trips/"),
}
"""The parts that have a target, and the path prefixes of their files below `appliance`."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is needed to repeat a run."""

    commit: str
    machine: str
    at: str
    seconds: int
    jobs: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest result of a file, and the run it comes from."""

    run: Run
    mutants: tuple[Mutant, ...]


def keep(run: Run, paths: Sequence[str], mutants: Sequence[Mutant]) -> None:
    """Store the results of each file until it is judged again."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for path in paths:
        mine = [asdict(mutant) for mutant in mutants if mutant.change.path == path]
        kept[path] = {"run": asdict(run), "mutants": mine}
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")


def read(paths: Sequence[str]) -> dict[str, Kept]:
    """Return the stored results of these files."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return {
        path: Kept(Run(**kept[path]["run"]), tuple(map(_mutant, kept[path]["mutants"])))
        for path in paths
        if path in kept
    }


def _mutant(stored: dict[str, Any]) -> Mutant:
    return Mutant(Way(stored["way"]), Change(**stored["change"]), Outcome(stored["outcome"]))


def part_of(path: str) -> str:
    """Return the part of the target a file belongs to."""
    below = Path(path).relative_to("appliance").as_posix()
    return next(part for part, begins in PARTS.items() if below.startswith(begins))


def scores(mutants: Sequence[Mutant]) -> dict[str, Count]:
    """Return the score of each part that was judged."""
    by_part = {}
    for part in [*PARTS]:
        mine = [mutant for mutant in mutants if part_of(mutant.change.path) == part]
        if mine:
            by_part[part] = count(mine)
    return by_part


def write_document(kept: dict[str, Kept], reasons: dict[Change, str]) -> None:
    """Write the page from the newest result of every file."""
    mutants = [mutant for stored in kept.values() for mutant in stored.mutants]
    lines = [*_head(mutants), *_runs(kept), *_files(kept), *_survivors(mutants, reasons)]
    DOCUMENT.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _head(mutants: Sequence[Mutant]) -> Iterator[str]:
    yield "# Mutation score"
    yield ""
    yield "Written by `make mutation`: small changes are made in the code of the safety chain,"
    yield "one at a time, and the tests of `tests/appliance/core` and `tests/appliance/safety`"
    yield "must detect each one. mutmut changes function bodies;"
    yield "`tests/campaigns/mutation/tables.py` changes the code around them (limits, tables,"
    yield "defaults, decorated functions), but no sentences for people. No pragma excludes code."
    yield "A mutant that makes the program hang counts as caught. Examples are drawn in the same"
    yield "way each time, so that a run can be repeated. If a survivor has no reason here, the"
    yield "command fails."
    yield ""
    yield f"| part | caught | mutants | score | target {TARGET_PERCENT:.0f} % |"
    yield "|---|---|---|---|---|"
    for part, score in [*scores(mutants).items(), ("all", count(mutants))]:
        verdict = "met" if score.percent >= TARGET_PERCENT else "MISSED"
        yield f"| {part} | {score.caught} | {score.total} | {score.percent:.1f} % | {verdict} |"
    yield ""


def _runs(kept: dict[str, Kept]) -> Iterator[str]:
    """Yield where the results come from: one run of everything, or the newest run of each file."""
    runs = list(dict.fromkeys(stored.run for stored in kept.values()))
    yield f"Machine: {runs[-1].machine}"
    yield ""
    for run in sorted(runs, key=lambda run: run.at):
        files = [Path(path).name for path, stored in kept.items() if stored.run == run]
        which = f"{len(files)} files" if len(files) > FEW else ", ".join(files)
        took = f"{run.seconds // 60} min {run.seconds % 60} s with {run.jobs} jobs"
        yield f"- commit {run.commit}; {run.at}; {took}: {which}"
    yield ""


def _files(kept: dict[str, Kept]) -> Iterator[str]:
    yield "## By file"
    yield ""
    yield "| file | function bodies | tables | survivors |"
    yield "|---|---|---|---|"
    for path, stored in kept.items():
        cells = [_cell([mutant for mutant in stored.mutants if mutant.way is way]) for way in Way]
        alive = len(stored.mutants) - count(stored.mutants).caught
        yield f"| `{path}` | {' | '.join(cells)} | {alive} |"
    yield ""


def _cell(mutants: Sequence[Mutant]) -> str:
    score = count(mutants)
    hung = sum(mutant.outcome is Outcome.TIMEOUT for mutant in mutants)
    tail = f", {hung} by hanging" if hung else ""
    return f"{score.caught} of {score.total}{tail}" if score.total else "–"


def _survivors(mutants: Sequence[Mutant], reasons: dict[Change, str]) -> Iterator[str]:
    yield "## Survivors"
    yield ""
    alive = [mutant for mutant in mutants if not mutant.caught]
    if not alive:
        yield "None."
    for path, found in _by_path(alive):
        yield f"### `{path}`"
        yield ""
        for mutant in found:
            change = mutant.change
            place = change.place or "the module"
            yield f"- {place}: {reasons.get(change, 'NO REASON GIVEN')}"
            yield ""
            yield "  ```diff"
            yield from (f"  {line}" for line in change.diff().splitlines())
            yield "  ```"
            yield ""


def _by_path(mutants: Sequence[Mutant]) -> list[tuple[str, list[Mutant]]]:
    ordered = sorted(mutants, key=lambda mutant: mutant.change)
    grouped = groupby(ordered, key=lambda mutant: mutant.change.path)
    return [(path, list(found)) for path, found in grouped]
