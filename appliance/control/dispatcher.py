"""Where commands arrive: each is answered with a reply or a refusal, and becomes an event.

Nothing is carried out here. A stop needs no session and is never stale; everything else must have
been decided on the present picture. Level commands go to the level rules, all others to the state
machine.
"""

from collections.abc import Callable
from typing import Protocol

from appliance.control.commands.confirmations import Confirmations
from appliance.control.commands.felt_marks import FeltMarks
from appliance.control.commands.held_keys import HeldKeys
from appliance.control.commands.patient_ceiling import PatientCeilings
from appliance.control.commands.prescribe import AcceptedPrescription, prescribe
from appliance.control.commands.record_queries import RecordQueries
from appliance.control.drills.runner import DrillRunner
from appliance.control.engine_state import EngineState
from appliance.core.readable_text import refuse_operator
from appliance.core.refusal import Refusal
from appliance.errors import ApplianceError
from appliance.link.interfaces import EngineLink, Peer, Received
from appliance.link.staleness import Staleness, stale
from appliance.link.text_views import refused
from appliance.messages.actions import (
    Acknowledge,
    BeginDrill,
    CheckContact,
    CloseSession,
    Command,
    EndDrill,
    Fall,
    HoldRise,
    Lock,
    MarkFelt,
    Pause,
    Prescribe,
    Query,
    Resume,
    Rise,
    SetCeiling,
    Start,
    Stop,
    Unlock,
)
from appliance.messages.replies import Refused, Reply
from appliance.records.patients import PatientRegister
from appliance.safety import levels
from appliance.safety.levels import Moment
from appliance.safety.state_machine import events
from appliance.safety.state_machine.states import Armed, Ready
from appliance.texts.text import text
from drivers.errors import DriverError

Answered = Refusal | None


class DispatcherContext(Protocol):
    """What the desk asks of the control loop."""

    def raise_event(self, event: events.Event) -> Refusal | None:
        """Step the state machine; return what it refused, if it did."""
        ...

    def acknowledge(self) -> Refusal | None:
        """Let go of a trip a person has seen; return what was refused."""
        ...

    def arm(self, received: Received, event: events.Event) -> Refusal | None:
        """Step towards output, watched from the sender's screen from then on."""
        ...

    def bystander(self, received: Received) -> Refusal | None:
        """Return why the sender may not give current to whoever is on the pads, if so."""
        ...

    def prescribe(self, prescribed: AcceptedPrescription) -> None:
        """Lay out a treatment."""
        ...

    def moment(self, channel: int) -> Moment:
        """Return what the level rules want to know of a channel now."""
        ...


class CommandDispatcher:
    """Takes what the link received and answers it."""

    def __init__(
        self,
        link: EngineLink,
        engine: EngineState,
        context: DispatcherContext,
        on_answer: Callable[[Received, Refusal | None], None],
        queries: RecordQueries,
        register: PatientRegister,
        ceilings: PatientCeilings,
        drills: DrillRunner,
        felt: FeltMarks,
        confirmations: Confirmations,
    ) -> None:
        self._link = link
        self._engine = engine
        self._context = context
        self._on_answer = on_answer
        self._queries = queries
        self._register = register
        self._ceilings = ceilings
        self._drills = drills
        self._felt = felt
        self._confirmations = confirmations
        self._held_keys = HeldKeys(link)
        self._stops = Staleness()

    def attend(self) -> None:
        """Answer everything that has arrived since the last tick; raises `LinkError`."""
        for received in self._link.take():
            if isinstance(received.message, Query):
                self._queries.ask(received, received.message)
                continue
            self._answer(received, received.message)
        for received, answer in self._queries.answers():
            self._link.reply(received, answer)
        self._confirmations.attend()

    def _answer(self, received: Received, command: Command) -> None:
        refused = self._stops.refuse(command, received.at_us)
        refused = refused or stale(command, self._engine.session, self._engine.state_number)
        if refused is not None:
            self._link.reply(received, refused)
            return
        self._engine.asked_at_us = received.at_us
        try:
            refusal = self._decide(received, command)
        except (ApplianceError, DriverError) as error:
            self._link.reply(received, _refused(command.request, _fault(command, error)))
            raise
        finally:
            self._engine.asked_at_us = None
        self._on_answer(received, refusal)
        if refusal is not None:
            self._link.reply(received, _refused(command.request, refusal))
            return
        session, tick = self._engine.session, self._engine.tick
        reply = Reply(request=command.request, tick=tick, session=session)
        self._confirmations.give(received, reply)

    def _decide(self, received: Received, command: Command) -> Answered:  # noqa: C901, PLR0911, PLR0912
        action, raised = command.action, self._context.raise_event
        refused = self._drills.meet(action)
        if refused is not None:
            return refused
        match action:
            case Stop(cut=cut):
                return raised(events.StopAsked(cut=cut))
            case Fall(channel=channel, step_ua=step_ua):
                return self._fall(channel, step_ua)
            case Rise(channel=channel):
                return self._context.bystander(received) or self._rise(channel)
            case HoldRise(channel=channel, pressed=pressed):
                refused = self._context.bystander(received) if pressed else None
                return refused or self._hold(received.peer, channel, pressed=pressed)
            case MarkFelt():
                return self._felt.mark(action, self._context.moment)
            case Pause():
                return raised(events.PauseAsked())
            case Acknowledge():
                return self._context.acknowledge()
            case Prescribe():
                return self._prescribe(action)
            case SetCeiling():
                return self._ceilings.set(action, received.role)
            case BeginDrill():
                return self._drills.begin(received, action)
            case EndDrill():
                self._drills.end()
                return None
            case Unlock(operator=operator):
                return self._unlock(operator)
            case Lock():
                return raised(events.LockAsked())
            case CloseSession():
                return raised(events.SessionClosed())
            case CheckContact() | Start() | Resume():
                return self._context.arm(received, _ARMING[type(action)])

    def _prescribe(self, asked: Prescribe) -> Answered:
        if not isinstance(self._engine.state, Ready | Armed):
            return self._context.raise_event(events.Prescribed())
        found = prescribe(asked, self._register, tuple(self._engine.channels))
        if isinstance(found, Refusal):
            return found
        refusal = self._context.raise_event(events.Prescribed())
        if refusal is None:
            self._context.prescribe(found)
        return refusal

    def _unlock(self, operator: str) -> Answered:
        name = operator.strip()
        refusal = refuse_operator(operator) or self._context.raise_event(events.Unlocked(name))
        if refusal is None:
            self._engine.operator = name
        return refusal

    def _rise(self, channel: int) -> Answered:
        treatment = self._engine.treatment
        if treatment is None or channel not in treatment.levels:
            return _no_channel(channel)
        fading = treatment.derating.refusal(channel, self._engine.now_us)
        if fading is not None:
            return fading
        found = levels.tap(
            treatment.levels[channel], treatment.rules, self._context.moment(channel)
        )
        if isinstance(found, Refusal):
            return treatment.dated(found, self._engine.now_us)
        treatment.change(channel, found, "tap")
        return None

    def release_orphans(self, now_us: int) -> None:
        """Let go of every rise key whose holder has gone or shows nothing any more."""
        treatment = self._engine.treatment
        for channel in self._held_keys.lost(now_us):
            if treatment is not None and channel in treatment.levels:
                treatment.levels[channel] = levels.release(treatment.levels[channel])

    def _hold(self, peer: Peer, channel: int, *, pressed: bool) -> Answered:
        treatment = self._engine.treatment
        if treatment is None or channel not in treatment.levels:
            return _no_channel(channel)
        state = treatment.levels[channel]
        if not pressed:
            self._held_keys.let_go(channel)
            treatment.levels[channel] = levels.release(state)
            return None
        fading = treatment.derating.refusal(channel, self._engine.now_us)
        found = fading or levels.press(state, treatment.rules, self._context.moment(channel))
        if isinstance(found, Refusal):
            return treatment.dated(found, self._engine.now_us)
        treatment.levels[channel] = found
        self._held_keys.take(channel, peer, self._engine.now_us)
        return None

    def _fall(self, channel: int, step_ua: int) -> Answered:
        treatment = self._engine.treatment
        if treatment is None or channel not in treatment.levels:
            return _no_channel(channel)
        treatment.change(channel, levels.lower(treatment.levels[channel], step_ua), "fall")
        return None


_ARMING: dict[type, events.Event] = {
    CheckContact: events.ContactAsked(),
    Start: events.StartAsked(),
    Resume: events.ResumeAsked(),
}


def _refused(request: int, refusal: Refusal) -> Refused:
    return refused(request, refusal.rule, refusal.asked, refusal.allowed, refusal.nearest)


def _fault(command: Command, error: Exception) -> Refusal:
    asked = type(command.action).__name__
    return Refusal(
        "refusal.fault", asked, text("fault.allowed", error=str(error)), text("fault.nearest")
    )


def _no_channel(channel: int) -> Refusal:
    return Refusal("refusal.channel", channel, text("channel.allowed"), text("channel.prescribe"))
