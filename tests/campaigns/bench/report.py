"""The table on the terminal and in `docs/bench.md`, with date and commit of each measurement.

Each full run of a figure is stored under `build/bench`. The page is made from the newest run of
each figure, so that a single figure can be measured again. Quick runs are printed but not stored.
"""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.campaigns.bench.figure import Result, Row

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / "build" / "bench"
DOCUMENT = ROOT / "docs" / "bench.md"
HEADINGS = ("figure", "target", "measured", "", "ratio")


def print_table(rows: Sequence[Row]) -> None:
    table = Table(*HEADINGS)
    for row in rows:
        table.add_row(row.figure, row.target, row.measured, verdict(row), row.ratio)
    Console(width=None if os.isatty(1) else 160).print(table)


def verdict(row: Row) -> str:
    """Return "met", "MISSED", or "" where there is no target."""
    return "" if row.met is None else "met" if row.met else "MISSED"


def keep(name: str, result: Result, seconds: float, of_commit: str) -> None:
    """Store a full run with the commit that was checked out when it began."""
    KEPT.mkdir(parents=True, exist_ok=True)
    content = {"commit": of_commit, "at": _now(), "seconds": round(seconds), **asdict(result)}
    (KEPT / f"{name}.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


def write_document(names: Sequence[str]) -> list[str]:
    """Write `docs/bench.md` from the stored runs; return the figures without one."""
    kept = {name: KEPT / f"{name}.json" for name in names}
    runs = {name: json.loads(path.read_text()) for name, path in kept.items() if path.exists()}
    lines = [*_heading(), *_table(runs), "", "## How each was measured", ""]
    for name, content in runs.items():
        lines += _section(name, content)
    DOCUMENT.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return [name for name in names if name not in runs]


def commit() -> str:
    """Return the commit that is checked out, marked if product code differs from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--", "drivers", "appliance", "ui")
    return f"{head}, with changes" if changed else head


def machine() -> str:
    """Return CPU model, cores, memory, operating system and Python."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = platform.system()
    return (
        f"{_cpu()}, {os.cpu_count()} cores, {memory_gib:.1f} GiB RAM, {system}, "
        f"Linux {platform.release()}, {platform.python_implementation()} "
        f"{platform.python_version()}"
    )


def _heading() -> list[str]:
    return [
        "# What was measured",
        "",
        "Written by `make bench`; `python -m tests.campaigns.bench NAME` measures one figure",
        "again. Nothing here is a timed test: a figure that is missed is said to be missed.",
        "",
        "Everything ran on the virtual board, which plays a wave exactly on its own time line:",
        "edge errors say that plan, slices, driver and protocol lose nothing, not what the DMA",
        "of a Pi adds. Other work may have run on the machine; wall times are upper bounds.",
        "",
        f"Machine: {machine()}",
        "",
    ]


def _table(found: dict[str, dict[str, object]]) -> list[str]:
    lines = ["| figure | target | measured | | ratio |", "|---|---|---|---|---|"]
    for content in found.values():
        for raw in _rows(content):
            cells = (raw.figure, raw.target, raw.measured, verdict(raw), raw.ratio)
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def _section(name: str, content: dict[str, object]) -> list[str]:
    notes = content["notes"]
    stamp = f"commit {content['commit']}; {content['at']}; took {content['seconds']} s"
    lines = [f"### {name}", "", stamp, ""]
    if isinstance(notes, list) and notes:
        lines += [*(f"- {note}" for note in notes), ""]
    return lines


def _rows(content: dict[str, object]) -> list[Row]:
    rows = content["rows"]
    return [Row(**row) for row in rows] if isinstance(rows, list) else []


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _git(*arguments: str) -> str:
    found = subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return found.stdout.strip()
