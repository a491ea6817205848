"""What a cell is, and what happened in it."""

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
        """Return how it is asked for."""
        return f"{self.case.name}/{self.state}"

    @property
    def must(self) -> Must:
        """Return what has to become of the output; what is over when a person tries may go on."""
        if self.case.passes and self.state not in ENERGISING:
            return Must.GO
        return self.case.must


@dataclass
class Course:
    """What happened, in board time; −1 is never. The recordings say the rest."""

    traces: list[Path] = field(default_factory=list)
    """The recording of each board there was; a power cut ends one and begins another."""
    period_ms: float = 12.5
    unreached: str = ""
    guard_us: int = -1
    injected_us: list[int] = field(default_factory=list)
    settled_us: int = -1
    """Until when the first injection alone acted; after it a person acknowledged."""
    attempted: bool = False
    held: bool = False
    """Whether the person got to the level and stayed there."""
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
