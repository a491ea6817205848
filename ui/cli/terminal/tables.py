"""Print rows as a table if it fits the terminal, otherwise each row as lines of its own.

Nothing is cut off: a shortened identifier or current would be wrong.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.text import Text

    Cell = str | Text

GAP = 2
LEAST = 16
"""Smallest readable width, in columns, of a cell that may break over lines (D)."""


def print_rows(
    out: "Console",
    headings: Sequence[str],
    rows: Sequence[Sequence["Cell"]],
    *,
    breaks: Collection[str] = (),
    spare: Sequence[str] = (),
    right: bool = False,
) -> None:
    """Print rows under headings; the first cell of a row names it.

    Cells in the columns `breaks` may break over several lines. If the table is too wide, columns of
    `spare` are left out, the first one first. `right` aligns all cells to the right.
    """
    from rich.table import Table

    for left_out in range(len(spare) + 1):
        shown = [n for n, name in enumerate(headings) if name not in spare[:left_out]]
        names = [headings[n] for n in shown]
        cells = [[row[n] for n in shown] for row in rows]
        if _width(names, cells, breaks) <= out.width:
            break
    else:
        _print_blocks(out, headings, rows)
        return
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for name in names:
        justify: JustifyMethod = "right" if right else "left"
        table.add_column(name, no_wrap=name not in breaks, justify=justify, overflow="fold")
    for row in cells:
        table.add_row(*row)
    out.print(table)


def _width(names: Sequence[str], rows: Sequence[Sequence["Cell"]], breaks: Collection[str]) -> int:
    from rich.cells import cell_len

    widths = [
        max(cell_len(str(cell)) for cell in (*_lines(name), *(row[n] for row in rows)))
        for n, name in enumerate(names)
    ]
    least = [
        min(width, LEAST) if name in breaks else width
        for name, width in zip(names, widths, strict=True)
    ]
    return sum(least) + GAP * len(names)


def _lines(name: str) -> list[str]:
    return name.splitlines() or [""]


def _print_blocks(
    out: "Console", headings: Sequence[str], rows: Sequence[Sequence["Cell"]]
) -> None:
    from rich.padding import Padding

    labels = [name.replace("\n", " ") for name in headings]
    for row in rows:
        out.print(f"{labels[0]} {row[0]}", style="bold")
        rest = zip(labels[1:], row[1:], strict=True)
        cells = ", ".join(f"{label} {cell}".strip() for label, cell in rest if str(cell))
        out.print(Padding(cells, (0, 0, 0, GAP)))
