"""The types of a drill: its steps, its input each tick, its requests and its outcome.

A drill is a generator: it is sent a `DrillSight` each control tick, yields a `DrillStep`, and
returns a `DrillOutcome`. It has no effects of its own, so it is tested without a rig.
"""

from collections.abc import Generator
from enum import Enum, auto
from typing import NamedTuple

from appliance.safety.state_machine.states import State
from appliance.texts.text import Text, TextValue
from drivers.interfaces import GuardStatus, HeldReading, Inputs


class DrillRequest(Enum):
    """What the engine should do for the drill in this tick."""

    NOTHING = auto()
    SUPPLY = auto()
    """Switch SUPPLY_EN on with every gate off and every code at zero."""
    PRESCRIBE = auto()
    CHECK = auto()
    START = auto()
    RISE = auto()
    STOP = auto()
    CLOSE = auto()
    WITHHOLD_BEAT = auto()
    WITHHOLD_REFRESH = auto()
    RELEASE = auto()
    """Resume heartbeat and refresh, restart the guard, reset the latch."""


class DrillSight(NamedTuple):
    """The state of the unit in this tick, on engine time.

    `busy` says that a procedure is running. `held` is None unless it is certain which pulse it
    shows. `contact` and `ohm` are the outcome of the last contact check on the channel, None
    without one; `problem` is why that check failed for another reason. `beat_at_us` and
    `refreshed_at_us` are when the engine last sent the heartbeat and last refreshed the guard.
    """

    now_us: int
    state: State
    busy: bool
    inputs: Inputs | None
    guard: GuardStatus | None
    supply_on: bool
    level_ua: int = 0
    held: HeldReading | None = None
    contact: str | None = None
    ohm: int | None = None
    problem: TextValue | None = None
    time_to_zero_us: int | None = None
    beat_at_us: int = 0
    refreshed_at_us: int = 0
    refusal: Text | None = None


class DrillStep(NamedTuple):
    """What a person is shown, as the key of its text, and what the engine should do."""

    number: int
    of: int
    key: str
    request: DrillRequest = DrillRequest.NOTHING


class DrillOutcome(NamedTuple):
    """How a drill ended; `measured` has plain values with their unit in the name."""

    failures: tuple[Text, ...]
    measured: "Measured"

    @property
    def passed(self) -> bool:
        """Say whether nothing failed."""
        return not self.failures


Drill = Generator[DrillStep, DrillSight, DrillOutcome]
Measured = dict[str, object]
"""What a drill has measured so far, with its units in the names; screens show it as it fills."""
Wait = Generator[DrillStep, DrillSight, DrillSight]


class DrillScript:
    """The names of the steps of a drill in their order; the texts are in the catalogue."""

    def __init__(self, kind: str, names: tuple[str, ...]) -> None:
        self._kind = kind
        self.names = names

    def step(self, name: str, request: DrillRequest = DrillRequest.NOTHING) -> DrillStep:
        """Return a step by its name."""
        number = self.names.index(name) + 1
        key = f"drill.{self._kind}.{name}"
        return DrillStep(number, len(self.names), key, request)


def failed(failure: Text, measured: Measured | None = None) -> DrillOutcome:
    """Return an outcome with one failure."""
    return DrillOutcome((failure,), measured or {})
