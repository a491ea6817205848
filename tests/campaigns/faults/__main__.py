"""`python -m tests.campaigns.faults [PART]`: inject every fault in every state, and measure.

Without a name all parts run, then the report is written. If a part fails, the others still run;
the exit code is 1 if any part reports a problem.
"""

import argparse
import os
import sys
import time
from importlib import import_module

from tests.campaigns.bench.report import ROOT, commit
from tests.campaigns.faults.part import Part, keep
from tests.campaigns.faults.report import DOCUMENT, write_document

PARTS = ("cells", "layers", "realtime")
"""Modules of this package; each has `run(jobs: int) -> Part`."""


def main() -> int:
    """Run the parts named; return 1 if any of them reports a problem."""
    asked = _parse()
    names = asked.names or [*PARTS, "report"]
    problems: list[str] = []
    for name in PARTS:
        if name in names:
            problems += _run(name, asked.jobs, asked.only).problems
    if not asked.only:
        missing = write_document(PARTS)
        without = f", without {', '.join(missing)}" if missing else ""
        print(f"written to {DOCUMENT.relative_to(ROOT)}{without}")
    for problem in problems:
        print(f"PROBLEM {problem}")
    return int(bool(problems))


def _run(name: str, jobs: int, only: str) -> Part:
    module = import_module(f"tests.campaigns.faults.{name}")
    print(f"{name}: {(module.__doc__ or '').splitlines()[0]}", file=sys.stderr, flush=True)
    began_s, of_commit = time.monotonic(), commit()
    part: Part = module.run(jobs, only) if only else module.run(jobs)
    took_s = time.monotonic() - began_s
    counts = f"{len(part.rows)} rows, {len(part.problems)} problems, {took_s:.0f} s"
    print(f"{name}: {counts}", file=sys.stderr, flush=True)
    if not only:
        keep(part, took_s, of_commit)
    return part


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.campaigns.faults", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*PARTS, "report", []], metavar="PART")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument(
        "--only", default="", metavar="PATTERN", help='only cells like this: "lead-off*/Deliver*"'
    )
    asked = parser.parse_args()
    if asked.only and asked.names != ["cells"]:
        parser.error("--only picks cells: python -m tests.campaigns.faults cells --only PATTERN")
    return asked


if __name__ == "__main__":
    sys.exit(main())
