"""`python -m tests.campaigns.programmes [NAME]`: play programmes, measure them, write the page.

Without a name the whole catalogue. The page is written after each programme, so that a run that is
ended early keeps what it has. The exit code is 1 if anything is not as asked.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from tests.campaigns.programmes.asked import ROOT, files, read
from tests.campaigns.programmes.cases import Case, all_cases
from tests.campaigns.programmes.measure import measure
from tests.campaigns.programmes.page import DOCUMENT, Measured, write_page
from tests.campaigns.programmes.picture import picture_of
from tests.campaigns.programmes.play import play
from tests.campaigns.programmes.pulses import read_signals
from tests.campaigns.programmes.quantity import Quantity


class Result(NamedTuple):
    """One session as it was found, or why it did not come to its end."""

    case: Case
    quantities: list[Quantity]
    level_ua: int
    picture: str
    failure: str
    seconds: float


def prove(case: Case, folder: Path) -> Result:
    """Play a case and measure its recording, which is deleted afterwards."""
    began_s = time.process_time()
    asked = read(files()[case.programme])
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        try:
            played = play(case, asked, Path(scratch) / "session")
        except AssertionError as failure:
            took_s = time.process_time() - began_s
            return Result(case, [], 0, "", f"not played: {str(failure)[:300]}", took_s)
        signals = read_signals(played.record)
    found = measure(signals, played, asked)
    picture = picture_of(signals, played, asked) if case.at_ceiling else ""
    return Result(case, found, played.level_ua, picture, "", time.process_time() - began_s)


def main() -> int:
    """Measure what was asked for; return 1 if anything is not as asked."""
    asked = _parse()
    cases = all_cases(asked.names)
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="programmes-") as scratch:
        for found in _in_parallel(cases, Path(scratch), asked.jobs):
            write_page({found.name: found}, files())
            problems += [f"{found.name}: {problem}" for problem in found.problems]
            count = len(found.quantities) + len(found.failures)
            print(
                f"{found.name}: {count} sessions, {found.seconds:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    for problem in problems:
        print(f"PROBLEM {problem}")
    print(
        f"written to {DOCUMENT.relative_to(ROOT)}: {len(cases)} sessions, {len(problems)} problems"
    )
    return int(bool(problems))


def _in_parallel(cases: Sequence[Case], folder: Path, jobs: int) -> Iterator[Measured]:
    """Yield each programme once all its sessions were measured."""
    left = Counter(case.programme for case in cases)
    found = {name: Measured(name) for name in left}
    with ProcessPoolExecutor(jobs) as pool:
        for future in as_completed([pool.submit(prove, case, folder) for case in cases]):
            result = future.result()
            name = result.case.programme
            _note(found[name], result)
            left[name] -= 1
            if not left[name]:
                yield found[name]


def _note(found: Measured, result: Result) -> None:
    found.seconds += result.seconds
    if result.failure:
        found.failures[result.case] = result.failure
        return
    found.quantities[result.case] = result.quantities
    found.levels_ua[result.case] = result.level_ua
    found.picture = found.picture or result.picture


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.campaigns.programmes", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*files(), []], metavar="NAME")
    parser.add_argument("--jobs", type=int, default=2, help="sessions at a time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
