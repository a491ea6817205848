"""What a session that a trip ended leaves for the next one: how far a pressed key may raise back.

Only for the same patient and the same prescription, for a while, and only after trips of which it
is known that neither the unit nor the current was at fault. Anything else begins as a new session:
single taps up to each level.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType

from appliance.clinical.patients.before_start import WantedTreatment
from appliance.control.treatment.treatment import Treatment
from appliance.core.limits.level_limits import RAISE_BACK_WITHIN_US
from appliance.core.prescription.prescription import Prescription
from appliance.safety.state_machine.states import State, Tripped
from appliance.safety.trips.codes import TripCode

HARMLESS = frozenset(
    {
        TripCode.HAND_SWITCH,
        TripCode.LEAD_OFF,
        TripCode.CONTACT_DRIFT,
        TripCode.COMPLIANCE_REACHED,
        TripCode.SCREEN_SILENT,
    }
)
"""Contact that was lost or grew worse, a silent screen, and the hand switch, where the operator
asks why it was squeezed and marks pain. Not the e-stop, a short, contact that fell, too much
current, or a level that nobody could account for."""


@dataclass(frozen=True, slots=True)
class InterruptedSession:
    """A session of a patient that a harmless trip ended; levels are by channel."""

    patient: str
    prescription: Prescription
    wanted: WantedTreatment | None
    ended_us: int
    comfortable_ua: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def holds_for(
        self,
        patient: str | None,
        prescription: Prescription,
        wanted: WantedTreatment | None,
        now_us: int,
    ) -> bool:
        """Say whether a treatment continues this one: same patient, current and placement, soon."""
        if patient != self.patient or now_us - self.ended_us > RAISE_BACK_WITHIN_US:
            return False
        same_place = _place_of(wanted) == _place_of(self.wanted)
        return same_place and _current_of(prescription) == _current_of(self.prescription)


def interrupted(
    treatment: Treatment | None, before: State, entered_us: int
) -> InterruptedSession | None:
    """Return what a treatment leaves as the state `before`, entered at `entered_us`, is left."""
    if treatment is None or treatment.patient is None or not isinstance(before, Tripped):
        return None
    if not {trip.code for trip in (before.trip, *before.further)} <= HARMLESS:
        return None
    kept = {
        channel: level.comfortable_ua
        for channel, level in treatment.levels.items()
        if not level.withdrawn
    }
    return InterruptedSession(
        treatment.patient,
        treatment.prescription,
        treatment.wanted,
        entered_us,
        MappingProxyType(kept),
    )


def _place_of(wanted: WantedTreatment | None) -> WantedTreatment | None:
    """Return where the pads lie; another set in the same place may be used."""
    return None if wanted is None else replace(wanted, pad_set="")


def _current_of(prescription: Prescription) -> dict[str, object]:
    """Return a prescription without what changes nothing of the current: minutes and reason."""
    return {**asdict(prescription), "duration_us": 0, "reason": ""}
