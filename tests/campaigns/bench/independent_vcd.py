"""A VCD reader that imports no product code, so that it cannot share the product's mistakes.

IEEE 1364-2005 section 18: `$var` declares an identifier, `#` advances time, a scalar change is a
value followed by its identifier without a space, `b...` and `r...` are value, space, identifier.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

Change = tuple[int, float]
"""(time in ticks of the file, value)."""


class BrokenVcd(ValueError):
    """The file is not a VCD that this reader supports."""


def read_changes(path: Path, names: Iterable[str]) -> dict[str, list[Change]]:
    """Return every change of the named signals; the first entry is the initial value.

    A truncated last line of the file is ignored.
    """
    with path.open(encoding="ascii") as file:
        identities = _declared(file)
        missing = [name for name in names if name not in identities]
        if missing:
            raise BrokenVcd(f"{path} has no signal {', '.join(missing)}")
        changes: dict[str, list[Change]] = {name: [] for name in names}
        by_identity = {identities[name]: changes for name, changes in changes.items()}
        _collect(file, by_identity)
    return changes


def tick_ns(path: Path) -> int:
    """Return the length of one tick in ns, from `$timescale`."""
    units = {"ns": 1, "us": 1_000, "ms": 1_000_000}
    with path.open(encoding="ascii") as file:
        words = " ".join(line for _, line in zip(range(5), file, strict=False)).split()
    number, unit = words[words.index("$timescale") + 1 :][:2]
    return int(number) * units[unit]


def _declared(file: TextIO) -> dict[str, str]:
    identities: dict[str, str] = {}
    for line in file:
        words = line.split()
        if words[:1] == ["$var"]:
            identities[words[4]] = words[3]
        elif words[:1] == ["$enddefinitions"]:
            return identities
    raise BrokenVcd("the header has no end")


def _collect(lines: Iterator[str], found: dict[str, list[Change]]) -> None:
    now = 0
    for line in lines:
        if not line.endswith("\n"):
            return
        first = line[0]
        if first == "#":
            now = int(line[1:])
        elif first in "01":
            changes = found.get(line[1:-1])
            if changes is not None:
                changes.append((now, int(first)))
        elif first in "br":
            value, identity = line[1:].split()
            changes = found.get(identity)
            if changes is not None:
                changes.append((now, int(value, 2) if first == "b" else float(value)))
