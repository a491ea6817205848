"""All rules at the bedside, in the order in which a step is refused by them."""

from appliance.clinical.placement.personal_range import PersonalRanges
from appliance.control.bedside.close_out_rule import CloseOutRule
from appliance.control.bedside.first_feeling_rule import FirstFeelingRule
from appliance.control.bedside.hand_switch_proof import HandSwitchRule
from appliance.control.bedside.harm_rule import HarmRule
from appliance.control.bedside.left_load_rule import LeftLoadRule
from appliance.control.bedside.patient_facts import FactsOfThePatient
from appliance.control.bedside.presence_rule import PresenceRule
from appliance.control.bedside.range_shown import RangeShown
from appliance.control.bedside.rules import BedsideRules
from appliance.control.bedside.unit_rules import UnitRule
from appliance.control.commands.clinical_facts import ClinicalFacts
from appliance.control.commands.sign_ins import SignIns
from appliance.control.commands.unit_register import UnitRegister
from appliance.control.engine_state import EngineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.state_runner import StateRunner
from appliance.control.stops.recorder import StopRecorder
from appliance.link.interfaces import EngineLink
from appliance.records.patient_history import PatientRegister
from appliance.safety.state_machine import events
from drivers.interfaces import Inputs


class Bedside:
    """Makes the rules; `feeling` and `ranges` also take marks, `presence` also lets go.

    `left_load` also looks at each contact check that has passed.
    """

    def __init__(
        self,
        engine: EngineState,
        facts: ClinicalFacts,
        unit: UnitRegister,
        journal: EngineJournal,
        state_runner: StateRunner,
        stops: StopRecorder,
        link: EngineLink,
        close_outs: CloseOutRule,
        people: SignIns,
        register: PatientRegister,
        ranges: PersonalRanges,
    ) -> None:
        self._state_runner, self._stops = state_runner, stops
        known = FactsOfThePatient(engine, facts, journal)
        hand_switch = HandSwitchRule(engine, self._inputs, facts, journal)
        self.feeling = FirstFeelingRule(engine, facts, journal, self._stop)
        self.presence = PresenceRule(engine, people, register, journal, link, self._pause)
        self.ranges = RangeShown(engine, ranges)
        self.left_load, of_unit = LeftLoadRule(engine, facts), UnitRule(engine, unit)
        of_patient = (close_outs, self.feeling, known, hand_switch, self.left_load)
        rules = (of_unit, HarmRule(engine), *of_patient, self.presence, self.ranges)
        self.rules = BedsideRules(rules, (self.feeling.refuse_mark, self.left_load.refuse_fact))

    def _inputs(self) -> Inputs | None:
        """Return the digital inputs as this tick read them, None if it could not."""
        newest = self._stops.newest
        return None if newest is None else newest.inputs

    def _stop(self, cause: str) -> None:
        """Ramp the output down and end the session, as for a person's stop, for another cause."""
        self._state_runner.apply(events.StopAsked(), cause=cause)

    def _pause(self, cause: str) -> None:
        """Ramp the output down and pause, as for a person's pause, for another cause."""
        self._state_runner.apply(events.PauseAsked(), cause=cause)
