"""A cell of the campaign and what happened in it."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.campaigns.faults.cases import Case, Must
from tests.campaigns.faults.scene import ENERGISING


@dataclass(frozen=True, slots=True)
class Cell:
    """A fault in a state."""

    case: Case
    state: str

    @property
    def name(self) -> str:
        """Return the name by which it can be run."""
        return f"{self.case.name}/{self.state}"

    @property
    def must(self) -> Must:
        """Return what the output must do; after a fault that passes, output may continue."""
        if self.case.passes and self.state not in ENERGISING:
            return Must.GO
        return self.case.must


@dataclass
class CellLog:
    """What happened, in µs of board time (-1: never); the recordings hold the rest."""

    traces: list[Path] = field(default_factory=list)
    """The recording of each board; a power cut ends one and begins another."""
    period_ms: float = 12.5
    unreached: str = ""
    guard_us: int = -1
    injected_us: list[int] = field(default_factory=list)
    settled_us: int = -1
    """End of the time in which only the first injection acted; then a person acknowledged."""
    attempted: bool = False
    held: bool = False
    """Whether the person reached the level and stayed at it."""
    stop_us: int = -1
    stop_cut: bool = False
    after_stop: str = ""
    quiet_us: int = -1
    end_us: int = -1
    seen: str = ""
    trip: str = ""
    refused: list[str] = field(default_factory=list)
    gates_on: list[str] = field(default_factory=list)
    after_restart: str = ""
    findings: list[str] = field(default_factory=list)
    again_us: int = -1
    again_quiet_us: int = -1
