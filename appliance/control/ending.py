"""Why output ends, who ended it, and what was the case when it began to end."""

from dataclasses import dataclass
from typing import NamedTuple

from appliance.control.observe import Observation
from appliance.safety import events
from appliance.safety.state_types import RampDown, State, trip_of
from drivers.quantities import Microseconds


class LastValues(NamedTuple):
    """One channel just before the end: what was set and what was last measured."""

    channel: int
    level_ua: int
    amplitude_ua: int
    measured_ua: int | None
    contact_ohm: int | None


@dataclass(frozen=True, slots=True)
class Ending:
    """One end of output, from the moment it was wanted."""

    cause: str
    at_us: Microseconds
    layer: str
    channels: tuple[LastValues, ...]


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


def layer_of(seen: Observation | None, *, wanted: bool) -> str:
    """Return the layer that ended the output before the engine did, or "engine".

    `wanted` says that the engine still wanted slices to play. The hardware and the guard say so
    by their latches, a queue that ran dry by an idle daemon.
    """
    if seen is None:
        return "engine"
    if seen.inputs is not None and not seen.inputs.latch_clear:
        return "hardware"
    if seen.guard is not None and seen.guard.tripped:
        return "guard"
    if wanted and seen.stream is not None and seen.stream.idle:
        return "slices"
    return "engine"
