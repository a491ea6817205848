"""Refuses a command that was based on an older state of the device."""

from appliance.link.action_words import action_words
from appliance.link.text_conversion import refused
from appliance.messages.actions import (
    NEVER_STALE,
    Action,
    BeginDrill,
    CheckContact,
    Command,
    Contract,
    ContractByCycle,
    HoldRise,
    MarkFelt,
    Prescribe,
    RecordFact,
    RepeatLast,
    Resume,
    Rise,
    SetCeiling,
    Start,
    Stop,
    Unlock,
)
from appliance.messages.replies import Refused
from appliance.texts.common_phrases import NONE
from appliance.texts.text import TextValue, text

_BEFORE_ANY_SESSION = (Unlock, Prescribe, RepeatLast, SetCeiling)
_LEADING_TO_CURRENT = (
    *(Unlock, CheckContact, Start, Rise, HoldRise, Contract, ContractByCycle, Resume, BeginDrill),
)


def is_never_stale(action: Action) -> bool:
    """Say whether an action is accepted whatever state its sender saw last.

    Releasing the rise key is: a release refused after a change of state would leave the level
    rising, or the muscle contracted. So is "too strong", because it lowers the level, and harm,
    because it pauses. A fact names its patient, operator and session itself and changes nothing of
    the treatment.
    """
    match action:
        case HoldRise(pressed=False) | Contract(pressed=False) | RecordFact():
            return True
        case MarkFelt(felt="too_strong" | "pain" | "burning" | "faintness"):
            return True
        case _:
            return isinstance(action, NEVER_STALE)


def needs_session(action: Action) -> bool:
    """Say whether an action must name its session."""
    return not isinstance(action, _BEFORE_ANY_SESSION)


def stale(command: Command, session: str | None, state_number: int) -> Refused | None:
    """Return the refusal of a command based on another session or state, or None.

    `session` and `state_number` are the engine's current ones.
    """
    if is_never_stale(command.action):
        return None
    if needs_session(command.action) and command.session != session:
        seen, present = command.session or NONE, session or NONE
        return _refusal(command, "stale.session", seen, present)
    if command.state_number != state_number:
        number = NONE if command.state_number is None else command.state_number
        return _refusal(command, "stale.state", number, state_number)
    return None


class Staleness:
    """Remembers when the newest stop arrived, and refuses what was sent before it.

    A stop overtakes earlier messages: without this, a contact check sent before the stop would
    begin right after it.
    """

    def __init__(self) -> None:
        self._stopped_at_us = -1

    def refuse(self, command: Command, at_us: int | None) -> Refused | None:
        """Return the refusal of a command that leads to current and arrived before a stop, or None.

        `at_us` is when the command arrived, None if unknown.
        """
        if at_us is None:
            return None
        if isinstance(command.action, Stop):
            self._stopped_at_us = max(self._stopped_at_us, at_us)
        if not isinstance(command.action, _LEADING_TO_CURRENT) or at_us > self._stopped_at_us:
            return None
        if is_never_stale(command.action):
            return None
        asked = text("stale.before_stop", action=action_words(type(command.action)))
        return refused(
            command.request, "refusal.stale", asked, text("stale.after_stop"), text("stale.look")
        )


def _refusal(command: Command, what: str, seen: TextValue, present: TextValue) -> Refused:
    asked = text(
        "stale.asked", action=action_words(type(command.action)), what=text(what, which=seen)
    )
    allowed = text(what, which=present)
    return refused(command.request, "refusal.stale", asked, allowed, text("stale.look"))
