"""One small mistake put into the code on purpose, and what the tests said to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """Where the mistake was put: into a function's body, or into the code around functions."""

    BODIES = "function bodies"
    TABLES = "tables"


class Outcome(StrEnum):
    """What the tests said."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNTESTED = "no tests"
    UNCLEAR = "unclear"


CAUGHT = frozenset({Outcome.KILLED, Outcome.TIMEOUT})
"""A mistake that makes the program hang is caught: the tests do not pass."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """What was changed, in words that stay the same when lines move.

    `place` is the function or class, empty for code of the module itself; `removed` and `added`
    are the changed lines without their indentation.
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
    """A change and its fate."""

    way: Way
    change: Change
    outcome: Outcome

    @property
    def caught(self) -> bool:
        """Tell whether a test failed."""
        return self.outcome in CAUGHT


@dataclass(frozen=True, slots=True)
class Count:
    """How many mutants of a file were caught."""

    caught: int
    total: int

    @property
    def percent(self) -> float:
        """Return the score; a file without mutants has nothing to catch."""
        return 100.0 * self.caught / self.total if self.total else 100.0


def count(mutants: Sequence[Mutant]) -> Count:
    """Count the mutants that were caught."""
    return Count(sum(mutant.caught for mutant in mutants), len(mutants))
