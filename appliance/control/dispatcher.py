"""Dispatch client commands: validate, convert to an event, reply.

A stop needs no session and is never stale; every other command must have been decided on the
newest snapshot. Keys go to the treatment, all others to the state machine.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from appliance.control.bedside.charge import LATER, Charge
from appliance.control.bedside.first_feeling_rule import FirstFeelingRule
from appliance.control.bedside.harm_rule import take_explanation
from appliance.control.bedside.plain_steps import ARMING, PLAIN
from appliance.control.bedside.presence_rule import PresenceRule
from appliance.control.bedside.rules import AskedStep, BedsideRules, OutputStep
from appliance.control.commands.change_minutes import MinutesOfSession
from appliance.control.commands.clinical_facts import ClinicalFacts, refuse_patient_fact
from appliance.control.commands.contraction_marks import with_own_level
from appliance.control.commands.fact_recorder import FactRecorder
from appliance.control.commands.felt_marks import HARM, FeltMarks
from appliance.control.commands.level_keys import Key, LevelKeys
from appliance.control.commands.output_permission import (
    allowed_loads,
    refuse_exposed,
    refuse_subject,
    refuse_what_is_no_load,
)
from appliance.control.commands.patient_ceiling import PatientCeilings
from appliance.control.commands.prescribe import prescribe
from appliance.control.commands.record_queries import RecordQueries
from appliance.control.commands.recorded_replies import AnswerBook, Confirmations, refuse_fault
from appliance.control.commands.screen_liveness import ScreenWatch
from appliance.control.commands.sign_in_rules import Decided, Granted
from appliance.control.commands.unit_register import UnitRegister, is_about_unit
from appliance.control.drills.runner import DrillRunner
from appliance.control.engine_state import CommandState, EngineState
from appliance.control.pages.answers import page_kind, refuse_reader
from appliance.control.pages.page import KnownPatients, PageSources
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.sounds.sounds import Sounds
from appliance.control.state_runner import StateRunner
from appliance.control.tick.feeder import Feeder
from appliance.control.tick.interlock_inputs import InterlockInputs
from appliance.core.readable_text import refuse_operator
from appliance.core.refusal import Refusal
from appliance.errors import ApplianceError
from appliance.link.interfaces import EngineLink, Received
from appliance.link.stale_commands import Staleness, stale
from appliance.messages.actions import (
    ABOUT_PEOPLE,
    Acknowledge,
    Action,
    BeginDrill,
    ChangeMinutes,
    CheckContact,
    CloseSession,
    Command,
    Contract,
    ContractByCycle,
    EndDrill,
    Fall,
    HoldRise,
    LeavePatient,
    Lock,
    MarkFelt,
    Pause,
    Prescribe,
    Query,
    RecordFact,
    RepeatLast,
    Resume,
    Rise,
    SetCeiling,
    Silence,
    Start,
    Stop,
    Unlock,
)
from appliance.messages.replies import Reply
from appliance.messages.wire import Subject
from appliance.records.acts import RecordedAct
from appliance.records.patient_history import PatientRegister
from appliance.safety.arming_policy import ArmingPolicy
from appliance.safety.state_machine import events
from appliance.safety.state_machine.states import Armed, Locked, Ready, Tripped, is_playing
from appliance.safety.trips.codes import TripCode
from appliance.texts.text import text
from drivers.errors import DriverError
from drivers.interfaces import Rig

Answered = Refusal | None
Outcome = Refusal | RecordedAct | Granted | None


@dataclass(slots=True)
class CommandDispatcher:
    """Takes what the link received and answers it; used by the control thread only."""

    link: EngineLink
    engine: EngineState
    state_runner: StateRunner
    feeder: Feeder
    journal: EngineJournal
    inputs: InterlockInputs
    screen: ScreenWatch
    keys: LevelKeys
    rig: Rig
    policy: ArmingPolicy
    answers: AnswerBook
    queries: RecordQueries
    register: PatientRegister
    ceilings: PatientCeilings
    drills: DrillRunner
    charge: Charge
    felt: FeltMarks
    recorder: FactRecorder
    facts: ClinicalFacts
    unit: UnitRegister
    bedside: BedsideRules
    feeling: FirstFeelingRule
    presence: PresenceRule
    sounds: Sounds
    confirmations: Confirmations
    _write: Callable[[CommandState], None] = field(init=False)
    _minutes: MinutesOfSession = field(init=False)
    _stops: Staleness = field(default_factory=Staleness)
    _in_charge: str = ""

    def __post_init__(self) -> None:
        self._write = self.engine.claim(CommandState)
        self.facts.know(lambda: self.unit.file.own)
        self._minutes = MinutesOfSession(self.engine, self.journal)

    def attend(self) -> None:
        """Answer everything that has arrived since the last tick; raises `LinkError`."""
        for received in self.link.take():
            if isinstance(received.message, Query):
                self._query(received, received.message)
                continue
            self._answer(received, received.message)
        for received, answer in self.queries.answers():
            self.link.reply(received, answer)
        for decided in self.charge.answers():
            message = decided.received.message
            if isinstance(message, Command):
                self._conclude(decided.received, message, partial(self._take, decided))
        if self.charge.is_suspended:
            self.keys.release_all()
        self._settle()
        self.recorder.attend()
        self.unit.attend()
        self.bedside.attend()
        self.confirmations.attend()

    def _answer(self, received: Received, command: Command) -> None:
        refused = self._stops.refuse(command, received.at_us)
        refused = refused or stale(command, self.engine.session.id, self.engine.machine.number)
        if refused is not None:
            self.link.reply(received, refused)
            return
        if not isinstance(command.action, LATER):
            self._conclude(received, command, lambda: self._permit(received, command))
            return
        answer: Outcome = self.charge.refuse(received, command, self.policy)
        answer = answer or self.journal.acts.again(command) or self.charge.ask(received, command)
        if answer is not None:
            self._reply(received, command, answer)

    def _conclude(self, received: Received, command: Command, act: Callable[[], Outcome]) -> None:
        """Carry out a command in the name of its sender and answer it."""
        sender = self.charge.sender_of(received, command, self._in_charge)
        self._write(CommandState(sender, received.at_us))
        if not isinstance(command.action, LATER):
            self.keys.release_for(command.action)
        try:
            with self.journal.acts.under_way(command):
                answer = act()
        except (ApplianceError, DriverError) as error:
            self.confirmations.refuse(received, refuse_fault(command, error))
            raise
        finally:
            self._settle()
        self._reply(received, command, answer)

    def _reply(self, received: Received, command: Command, answer: Outcome) -> None:
        """Record and send an answer: refused, done (None), granted, or an act of before."""
        engine = self.engine
        number, now_us = engine.machine.number, engine.tick.now_us
        refusal = answer if isinstance(answer, Refusal) else None
        known = answer if isinstance(answer, RecordedAct) else None
        if known is None:
            self.answers.answered(received, refusal, number, now_us)
        if refusal is not None:  # a wrong PIN is on the disk before it is told
            self.confirmations.refuse(received, refusal, waits=isinstance(command.action, LATER))
            return
        patient = known.patient if known else self._patient_of(command.action)
        granted = answer if isinstance(answer, Granted) else Granted()
        reply = Reply(
            request=command.request,
            tick=engine.tick.number,
            session=engine.session.id,
            patient=patient,
            token=granted.token,
            pin=granted.pin,
        )
        self.confirmations.give(received, reply)

    def _settle(self) -> None:
        """Keep who is in charge; a locked unit has nobody, and no sign-in outlives a lock."""
        if isinstance(self.engine.machine.state, Locked):
            self._in_charge = ""
            self.charge.lock()
        self._write(CommandState(self._in_charge))

    def _take(self, decided: Decided) -> Granted | Refusal:
        """Let who has signed in take charge."""
        if decided.refusal is not None:
            return decided.refusal
        granted = self.charge.take(decided)
        if decided.signs_in is not None and not isinstance(granted, Refusal):
            self._in_charge = decided.signs_in.operator
            self.keys.release_all()
        return granted

    def _query(self, received: Received, query: Query) -> None:
        kind = page_kind(query.what)
        refused = refuse_reader(query, received.role)
        refusal = self.charge.refuse_page(received, query, kind, self.policy)
        if refused is not None:
            self.link.reply(received, refused)
        elif refusal is not None:
            self.confirmations.refuse(received, refusal)
        elif kind is None:
            says_who = self.charge.reads_patients(received, query, self.policy)
            self.queries.ask(received, query, says_who=says_who)
        else:
            sources = PageSources(
                patients=self._known(),
                unit=self.unit.known(),
                drills=self.drills.standings(),
                folder=self.queries.folder,
                board=self.rig.board,
                people=self.charge.known(),
            )
            self.queries.ask(received, query, sources)

    def _permit(self, received: Received, command: Command) -> Outcome:
        """Carry out a command if its sender may send it and no drill stands in its way."""
        if isinstance(command.action, RecordFact):
            self.feeling.act(command.action)  # a stop needs no sign-in
        answer: Outcome = self.charge.refuse(received, command, self.policy)
        answer = answer or self.journal.acts.again(command)
        if answer is not None:
            return answer
        if isinstance(command.action, ABOUT_PEOPLE):
            return self.charge.decide(received, command, lambda: self.drills.meet(Lock()))
        if isinstance(command.action, Silence):  # changes neither state nor output
            return self.sounds.silence(command.action.sound)
        action = self.charge.named(received, command)
        return self.drills.meet(action) or self._decide(received, action)

    def _decide(self, received: Received, action: Action) -> Answered:  # noqa: C901, PLR0911, PLR0912
        raised = self.state_runner.apply
        match action:
            case Stop(cut=cut):
                return raised(events.StopAsked(cut=cut))
            case Fall(channel=channel, step_ua=step_ua):
                return self.keys.fall(channel, step_ua)
            case Rise() | HoldRise() | Contract() | ContractByCycle():
                return self._refuse_key(received, action) or self.keys.act(received.peer, action)
            case MarkFelt():
                return self._mark(action)
            case Pause() | Lock() | CloseSession():
                return raised(PLAIN[type(action)])
            case ChangeMinutes():
                return self._refuse_bystander(received) or self._minutes.change(action)
            case LeavePatient():
                return self.presence.leave()
            case Acknowledge():
                return self._acknowledge()
            case Prescribe() | RepeatLast():
                return self._prescribe(received, action)
            case SetCeiling():
                return self.ceilings.set(action, received.role)
            case RecordFact():
                return self._record(received, action)
            case BeginDrill():
                return self.drills.begin(received, action)
            case EndDrill():
                self.drills.end()
                return None
            case Unlock(operator=operator):
                return self._unlock(operator)
            case CheckContact() | Start() | Resume():
                return self._arm(received, *ARMING[type(action)])
            case _:
                return None

    def _mark(self, action: MarkFelt) -> Answered:
        """Take a mark; harm pauses the output before anything is recorded."""
        if action.felt in HARM and is_playing(self.engine.machine.state):
            self.state_runner.apply(events.PauseAsked(), cause=action.felt)
        return self.felt.mark(action, self.feeder.moment)

    def _record(self, received: Received, action: RecordFact) -> Answered:
        """Record a fact; harm that explains a stop takes back what could be raised back to."""
        if is_about_unit(action):
            return self.unit.record(action, received)
        refused = refuse_patient_fact(received.role)
        if refused is not None:
            return refused
        graded = with_own_level(action, self.engine)
        filled = graded if isinstance(graded, Refusal) else self.feeling.filled(graded)
        if isinstance(filled, Refusal):
            return filled
        refusal = self.facts.record(filled, self.bedside.refuse_fact)
        if refusal is None and take_explanation(self.engine, self.facts.latest):
            self.state_runner.withdraw_raising_back()
        return refusal

    def _patient_of(self, action: Action) -> str | None:
        """Return the patient that a reply names: whom a fact was about."""
        about_patient = isinstance(action, RecordFact) and not is_about_unit(action)
        return self.facts.patient if about_patient else None

    def _known(self) -> KnownPatients:
        interrupted = self.engine.setup.interrupted
        return self.facts.known()._replace(interrupted=interrupted, own=self.unit.file.own)

    def _prescribe(self, received: Received, asked: Prescribe | RepeatLast) -> Answered:
        if not isinstance(self.engine.machine.state, Ready | Armed):
            return self.state_runner.apply(events.Prescribed())
        refusal = refuse_subject(self.policy, received.role, asked.subject)
        if refusal is not None:
            return refusal
        channels = tuple(self.engine.measured.channels)
        accepted = prescribe(asked, self.register, self._known(), channels)
        if isinstance(accepted, Refusal):
            return accepted
        return self.state_runner.prescribe(accepted)

    def _unlock(self, operator: str) -> Answered:
        name = operator.strip()
        refusal = refuse_operator(operator) or self.state_runner.apply(events.Unlocked(name))
        if refusal is None:
            self._in_charge = name
        return refusal

    def _acknowledge(self) -> Answered:
        """Clear a trip, only one that was shown: a tap may have come just before it was."""
        machine, tick = self.engine.machine, self.engine.tick
        if isinstance(machine.state, Tripped) and tick.shown_number != machine.number:
            allowed, nearest = text("state.shown"), text("state.look_first")
            return Refusal("refusal.state", text("asked.acknowledge"), allowed, nearest)
        only_journal = {trip.code for trip in tick.trips} <= {TripCode.JOURNAL_FAULT}
        if self.journal.fault is not None and self.journal.clear_fault() and only_journal:
            self.state_runner.apply(events.CauseGone())
        return self.state_runner.apply(events.Acknowledged())

    def _arm(self, received: Received, step: OutputStep, event: events.Event) -> Answered:
        """Step towards output, unless others reach the daemon; remember whose screen it is."""
        refusal = refuse_exposed(self.policy, self.rig)
        if refusal is None:
            checks = isinstance(event, events.ContactAsked)
            before = self._refuse_check if checks else self._refuse_bystander
            refusal = before(received) or self.bedside.refuse(AskedStep(step, received))
        refusal = refusal or self.state_runner.apply(event)
        if refusal is None:
            loads = allowed_loads(self._subject, self.engine.setup.contact)
            self.inputs.expect(event, loads)
            self.screen.take(received.peer, self.engine.tick.now_us)
        return refusal

    def _refuse_check(self, received: Received) -> Answered:
        """Refuse a contact check by a peer that may not give current to the subject, or too soon.

        Its few pulses flow through whoever is on the pads as well.
        """
        refusal = refuse_subject(self.policy, received.role, self._subject)
        return refusal or self.drills.refuse_arming()

    def _refuse_bystander(self, received: Received) -> Answered:
        """Refuse a peer that may not give current to the subject, and what is no test load."""
        setup, subject = self.engine.setup, self._subject
        refusal = refuse_subject(self.policy, received.role, subject)
        return refusal or refuse_what_is_no_load(subject, setup.contact)

    def _refuse_key(self, received: Received, key: Key) -> Answered:
        if isinstance(key, HoldRise | Contract) and not key.pressed:
            return None  # a release is never refused
        asked = AskedStep(OutputStep.RISE, received, getattr(key, "channel", None))
        return self._refuse_bystander(received) or self.bedside.refuse(asked)

    @property
    def _subject(self) -> Subject | None:
        """Return what the treatment set up is for, None without one."""
        treatment = self.engine.setup.treatment
        return treatment.subject if treatment is not None else None
