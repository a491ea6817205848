"""Set a patient's own ceiling: out of session, with a reason, and at the bedside only downward."""

from appliance.control.commands.prescribe import refuse_pseudonym
from appliance.control.engine_state import EngineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.limits.patient_limits import PATIENT_CEILING, CeilingScope, highest_ua
from appliance.core.readable_text import refuse_operator, refuse_reason
from appliance.core.refusal import Refusal
from appliance.link.roles import Role
from appliance.messages.actions import SetCeiling
from appliance.records.patient_history import CeilingSet, PatientRegister, pseudonym
from appliance.records.session_events import EventName
from appliance.safety.state_machine.states import Locked, Ready
from appliance.safety.state_machine.words import state_words
from appliance.texts.text import microamps, text

MAY_RAISE = (Role.OWNER, Role.MAINTENANCE)
"""The kiosk, at the bedside, may only lower a ceiling."""


class PatientCeilings:
    """Checks a new ceiling, records it and updates the patient register."""

    def __init__(
        self, engine: EngineState, register: PatientRegister, journal: EngineJournal
    ) -> None:
        self._engine = engine
        self._register = register
        self._journal = journal

    def set(self, action: SetCeiling, role: Role) -> Refusal | None:
        """Record a ceiling, or say why not; it holds from the next prescription on."""
        patient = pseudonym(action.patient)
        if patient is None:
            return refuse_pseudonym(action.patient)
        scope = CeilingScope(action.scope)
        was_ua = self._register.ceiling_ua(patient, scope)
        refusal = (
            self._refuse_now()
            or refuse_reason(action.reason)
            or refuse_operator(action.operator)
            or _refuse_height(action.ceiling_ua, scope)
            or _refuse_raise(action.ceiling_ua, was_ua, role)
        )
        return refusal or self._keep(action, patient, scope, was_ua)

    def _refuse_now(self) -> Refusal | None:
        engine = self._engine
        idle = isinstance(engine.machine.state, Locked) or engine.machine.state == Ready()
        if not idle or engine.session.id is not None:
            asked = text("patient_ceiling.while", state=state_words(engine.machine.state))
            allowed = text("patient_ceiling.out_of_session")
            nearest = text("patient_ceiling.end_first")
            return Refusal(PATIENT_CEILING, asked, allowed, nearest)
        fault = self._register.fault or self._journal.fault
        if fault is not None:
            allowed = text("patient_ceiling.records", fault=fault)
            nearest = text("patient_ceiling.records_first")
            return Refusal(PATIENT_CEILING, text("patient_ceiling.set"), allowed, nearest)
        return None

    def _keep(
        self, action: SetCeiling, patient: str, scope: CeilingScope, was_ua: int | None
    ) -> Refusal | None:
        change = CeilingSet(
            patient=patient,
            scope=scope,
            ceiling_ua=action.ceiling_ua,
            was_ua=was_ua,
            raised=was_ua is not None and action.ceiling_ua > was_ua,
            reason=action.reason.strip(),
            operator=action.operator.strip(),
        )
        if not self._journal.note(EventName.PATIENT_CEILING, **change.facts()):
            asked, allowed = text("patient_ceiling.set"), text("journal_has_room")
            return Refusal(PATIENT_CEILING, asked, allowed, text("ask_again_in_a_moment"))
        self._register.take_ceiling(patient, scope, action.ceiling_ua)
        return None


def _refuse_height(ceiling_ua: int, scope: CeilingScope) -> Refusal | None:
    most_ua = highest_ua(scope)
    if 0 <= ceiling_ua <= most_ua:
        return None
    nearest = microamps(min(max(ceiling_ua, 0), most_ua))
    allowed = text("patient_ceiling.height", most=microamps(most_ua), scope=scope)
    return Refusal(PATIENT_CEILING, microamps(ceiling_ua), allowed, nearest)


def _refuse_raise(ceiling_ua: int, was_ua: int | None, role: Role) -> Refusal | None:
    if was_ua is None or ceiling_ua <= was_ua or role in MAY_RAISE:
        return None
    allowed = text("patient_ceiling.kiosk", most=microamps(was_ua))
    return Refusal(PATIENT_CEILING, microamps(ceiling_ua), allowed, microamps(was_ua))
