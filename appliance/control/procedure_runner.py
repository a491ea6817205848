"""Run the present procedure, one step a tick, and make the state follow from its result."""

from collections.abc import Callable

from appliance.control.effects import RunningProcedure
from appliance.control.output.rig_observation import Observation
from appliance.control.procedures.contact_check import ContactCheckProcedure
from appliance.control.procedures.self_test import SelfTestProcedure
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.state_runner import StateRunner
from appliance.control.tick.last_measurements import ChannelMeasurements
from appliance.control.treatment_setup import TreatmentSetup
from appliance.safety.state_machine import events
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import trip
from appliance.texts.common_phrases import listed
from appliance.texts.english import english
from appliance.texts.text import text


class ProcedureRunner:
    """Runs self-test, contact check and latch reset; used only by the control loop."""

    def __init__(
        self,
        procedure: RunningProcedure,
        setup: TreatmentSetup,
        measurements: ChannelMeasurements,
        state_runner: StateRunner,
        journal: EngineJournal,
    ) -> None:
        self._procedure = procedure
        self._setup = setup
        self._measurements = measurements
        self._state_runner = state_runner
        self._journal = journal
        self.on_contact: Callable[[], None] = lambda: None
        """What follows from a passed contact check before anybody is shown its result."""

    def attend(self, observation: Observation) -> None:
        """Take one step; a procedure that begins in this tick takes its first one too."""
        while self._procedure.is_running:
            try:
                self._procedure.step(observation)
            except StopIteration as ended:
                self._procedure.end()
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
        self._setup.note(result.failures)
        if result.passed:
            self._state_runner.apply(events.SelfTestPassed())
            return
        detail = text("trip.detail.message", message=listed(result.failures, "semicolon"))
        failed = trip(TripCode.SELF_TEST_FAILED, detail)
        self._state_runner.apply(events.SelfTestFailed(failed))

    def _conclude_contact_check(self, result: ContactCheckProcedure) -> None:
        self._journal.contact_check(result)
        self._setup.take_contact(result.channels)
        self._setup.note(result.notes)
        for contact in result.channels:
            self._measurements.take_contact(contact.channel, contact.ohm)
        if result.unproven is not None:
            self._state_runner.trip(result.unproven)
            return
        if result.passed:
            self._state_runner.apply(events.ContactPassed())
            self.on_contact()
            return
        detail = english(listed(result.notes, "semicolon"))
        self._state_runner.apply(events.ContactFailed(detail))
