"""What a patient says is felt: taken only while something can be felt, then kept.

A mark says that a session was felt; without one it opens nothing later (decision 0015). "Too
strong" lowers the level by one tap at once, and press-and-hold does not climb back.
"""

from collections.abc import Callable

from appliance.control.engine_state import EngineState
from appliance.control.reporting.journal_writer import EngineJournal
from appliance.core.refusal import Refusal, in_ma
from appliance.messages.actions import MarkFelt
from appliance.records.sessions import EventName, Felt
from appliance.safety import levels
from appliance.safety.levels import Moment

TOO_STRONG, FIRST = "too_strong", "first_felt"


class FeltMarks:
    """Takes marks; used by the control thread alone."""

    def __init__(self, engine: EngineState, journal: EngineJournal) -> None:
        self._engine = engine
        self._journal = journal

    def mark(self, asked: MarkFelt, moment_of: Callable[[int], Moment]) -> Refusal | None:
        """Act on a mark and record it, or say why not; `moment_of` asks for a treated channel."""
        treatment, channel = self._engine.treatment, asked.channel
        if treatment is None or channel not in treatment.levels or self._engine.session is None:
            return Refusal("channel", str(channel), "a channel that is treated", "start it first")
        state = treatment.levels[channel]
        if not levels.is_playing(state, moment_of(channel)):
            allowed = "while pulses play there at a level above zero"
            return Refusal(
                "felt",
                f"channel {channel} at {in_ma(state.level_ua)}",
                allowed,
                "when the next pulses play",
            )
        if asked.felt == FIRST and FIRST in treatment.felt.get(channel, ()):
            return Refusal(
                "felt",
                "first felt, once more",
                "once a channel and session",
                "comfortable or too_strong",
            )
        if asked.felt == TOO_STRONG:
            lower = levels.fade(state, treatment.rules.tap_ua)
            treatment.change(channel, lower, TOO_STRONG)
        measured_ua = self._engine.channels[channel].measured_ua
        said = Felt(
            channel=channel, felt=asked.felt, level_ua=state.level_ua, measured_ua=measured_ua
        )
        if not self._journal.note(EventName.FELT, **said.facts()):
            allowed = "while the journal has room"
            return Refusal("felt", asked.felt, allowed, "ask again in a moment")
        treatment.felt.setdefault(channel, set()).add(asked.felt)
        return None
