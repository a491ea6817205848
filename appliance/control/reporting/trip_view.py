"""A trip as the snapshot shows it: what, when, which layer ended the output and how fast."""

from collections.abc import Callable
from typing import NamedTuple

from appliance.clinical.fact import FactTime
from appliance.control.engine_state import EngineState
from appliance.control.reporting.latch_views import WATCHED_AT_REST
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import TripView
from appliance.safety.state_machine.states import State, Tripped, trip_of
from appliance.safety.trips.codes import instruction, title
from appliance.safety.trips.trip import Trip


class TripTime(NamedTuple):
    """When the trip that is shown was, and when by the wall clock, if that is set."""

    at_us: int
    utc_us: int | None


class TripClock:
    """Remembers when the trip that is shown was; used by the control thread only."""

    def __init__(self, engine: EngineState, wall: Callable[[], FactTime]) -> None:
        self._engine = engine
        self._wall = wall
        self._shown: Trip | None = None
        self._at = TripTime(0, None)

    def look(self) -> None:
        """Note a new trip, once for each snapshot."""
        trip = trip_of(self._engine.machine.state)
        if trip is not None and trip != self._shown:
            self._at = self._time_of(trip)
        self._shown = trip

    @property
    def at(self) -> TripTime:
        """Return when the trip was that is shown."""
        return self._at

    def _time_of(self, trip: Trip) -> TripTime:
        now_us, ending = self._engine.tick.now_us, self._engine.stop.ending
        at_us: int = now_us
        if ending is not None and is_end_of(trip, ending.cause):
            at_us = min(ending.since.at_us, now_us)
        wall = self._wall()
        return TripTime(at_us, wall.utc_us - (now_us - at_us) if wall.trusted else None)


def is_end_of(trip: Trip, cause: str) -> bool:
    """Say whether an end of output, by its recorded cause, is that of this trip."""
    return cause == trip.code.name.lower()


def trip_view(engine: EngineState, clock: TripClock) -> TripView | None:
    """Return the trip that stands, with how its end of output went; None without a trip."""
    state, stop = engine.machine.state, engine.stop
    trip = trip_of(state)
    if trip is None:
        return None
    known = stop.ending is not None and is_end_of(trip, stop.ending.cause) and not stop.is_open
    zero = stop.zero_current if known else None
    return TripView(
        code=trip.code.value,
        severity=trip.severity.value,
        title=view_of(title(trip.code)),
        instruction=view_of(instruction(trip.code)),
        detail=view_of(trip.detail) if trip.detail is not None else None,
        channel=trip.channel,
        cause_present=_is_present(state),
        cause_watched=trip.code in WATCHED_AT_REST,
        ago_us=max(engine.tick.now_us - clock.at.at_us, 0),
        utc_us=clock.at.utc_us,
        layer=zero.layer if zero is not None else "",
        time_to_zero_us=stop.time_to_zero_us if zero is not None else None,
    )


def _is_present(state: State) -> bool:
    return isinstance(state, Tripped) and state.cause_present
