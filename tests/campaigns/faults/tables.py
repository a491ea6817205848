"""Formatting for the tables of the report."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]


def milliseconds(value: float | None) -> str:
    """Return a time with three significant digits, or a dash if there is none."""
    return figure(value, "ms")


def figure(value: float | None, unit: str) -> str:
    """Return a value with three significant digits and its unit, or a dash if there is none."""
    if value is None:
        return "–"
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
