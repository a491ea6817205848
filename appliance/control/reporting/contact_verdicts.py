"""One word for the contact of each channel, from the rules that judge it; for the snapshot.

A contact is judged by the contact check, by the cautions while pulses play, and by the trips. While
nothing is judged (an off time, a pause, a current too small) the last word holds, because the pads
are still on; from the end of a session to the next contact check nobody knows. A check that failed
stands until the next one.
"""

from collections.abc import Mapping

from appliance.control.engine_state import EngineState
from appliance.control.procedures.contact_measurement import PadContact
from appliance.control.treatment.treatment import Treatment
from appliance.messages.wire import ContactVerdict
from appliance.safety.interlocks.rule import CautionCode
from appliance.safety.state_machine.states import (
    Armed,
    Delivering,
    Paused,
    RampDown,
    RampUp,
    Ready,
    Resting,
    Tripped,
    trip_of,
)
from appliance.safety.trips.codes import TripCode

JUDGED = (RampUp, Delivering, Resting, RampDown)
KNOWN = (*JUDGED, Armed, Paused, Tripped)
"""States in which the pads are as they were when last judged, as far as anybody knows."""
BETTER_AFTER_LOOKS = 20
"""A second of pulses without a caution: a rule needs some pulses of each contraction (D)."""
_WORST_FIRST = (
    ContactVerdict.SHORT,
    ContactVerdict.OPEN,
    ContactVerdict.POOR,
    ContactVerdict.ACCEPTABLE,
    ContactVerdict.GOOD,
)
OF_CHECK: Mapping[PadContact, ContactVerdict] = {
    PadContact.GOOD: ContactVerdict.GOOD,
    PadContact.POOR: ContactVerdict.POOR,
    PadContact.OPEN: ContactVerdict.OPEN,
    PadContact.SHORT: ContactVerdict.SHORT,
    PadContact.MISSING: ContactVerdict.UNKNOWN,
}
OF_CAUTIONS: Mapping[CautionCode, ContactVerdict] = {
    CautionCode.CONTACT_HIGH: ContactVerdict.POOR,
    CautionCode.CONTACT_POOR: ContactVerdict.POOR,
    CautionCode.CONTACT_FORECAST: ContactVerdict.ACCEPTABLE,
    CautionCode.CONTACT_FELL: ContactVerdict.ACCEPTABLE,
    CautionCode.PAD_LIFTED: ContactVerdict.OPEN,
}
OF_TRIPS: Mapping[TripCode, ContactVerdict] = {
    TripCode.LEAD_OFF: ContactVerdict.OPEN,
    TripCode.SHORT: ContactVerdict.SHORT,
    TripCode.CONTACT_DRIFT: ContactVerdict.POOR,
    TripCode.COMPLIANCE_REACHED: ContactVerdict.POOR,
    TripCode.CONTACT_FELL: ContactVerdict.POOR,
}


class ContactVerdicts:
    """Follows the verdicts from snapshot to snapshot; used by the control thread only."""

    def __init__(self, engine: EngineState) -> None:
        self._engine = engine
        self._treatment: Treatment | None = None
        self._checked: object = None
        self._verdicts: dict[int, ContactVerdict] = {}
        self._better: dict[int, int] = {}
        """Looks in a row at which a channel was judged better than its verdict."""

    def of(self, channel: int) -> ContactVerdict:
        """Return the verdict on a channel."""
        return self._verdicts.get(channel, ContactVerdict.UNKNOWN)

    def look(self) -> None:
        """Judge every channel again, once for each snapshot."""
        engine = self._engine
        state, setup = engine.machine.state, engine.setup
        failed = isinstance(state, Ready) and not all(each.usable for each in setup.contact)
        known = failed or isinstance(state, KNOWN)
        if setup.treatment is not self._treatment or not known:
            self._forget(setup.treatment)
        if not known:
            return
        if setup.contact is not self._checked:
            self._checked = setup.contact
            self._verdicts = {each.channel: OF_CHECK[each.contact] for each in setup.contact}
        if isinstance(state, JUDGED) and setup.treatment is not None:
            for channel in setup.treatment.prescription.channels:
                self._judge(channel)
        trip = trip_of(state)
        if trip is not None and trip.channel is not None and trip.code in OF_TRIPS:
            self._verdicts[trip.channel] = OF_TRIPS[trip.code]

    def _forget(self, treatment: Treatment | None) -> None:
        self._treatment, self._checked = treatment, None
        self._verdicts, self._better = {}, {}

    def _judge(self, channel: int) -> None:
        measured = self._engine.measured.channels[channel]
        if measured.contact_ohm is None or measured.measured_ua is None:
            return
        found = [
            OF_CAUTIONS[caution.code]
            for caution in self._engine.cautions.active
            if caution.channel == channel and caution.code in OF_CAUTIONS
        ]
        new = min((*found, ContactVerdict.GOOD), key=_WORST_FIRST.index)
        before = self.of(channel)
        if before is ContactVerdict.UNKNOWN or _is_worse(new, before):
            self._take(channel, new)
        elif new is not before:
            looks = self._better.get(channel, 0) + 1
            self._better[channel] = looks
            if looks >= BETTER_AFTER_LOOKS:
                self._take(channel, new)

    def _take(self, channel: int, verdict: ContactVerdict) -> None:
        self._verdicts[channel] = verdict
        self._better[channel] = 0


def _is_worse(new: ContactVerdict, before: ContactVerdict) -> bool:
    return _WORST_FIRST.index(new) <= _WORST_FIRST.index(before)
