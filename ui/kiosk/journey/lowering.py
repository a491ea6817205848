"""Keys that lower: the same on every screen, with or without an engine. Pure."""

from appliance.messages.actions import Contract, Fall, HoldRise, Pause
from ui.kiosk.journey.place import STAY, Kiosk, Next, Send

TAP_UA = 500
CONTRACT = "contract"
HOLD = "quiet:hold"
"""A tag whose refusal is not shown."""


def lowering(action: str, kiosk: Kiosk) -> Next:
    """Return what a key that lowers means; nothing for another key."""
    name, _, channel = action.partition(":")
    match name:
        case "pause":
            return Next(effects=(Send(Pause(), "pause"),))
        case "fall":
            return Next(effects=(Send(Fall(channel=int(channel), step_ua=TAP_UA), "fall"),))
        case "both_down":
            channels = () if kiosk.snapshot is None else kiosk.snapshot.channels
            falls = (Send(Fall(channel=each.channel, step_ua=TAP_UA), "fall") for each in channels)
            return Next(effects=tuple(falls))
        case _:
            return STAY


def let_go(action: str) -> Next:
    """Return what letting go of a held key means: it ends, whatever is shown by then."""
    name, _, channel = action.partition(":")
    match name:
        case "rise":
            return Next(effects=(Send(HoldRise(channel=int(channel), pressed=False), HOLD),))
        case "contract":
            return Next(effects=(Send(Contract(pressed=False), HOLD),))
        case _:
            return STAY
