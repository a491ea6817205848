"""Change the minutes of a session under way, within what it began with.

Rate, width and programme cannot change like this: they need another prescription, at level zero.
"""

from appliance.control.engine_state import EngineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.refusal import Refusal
from appliance.messages.actions import ChangeMinutes
from appliance.records.session_events import EventName, MinutesChanged
from appliance.safety.state_machine.states import Paused, is_playing
from appliance.safety.state_machine.words import state_words
from appliance.texts.text import text


class MinutesOfSession:
    """Moves the end of the running treatment; used by the control thread only."""

    def __init__(self, engine: EngineState, journal: EngineJournal) -> None:
        self._engine, self._journal = engine, journal

    def change(self, action: ChangeMinutes) -> Refusal | None:
        """Let the treatment end at another moment and record it, or say why not."""
        engine, treatment = self._engine, self._engine.setup.treatment
        state = engine.machine.state
        goes_on = is_playing(state) or isinstance(state, Paused)
        if treatment is None or engine.session.id is None or not goes_on:
            asked = text("minutes.while", state=state_words(state))
            allowed = text("minutes.in_session")
            return Refusal("refusal.minutes", asked, allowed, text("minutes.new_session"))
        present_us, to_us = treatment.plan.duration_us, action.duration_us
        refusal = treatment.end_range.refuse(to_us)
        if refusal is not None or to_us == present_us:
            return refusal
        changed = MinutesChanged(
            from_us=present_us,
            to_us=to_us,
            elapsed_us=treatment.elapsed_us,
            operator=engine.command.operator,
        )
        if not self._journal.note(EventName.MINUTES_CHANGED, **changed.facts()):
            allowed, nearest = text("journal_has_room"), text("ask_again_in_a_moment")
            return Refusal("refusal.minutes", text("minutes.change"), allowed, nearest)
        treatment.end_at(to_us)
        return None
