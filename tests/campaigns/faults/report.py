"""Writes docs/stop-budget.md from the stored results of the campaign's parts."""

from collections.abc import Sequence
from pathlib import Path

from tests.campaigns.bench.report import ROOT
from tests.campaigns.faults.part import Kept, Row, read
from tests.campaigns.faults.report_cells import cells_section
from tests.campaigns.faults.tables import figure, table

DOCUMENT = ROOT / "docs" / "stop-budget.md"
TITLES = {
    "layers": "Each layer alone",
    "realtime": "In real time, with real processes",
}
INTRODUCTION = """\
# Stop budget

A stimulator is worth what its stops are worth. Here every layer of the safety chain is measured
with the others taken away, and everything the virtual board can break is broken in every state of
the machine. Written by `make faults`; nothing is edited by hand. What is missed is said to be
MISSED.

The current is the true current through each load, taken from the board's own recording (VCD) by a
reader that shares no code with the product. "Zero" is less than 0.1 mA on every load, for good. On
stepped time the board and the engine share one exact clock, and a control tick costs no time; the
real-time part adds processes, sockets and the machine's scheduler. All of it is the virtual board:
it says what design, engine and drivers do, not what a particular output stage does.
"""


def write_document(names: Sequence[str], path: Path = DOCUMENT) -> list[str]:
    """Write the report; return the parts that have not run."""
    stored_by_name = {name: read(name) for name in names}
    kept = {name: stored for name, stored in stored_by_name.items() if stored is not None}
    lines = [INTRODUCTION, *_stamps(kept)]
    for name, title in TITLES.items():
        if name in kept:
            lines += _layers_section(title, kept[name])
    if "cells" in kept:
        lines += cells_section(kept["cells"])
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return [name for name in names if name not in kept]


def _stamps(kept: dict[str, Kept]) -> list[str]:
    rows = [
        (name, stored.commit, stored.at, f"{stored.seconds} s", str(len(stored.part.problems)))
        for name, stored in kept.items()
    ]
    machines = sorted({stored.machine for stored in kept.values()})
    return [
        *table(("part", "commit", "measured", "took", "problems"), rows),
        "",
        f"Machine: {'; '.join(machines)}",
        "",
    ]


def _layers_section(title: str, kept: Kept) -> list[str]:
    head = ("layer", "disabled", "event", "budget", "worst", "median", "p99", "count", "", "note")
    rows = [_layer_cells(row) for row in kept.part.rows]
    lines = [f"## {title}", "", *table(head, rows), ""]
    return lines + _problems(kept)


def _layer_cells(row: Row) -> tuple[str, ...]:
    met = row["worst_ms"] <= row["budget_ms"]
    return (
        str(row["layer"]),
        ", ".join(row["disabled"]) or "nothing",
        str(row["event"]),
        *(
            figure(row[name], row.get("unit", "ms"))
            for name in ("budget_ms", "worst_ms", "median_ms", "p99_ms")
        ),
        str(row["count"]),
        "met" if met else "MISSED",
        str(row["note"]),
    )


def _problems(kept: Kept) -> list[str]:
    if not kept.part.problems:
        return []
    return ["Problems:", "", *(f"- {problem}" for problem in kept.part.problems), ""]
