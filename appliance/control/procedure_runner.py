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
from appliance.texts.text import text


class ProcedureRunner:
    """Runs self-test, contact check and latch reset; used by the control loop alone."""

    def __init__(
        self,
        engine: EngineState,
        effects: EffectRunner,
        state_runner: StateRunner,
        journal: EngineJournal,
    ) -> None:
        self._engine = engine
        self._effects = effects
        self._state_runner = state_runner
        self._journal = journal

    def attend(self, seen: Observation) -> None:
        """Take one step; a procedure that begins in this tick takes its first one too."""
        engine = self._engine
        while (procedure := engine.procedure) is not None:
            try:
                if engine.procedure_begun:
                    procedure.send(seen)
                else:
                    engine.procedure_begun = True
                    next(procedure)
            except StopIteration as ended:
                self._effects.end_procedure()
                self._conclude(ended.value)
            else:
                return

    def _conclude(self, result: SelfTestProcedure | ContactCheckProcedure | None) -> None:
        if isinstance(result, SelfTestProcedure):
            self._conclude_self_test(result)
        elif result is not None:
            self._conclude_contact_check(result)

    def _conclude_self_test(self, result: SelfTestProcedure) -> None:
        self._journal.self_test(result)
        self._engine.notes = result.failures
        detail = text("trip.detail.message", message="; ".join(result.failures))
        failed = trip(TripCode.SELF_TEST_FAILED, detail)
        event = events.SelfTestPassed() if result.passed else events.SelfTestFailed(failed)
        self._state_runner.apply(event)

    def _conclude_contact_check(self, result: ContactCheckProcedure) -> None:
        engine = self._engine
        self._journal.contact_check(result)
        engine.contact = result.channels
        engine.notes = () if result.passed else (result.text,)
        for found in result.channels:
            engine.channels[found.channel].contact_ohm = found.ohm
        if result.unproven is not None:
            self._state_runner.trip(result.unproven)
            return
        self._state_runner.apply(
            events.ContactPassed() if result.passed else events.ContactFailed(result.text)
        )
