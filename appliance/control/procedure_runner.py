"""Run the present procedure, one step a tick, and make the state follow from its result."""

from appliance.control.effects import EffectRunner
from appliance.control.engine_state import EngineState
from appliance.control.output.observation import Observation
from appliance.control.procedures.contact_check import ContactCheckProcedure
from appliance.control.procedures.self_test import SelfTestProcedure
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.state_runner import StateRunner
from appliance.safety.state_machine import events
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip


class ProcedureRunner:
    """Runs self-test, contact check and latch reset; used by the control loop alone."""

    def __init__(
        self, present: EngineState, executor: EffectRunner, machine: StateRunner, log: EngineJournal
    ) -> None:
        self._present = present
        self._executor = executor
        self._machine = machine
        self._log = log

    def attend(self, seen: Observation) -> None:
        """Take one step; a procedure that begins in this tick takes its first one too."""
        present = self._present
        while (procedure := present.procedure) is not None:
            try:
                if present.procedure_begun:
                    procedure.send(seen)
                else:
                    present.procedure_begun = True
                    next(procedure)
            except StopIteration as ended:
                self._executor.end_procedure()
                self._conclude(ended.value)
            else:
                return

    def _conclude(self, result: SelfTestProcedure | ContactCheckProcedure | None) -> None:
        if isinstance(result, SelfTestProcedure):
            self._conclude_self_test(result)
        elif result is not None:
            self._conclude_contact_check(result)

    def _conclude_self_test(self, result: SelfTestProcedure) -> None:
        self._log.self_test(result)
        self._present.notes = result.failures
        failed = trip(TripCode.SELF_TEST_FAILED, "; ".join(result.failures))
        event = events.SelfTestPassed() if result.passed else events.SelfTestFailed(failed)
        self._machine.apply(event)

    def _conclude_contact_check(self, result: ContactCheckProcedure) -> None:
        present = self._present
        self._log.contact_check(result)
        present.contact = result.channels
        present.notes = () if result.passed else (result.text,)
        for found in result.channels:
            present.channels[found.channel].contact_ohm = found.ohm
        if result.unproven is not None:
            self._machine.trip(result.unproven)
            return
        self._machine.apply(
            events.ContactPassed() if result.passed else events.ContactFailed(result.text)
        )
