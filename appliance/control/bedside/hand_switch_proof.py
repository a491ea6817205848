"""A patient's hand switch is squeezed before contact check and start, seen by its line.

The line is followed while a patient is prescribed and the unit is ready: output and supply are off
then, and a squeeze stops nothing. What was seen is forgotten with the prescription (lock, trip, end
of the session) and with another patient; a restart forgets it as well.
"""

from collections.abc import Callable

from appliance.clinical.pre_use.hand_switch import HandSwitchProof, SwitchStep, refuse_unproven
from appliance.control.bedside.rules import AskedStep, OutputStep
from appliance.control.commands.clinical_facts import ClinicalFacts
from appliance.control.engine_state import EngineState, HandSwitchState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.refusal import Refusal
from appliance.messages.wire import Subject
from appliance.records.session_events import EventName
from appliance.safety.state_machine.states import Armed, Ready
from drivers.interfaces import Inputs

PROVEN_BEFORE = frozenset({OutputStep.CHECK_CONTACT, OutputStep.START})
"""A pause does not undo the proof: the session has begun with it."""


class HandSwitchRule:
    """Follows the switch and refuses a start without its proof; the only writer of its part."""

    def __init__(
        self,
        engine: EngineState,
        inputs: Callable[[], Inputs | None],
        facts: ClinicalFacts,
        journal: EngineJournal,
    ) -> None:
        self._engine = engine
        self._write = engine.claim(HandSwitchState)
        self._inputs = inputs
        self._facts = facts
        self._journal = journal

    def attend(self) -> None:
        """Follow patient, line and waiver."""
        before, patient = self._engine.hand_switch, self._patient()
        if patient is None:
            state = HandSwitchState()
        else:
            proof = before.proof if patient == before.patient else HandSwitchProof()
            state = HandSwitchState(patient, self._follow(proof), self._facts.is_waived(patient))
        if state != before:
            self._write(state)

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Refuse contact check and start of a patient whose switch is not proven."""
        if asked.step not in PROVEN_BEFORE or self._patient() is None:
            return None
        patient, proof, waived = self._engine.hand_switch
        if patient != self._patient():  # prescribed in this very tick
            proof, waived = HandSwitchProof(), False
        armed = isinstance(self._engine.machine.state, Armed)
        return refuse_unproven(proof, self._engine.tick.now_us, waived=waived, armed=armed)

    def _patient(self) -> str | None:
        """Return who is prescribed for, None for a test load or nobody."""
        treatment = self._engine.setup.treatment
        if treatment is None or treatment.subject is not Subject.PATIENT:
            return None
        return treatment.patient or ""

    def _follow(self, proof: HandSwitchProof) -> HandSwitchProof:
        if not isinstance(self._engine.machine.state, Ready):
            return proof
        inputs = self._inputs()
        closed = None if inputs is None else inputs.hand_switch_closed
        after = proof.seen(self._engine.tick.now_us, closed=closed)
        if after.step is SwitchStep.PROVEN and proof.step is SwitchStep.RELEASE:
            self._journal.note(
                EventName.HAND_SWITCH_PROVEN,
                patient=self._patient(),
                open_us=after.closed_us - after.opened_us,
            )
        return after
