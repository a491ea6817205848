"""First feeling: one channel alone rises until the patient has said where it is felt.

A mark is a fact (`first_feeling_marked`) whose placement and level are the engine's own. One that
says anything but "at its own pads" ends the output first; it is recorded only then, and what
the records refuse is remembered here: there is no current until the pads are placed again.
"""

from collections.abc import Callable, Mapping

import msgspec

from appliance.clinical.fact import Fact, FactTime
from appliance.clinical.patients.file import PatientFile
from appliance.clinical.placement.facts import FeltAt, FirstFeelingMarked
from appliance.clinical.placement.first_feeling import (
    judge_feeling,
    refuse_other_level,
    refuse_other_treatment,
    refuse_rise,
)
from appliance.clinical.placement.history import (
    PlacementHistory,
    channel_to_feel,
    refuse_feeling,
    refuse_playing_on,
    refuse_wrong,
)
from appliance.clinical.placement.placement import PlannedPlacement
from appliance.control.bedside.rules import AskedStep, OutputStep
from appliance.control.commands.clinical_facts import ClinicalFacts
from appliance.control.engine_state import EngineState, FeelingState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.treatment.treatment import Treatment
from appliance.core.refusal import Refusal
from appliance.messages.actions import RecordFact
from appliance.records.patient_history import pseudonym
from appliance.safety.state_machine.states import Finished, Tripped, in_session

KIND = "first_feeling_marked"
CAUSE = "first_feeling"
"""What ended the output, in the words of the records."""


class FirstFeelingRule:
    """Follows the first feeling of the treatment; the only writer of its part."""

    def __init__(
        self,
        engine: EngineState,
        facts: ClinicalFacts,
        journal: EngineJournal,
        stop: Callable[[str], object],
    ) -> None:
        self._engine = engine
        self._write = engine.claim(FeelingState)
        self._facts = facts
        self._journal = journal
        self._stop = stop
        self._felt_in: str | None = None
        """The session whose channels all were felt: no later clock asks again in it."""
        self._wrong: tuple[str, FactTime | None] | None = None
        """Whose first feeling was wrong, and since when those pads lay there."""

    def attend(self) -> None:
        """Follow which channel is to be felt; end a climb that goes beyond."""
        treatment = self._engine.setup.treatment
        state = self._state()
        if state.channel is None and self._engine.session.id is not None:
            self._felt_in = self._engine.session.id
        if state != self._engine.feeling:
            self._write(state)
        if treatment is None or state.channel is None:
            return
        for channel, level in treatment.levels.items():
            planned = level.pressed_us is not None and _planned(treatment)
            if planned and self._refuse_rise(treatment, planned, state.channel, channel):
                treatment.let_go(channel)

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Refuse current after a wrong feeling, and a rise out of turn or beyond."""
        treatment = self._engine.setup.treatment
        planned = _planned(treatment)
        if treatment is None or treatment.patient is None or planned is None:
            return None
        wrong = self._refuse_wrong(treatment.patient)
        if wrong is not None or asked.step is not OutputStep.RISE or asked.channel is None:
            return wrong
        to_feel = self._state().channel
        if to_feel is None:
            return None
        return self._refuse_rise(treatment, planned, to_feel, asked.channel)

    def act(self, action: RecordFact) -> None:
        """End the output at what was felt at a wrong place, whatever else is wrong with a mark."""
        treatment = self._engine.setup.treatment
        planned, felt = _planned(treatment), action.values.get("felt")
        if action.kind != KIND or treatment is None or planned is None:
            return
        if not _is_about(action, treatment):
            return
        level_ua = self._level_ua(treatment, action.values.get("channel"))
        if not isinstance(felt, str) or felt not in set(FeltAt):
            return
        if _goes_to_zero(planned, FeltAt(felt), level_ua):
            self._wrong = (treatment.patient or "", self._history(treatment).placed_at)
            if in_session(self._engine.machine.state):
                self._stop(CAUSE)

    def filled(self, action: RecordFact) -> RecordFact | Refusal:
        """Return a mark with the engine's placement and level, another fact as it is."""
        if action.kind != KIND:
            return action
        treatment, values = self._engine.setup.treatment, action.values
        planned = _planned(treatment)
        if treatment is None or planned is None or not _is_about(action, treatment):
            return refuse_other_treatment()
        level_ua = self._level_ua(treatment, values.get("channel"))
        given_ua = values.get("level_ua", level_ua)
        if given_ua != level_ua:
            return refuse_other_level(level_ua)
        key = msgspec.to_builtins(planned.key)
        filled = {"key": key, **values, "level_ua": level_ua}
        return msgspec.structs.replace(action, values=filled)

    def refuse_mark(self, fact: Fact, file: PatientFile, now: FactTime) -> Refusal | None:
        """Refuse a mark for other pads or out of turn; other kinds of facts pass."""
        if not isinstance(fact, FirstFeelingMarked):
            return None
        planned = _planned(self._engine.setup.treatment)
        return None if planned is None else refuse_feeling(file.placement, planned, fact, now)

    def _state(self) -> FeelingState:
        treatment = self._engine.setup.treatment
        planned = _planned(treatment)
        if treatment is None or treatment.patient is None or planned is None:
            return FeelingState()
        if self._refuse_wrong(treatment.patient) is not None:
            return FeelingState(wrong=True)
        session = self._engine.session.id
        if session is not None and session == self._felt_in:
            return FeelingState()
        files = self._facts.files
        history, now = self._history(treatment), files.judged_at(self._journal.fact_time())
        again = treatment.wanted is not None and treatment.wanted.feel_again
        return FeelingState(channel_to_feel(history, planned, now, asked=again))

    def _history(self, treatment: Treatment) -> PlacementHistory:
        """Return what is on the disk: what is right counts only once it is there."""
        return self._facts.files.of(treatment.patient or "").placement

    def _refuse_wrong(self, patient: str) -> Refusal | None:
        history = self._facts.expected(patient).placement
        on_disk = self._facts.files.of(patient).placement
        if self._wrong is not None and self._wrong[0] == patient:
            if on_disk.placed_at in {None, self._wrong[1]}:
                return refuse_wrong()
            self._wrong = None
        return refuse_playing_on(history) or refuse_playing_on(on_disk)

    def _refuse_rise(
        self, treatment: Treatment, planned: PlannedPlacement, to_feel: int, channel: int
    ) -> Refusal | None:
        level = treatment.levels.get(channel)
        if level is None:
            return None
        higher_ua = level.level_ua + treatment.rules.tap_ua
        return refuse_rise(planned.key.region, to_feel, channel, higher_ua)

    def _level_ua(self, treatment: Treatment, channel: object) -> int:
        """Return the level of a channel, after the end of output that of just before."""
        if not isinstance(channel, int) or channel not in treatment.levels:
            return 0
        state, level_ua = self._engine.machine.state, treatment.levels[channel].level_ua
        if level_ua > 0:
            return level_ua
        ending = self._engine.stop.ending
        if ending is None or not (in_session(state) or isinstance(state, Finished | Tripped)):
            return 0
        last: Mapping[int, int] = {last.channel: last.level_ua for last in ending.channels}
        return last.get(channel, 0)


def _is_about(action: RecordFact, treatment: Treatment) -> bool:
    """Return whether a mark names the patient who is treated."""
    named = action.values.get("patient")
    return isinstance(named, str) and pseudonym(named) == treatment.patient


def _planned(treatment: Treatment | None) -> PlannedPlacement | None:
    if treatment is None or treatment.wanted is None:
        return None
    return treatment.wanted.placement


def _goes_to_zero(planned: PlannedPlacement, felt: FeltAt, level_ua: int) -> bool:
    return judge_feeling(planned.key.region, felt, level_ua).step.to_zero
