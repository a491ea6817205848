"""What the control loop writes into the journal, in the journal's own words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from appliance.clinical.closing.ended_session import EndedSession
from appliance.clinical.fact import FactTime
from appliance.clinical.pre_use.hand_switch import step_now
from appliance.control.engine_state import EngineState, SessionState
from appliance.control.procedures.contact_check import ContactCheckProcedure
from appliance.control.procedures.self_test import SelfTestProcedure
from appliance.control.procedures.timing_proof import TimingProof
from appliance.control.reporting.acts import Acts
from appliance.control.reporting.last_session import last_session
from appliance.control.reporting.recorded_place import recorded_words
from appliance.control.treatment.raise_back import continuing
from appliance.core.limits.limits import Purpose
from appliance.core.plan import on_call
from appliance.core.plan.dose import Dose
from appliance.core.prescription.contracting_current import is_able_to_contract
from appliance.core.prescription.sessions_per_patient import (
    GivenSession,
    TimeOfDay,
    day_of_session,
    ended_by_us,
    goal_of,
)
from appliance.messages.snapshot import LastSession
from appliance.operators.facts import SignedIn, SignedOut
from appliance.records.acts import RecordedAct
from appliance.records.ended_sessions import ended_session
from appliance.records.journal.journal import URGENT, Journal, Measurement
from appliance.records.operator_facts import (
    OperatorEvent,
    event_of_operator,
    plain_operator_fact,
)
from appliance.records.patient_history import PatientRegister
from appliance.records.session_events import (
    ChannelDose,
    EventName,
    LevelChanged,
    RecordedOutcome,
    SessionEndFacts,
    SessionStartFacts,
)
from appliance.records.storage.statement import Statement
from appliance.records.texts import with_text, with_texts
from appliance.safety.interlocks.rule import Caution
from appliance.safety.state_machine.events import SessionOutcome
from appliance.safety.trips.codes import TripCode
from appliance.safety.trips.trip import Trip
from appliance.texts.text import text
from drivers.interfaces import Rig
from drivers.quantities import US_PER_S

OUTCOMES = {
    SessionOutcome.COMPLETED: RecordedOutcome.FINISHED,
    SessionOutcome.STOPPED: RecordedOutcome.STOPPED,
    SessionOutcome.CUT: RecordedOutcome.STOPPED,
    SessionOutcome.TRIPPED: RecordedOutcome.TRIPPED,
    SessionOutcome.INTERRUPTED: RecordedOutcome.INTERRUPTED,
}
NO_DOSE = Dose()
OnEnded: TypeAlias = Callable[[EndedSession], None]


class EngineJournal:
    """Turns what happened into events; keeps only when it last measured, and the last levels."""

    def __init__(
        self,
        records: Journal,
        rig: Rig,
        engine: EngineState,
        register: PatientRegister,
        last: LastSession | None = None,
        acts: Mapping[str, RecordedAct] | None = None,
    ) -> None:
        self._records = records
        self._register = register
        self._rig = rig
        self._engine = engine
        self.acts = Acts(acts)
        self._write = engine.claim(SessionState)
        self._write(SessionState(None, last))
        self._measured_at_us = 0
        self._levels: dict[int, int] = {}
        self._closed = (-1, "")
        self._opened: TimeOfDay | None = None
        self._begun = records.stamp()
        self._start: SessionStartFacts | None = None
        self.on_ended: OnEnded | None = None
        """Called with each session of a patient that has ended, once its end is recorded."""
        self.last_fact = 0
        """Number of the last event that may be confirmed as recorded."""

    @property
    def fault(self) -> str | None:
        """Return why records are not being kept, or None."""
        return self._records.fault

    def explain(self, trip: Trip) -> Trip:
        """Add why the journal failed to a trip for it; its interlock knows only that it did."""
        if trip.code is not TripCode.JOURNAL_FAULT or self.fault is None:
            return trip
        return replace(trip, detail=text("trip.detail.message", message=self.fault))

    def note(self, name: str, **facts: object) -> int:
        """Record an event of the present session; 0 where the journal has no room."""
        return self._append(name, facts, self._engine.session.id)

    @property
    def rig_kind(self) -> str:
        """Return the kind of rig that facts are recorded on."""
        return self._rig.kind

    def fact_time(self) -> FactTime:
        """Return the time now, as the next event would get it."""
        return self._records.stamp().fact_time

    def note_operator(
        self, fact: OperatorEvent, also: tuple[Statement, ...] = ()
    ) -> tuple[int, FactTime] | None:
        """Record a fact about operators, with the hash of a PIN where it comes with one.

        Who signs in or out during a session belongs to it. Returns number and time, None without
        room.
        """
        signing = isinstance(fact, SignedIn | SignedOut)
        session = self._engine.session.id if signing else None
        name, facts = event_of_operator(fact), plain_operator_fact(fact)
        number = self._append(name, facts, session, also)
        return (number, self._records.newest.fact_time) if number else None

    def note_fact(self, name: str, facts: Mapping[str, object]) -> tuple[int, FactTime] | None:
        """Record a fact about a patient; return number and time of its event, None without room.

        It belongs to no session of the records: what is shown or exported of a session has no
        health data in it.
        """
        number = self._append(name, facts, None)
        return (number, self._records.newest.fact_time) if number else None

    def kept(self, number: int) -> bool:
        """Return whether an event is on the disk."""
        return self._records.acknowledged >= number

    def _append(
        self,
        name: str,
        facts: Mapping[str, object],
        session: str | None,
        also: tuple[Statement, ...] = (),
    ) -> int:
        facts = self.acts.marked(name, facts)
        number = self._records.append(name, facts, session, also=also)
        if number:
            self.acts.take(name, facts)
        if name in URGENT:
            self.last_fact = number or self.last_fact
        return number

    def state(self, was: str, now: str, event: str) -> None:
        """Record a change of state and what caused it."""
        self.note(EventName.STATE_CHANGED, was=was, now=now, event=event)

    def trip(self, trip: Trip) -> None:
        """Record a trip; one that comes in the tick that closed a session belongs to it."""
        engine, (tick, closed) = self._engine, self._closed
        facts = {
            "code": trip.code.value,
            "severity": trip.severity.value,
            "channel": trip.channel,
            **with_text("detail", trip.detail),
        }
        just_closed = engine.session.id is None and tick == engine.tick.number
        session = closed if just_closed else engine.session.id
        self._append(EventName.TRIP, facts, session)

    def caution(self, caution: Caution) -> None:
        """Record a caution when it first appears."""
        self.note(
            EventName.CAUTION,
            code=caution.code.value,
            channel=caution.channel,
            **with_text("detail", caution.detail),
        )

    def crash(self, text: str) -> None:
        """Record an unexpected error, with its traceback."""
        self.note(EventName.FAULT, traceback=text)

    def clear_fault(self) -> bool:
        """Let the journal try again; return whether it records."""
        return self._records.clear_fault()

    def self_test(self, result: SelfTestProcedure) -> None:
        """Record a self-test and its timing proof."""
        facts = with_texts("failures", result.failures)
        self.note(EventName.SELF_TEST, passed=result.passed, **facts)
        self.timing_proof(result.proof)

    def timing_proof(self, proof: TimingProof | None) -> None:
        """Record a timing proof."""
        if proof is not None:
            self.note(
                EventName.TIMING_PROOF,
                passed=proof.passed,
                ratio_ppm=proof.ratio_ppm,
                worst_width_error_us=proof.worst_width_error_us,
                **with_texts("failures", proof.failures),
            )

    def contact_check(self, result: ContactCheckProcedure) -> None:
        """Record what the contact check measured."""
        self.timing_proof(result.proof)
        channels = [
            {"channel": pads.channel, "contact": pads.contact.value, "ohm": pads.ohm}
            for pads in result.channels
        ]
        self.note(
            EventName.CONTACT_CHECK,
            passed=result.passed,
            channels=channels,
            **with_texts("failures", result.failures),
        )

    def open_session(self) -> None:
        """Open a session in the records."""
        engine, treatment = self._engine, self._engine.setup.treatment
        if treatment is None:
            return
        prescription = treatment.prescription
        left = continuing(engine.setup.interrupted, treatment, engine.tick.now_us)
        self._write(
            SessionState(self._records.new_session_id(), engine.session.last, treatment, left)
        )
        self._levels = dict.fromkeys(prescription.channels, 0)
        self._measured_at_us = engine.tick.now_us
        opened = SessionStartFacts(
            programme=prescription.programme,
            rig=self._rig.kind,
            board=self._rig.board.name,
            board_digest=self._rig.board.digest,
            plan_digest=prescription.digest(),
            prescription=prescription.content(),
            channels=prescription.channels,
            region=prescription.region.value,
            pad_area_mm2=prescription.pad_area_mm2,
            duration_us=prescription.duration_us,
            operator=engine.command.operator,
            subject=treatment.subject.value,
            patient=treatment.patient,
            ceiling_ua=prescription.ceiling_ua,
            reason=prescription.reason,
            contracts=is_able_to_contract(prescription),
            hand_switch=self._hand_switch(),
            continues="" if left is None else left.sessions[0],
            **recorded_words(treatment.wanted, treatment.programme),
        )
        self._opened, self._start = self._register.now(), opened
        self._append(EventName.SESSION_OPENED, opened.facts(), engine.session.id)
        self._begun = self._records.newest
        self._register.take_start(opened)

    def _hand_switch(self) -> str:
        """Return how the stop in the patient's hand was proven before this session."""
        patient, proof, waived = self._engine.hand_switch
        return "" if patient is None else step_now(proof, self._engine.tick.now_us, waived=waived)

    def close_session(self, outcome: SessionOutcome, doses: Mapping[int, Dose]) -> None:
        """Close the session in the records; a second close does nothing."""
        engine, treatment = self._engine, self._engine.setup.treatment
        if treatment is None or engine.session.id is None:
            return
        ending, zero = engine.stop.ending, engine.stop.zero_current
        closed = SessionEndFacts(
            outcome=OUTCOMES[outcome],
            cause=ending.cause if ending is not None else outcome.value,
            elapsed_us=treatment.elapsed_us,
            slices=engine.played.slices,
            channels=tuple(self._dose(n, dose) for n, dose in doses.items()),
            layer=zero.layer if zero is not None else None,
            time_to_zero_us=engine.stop.time_to_zero_us,
            drift_ppm=engine.played.drift_ppm,
            cues=engine.cues.announced,
            cues_withdrawn=engine.cues.withdrawn + (engine.cues.cue is not None),
            contractions=on_call.counted(treatment.plan, treatment.elapsed_us),
        )
        self._append(EventName.SESSION_CLOSED, closed.facts(), engine.session.id)
        self._take_session(closed)
        self._tell_ended(closed)
        self._closed = (engine.tick.number, engine.session.id)
        self._write(engine.session._replace(id=None, last=last_session(engine.session.id, closed)))

    def levels(
        self, levels: Mapping[int, int], slice_number: int, causes: Mapping[int, str]
    ) -> None:
        """Record each level that changed, with the slice it plays from."""
        for channel, to_ua in levels.items():
            from_ua = self._levels.get(channel, 0)
            if to_ua != from_ua:
                change = LevelChanged(
                    channel=channel,
                    from_ua=from_ua,
                    to_ua=to_ua,
                    slice_number=slice_number,
                    cause=causes.get(channel, ""),
                )
                self._levels[channel] = to_ua
                self.note(EventName.LEVEL_CHANGED, **change.facts())

    def measure(self, amplitudes: Mapping[int, int], doses: Mapping[int, Dose]) -> None:
        """Record each channel once a second of a session."""
        engine, treatment = self._engine, self._engine.setup.treatment
        if engine.session.id is None or treatment is None:
            return
        if engine.tick.now_us - self._measured_at_us < US_PER_S:
            return
        self._measured_at_us += US_PER_S
        for channel, dose in doses.items():
            measured = engine.measured.channels[channel]
            row = Measurement(
                session=engine.session.id,
                channel=channel,
                elapsed_us=treatment.elapsed_us,
                state=type(engine.machine.state).__name__,
                slice_number=engine.played.slices,
                level_ua=treatment.levels[channel].level_ua,
                amplitude_ua=amplitudes.get(channel, 0),
                measured_ua=measured.measured_ua,
                voltage_mv=measured.voltage_mv,
                contact_ohm=measured.contact_ohm,
                pulses=dose.pulses,
                charge_pc=dose.charge_pc,
                rms_ua=dose.rms_ua,
            )
            self._records.measure(row)

    def _take_session(self, closed: SessionEndFacts) -> None:
        """Add the session just recorded to the patient register."""
        treatment, opened = self._engine.setup.treatment, self._opened
        if treatment is None or treatment.patient is None or opened is None:
            return
        prescription, now = treatment.prescription, self._register.now()
        if prescription.kind.finds or not any(each.highest_ua for each in closed.channels):
            return  # a search for a motor point is no session
        session = GivenSession(
            region=prescription.region,
            goal=goal_of(prescription.kind),
            motor=prescription.purpose is Purpose.MOTOR,
            able=is_able_to_contract(prescription),
            finished=closed.outcome is RecordedOutcome.FINISHED,
            felt=treatment.was_felt,
            elapsed_us=closed.elapsed_us,
            contractions=closed.contractions,
            comfortable_ua=max(channel.comfortable_ua for channel in closed.channels),
            ended_us=ended_by_us(now, opened, closed.elapsed_us),
            day=day_of_session(opened, now),
            dated=opened.trusted,
            session=self._engine.session.id or "",
            boot=self._begun.boot,
            begun_us=self._begun.monotonic_us,
            continues="" if self._start is None else self._start.continues,
        )
        self._register.take_session(treatment.patient, session)

    def _tell_ended(self, closed: SessionEndFacts) -> None:
        session, start = self._engine.session.id, self._start
        if session is None or start is None or self.on_ended is None:
            return
        signed_in = self._engine.people.signed_in
        in_charge = self._engine.command.operator if signed_in is None else signed_in.operator
        ended = ended_session(session, start, closed, in_charge or start.operator)
        if ended is not None:
            self.on_ended(ended)

    def _dose(self, channel: int, dose: Dose) -> ChannelDose:
        engine, treatment = self._engine, self._engine.setup.treatment
        measured = engine.measured.channels[channel]
        level_ua = treatment.levels[channel].level_ua if treatment is not None else 0
        # The last readings of a session are those of its ramp down; what was felt came before.
        ended = engine.stop.ending.channels if engine.stop.ending is not None else ()
        before = next((last for last in ended if last.channel == channel), measured)
        return ChannelDose(
            channel=channel,
            level_ua=self._levels.get(channel, level_ua),
            highest_ua=measured.highest_ua,
            comfortable_ua=treatment.kept_ua(channel) if treatment else 0,
            pulses=dose.pulses,
            charge_pc=dose.charge_pc,
            rms_ua=dose.rms_ua,
            measured_ua=before.measured_ua,
            contact_ohm=before.contact_ohm,
            worst_error_ua=measured.worst_error_ua,
        )
