"""What the buzzer plays, as screens show it."""

from appliance.clinical.choice import choice_text
from appliance.control.engine_state import EngineState
from appliance.link.text_conversion import view_of
from appliance.messages.snapshot import SoundView


def sound_view(engine: EngineState) -> SoundView | None:
    """Describe what sounds now or is silenced; None for neither."""
    name, until_us, may_be_silenced = engine.sound
    if name is None:
        return None
    silent_for_us = None if until_us is None else max(until_us - engine.tick.now_us, 0)
    return SoundView(
        name=name,
        text=view_of(choice_text(name)),
        silenced_for_us=silent_for_us,
        may_be_silenced=may_be_silenced,
    )
