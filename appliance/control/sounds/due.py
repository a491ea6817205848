"""Which sound the state calls for, and why."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from appliance.control.engine_state import EngineState
from appliance.messages.wire import SoundName
from appliance.operators.presence import ASKED_WITH_SOUND
from appliance.safety.interlocks.rule import CautionCode
from appliance.safety.state_machine.states import RampDown, Tripped, trip_of
from appliance.safety.trips.codes import TripCode

_HAND_SWITCH = frozenset({TripCode.HAND_SWITCH.value})
OF_CAUTIONS: Mapping[CautionCode, SoundName] = {
    CautionCode.RESIDUAL_RISING: SoundName.SKIN,
    CautionCode.CONTACT_FORECAST: SoundName.CONTACT,
    CautionCode.CONTACT_HIGH: SoundName.CONTACT,
    CautionCode.CONTACT_POOR: SoundName.CONTACT,
    CautionCode.CONTACT_FELL: SoundName.CONTACT,
    CautionCode.PAD_LIFTED: SoundName.CONTACT,
}
"""Every caution sounds: each wants a person at the pads."""
WARNINGS = (SoundName.SKIN, SoundName.CONTACT)
"""Sounds of cautions, the first that is heard first."""


class Due(NamedTuple):
    """A sound that lasts until its causes are gone; a silence holds for these causes only."""

    sound: SoundName
    causes: frozenset[str]


def due_now(engine: EngineState) -> Due | None:
    """Return the sound that has to be heard now, before all others that last."""
    codes = _trip_codes(engine)
    if codes:
        return Due(SoundName.HAND_SWITCH if codes == _HAND_SWITCH else SoundName.TRIP, codes)
    if engine.presence.asked in ASKED_WITH_SOUND:
        return Due(SoundName.WITH_PATIENT, frozenset({str(engine.presence.asked)}))
    return next((due for due in _warnings(engine) if due.causes), None)


def _warnings(engine: EngineState) -> Iterator[Due]:
    """Yield each sound of a warning with its causes, none where nothing warns."""
    for sound in WARNINGS:
        causes = (each for each in engine.cautions.active if OF_CAUTIONS[each.code] is sound)
        yield Due(sound, frozenset(f"{each.code.value} {each.channel}" for each in causes))


def _trip_codes(engine: EngineState) -> frozenset[str]:
    """Return the codes of the trips that nobody has acknowledged."""
    state = engine.machine.state
    trip = trip_of(state)
    if trip is None:
        return frozenset()
    further = state.further if isinstance(state, Tripped | RampDown) else ()
    return frozenset(each.code.value for each in (trip, *further))
