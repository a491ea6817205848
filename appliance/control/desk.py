"""Where commands arrive: each is answered with a reply or a refusal, and becomes an event.

Nothing is carried out here. A stop needs no session and is never stale; everything else must have
been decided on the present picture. Level commands go to the level rules, all others to the state
machine.
"""

from collections.abc import Callable
from typing import Protocol

from appliance.clinical.catalogue import find, to_prescription
from appliance.control.present import Present
from appliance.core.prescription import Prescription, PrescriptionError
from appliance.core.refusal import Refusal
from appliance.link.interfaces import EngineLink, Received
from appliance.link.staleness import stale
from appliance.messages import (
    Acknowledge,
    CheckContact,
    CloseSession,
    Command,
    Fall,
    HoldRise,
    Lock,
    Pause,
    Prescribe,
    Query,
    Refused,
    Reply,
    Resume,
    Rise,
    Start,
    Stop,
    Unlock,
)
from appliance.safety import events, levels
from appliance.safety.levels import Moment
from appliance.safety.states import Armed, Ready

Answered = Refusal | None


class Floor(Protocol):
    """What the desk asks of the control loop."""

    def raise_event(self, event: events.Event) -> Refusal | None:
        """Step the state machine; return what it refused, if it did."""
        ...

    def prescribe(self, prescription: Prescription) -> None:
        """Lay out a treatment."""
        ...

    def moment(self, channel: int) -> Moment:
        """Return what the level rules want to know of a channel now."""
        ...


class Desk:
    """Takes what the link received and answers it."""

    def __init__(
        self,
        link: EngineLink,
        present: Present,
        floor: Floor,
        on_answer: Callable[[Received, Refusal | None], None],
        *,
        may_arm: Callable[[Received], Refusal | None],
    ) -> None:
        self._link = link
        self._present = present
        self._floor = floor
        self._on_answer = on_answer
        self._may_arm = may_arm

    def attend(self) -> None:
        """Answer everything that has arrived since the last tick."""
        for received in self._link.take():
            if isinstance(received.message, Query):
                self._link.reply(received, _no_query(received.message))
                continue
            self._answer(received, received.message)

    def _answer(self, received: Received, command: Command) -> None:
        refused = stale(command, self._present.session, self._present.state_number)
        if refused is not None:
            self._link.reply(received, refused)
            return
        refusal = self._decide(received, command)
        self._on_answer(received, refusal)
        if refusal is not None:
            self._link.reply(received, _refused(command.request, refusal))
            return
        session, tick = self._present.session, self._present.tick
        self._link.reply(received, Reply(request=command.request, tick=tick, session=session))

    def _decide(self, received: Received, command: Command) -> Answered:  # noqa: C901, PLR0911
        action, raised = command.action, self._floor.raise_event
        match action:
            case Stop(cut=cut):
                return raised(events.StopAsked(cut=cut))
            case Fall(channel=channel, step_ua=step_ua):
                return self._fall(channel, step_ua)
            case Rise(channel=channel):
                return self._rise(channel)
            case HoldRise(channel=channel, pressed=pressed):
                return self._hold(channel, pressed=pressed)
            case Pause():
                return raised(events.PauseAsked())
            case Acknowledge():
                return raised(events.Acknowledged())
            case Prescribe():
                return self._prescribe(action)
            case Unlock(operator=operator):
                self._present.operator = operator
                return raised(events.Unlocked(operator))
            case Lock():
                return raised(events.LockAsked())
            case CloseSession():
                return raised(events.SessionClosed())
            case CheckContact() | Start() | Resume():
                return self._may_arm(received) or raised(_ARMING[type(action)])

    def _prescribe(self, asked: Prescribe) -> Answered:
        if not isinstance(self._present.state, Ready | Armed):
            return self._floor.raise_event(events.Prescribed())
        programme = find(asked.programme)
        if isinstance(programme, tuple):
            names = ", ".join(programme)
            return Refusal("programme", asked.programme, "a programme of the catalogue", names)
        try:
            prescription = to_prescription(
                programme,
                asked.channels,
                duration_us=asked.duration_us,
                region=asked.region,
                pad_area_mm2=asked.pad_area_mm2,
                ceiling_ua=asked.ceiling_ua,
                tap_ua=asked.tap_ua,
                reason=asked.reason,
            )
        except PrescriptionError as error:
            return error.refusals[0]
        unknown = [n for n in prescription.channels if n not in self._present.channels]
        if unknown:
            allowed = ", ".join(str(n) for n in self._present.channels)
            return Refusal("channel", str(unknown[0]), f"{allowed} on this board", "1")
        refusal = self._floor.raise_event(events.Prescribed())
        if refusal is None:
            self._floor.prescribe(prescription)
        return refusal

    def _rise(self, channel: int) -> Answered:
        treatment = self._present.treatment
        if treatment is None or channel not in treatment.levels:
            return _no_channel(channel)
        found = levels.tap(treatment.levels[channel], treatment.rules, self._floor.moment(channel))
        if isinstance(found, Refusal):
            return found
        treatment.levels[channel] = found
        return None

    def _hold(self, channel: int, *, pressed: bool) -> Answered:
        treatment = self._present.treatment
        if treatment is None or channel not in treatment.levels:
            return _no_channel(channel)
        state = treatment.levels[channel]
        if not pressed:
            treatment.levels[channel] = levels.release(state)
            return None
        found = levels.press(state, treatment.rules, self._floor.moment(channel))
        if isinstance(found, Refusal):
            return found
        treatment.levels[channel] = found
        return None

    def _fall(self, channel: int, step_ua: int) -> Answered:
        treatment = self._present.treatment
        if treatment is None or channel not in treatment.levels:
            return _no_channel(channel)
        treatment.levels[channel] = levels.fall(treatment.levels[channel], step_ua)
        return None


_ARMING: dict[type, events.Event] = {
    CheckContact: events.ContactAsked(),
    Start: events.StartAsked(),
    Resume: events.ResumeAsked(),
}


def _refused(request: int, refusal: Refusal) -> Refused:
    return Refused(
        request=request,
        limit=refusal.limit,
        asked=refusal.asked,
        allowed=refusal.allowed,
        nearest=refusal.nearest,
    )


def _no_query(query: Query) -> Refused:
    return Refused(
        request=query.request,
        limit="records",
        asked=query.what,
        allowed="records are read beside the engine",
        nearest="stimkiosk sessions",
    )


def _no_channel(channel: int) -> Refusal:
    return Refusal("channel", str(channel), "a channel of the present treatment", "prescribe it")
