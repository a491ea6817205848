"""The latches that keep output off: why each is set, and what clears it.

The fault latch does not say what has set it. The engine knows whether the e-stop is open and that
it gives no heartbeat itself while locked or tripped; over-current, a phase that was too long and
the power-on look the same to it.
"""

from collections.abc import Iterator

from appliance.control.output.rig_observation import Observation
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import LatchView
from appliance.messages.wire import LatchName
from appliance.safety.state_machine.states import Locked, State, Tripped, needs_self_test
from appliance.safety.trips.codes import TripCode, title
from appliance.safety.trips.trip import Trip
from appliance.texts.text import Text, text
from drivers.pigpio.guard import TRIPPED_ESTOP, TRIPPED_SILENCE

WATCHED_AT_REST = frozenset(
    {
        TripCode.ESTOP,
        TripCode.HAND_SWITCH,
        TripCode.FAULT_LATCH,
        TripCode.INPUTS_STALE,
        TripCode.JOURNAL_FAULT,
        TripCode.DAEMON_LOST,
        TripCode.SUPPLY_STUCK_ON,
        TripCode.GATE_STUCK,
    }
)
"""Causes that are looked at with the output off: lines, latch, journal, daemon, supply.

All others show only in pulses, slices or the running output.
"""
_OF_ESTOP = (TripCode.ESTOP, TripCode.GUARD_SAW_ESTOP)
_OF_GUARD = {TRIPPED_ESTOP: "latch.guard.estop", TRIPPED_SILENCE: "latch.guard.silence"}


def latch_views(state: State, observation: Observation) -> tuple[LatchView, ...]:
    """Return the latches that are set, the engine's own first.

    Only locked and tripped: elsewhere a latch trips, or a proof holds it set for a moment.
    """
    if not isinstance(state, Locked | Tripped):
        return ()
    trips = (state.trip, *state.further) if isinstance(state, Tripped) else ()
    views = []
    if isinstance(state, Tripped):
        causes = tuple(view_of(title(trip.code)) for trip in trips)
        views.append(
            LatchView(latch=LatchName.TRIP, causes=causes, clear=view_of(_clears_trip(state)))
        )
    clear = view_of(_clears_others(state, observation))
    inputs, guard = observation.inputs, observation.guard
    if inputs is not None and not inputs.latch_clear:
        causes = tuple(map(view_of, _causes_of_latch(trips, estop_closed=inputs.estop_closed)))
        views.append(LatchView(latch=LatchName.FAULT_LATCH, causes=causes, clear=clear))
    if guard is not None and guard.tripped in _OF_GUARD:
        causes = (view_of(Text(_OF_GUARD[guard.tripped])),)
        views.append(LatchView(latch=LatchName.GUARD, causes=causes, clear=clear))
    return tuple(views)


def _clears_trip(state: Tripped) -> Text:
    """Return what has to be done for a trip to be cleared."""
    if state.cause_present:
        return text("latch.clear.remove_cause")
    if state.unlocked and needs_self_test(state):
        return text("latch.clear.self_test")
    if state.trip.code not in WATCHED_AT_REST:
        return text("latch.clear.check_cause")
    return text("latch.clear.acknowledge")


def _clears_others(state: Locked | Tripped, observation: Observation) -> Text:
    """Return what has to be done for the fault latch and the guard to be cleared."""
    inputs = observation.inputs
    if inputs is not None and not inputs.estop_closed:
        return text("latch.clear.estop")
    if isinstance(state, Locked) or not state.unlocked:
        return text("latch.clear.unlock")
    return text("latch.clear.with_trip")


def _causes_of_latch(trips: tuple[Trip, ...], *, estop_closed: bool) -> Iterator[Text]:
    codes = {trip.code for trip in trips}
    if not estop_closed:
        yield text("latch.cause.estop_open")
    elif codes & set(_OF_ESTOP):
        yield text("latch.cause.estop_was_open")
    if TripCode.FAULT_LATCH in codes:
        yield text("latch.cause.hardware")
    yield text("latch.cause.no_heartbeat")
