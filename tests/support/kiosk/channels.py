"""Channels of a snapshot, as the tests of the kiosk need them."""

from typing import Any

from appliance.messages.snapshot import ChannelView
from appliance.messages.wire import ContactVerdict


def channel(number: int, level_ua: int = 0, **changed: Any) -> ChannelView:
    """Return a channel with good contact that gives what is set."""
    values: dict[str, Any] = {
        "channel": number,
        "level_ua": level_ua,
        "amplitude_ua": level_ua,
        "measured_ua": level_ua,
        "contact_ohm": 1_100,
        "ceiling_ua": 60_000,
        "highest_ua": level_ua,
        "pulses": 0,
        "charge_pc": 0,
        "rms_ua": 0,
        "worst_error_ua": 0,
        "contact": ContactVerdict.GOOD,
        **changed,
    }
    return ChannelView(**values)
