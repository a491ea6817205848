"""No current for a patient from a unit that is damaged, unknown, not looked at or not cared for.

At the contact check and at Start everything counts. In a session only what was found damaged and
what took the unit out of use does: a look that expires at midnight, or care that locks, ends none.

A unit out of use gives no current to test loads either, but for whoever services it: the fault has
to be found. Drills are asked about by nobody here.
"""

from appliance.clinical.fact import FactTime
from appliance.clinical.finding import Finding, refusal_of
from appliance.clinical.unit.unit_file import (
    UnitFile,
    judge_before_patient,
    judge_during_patient,
)
from appliance.control.bedside.rules import AskedStep, OutputStep
from appliance.control.commands.unit_register import UnitRegister
from appliance.control.engine_state import EngineState
from appliance.core.refusal import Refusal
from appliance.messages.wire import Subject
from appliance.texts.text import text

_BEFORE_A_SESSION = frozenset({OutputStep.CHECK_CONTACT, OutputStep.START})


class UnitRule:
    """Refuses steps towards output by the unit's file; used by the control thread only."""

    def __init__(self, engine: EngineState, unit: UnitRegister) -> None:
        self._engine = engine
        self._unit = unit

    def attend(self) -> None:
        """Do nothing: `UnitRegister` follows the facts and the sessions."""

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Return what speaks against this step with this unit, None if nothing does."""
        treatment, unit = self._engine.setup.treatment, self._unit
        if treatment is None:
            return None
        if treatment.subject is not Subject.PATIENT:
            return None if unit.is_serviced_by(asked.received) else unit.refuse_out_of_use()
        if unit.fault is not None:
            return _refuse_unknown(unit.fault)
        channels, patient = treatment.prescription.channels, treatment.patient or ""

        def judge(file: UnitFile, now: FactTime) -> tuple[Finding, ...]:
            if asked.step in _BEFORE_A_SESSION:
                return judge_before_patient(file, channels, patient, unit.treated, now)
            return judge_during_patient(file, channels, now)

        return refusal_of(unit.judge(judge))


def _refuse_unknown(fault: str) -> Refusal:
    allowed = text("query.known_files", fault=fault)
    return Refusal(
        "refusal.unit_check", text("query.unit"), allowed, text("patient_ceiling.records_first")
    )
