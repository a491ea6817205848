"""Events that the state machine receives, and effects that it returns. Plain values."""

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
    INTERRUPTED = "interrupted"


# --- events ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An operator unlocked the unit and takes responsibility."""

    operator: str


@dataclass(frozen=True, slots=True)
class LockAsked:
    """Somebody asked to lock the unit."""


@dataclass(frozen=True, slots=True)
class SelfTestPassed:
    """Timing proof, wiring and readback are correct."""


@dataclass(frozen=True, slots=True)
class SelfTestFailed:
    """The self-test failed; `trip` says with what."""

    trip: Trip


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A prescription passed all limits."""


@dataclass(frozen=True, slots=True)
class ContactAsked:
    """A person asked for the contact check."""


@dataclass(frozen=True, slots=True)
class ContactPassed:
    """The DAC is proven, every pad is within bounds, and output is at zero again."""


@dataclass(frozen=True, slots=True)
class ContactFailed:
    """A pad is not within bounds; `detail` says which and by what."""

    detail: str


@dataclass(frozen=True, slots=True)
class ArmedTooLong:
    """Nobody started in time; the measured contact may no longer be true."""


@dataclass(frozen=True, slots=True)
class StartAsked:
    """A person asked to start pulses, at level zero."""


@dataclass(frozen=True, slots=True)
class StageEntered:
    """The plan entered another stage."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class PauseAsked:
    """Somebody asked to end output for a while, with the session kept open."""


@dataclass(frozen=True, slots=True)
class ResumeAsked:
    """A person asked to continue, at level zero."""


@dataclass(frozen=True, slots=True)
class PausedTooLong:
    """Nobody resumed in time; what comes now is another session."""


@dataclass(frozen=True, slots=True)
class StopAsked:
    """Somebody asked to end output; with `cut`, at once. Never refused."""

    cut: bool = False


@dataclass(frozen=True, slots=True)
class PlanEnded:
    """Everything prescribed was delivered."""


@dataclass(frozen=True, slots=True)
class RampedDown:
    """The ramp down of a stop has ended: every amplitude is zero."""


@dataclass(frozen=True, slots=True)
class TripRaised:
    """An interlock is broken."""

    trip: Trip


@dataclass(frozen=True, slots=True)
class CauseGone:
    """No interlock is broken any more."""


@dataclass(frozen=True, slots=True)
class CauseBack:
    """An interlock that had tripped before is broken again."""


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
    | PausedTooLong
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
    """The event is not allowed in the state: why not, and what would be accepted."""

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
    """Begin a new stream at the present position of the plan."""


@dataclass(frozen=True, slots=True)
class BeginRampDown:
    """Ramp every amplitude down to zero in 250 to 450 ms; answer RampedDown."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Do the whole cut of docs/design.md section 5, SUPPLY_EN low included. It may be repeated."""


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
    """Record the beginning of a session."""


@dataclass(frozen=True, slots=True)
class RecordSessionEnd:
    """Record the end of the session."""

    outcome: SessionOutcome


@dataclass(frozen=True, slots=True)
class ResetLatch:
    """Reset the hardware fault latch once, and store a new guard if the guard tripped."""


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
