"""The notice that names what sounds, where no other notice says the same."""

from appliance.messages.wire import SoundName
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, say
from ui.kiosk.view_models.parts import ChipView

_NAMED = (SoundName.TRIP, SoundName.HAND_SWITCH, SoundName.WITH_PATIENT, SoundName.SKIN)
"""What sounds until a person has answered. A warning of contact has its own notice; what is heard
once has none, because a notice that vanishes helps nobody."""


def sound_chip(kiosk: Kiosk) -> ChipView | None:
    """Return what sounds, or that it is silenced; None for neither. It counts no seconds."""
    sound = None if kiosk.snapshot is None or not kiosk.has_engine else kiosk.snapshot.sound
    if sound is None or sound.name not in _NAMED:
        return None
    if sound.silenced_for_us is not None:
        return ChipView(text=_("The sound is off for a while."), icon="sound")
    return ChipView(text=say(sound.text), icon="sound")
