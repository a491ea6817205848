"""States, and what a person asks of them, in words: for refusals. No name of a class is shown."""

from collections.abc import Mapping

from appliance.safety.state_machine.events import (
    Acknowledged,
    ContactAsked,
    Event,
    LockAsked,
    PauseAsked,
    Prescribed,
    ResumeAsked,
    SessionClosed,
    StartAsked,
    StopAsked,
    Unlocked,
)
from appliance.safety.state_machine.states import (
    Armed,
    ContactCheck,
    Delivering,
    Finished,
    Locked,
    Paused,
    RampDown,
    RampUp,
    Ready,
    Resting,
    SelfTest,
    State,
    Tripped,
)
from appliance.texts.text import Text, text

_STATES: Mapping[type[State], Text] = {
    Locked: text("state.locked"),
    SelfTest: text("state.self_test"),
    Ready: text("state.ready"),
    ContactCheck: text("state.contact_check"),
    Armed: text("state.armed"),
    RampUp: text("state.ramp_up"),
    Delivering: text("state.delivering"),
    Resting: text("state.resting"),
    Paused: text("state.paused"),
    RampDown: text("state.ramp_down"),
    Finished: text("state.finished"),
    Tripped: text("state.tripped"),
}
_ASKED: Mapping[type[Event], Text] = {
    Unlocked: text("asked.unlock"),
    LockAsked: text("asked.lock"),
    Prescribed: text("asked.prescribe"),
    ContactAsked: text("asked.check_contact"),
    StartAsked: text("asked.start"),
    PauseAsked: text("asked.pause"),
    ResumeAsked: text("asked.resume"),
    StopAsked: text("asked.stop"),
    Acknowledged: text("asked.acknowledge"),
    SessionClosed: text("asked.close_session"),
}


def state_words(state: State) -> Text:
    """Return when something was asked: a clause that says what the unit is doing."""
    return _STATES[type(state)]


def event_words(event: Event) -> Text:
    """Return what was asked for; what the unit does by itself is nobody's wish."""
    return _ASKED.get(type(event), text("asked.by_itself"))
