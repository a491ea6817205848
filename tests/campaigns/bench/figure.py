"""Types of a benchmark: a figure has a name, a target, and a function that measures it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure. `folder` is for scratch files; `quick` reduces every size for a trial run."""

    folder: Path
    quick: bool = False
    workers: int = 2

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    @property
    def place(self) -> Path:
        """Return the scratch folder; created if missing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `met` is None for a figure without its own target.

    `ratio` compares the measured value with the target, as text.
    """

    figure: str
    target: str
    measured: str
    met: bool | None
    ratio: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a figure measured, and the notes needed to read it."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One target and how it is measured."""

    name: str
    target: str
    run: Callable[[Options], Result]


def margin(measured: float, target: float, *, more_is_better: bool = False) -> str:
    """Return how many times better than its target a figure is; below 1 the target is missed."""
    good, bad = (measured, target) if more_is_better else (target, measured)
    return f"{good / bad:.2f} x" if bad > 0 else "exact"
