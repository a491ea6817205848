"""Marks of what a patient feels: accepted only while something can be felt, and recorded.

A mark shows that a session was felt; without one it raises no later limit (decision 0015). "Too
strong" lowers the level by one tap at once, and press-and-hold does not climb back. Pain, burning
and faintness are accepted in a rest, a pause or a trip too; whoever takes them pauses first.
Burning and faintness end the session (`appliance/control/bedside/harm_rule.py`).
"""

from collections.abc import Callable

from appliance.control.engine_state import EngineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.control.treatment.harm import take_harm
from appliance.control.treatment.treatment import Treatment
from appliance.core.refusal import Refusal
from appliance.messages.actions import MarkFelt
from appliance.records.session_events import EventName, Felt
from appliance.safety import levels
from appliance.safety.levels import Moment
from appliance.safety.state_machine.states import Tripped
from appliance.texts.text import microamps, text

TOO_STRONG, FIRST = "too_strong", "first_felt"
HARM = frozenset({"pain", "burning", "faintness"})


class FeltMarks:
    """Takes marks; used only by the control thread."""

    def __init__(
        self,
        engine: EngineState,
        journal: EngineJournal,
        on_recorded: Callable[[int, str, int], object],
        on_harm: Callable[[Treatment, str], object],
    ) -> None:
        self._engine = engine
        self._journal = journal
        self._on_recorded, self._on_harm = on_recorded, on_harm

    def _takes(self, felt: str) -> bool:
        """Say whether a session is open; harm may be told in the trip that ended it as well."""
        tripped = isinstance(self._engine.machine.state, Tripped)
        return self._engine.session.id is not None or (tripped and felt in HARM)

    def mark(self, action: MarkFelt, moment_of: Callable[[int], Moment]) -> Refusal | None:
        """Act on a mark and record it, or say why not; `moment_of` asks for a treated channel."""
        treatment, channel = self._engine.setup.treatment, action.channel
        if treatment is None or channel not in treatment.levels or not self._takes(action.felt):
            allowed, nearest = text("felt.treated_channel"), text("felt.start_first")
            return Refusal("refusal.channel", channel, allowed, nearest)
        state = treatment.levels[channel]
        if action.felt in HARM:
            treatment.withdraw_raising_back()
            take_harm(treatment, action.felt)
            self._on_harm(treatment, action.felt)
        elif action.felt == TOO_STRONG:
            treatment.withdraw_raising_back(channel)
        if action.felt not in HARM and not levels.is_playing(state, moment_of(channel)):
            level = microamps(state.level_ua)
            requested, allowed = text("felt.at", channel=channel, level=level), text("felt.playing")
            return Refusal("refusal.felt", requested, allowed, text("when_pulses_play"))
        if action.felt == FIRST and FIRST in treatment.felt(channel):
            again, allowed = text("felt.once_more"), text("felt.once")
            return Refusal("refusal.felt", again, allowed, text("felt.others"))
        if action.felt == TOO_STRONG:
            treatment.lower_by_tap(channel, TOO_STRONG)
        measured_ua = self._engine.measured.channels[channel].measured_ua
        felt_ua = treatment.felt_ua(state.level_ua)
        felt = Felt(channel=channel, felt=action.felt, level_ua=felt_ua, measured_ua=measured_ua)
        if not self._journal.note(EventName.FELT, **felt.facts()):
            allowed, nearest = text("journal_has_room"), text("ask_again_in_a_moment")
            return Refusal("refusal.felt", action.felt, allowed, nearest)
        treatment.take_felt(channel, action.felt)
        self._on_recorded(channel, action.felt, felt_ua)
        return None
