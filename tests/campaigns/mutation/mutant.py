"""One small mistake made in the code, and whether the tests found it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """Where the mistake was made: in a function's body, or in the code around functions."""

    BODIES = "function bodies"
    TABLES = "tables"


class Outcome(StrEnum):
    """Result of the tests."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNTESTED = "no tests"
    UNCLEAR = "unclear"


CAUGHT = frozenset({Outcome.KILLED, Outcome.TIMEOUT})
"""A mistake that makes the program hang counts as caught: the tests do not pass."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """What was changed, described so that it stays the same when lines move.

    `place` is the function or class, empty for module-level code; `removed` and `added` are the
    changed lines without their indentation.
    """

    path: str
    place: str
    removed: str
    added: str

    def diff(self) -> str:
        """Return the change as the lines of a diff."""
        removed = [f"-{line}" for line in self.removed.splitlines()]
        return "\n".join([*removed, *(f"+{line}" for line in self.added.splitlines())])


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change and its outcome."""

    way: Way
    change: Change
    outcome: Outcome

    @property
    def caught(self) -> bool:
        """Tell whether the tests noticed the mistake."""
        return self.outcome in CAUGHT


@dataclass(frozen=True, slots=True)
class Count:
    """How many mutants of a file there are and how many were caught."""

    caught: int
    total: int

    @property
    def percent(self) -> float:
        """Return the score in %; 100 for a file without mutants."""
        return 100.0 * self.caught / self.total if self.total else 100.0


def count(mutants: Sequence[Mutant]) -> Count:
    return Count(sum(mutant.caught for mutant in mutants), len(mutants))
