"""What ended the output: a trip until it is acknowledged, and what follows it. Pure."""

from dataclasses import dataclass, replace

from appliance.messages.actions import Acknowledge
from appliance.messages.replies import Page, Refused, Reply
from appliance.messages.snapshot import Snapshot
from appliance.messages.wire import StateName, Subject, TextView
from ui.kiosk.journey.close_out import CloseOut
from ui.kiosk.journey.harm import answered_harm, touched_harm
from ui.kiosk.journey.home import Home
from ui.kiosk.journey.lock import Lock
from ui.kiosk.journey.lowering import lowering
from ui.kiosk.journey.operators import OperatorCard
from ui.kiosk.journey.place import STAY, Go, Kiosk, Next, Place, Send
from ui.kiosk.journey.treatment import Treat, Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEngine(Place):
    """Nothing is known: keys that lower still try."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Send what lowers; the link drops it while there is no engine."""
        return lowering(action, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTrip(Place):
    """Something ended the output; it stands until its cause is gone and it was seen."""

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Acknowledge, or say what the patient has felt."""
        if action == "acknowledge":
            return Next(effects=(Send(Acknowledge(), "acknowledge"),))
        return touched_harm(action)

    def answered(self, tag: str, answer: Reply | Refused | Page | None, kiosk: Kiosk) -> Next:
        """Remember what was recorded."""
        return answered_harm(tag, answer, kiosk)


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterTrip(Place):
    """A trip that ended a patient's session was acknowledged: continue it, or close it out.

    `happened` is what the trip said; `treatment` is what was given, None where this screen did not
    prepare it.
    """

    patient: str
    happened: TextView
    treatment: Treatment | None = None

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go to what is missing before the session continues, to its close-out, or home."""
        match action:
            case "continue" if self.treatment is not None:
                # The engine gives the minutes that are left where none are asked for.
                treatment = replace(self.treatment, minutes=0)
                return Next(Treat(treatment=treatment, behind=self))
            case "close_out" | "home":
                return Next(effects=(Go(action),))
            case _:
                return STAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted(Place):
    """The engine began anew and closed the session that was open; `patient` had it."""

    patient: str
    because: TextView | None = None

    def touched(self, action: str, kiosk: Kiosk) -> Next:
        """Go to the lock screen once it was seen."""
        return Next(Lock()) if action == "seen" else STAY


def place_after(before: Snapshot, kiosk: Kiosk) -> Place | None:
    """Return where the person is after a change of the engine's state, None for where they were."""
    snapshot = kiosk.snapshot
    if snapshot is None:
        return None
    if isinstance(kiosk.place, OperatorCard) and kiosk.place.pin:
        return OperatorCard(operator=kiosk.place.operator)  # nobody else reads it after a trip
    if before.state is StateName.FINISHED and snapshot.state is StateName.READY:
        if before.drill is not None or snapshot.drill is not None:
            return None  # the end of a drill with current: its list waits behind the result
        if isinstance(kiosk.place, CloseOut):
            return None
        return CloseOut() if snapshot.close_out is not None else Home()
    if before.state is StateName.TRIPPED:
        if kiosk.me is None and snapshot.operator:
            return None  # whoever goes on signs in first, and comes to what is open
        return _after_trip(before, snapshot, kiosk)
    return _interrupted(before, snapshot)


def _interrupted(before: Snapshot, snapshot: Snapshot) -> Place | None:
    if before.session is None or snapshot.state is not StateName.LOCKED:
        return None
    last = snapshot.last_session
    if last is None or last.session != before.session or last.outcome != "interrupted":
        return None
    return Interrupted(patient=before.patient or "", because=last.because)


def _after_trip(before: Snapshot, snapshot: Snapshot, kiosk: Kiosk) -> Place | None:
    if snapshot.state not in (StateName.READY, StateName.SELF_TEST) or before.trip is None:
        return None
    treatment = getattr(kiosk.place, "treatment", None)
    if not isinstance(treatment, Treatment) or treatment.patient != before.patient:
        treatment = None
    if before.subject is not Subject.PATIENT:
        return None  # nothing was set up for a patient: what was entered stays
    if before.elapsed_us:
        whom = before.patient or ""
        return AfterTrip(patient=whom, happened=before.trip.title, treatment=treatment)
    if treatment is None:
        return None
    return Treat(treatment=treatment, behind=kiosk.place)  # what was set up is forgotten
