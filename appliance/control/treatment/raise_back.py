"""What a session that a trip ended leaves for the next one: how far a pressed key may raise back.

Only for the same patient and the same prescription, for a while, and only after trips of which it
is known that neither the unit nor the current was at fault. Anything else begins as a new session:
single taps up to each level, and every rule about sessions. What continues is one session with what
came before: its rest, its day and its close-out are not asked for in between.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from appliance.clinical.patients.before_start import WantedTreatment
from appliance.control.treatment.treatment import Treatment
from appliance.core.limits.level_limits import RAISE_BACK_WITHIN_US
from appliance.core.limits.limits import SESSION_MIN_US
from appliance.core.plan import on_call
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
    """A session of a patient that a harmless trip ended; levels are by channel.

    `sessions` are its parts, the oldest first, where it may be continued; () after harm. `given_us`
    is what they took together, `planned_us` the minutes that the first was to take; `contractions`
    are those that began in its parts on call, which took `called_us`.
    """

    patient: str
    prescription: Prescription
    wanted: WantedTreatment | None
    ended_us: int
    comfortable_ua: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    sessions: tuple[str, ...] = ()
    given_us: int = 0
    planned_us: int = 0
    contractions: int = 0
    called_us: int = 0

    @property
    def by_cycle_us(self) -> int:
        """Return what its parts took whose contractions came by cycle."""
        return self.given_us - self.called_us

    @property
    def left_us(self) -> int:
        """Return what is left of the planned minutes."""
        return self.planned_us - self.given_us

    def continued_at(
        self, patient: str | None, wanted: WantedTreatment | None, now_us: int
    ) -> tuple[str, ...]:
        """Return the parts of which a treatment of this patient and place is the next.

        () if it is a session of its own: too late, elsewhere, or with less than a minute left.
        """
        soon = now_us - self.ended_us <= RAISE_BACK_WITHIN_US
        same = patient == self.patient and _place_of(wanted) == _place_of(self.wanted)
        return self.sessions if soon and same and self.left_us >= SESSION_MIN_US else ()

    def continued_by(
        self,
        patient: str | None,
        prescription: Prescription,
        wanted: WantedTreatment | None,
        now_us: int,
    ) -> tuple[str, ...]:
        """Return the parts that a prescription continues; () if it is a session of its own."""
        if not self.holds_for(patient, prescription, wanted, now_us):
            return ()
        return self.continued_at(patient, wanted, now_us)

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


class SessionPart(NamedTuple):
    """The session of a treatment that began: its id, and what it continued."""

    session: str
    continued: InterruptedSession | None


def continued(
    left: InterruptedSession | None, treatment: Treatment | None, now_us: int
) -> tuple[str, ...]:
    """Return the sessions that a treatment continues, were it started now; () for a new one."""
    if left is None or treatment is None:
        return ()
    return left.continued_by(treatment.patient, treatment.prescription, treatment.wanted, now_us)


def continuing(
    left: InterruptedSession | None, treatment: Treatment | None, now_us: int
) -> InterruptedSession | None:
    """Return the session that a treatment continues, were it started now; None for a new one."""
    return left if continued(left, treatment, now_us) else None


def interrupted(
    treatment: Treatment | None,
    before: State,
    entered_us: int,
    part: SessionPart | None,
    left: InterruptedSession | None,
) -> InterruptedSession | None:
    """Return what a treatment leaves as the state `before`, entered at `entered_us`, is left.

    `part` is its session, None if none began; then `left` of the session before is still left, but
    for its levels.
    """
    if treatment is None or treatment.patient is None or not isinstance(before, Tripped):
        return None
    if not {trip.code for trip in (before.trip, *before.further)} <= HARMLESS:
        return None
    kept = {
        channel: level.comfortable_ua
        for channel, level in treatment.levels.items()
        if not level.withdrawn
    }
    found = InterruptedSession(
        treatment.patient,
        treatment.prescription,
        treatment.wanted,
        entered_us,
        MappingProxyType(kept),
    )
    if part is not None:
        return found if treatment.harmed else _with_parts(found, treatment, part)
    if left is None or treatment.harmed or not continued(left, treatment, entered_us):
        return found
    return replace(left, comfortable_ua=MappingProxyType({}))


def _with_parts(
    found: InterruptedSession, treatment: Treatment, part: SessionPart
) -> InterruptedSession:
    before = part.continued
    given_us = 0 if before is None else before.given_us
    sessions = () if before is None else before.sessions
    contractions, called_us = (0, 0) if before is None else (before.contractions, before.called_us)
    called = on_call.counted(treatment.plan, treatment.elapsed_us)
    return replace(
        found,
        sessions=(*sessions, part.session),
        given_us=given_us + treatment.elapsed_us,
        planned_us=given_us + treatment.plan.duration_us,
        contractions=contractions + (called or 0),
        called_us=called_us + (0 if called is None else treatment.elapsed_us),
    )


def _place_of(wanted: WantedTreatment | None) -> WantedTreatment | None:
    """Return where the pads lie; another set may be used there, and it may be felt again."""
    return None if wanted is None else replace(wanted, pad_set="", feel_again=False)


def _current_of(prescription: Prescription) -> dict[str, object]:
    """Return a prescription without what changes nothing of the current: minutes and reason."""
    return {**asdict(prescription), "duration_us": 0, "reason": ""}
