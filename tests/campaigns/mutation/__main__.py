"""`python -m tests.campaigns.mutation [--only NAME] [--jobs N]`: mutate the safety chain.

Without `--only` every file listed in `pyproject.toml` is judged; `docs/mutation.md` is made from
the newest result of each file. With `--report` nothing is judged, only the page is written again.
The exit code is 1 if a survivor has no reason, a part misses its target, or a reason is out of
date.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.campaigns.bench.report import commit, machine
from tests.campaigns.mutation import bodies, forks, reasons, report
from tests.campaigns.mutation.mutant import Change, Mutant, count
from tests.campaigns.mutation.tree import make_tree, targets, test_selection


def main() -> int:
    """Judge the files or write the page; return 1 if a check fails."""
    asked = _parse()
    try:
        paths = targets(asked.only)
        why = reasons.read()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if asked.report:
        _write(why)
        kept = report.read(paths)
        mutants = [mutant for stored in kept.values() for mutant in stored.mutants]
        _print(mutants)
        return _verdict(mutants, why, paths, stale_counts=True)
    began_s, of_commit = time.monotonic(), commit()
    mutants = _judge(paths, asked.tests or test_selection(), asked.jobs, asked.ways)
    seconds = round(time.monotonic() - began_s)
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    run = report.Run(of_commit, machine(), at, seconds, asked.jobs)
    whole = len(asked.ways) == len(_WAYS)
    if whole:
        report.keep(run, paths, mutants)
        _write(why)
    _print(mutants)
    return _verdict(mutants, why, paths, stale_counts=whole)


def _write(why: dict[Change, str]) -> None:
    every = targets([])
    kept = report.read(every)
    report.write_document(kept, why)
    missing = [path for path in every if path not in kept]
    print(f"written to {report.DOCUMENT.name}" + (f", without {missing}" if missing else ""))


def _judge(
    paths: Sequence[str], tests: Sequence[str], jobs: int, ways: Sequence[str]
) -> list[Mutant]:
    tree = make_tree(paths, tests)
    if not forks.passes(tree, tests):
        raise SystemExit(f"the tests fail without any mutant: see pytest {' '.join(tests)}")
    mutants: list[Mutant] = []
    if "bodies" in ways:
        mutants += bodies.run(tree, paths, jobs)
    if "tables" in ways:
        mutants += forks.run(tree, paths, tests, jobs)
    return mutants


def _print(mutants: Sequence[Mutant]) -> None:
    for part, score in [*report.scores(mutants).items(), ("all", count(mutants))]:
        print(f"{part:11} {score.caught:5} of {score.total:5} caught  {score.percent:6.2f} %")


def _verdict(
    mutants: Sequence[Mutant],
    why: dict[Change, str],
    paths: Sequence[str],
    *,
    stale_counts: bool,
) -> int:
    unexplained = reasons.unexplained(mutants, why)
    for change in unexplained:
        print(f"\nNO REASON {change.path} {change.place}\n{change.diff()}")
    stale = reasons.stale(mutants, why, paths) if stale_counts else []
    for change in stale:
        print(f"\nSTALE REASON {change.path} {change.place}\n{change.diff()}")
    missed = [
        part
        for part, score in report.scores(mutants).items()
        if score.percent < report.TARGET_PERCENT
    ]
    for part in missed:
        print(f"MISSED {part} is below {report.TARGET_PERCENT:.0f} %")
    return int(bool(unexplained or stale or missed))


_WAYS = ("bodies", "tables")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.campaigns.mutation", description=__doc__)
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="a file or folder: gate"
    )
    parser.add_argument(
        "--tests",
        action="append",
        default=[],
        metavar="PATH",
        help="run only these tests: faster, but the score may be lower",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--ways", nargs="+", choices=_WAYS, default=_WAYS, help="which mutators")
    parser.add_argument("--report", action="store_true", help="write the document again, no more")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
