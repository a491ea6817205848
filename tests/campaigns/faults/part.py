"""The result of a part of the campaign, and where it is stored until the report is written."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.campaigns.bench.report import ROOT, commit, machine

KEPT = ROOT / "build" / "faults"
"""Ignored by git; one JSON file per part, and FINDINGS.md."""

Row = dict[str, Any]
"""Plain values only; each part defines the keys of its rows, which the report reads."""


@dataclass(frozen=True, slots=True)
class Part:
    """Result of one part of the campaign. `problems` are sentences; none means all is well."""

    name: str
    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored part, with what is needed to repeat it."""

    part: Part
    commit: str
    machine: str
    at: str
    seconds: int


def keep(part: Part, seconds: float, of_commit: str) -> Path:
    """Store a part's results; `of_commit` is what was checked out when it began."""
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
    """Return the path of a part's stored results."""
    return KEPT / f"{name}.json"


def read(name: str) -> Kept | None:
    """Return the stored results of a part, or None if it has not run."""
    path = kept_at(name)
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    part = Part(name, tuple(content["rows"]), tuple(content["problems"]))
    return Kept(part, content["commit"], content["machine"], content["at"], content["seconds"])


__all__ = ["KEPT", "ROOT", "Kept", "Part", "Row", "commit", "keep", "kept_at", "read"]
