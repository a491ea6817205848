"""Actions that are one event of the state machine, or one step towards output with its event."""

from collections.abc import Mapping

from appliance.control.bedside.rules import OutputStep
from appliance.messages.actions import CheckContact, CloseSession, Lock, Pause, Resume, Start
from appliance.safety.state_machine import events

PLAIN: Mapping[type, events.Event] = {
    Pause: events.PauseAsked(),
    Lock: events.LockAsked(),
    CloseSession: events.SessionClosed(),
}
ARMING: Mapping[type, tuple[OutputStep, events.Event]] = {
    CheckContact: (OutputStep.CHECK_CONTACT, events.ContactAsked()),
    Start: (OutputStep.START, events.StartAsked()),
    Resume: (OutputStep.RESUME, events.ResumeAsked()),
}
