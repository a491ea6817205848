"""Writes docs/stop-budget.md out of what the parts of the campaign have kept."""

from collections.abc import Sequence
from pathlib import Path

from tests.faults.part import ROOT, Kept, Row, read

DOCUMENT = ROOT / "docs" / "stop-budget.md"


def write_document(names: Sequence[str], path: Path = DOCUMENT) -> list[str]:
    """Write the report; return the parts that have not run."""
    found = {name: read(name) for name in names}
    kept = {name: each for name, each in found.items() if each is not None}
    lines = ["# Stop budget", ""]
    for name in ("layers", "realtime"):
        if name in kept:
            lines += layer_table(name, kept[name])
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return [name for name in names if name not in kept]


def layer_table(name: str, kept: Kept) -> list[str]:
    """Return the table of the layers, each alone, with its budget beside what was measured."""
    head = ("layer", "disabled", "event", "budget", "worst", "median", "p99", "count", "", "note")
    lines = [f"## {name}", "", _line(head), _line(["---"] * len(head))]
    return [*lines, *(_line(_layer_cells(row)) for row in kept.part.rows), ""]


def _layer_cells(row: Row) -> list[str]:
    met = row["worst_ms"] <= row["budget_ms"]
    return [
        str(row["layer"]),
        ", ".join(row["disabled"]) or "nothing",
        str(row["event"]),
        milliseconds(row["budget_ms"]),
        milliseconds(row["worst_ms"]),
        milliseconds(row["median_ms"]),
        milliseconds(row["p99_ms"]),
        str(row["count"]),
        "met" if met else "MISSED",
        str(row["note"]),
    ]


def milliseconds(value: float | None) -> str:
    """Return a time with three figures, or a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.0f} ms" if value >= 100 else f"{value:.3g} ms"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
