"""A trip: a broken interlock as a value. `state_machine.step` decides what follows from it."""

from dataclasses import dataclass

from appliance.safety.trips.codes import TripCode, TripKind, TripSeverity
from appliance.safety.trips.table import TRIP_KINDS
from appliance.texts.text import Text
from drivers.quantities import Channel


@dataclass(frozen=True, slots=True)
class Trip:
    """One broken interlock; `detail` says what was seen and what is allowed, with units.

    `channel` is None where the whole board is meant.
    """

    code: TripCode
    severity: TripSeverity
    channel: Channel | None = None
    detail: Text | None = None

    @property
    def kind(self) -> TripKind:
        """Return what the code means: severity, latch, hazard."""
        return TRIP_KINDS[self.code]


def trip(code: TripCode, detail: Text | None = None, channel: Channel | None = None) -> Trip:
    """Make a trip of a code, with the severity the table gives it."""
    return Trip(code, TRIP_KINDS[code].severity, channel, detail)
