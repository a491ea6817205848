"""Every fault in every state on stepped time; each cell has its own board, engine and person."""

import sys
import tempfile
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path

from tests.campaigns.faults.cases import Case
from tests.campaigns.faults.cell import run_faults
from tests.campaigns.faults.cell_log import Cell
from tests.campaigns.faults.faults import again, board_faults, process_faults
from tests.campaigns.faults.pairs import pair_cells
from tests.campaigns.faults.part import Part, Row
from tests.campaigns.faults.scene import STATES
from tests.campaigns.faults.verdict import Verdict, judge

CHUNK = 4
LEAST_COUNTED = 400


def all_cells() -> list[Cell]:
    """Return every cell of the campaign, ordered by state."""
    cases: list[Case] = [*board_faults(), *process_faults(), *again()]
    cells = [Cell(case, state) for case in cases for state in STATES] + pair_cells()
    return sorted(cells, key=lambda cell: STATES.index(cell.state))


def run_cell(cell: Cell) -> Row:
    """Run and judge one cell; an unexpected exception becomes a problem of that cell."""
    with tempfile.TemporaryDirectory(prefix="cell-") as folder:
        try:
            return judge(cell, run_faults(cell, Path(folder) / "run")).row()
        except Exception as error:  # noqa: BLE001 - one cell must not end the campaign
            verdict = Verdict(cell.name, cell.case.family, cell.state, cell.must.value, ())
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(last.filename).name}:{last.lineno}"
            verdict.problems = [f"{type(error).__name__} at {where}: {str(error)[:200]}"]
            return verdict.row()


def run(jobs: int, only: str = "") -> Part:
    """Run every cell whose name matches the pattern."""
    cells = [cell for cell in all_cells() if _fits(cell.name, only)]
    rows = list(_rows(cells, jobs))
    problems = [
        f"{row['cell']}: {text}; python -m tests.campaigns.faults cells --only {row['cell']!r}"
        for row in rows
        for text in row["problems"]
    ]
    counted = sum(1 for row in rows if row["counted"])
    if not only and counted < LEAST_COUNTED:
        problems.append(f"only {counted} cells counted, {LEAST_COUNTED} wanted")
    _print_summary(rows)
    for row in rows if only else ():
        _print_row(row)
    return Part("cells", tuple(rows), tuple(problems))


def _fits(name: str, only: str) -> bool:
    return not only or name == only or fnmatchcase(name, only)


def _rows(cells: list[Cell], jobs: int) -> Iterator[Row]:
    """Yield the rows in the order of the cells; on a terminal print a line per state."""
    shown = ""
    if jobs == 1:
        rows: Iterator[Row] = map(run_cell, cells)
        pool = None
    else:
        pool = ProcessPoolExecutor(jobs)
        rows = pool.map(run_cell, cells, chunksize=CHUNK)
    for row in rows:
        if row["state"] != shown and sys.stderr.isatty():
            shown = row["state"]
            print(f"  {shown}", file=sys.stderr, flush=True)
        yield row
    if pool is not None:
        pool.shutdown()


def _print_row(row: Row) -> None:
    """Print the details of a single cell that was run by name."""
    ended = "not judged" if row["zero_ms"] is None else f"{row['zero_ms']} ms by {row['layer']}"
    print(
        f"{row['cell']}: zero {ended}, allowed {row['budget_ms']:.4g} ms; "
        f"{row['before_ma']} mA before, {row['after_ma']} mA after, {row['charge_uc']} µC; "
        f"seen {row['seen'] or 'nothing'} {row['trip']}; a person's stop {row['stop_ms']} ms"
    )


def _print_summary(rows: list[Row]) -> None:
    """Print for each state how many cells there are, how many count, and how many have problems."""
    print(f"{'state':<14}{'cells':>7}{'counted':>9}{'stopped':>9}{'problems':>10}")
    for state in STATES:
        mine = [row for row in rows if row["state"] == state]
        if mine:
            counted = sum(1 for row in mine if row["counted"])
            stopped = sum(1 for row in mine if row["zero_ms"] is not None)
            wrong = sum(1 for row in mine if row["problems"])
            print(f"{state:<14}{len(mine):>7}{counted:>9}{stopped:>9}{wrong:>10}")
    for row in rows:
        if not row["counted"]:
            print(f"not counted: {row['cell']}: {row['why']}")
