"""A found motor point, with the place and the level that the engine knows at that moment.

Accepted only while a search of that patient plays on its channel above zero: the level is that of
the first twitch, and nobody types it.
"""

import msgspec

from appliance.clinical.placement.motor_points import RULE
from appliance.control.engine_state import EngineState
from appliance.control.treatment.treatment import Treatment
from appliance.core.refusal import Refusal
from appliance.messages.actions import RecordFact
from appliance.safety.state_machine.states import is_playing
from appliance.texts.common_phrases import NONE
from appliance.texts.text import microamps, text

FOUND = "motor_point_found"


def with_searched_place(action: RecordFact, engine: EngineState) -> RecordFact | Refusal:
    """Return a found point with place and level, or why there is none to record."""
    treatment, session, values = engine.setup.treatment, engine.session.id, action.values
    if treatment is None or not _is_searched(treatment, engine, values.get("session")):
        return _no_search()
    level_ua = _level_ua(treatment, values.get("channel"))
    if not level_ua:
        return _no_search()
    own = {**_place(treatment, values.get("channel")), "session": session}
    if any(values.get(name, value) != value for name, value in own.items()):
        asked, allowed = text("motor_point.elsewhere"), text("motor_point.as_searched")
        return Refusal(RULE, asked, allowed, NONE)
    if values.get("level_ua", level_ua) != level_ua:
        asked = text("contraction.other_level")
        return Refusal(RULE, asked, microamps(level_ua), NONE)
    filled = {**values, **own, "level_ua": level_ua}
    return msgspec.structs.replace(action, values=filled)


def _is_searched(treatment: Treatment, engine: EngineState, session: object) -> bool:
    """Say whether a search of a patient plays in that session."""
    plays = is_playing(engine.machine.state) and engine.session.id is not None
    finds = treatment.prescription.kind.finds and treatment.wanted is not None
    return plays and finds and session in {None, engine.session.id}


def _place(treatment: Treatment, channel: object) -> dict[str, object]:
    """Return region, side and placement of the pads of a channel."""
    planned = None if treatment.wanted is None else treatment.wanted.placement
    if planned is None:
        return {}
    sides = [pad.side.value for pad in planned.pads if pad.channel == channel]
    place = {"region": planned.key.region.value, "placement": planned.key.placement}
    return {**place, "side": sides[0] if sides else planned.key.side.value}


def _level_ua(treatment: Treatment, channel: object) -> int:
    """Return the level that plays on a channel, 0 where none has begun to."""
    level = treatment.levels.get(channel) if isinstance(channel, int) else None
    return 0 if level is None or level.risen_pulses is None else level.level_ua


def _no_search() -> Refusal:
    asked, allowed = text("motor_point.no_search"), text("motor_point.in_a_search")
    return Refusal(RULE, asked, allowed, text("motor_point.begin"))
