"""`python -m tests.campaigns.bench [NAME] [--quick]`: measure, print the table, write the page."""

import argparse
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from tests.campaigns.bench.figure import Figure, Options, Row
from tests.campaigns.bench.report import DOCUMENT, ROOT, commit, keep, print_table, write_document

FIGURES = (
    "edges",
    "charge",
    "usual_way",
    "dead_man",
    "dead_man_stepped",
    "kept_facts",
    "underruns",
    "engine_cost",
    "crowd",
    "fast",
    "compile_speed",
    "memory",
    "board_answers",
    "kiosk_start",
    "kiosk_drawing",
    "kiosk_touch",
    "kiosk_alarms",
    "kiosk_memory",
)
"""Modules of this package, in the order of the table; each has a FIGURE."""
GROUPS = {"kiosk": tuple(name for name in FIGURES if name.startswith("kiosk_"))}
"""Names for several at once."""


def main() -> int:
    """Run the figures; return 1 if a target was missed."""
    asked = _parse()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        options = Options(Path(scratch), quick=asked.quick, workers=asked.workers)
        for name in _chosen(asked.names):
            rows += _measure(name, options)
    print_table(rows)
    if not asked.quick:
        missing = write_document(FIGURES)
        without = f", still without {', '.join(missing)}" if missing else ""
        print(f"written to {DOCUMENT.relative_to(ROOT)}{without}")
    return int(any(row.met is False for row in rows))


def _chosen(names: list[str]) -> list[str]:
    """Return the figures that were asked for; all where none was."""
    return [figure for name in names or FIGURES for figure in GROUPS.get(name, (name,))]


def _measure(name: str, options: Options) -> list[Row]:
    figure: Figure = import_module(f"tests.campaigns.bench.{name}").FIGURE
    print(f"{figure.name}: {figure.target}", file=sys.stderr, flush=True)
    began_s, of_commit = time.monotonic(), commit()
    result = figure.run(options)
    took_s = time.monotonic() - began_s
    for note in result.notes:
        print(f"  {note}", file=sys.stderr)
    if not options.quick:
        keep(figure.name, result, took_s, of_commit)
    return list(result.rows)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.campaigns.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*FIGURES, *GROUPS, []], metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="small sizes, nothing is kept")
    parser.add_argument("--workers", type=int, default=2, help="stepped runs at a time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
