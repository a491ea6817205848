"""No patient's session begins on a test load that was left on a channel: it is asked about first.

What the contact check measured is compared with the test loads as for a run that is allowed for
one: of their size, and both phases alike. Moist skin under large pads may measure so too, so this
is a question: whoever has looked records it (`load_ruled_out`), and it counts for that contact
check only.
"""

from collections.abc import Mapping

from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.pre_use.facts import LoadRuledOut
from appliance.clinical.pre_use.left_load import refuse_left_load, refuse_ruled_out
from appliance.control.bedside.rules import AskedStep, OutputStep
from appliance.control.commands.clinical_facts import ClinicalFacts
from appliance.control.commands.output_permission import is_test_load
from appliance.control.engine_state import EngineState, LeftLoadState
from appliance.control.procedures.contact_measurement import ContactResult
from appliance.core.refusal import Refusal
from appliance.messages.wire import Subject
from appliance.safety.state_machine.states import Armed


class LeftLoadRule:
    """Refuses a start on what measures like a test load; the only writer of its part."""

    def __init__(self, engine: EngineState, facts: ClinicalFacts) -> None:
        self._engine = engine
        self._write = engine.claim(LeftLoadState)
        self._facts = facts
        self._contact: tuple[ContactResult, ...] = ()
        self._before: FactTime | None = None
        """When somebody had looked before that contact was measured."""

    def attend(self) -> None:
        """Follow what an armed patient's contact looks like, until somebody has looked."""
        state = LeftLoadState(self._found())
        if state != self._engine.left_load:
            self._write(state)

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Refuse to start while a channel measures like a test load and nobody has looked."""
        return refuse_left_load(self._asked()) if asked.step is OutputStep.START else None

    def refuse_fact(self, fact: Fact, file: PatientFile, now: FactTime) -> Refusal | None:
        """Refuse an answer that was not asked for; other kinds of facts pass."""
        del file, now
        if not isinstance(fact, LoadRuledOut):
            return None
        return refuse_ruled_out(fact, self._asked() if fact.patient == self._patient() else ())

    def _asked(self) -> Mapping[int, int]:
        """Return what is asked about, in ohms by channel."""
        return {each.channel: each.ohm for each in self._found() if each.ohm is not None}

    def _found(self) -> tuple[ContactResult, ...]:
        patient, contact = self._patient(), self._engine.setup.contact
        if patient is None or not isinstance(self._engine.machine.state, Armed):
            return ()
        if contact is not self._contact:
            self._contact = contact
            self._before = self._facts.expected(patient).load_look.at
        look = self._facts.files.of(patient).load_look
        seen = () if look.at in {None, self._before} else look.channels
        return tuple(
            each for each in contact if is_test_load(each) and int(each.channel) not in seen
        )

    def _patient(self) -> str | None:
        """Return who is prescribed for, None for a test load or nobody."""
        treatment = self._engine.setup.treatment
        if treatment is None or treatment.subject is not Subject.PATIENT:
            return None
        return treatment.patient
