"""The states, each with the values that leaving it needs, and what is allowed in them."""

from dataclasses import dataclass

from appliance.safety.state_machine.events import SessionOutcome
from appliance.safety.trips.codes import LatchRule
from appliance.safety.trips.trip import Trip


@dataclass(frozen=True, slots=True)
class Locked:
    """Nobody is in charge; boot and every restart begin here."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The self-test runs, with the bridges disabled."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An operator is in charge and output is off."""

    prescribed: bool = False


@dataclass(frozen=True, slots=True)
class ContactCheck:
    """Sub-sensory pulses measure the pads."""


@dataclass(frozen=True, slots=True)
class Armed:
    """The pads are checked; waiting for a person to start."""


@dataclass(frozen=True, slots=True)
class RampUp:
    """Pulses play below the set level, on their way up to it."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """Pulses play at the set level, or on the envelope's ramp down from it."""


@dataclass(frozen=True, slots=True)
class Resting:
    """The off time of a programme: slices without pulses play."""


@dataclass(frozen=True, slots=True)
class Paused:
    """Output has ended, the session is open."""


@dataclass(frozen=True, slots=True)
class Finish:
    """After the ramp the session ends."""

    outcome: SessionOutcome


@dataclass(frozen=True, slots=True)
class AfterRampPause:
    """After the ramp the session is paused."""


@dataclass(frozen=True, slots=True)
class RampDown:
    """Every amplitude ramps down to zero; `then` says what follows. No trip is lost meanwhile.

    `further` are trips that came after the one in `then`.
    """

    then: Finish | AfterRampPause | Trip
    further: tuple[Trip, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """The session is closed; its result is shown."""

    outcome: SessionOutcome


@dataclass(frozen=True, slots=True)
class Tripped:
    """Output is off and stays off until the causes are gone and a person has acknowledged.

    `trip` is the one shown to a person, `further` are the others, all acknowledged together.
    `unlocked` is false if nobody was in charge yet, or the self-test failed: the acknowledgement
    then leads to Locked. `untested` is true where a self-test did not end: it leads to another one.
    """

    trip: Trip
    cause_present: bool
    further: tuple[Trip, ...] = ()
    unlocked: bool = True
    untested: bool = False


State = (
    Locked
    | SelfTest
    | Ready
    | ContactCheck
    | Armed
    | RampUp
    | Delivering
    | Resting
    | Paused
    | RampDown
    | Finished
    | Tripped
)

_STREAMING = (ContactCheck, RampUp, Delivering, Resting, RampDown)
_QUIET = (Locked, SelfTest, Tripped)


def is_energising(state: State) -> bool:
    """Return whether a stream may run: slices may be sent, with or without pulses."""
    return isinstance(state, _STREAMING)


def is_playing(state: State) -> bool:
    """Return whether the plan plays: pulses, or the rest between them."""
    return isinstance(state, RampUp | Delivering | Resting)


def rises_allowed(state: State) -> bool:
    """Return whether a level may rise at all (the level rules decide further)."""
    return isinstance(state, RampUp | Delivering)


def heartbeat_runs(state: State) -> bool:
    """Return whether the watchdog one-shot is fed: in every state but Locked and Tripped."""
    return not isinstance(state, Locked | Tripped)


def needs_self_test(state: Tripped) -> bool:
    """Return whether a self-test has to pass before the unit is ready again."""
    trips = (state.trip, *state.further)
    return state.untested or any(trip.kind.latch is LatchRule.SELF_TEST for trip in trips)


def is_guarded(state: State) -> bool:
    """Return whether guard, fault latch and loop timing are judged (`Readings.guarded`)."""
    return not isinstance(state, _QUIET)


def in_session(state: State) -> bool:
    """Return whether a session is open."""
    return isinstance(state, RampUp | Delivering | Resting | Paused | RampDown)


def trip_of(state: State) -> Trip | None:
    """Return the trip to show to a person, or None."""
    match state:
        case Tripped(trip=trip) | RampDown(then=Trip() as trip):
            return trip
        case _:
            return None
