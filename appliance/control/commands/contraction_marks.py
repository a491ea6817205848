"""The grade of a contraction, with the level that the engine has set at that moment.

Accepted in a session of a programme that is meant to contract, once the level has begun to play; in
the rest after a contraction too. A grade given after the session names the level itself.
"""

import msgspec

from appliance.control.commands.found_points import FOUND, with_searched_place
from appliance.control.engine_state import EngineState
from appliance.control.treatment.treatment import Treatment
from appliance.core.limits.limits import Purpose
from appliance.core.refusal import Refusal
from appliance.messages.actions import RecordFact
from appliance.safety.state_machine.states import is_playing
from appliance.texts.common_phrases import NONE
from appliance.texts.text import microamps, text

GRADED = "contraction_graded"
_RULE = "refusal.contraction"


def with_own_level(action: RecordFact, engine: EngineState) -> RecordFact | Refusal:
    """Return a grade with the level of its channel, or why there is nothing to grade.

    Other facts, and grades of sessions that are over, are returned as they are; a found motor point
    has its own rules.
    """
    if action.kind == FOUND:
        return with_searched_place(action, engine)
    treatment, session = engine.setup.treatment, engine.session.id
    if action.kind != GRADED or treatment is None or session is None:
        return action
    if action.values.get("session") != session:
        return action
    if treatment.prescription.purpose is not Purpose.MOTOR:
        asked, nearest = text("contraction.sensory"), text("contraction.leave_out")
        return Refusal(_RULE, asked, text("contraction.motor"), nearest)
    level_ua = _level_ua(treatment, action.values.get("channel"))
    if not level_ua or not is_playing(engine.machine.state):
        nearest = text("when_pulses_play")
        return Refusal(_RULE, text("contraction.no_level"), text("contraction.at_a_level"), nearest)
    if action.values.get("level_ua", level_ua) != level_ua:
        asked, allowed = text("contraction.other_level"), microamps(level_ua)
        return Refusal(_RULE, asked, allowed, NONE)
    return msgspec.structs.replace(action, values={**action.values, "level_ua": level_ua})


def _level_ua(treatment: Treatment, channel: object) -> int:
    """Return the level that plays on a channel, 0 where none has begun to."""
    level = treatment.levels.get(channel) if isinstance(channel, int) else None
    return 0 if level is None or level.risen_pulses is None else level.level_ua
