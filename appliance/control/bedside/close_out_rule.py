"""Close-outs: the engine opens each, and nobody is treated before its first two answers.

Pads that stayed on a patient and skin that nobody looked at cannot be made up for later, so the
next session, of whichever patient, waits for these two. Everything else of a close-out can wait.
"""

from collections import deque

from appliance.clinical.closing.close_out import refuse_next_session
from appliance.clinical.closing.ended_session import EndedSession, close_out_facts
from appliance.clinical.closing.facts import HarmTold, StoppedBecause
from appliance.clinical.fact import Fact
from appliance.control.bedside.rules import AskedStep, OutputStep
from appliance.control.commands.clinical_facts import ClinicalFacts
from appliance.control.engine_state import CloseOutState, EngineState
from appliance.control.treatment.harm import ENDING
from appliance.control.treatment.raise_back import continued
from appliance.control.treatment.treatment import Treatment
from appliance.core.refusal import Refusal
from appliance.messages.wire import Subject
from appliance.texts.text import text

_BEFORE_A_SESSION = frozenset({OutputStep.CHECK_CONTACT, OutputStep.START})


class CloseOutRule:
    """Opens close-outs, and refuses the next session while one has no answers."""

    def __init__(self, engine: EngineState, facts: ClinicalFacts) -> None:
        self._engine = engine
        self._facts = facts
        self._write = engine.claim(CloseOutState)
        self._to_record: deque[Fact] = deque()

    def ended(self, session: EndedSession) -> None:
        """Open the close-out of a session that has just ended, however it did."""
        pads = self._facts.expected(session.patient).pads
        self._to_record.extend(close_out_facts(session, pads))
        self.attend()

    def told(self, treatment: Treatment, felt: str) -> None:
        """Note harm that ends a session in the patient's file: the next one waits for a look."""
        last = self._engine.session.last
        session = self._engine.session.id or ("" if last is None else last.session)
        if treatment.patient is None or felt not in ENDING:
            return
        fact = HarmTold(
            patient=treatment.patient,
            operator=self._engine.command.operator,
            simulated=False,
            session=session,
            because=StoppedBecause(felt),
        )
        known = self._facts.expected(treatment.patient).harm
        if known.session != session and fact not in self._to_record:
            self._to_record.append(fact)
            self.attend()

    def attend(self) -> None:
        """Record what the journal had no room for; follow what holds up the next session."""
        while self._to_record and self._facts.record_own(self._to_record[0]):
            self._to_record.popleft()
        held = self._facts.holding_up()
        close_out = None if held is None else held[1]
        if close_out is not self._engine.close_out.holding_up:
            self._write(CloseOutState(close_out))

    def refuse(self, asked: AskedStep) -> Refusal | None:
        """Refuse the next session of a patient while pads or skin of one have no answer.

        What continues a session after a harmless trip, with the pads still on, is no next session.
        """
        treatment = self._engine.setup.treatment
        if asked.step not in _BEFORE_A_SESSION or treatment is None:
            return None
        if treatment.subject is not Subject.PATIENT:
            return None
        if self._to_record:
            found, allowed = text("fact.end_missing"), text("fact.end_recorded")
            return Refusal("refusal.close_out", found, allowed, text("ask_again_in_a_moment"))
        continues = continued(self._engine.setup.interrupted, treatment, self._engine.tick.now_us)
        held = self._facts.holding_up()
        if continues and treatment.patient is not None and treatment.wanted is not None:
            held = self._facts.holding_up_but(treatment.patient, treatment.wanted, continues)
        return None if held is None else refuse_next_session(*held)
