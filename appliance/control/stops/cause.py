"""Why output ends, who ended it, and what was the case when it began to end."""

from dataclasses import dataclass
from typing import NamedTuple

from appliance.control.stops.onset import Onset, OnsetEvidence, OnsetTracker
from appliance.safety.state_machine import events
from appliance.safety.state_machine.states import RampDown, State, trip_of
from drivers.quantities import Microseconds


class LastValues(NamedTuple):
    """One channel just before the end: what was set and what was last measured."""

    channel: int
    level_ua: int
    amplitude_ua: int
    measured_ua: int | None
    contact_ohm: int | None


@dataclass(frozen=True, slots=True)
class OutputEnd:
    """One end of output. `at_us` is when the engine noticed, `since` when its cause was.

    `queue_ends_us` is when the slices sent had all played, where the stream had run dry by then.
    `fallen` says that a fall had brought every code to zero.
    """

    cause: str
    at_us: Microseconds
    since: Onset
    channels: tuple[LastValues, ...]
    queue_ends_us: int | None = None
    fallen: bool = False


def cause_of(event: events.Event, state: State) -> str | None:
    """Return the cause of an end in the journal's words; None where it ends for no new one.

    `state` is the one the event led to. A trip is the cause of whatever ends in its state.
    """
    found = trip_of(state)
    if found is not None:
        return found.code.name.lower()
    match event:
        case events.StopAsked(cut=cut):
            return "cut" if cut else "stop"
        case events.PauseAsked():
            return "pause"
        case events.PlanEnded():
            return "plan_ended"
        case _:
            return None


def begins_end(was: State, state: State, *, cutting: bool) -> bool:
    """Say whether a step of the state machine begins an end of output, or changes what for."""
    if cutting:
        return True
    if not isinstance(state, RampDown):
        return False
    return not isinstance(was, RampDown) or was.then != state.then


def since_of(event: events.Event, onset: OnsetTracker, now_us: int, asked_us: int | None) -> Onset:
    """Return when the cause of an end was; `asked_us` is when the present command arrived."""
    match event:
        case events.TripRaised(trip=found):
            return onset.since(found)
        case events.StopAsked() | events.PauseAsked():
            return Onset(now_us if asked_us is None else asked_us, OnsetEvidence.COMMAND)
        case events.PlanEnded():
            return Onset(now_us, OnsetEvidence.PLAN)
        case _:
            return Onset(now_us, OnsetEvidence.JUDGED)
