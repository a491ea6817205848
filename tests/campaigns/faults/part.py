"""What a part of the campaign returns, and where it is kept until the report is written."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.campaigns.bench.report import ROOT, commit, machine

KEPT = ROOT / "build" / "faults"
"""Ignored by git; one JSON file a part, and FINDINGS.md."""

Row = dict[str, Any]
"""Plain values only; what a row holds is said by the part and read by the report."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the campaign found. `problems` are sentences; none means all is well."""

    name: str
    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A part as it was kept, with what has to be known to repeat it."""

    part: Part
    commit: str
    machine: str
    at: str
    seconds: int


def keep(part: Part, seconds: float, of_commit: str) -> Path:
    """Write a part's results; `of_commit` is what was checked out when it began."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = kept_at(part.name)
    content = {
        "commit": of_commit,
        "machine": machine(),
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "seconds": round(seconds),
        "problems": part.problems,
        "rows": part.rows,
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def kept_at(name: str) -> Path:
    """Return where a part's results are kept."""
    return KEPT / f"{name}.json"


def read(name: str) -> Kept | None:
    """Return what was kept of a part, or None where it has not run."""
    path = kept_at(name)
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    part = Part(name, tuple(found["rows"]), tuple(found["problems"]))
    return Kept(part, found["commit"], found["machine"], found["at"], found["seconds"])


__all__ = ["KEPT", "ROOT", "Kept", "Part", "Row", "commit", "keep", "kept_at", "read"]
