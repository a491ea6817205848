"""What can happen to the state machine, and what it asks for in answer. All values, no acts."""

from dataclasses import dataclass
from enum import StrEnum

from appliance.core.plan.compiler import Stage
from appliance.safety.trips.trip import Trip
from appliance.texts.text import Text


class SessionOutcome(StrEnum):
    """How a session ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    CUT = "cut"
    TRIPPED = "tripped"


# --- events ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An operator takes responsibility."""

    operator: str


@dataclass(frozen=True, slots=True)
class LockAsked:
    """Somebody wants the unit locked."""


@dataclass(frozen=True, slots=True)
class SelfTestPassed:
    """Timing proof, wiring and readback are as they should be."""


@dataclass(frozen=True, slots=True)
class SelfTestFailed:
    """The self-test found something."""

    trip: Trip


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A prescription was accepted by the limits."""


@dataclass(frozen=True, slots=True)
class ContactAsked:
    """A person wants the pads checked."""


@dataclass(frozen=True, slots=True)
class ContactPassed:
    """DAC proven, every pad within bounds, output at zero again."""


@dataclass(frozen=True, slots=True)
class ContactFailed:
    """A pad is not within bounds; `detail` says which and by what."""

    detail: str


@dataclass(frozen=True, slots=True)
class ArmedTooLong:
    """Nobody started; what was measured of the pads may no longer hold."""


@dataclass(frozen=True, slots=True)
class StartAsked:
    """A person wants pulses, at level zero."""


@dataclass(frozen=True, slots=True)
class StageEntered:
    """The plan went on to another stage."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class PauseAsked:
    """Somebody wants the output to rest, with the session kept open."""


@dataclass(frozen=True, slots=True)
class ResumeAsked:
    """A person wants to go on, at level zero."""


@dataclass(frozen=True, slots=True)
class StopAsked:
    """Somebody wants the output to end; with `cut`, at once. Never refused."""

    cut: bool = False


@dataclass(frozen=True, slots=True)
class PlanEnded:
    """Everything prescribed was delivered."""


@dataclass(frozen=True, slots=True)
class RampedDown:
    """The fall that was asked for has ended: every amplitude is zero."""


@dataclass(frozen=True, slots=True)
class TripRaised:
    """An interlock is broken."""

    trip: Trip


@dataclass(frozen=True, slots=True)
class CauseGone:
    """No interlock is broken any more."""


@dataclass(frozen=True, slots=True)
class CauseBack:
    """An interlock named before is broken again."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A person has seen what tripped."""


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """A person has seen the result of the session."""


Event = (
    Unlocked
    | LockAsked
    | SelfTestPassed
    | SelfTestFailed
    | Prescribed
    | ContactAsked
    | ContactPassed
    | ContactFailed
    | ArmedTooLong
    | StartAsked
    | StageEntered
    | PauseAsked
    | ResumeAsked
    | StopAsked
    | PlanEnded
    | RampedDown
    | TripRaised
    | CauseGone
    | CauseBack
    | Acknowledged
    | SessionClosed
)


# --- effects ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refuse:
    """The event does not fit the state: why, and what would be accepted."""

    reason: Text
    accepted: Text


@dataclass(frozen=True, slots=True)
class RunSelfTest:
    """Begin the self-test; it restarts the guard and answers SelfTestPassed or SelfTestFailed."""


@dataclass(frozen=True, slots=True)
class RunContactCheck:
    """Begin the contact check; it answers ContactPassed or ContactFailed."""


@dataclass(frozen=True, slots=True)
class BeginStream:
    """Begin a fresh stream where the plan stands."""


@dataclass(frozen=True, slots=True)
class BeginRampDown:
    """Let every amplitude fall to zero in 250 to 450 ms; answer RampedDown."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Do the whole cut of docs/design.md section 5, SUPPLY_EN low included. Twice does no harm."""


@dataclass(frozen=True, slots=True)
class EndStream:
    """Send no more slices and stop the waves; codes to zero."""


@dataclass(frozen=True, slots=True)
class ZeroLevels:
    """Set every level to zero (an interruption for the level rules)."""


@dataclass(frozen=True, slots=True)
class EnableSupply:
    """Drive SUPPLY_EN."""

    on: bool


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Write the opening of a session."""


@dataclass(frozen=True, slots=True)
class RecordSessionEnd:
    """Write the end of the session."""

    outcome: SessionOutcome


@dataclass(frozen=True, slots=True)
class ResetLatch:
    """Reset the hardware fault latch once, and store a fresh guard where the guard tripped."""


@dataclass(frozen=True, slots=True)
class Record:
    """Write an event of this name to the journal."""

    name: str


Effect = (
    Refuse
    | RunSelfTest
    | RunContactCheck
    | BeginStream
    | BeginRampDown
    | Cut
    | EndStream
    | ZeroLevels
    | EnableSupply
    | OpenSession
    | RecordSessionEnd
    | ResetLatch
    | Record
)
Effects = tuple[Effect, ...]
