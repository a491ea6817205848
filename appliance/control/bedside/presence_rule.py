"""Somebody is with the patient while output flows, or has left with permission.

It holds where an operator is signed in by PIN, as every patient on hardware needs. Plus and
settings are locked by the sign-in itself, 2 min after the last touch. While the treatment plays,
the question "Are you with the patient?" comes at the same moment, with sound; a touch or a sign-in
answers it. Unanswered for 60 s the session pauses. Who leaves with permission is asked to look in
after 15 min; only a sign-in says that somebody is back.
"""

from collections.abc import Callable

from appliance.clinical.pre_use.hand_switch import SwitchStep
from appliance.control.bedside.rules import AskedStep
from appliance.control.commands.sign_ins import SignIns
from appliance.control.engine_state import EngineState, PresenceState
from appliance.control.procedures.contact_measurement import PadContact
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.treatment.treatment import Treatment
from appliance.core.limits.limits import Purpose
from appliance.core.plan.compiler import Stage
from appliance.core.prescription.sessions_per_patient import GIVEN_FROM_US
from appliance.core.prescription.waveform import ChannelUse
from appliance.core.refusal import Refusal
from appliance.link.action_words import action_words
from appliance.link.interfaces import EngineLink
from appliance.messages.actions import LeavePatient
from appliance.messages.replies import Event
from appliance.messages.wire import Subject
from appliance.operators.permission import needed
from appliance.operators.presence import (
    Attendance,
    Situation,
    attendance,
    is_leaving_forbidden,
    refuse_leaving,
    refuse_nothing_plays,
)
from appliance.records.patient_history import PatientRegister
from appliance.records.session_events import EventName
from appliance.safety.state_machine.states import is_playing

CAUSE = "nobody_there"
"""What paused the output, in the words of the records."""


class PresenceRule:
    """Follows who is with the patient; the only writer of its part."""

    def __init__(
        self,
        engine: EngineState,
        people: SignIns,
        register: PatientRegister,
        journal: EngineJournal,
        link: EngineLink,
        pause: Callable[[str], object],
    ) -> None:
        self._engine = engine
        self._write = engine.claim(PresenceState)
        self._people, self._register = people, register
        self._journal, self._link = journal, link
        self._pause = pause
        self._steady = _Steady()
        self._first: tuple[str | None, bool] = (None, True)
        """The session, and whether it is a first one of its patient."""

    def attend(self) -> None:
        """Follow touches and levels; ask, and pause where nobody answers."""
        state = self._state()
        before = self._engine.presence
        if state != before:
            self._write(state)
        if state.asked is not before.asked and state.asked is not None:
            self._tell(state.asked)
        if state.asked is Attendance.PAUSE:
            self._pause(CAUSE)

    def refuse(self, asked: AskedStep) -> Refusal | None:  # noqa: ARG002 - the sign-in locks plus
        """Refuse nothing."""
        return None

    def leave(self) -> Refusal | None:
        """Let the operator leave the patient, or say why not."""
        if self._engine.people.signed_in is None:
            return needed(action_words(LeavePatient))
        state = self._state()
        if state.asked is None:
            return refuse_nothing_plays()
        if state.leaving is None:
            self._people.leave()
        return state.leaving

    def _state(self) -> PresenceState:
        engine = self._engine
        treatment, signed_in = engine.setup.treatment, engine.people.signed_in
        plays = treatment is not None and is_playing(engine.machine.state)
        if not plays or treatment is None or treatment.subject is not Subject.PATIENT:
            self._steady = _Steady()
            return PresenceState()
        self._steady.follow(treatment, engine.played.stage, engine.tick.now_us)
        if signed_in is None:
            return PresenceState()
        situation = self._situation(treatment)
        return PresenceState(
            attendance(signed_in, engine.tick.now_us),
            refuse_leaving(situation),
            is_leaving_forbidden(situation),
        )

    def _situation(self, treatment: Treatment) -> Situation:
        engine, prescription = self._engine, treatment.prescription
        proof, waived = engine.hand_switch.proof, engine.hand_switch.waived
        return Situation(
            region=prescription.region,
            purpose=prescription.purpose,
            kind=prescription.kind,
            first_session=self._is_first(treatment),
            hand_switch_proven=proof.step is SwitchStep.PROVEN and not waived,
            felt=engine.feeling.channel is None and not engine.feeling.wrong,
            contact_good=all(pads.contact is PadContact.GOOD for pads in engine.setup.contact),
            open_cautions=len(engine.cautions.active),
            steady_us=self._steady.for_us(engine.tick.now_us),
            steady_contractions=self._steady.contractions,
        )

    def _is_first(self, treatment: Treatment) -> bool:
        """Return whether it is the first motor session of the patient, or the first on the neck."""
        session = self._engine.session.id
        if self._first[0] != session:
            self._first = (session, self._judge_first(treatment))
        return self._first[1]

    def _judge_first(self, treatment: Treatment) -> bool:
        if self._register.fault is not None or treatment.patient is None:
            return True
        continues = self._engine.session.continues
        own = () if continues is None else continues.sessions
        given = [
            session
            for session in self._register.given(treatment.patient)
            if session.elapsed_us >= GIVEN_FROM_US and session.session not in own
        ]
        motor = treatment.prescription.purpose is Purpose.MOTOR
        if motor and not any(session.motor for session in given):
            return True
        neck = treatment.prescription.region.is_neck
        return neck and not any(session.region.is_neck for session in given)

    def _tell(self, asked: Attendance) -> None:
        """Record what is asked, and tell every client."""
        self._journal.note(EventName.ATTENDANCE, asked=asked.value)
        session = self._engine.session.id
        self._link.event(Event(name="attendance", session=session, facts={"asked": asked.value}))


class _Steady:
    """How long every level has been left alone, and the contractions at them since."""

    def __init__(self) -> None:
        self.contractions = 0
        self._levels: tuple[int, ...] | None = None
        self._since_us = 0
        self._on_phases = 0
        self._contracts = False
        """A contraction that began at these levels plays."""
        self._stage = Stage.REST

    def for_us(self, now_us: int) -> int:
        """Return how long, in µs."""
        return 0 if self._levels is None else now_us - self._since_us

    def follow(self, treatment: Treatment, stage: Stage, now_us: int) -> None:
        """Follow levels and stage, each tick."""
        levels = tuple(level.level_ua for level in treatment.levels.values())
        if levels != self._levels:
            self._levels, self._since_us = levels, now_us
            self.contractions, self._on_phases, self._contracts = 0, 0, False
        rests, rested = stage is Stage.REST, self._stage is Stage.REST
        if rested and not rests:
            self._contracts = True
        elif rests and not rested and self._contracts:
            self._contracts = False
            self._on_phases += 1
            alternating = treatment.prescription.use is ChannelUse.ALTERNATING
            self.contractions = self._on_phases // (len(levels) if alternating else 1)
        self._stage = stage
