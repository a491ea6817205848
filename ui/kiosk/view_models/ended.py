"""The end of a session: what was done, and how it ended."""

from dataclasses import replace

from appliance.messages.snapshot import Snapshot
from ui.kiosk.journey.engine_places import AtEnd
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, say
from ui.kiosk.view_models.channels import clock_text, milliamps
from ui.kiosk.view_models.message import FigureView, MessageView, StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.stops import short_time


def ended_view(place: AtEnd, kiosk: Kiosk) -> MessageView:
    """Return what the session gave, and how it ended."""
    snapshot = kiosk.snapshot
    if snapshot is None:
        return MessageView(title=_("The session has ended"), icon="check")
    last = snapshot.last_session
    because = "" if last is None or last.because is None else say(last.because)
    figures = [FigureView(caption=_("given"), value=clock_text(snapshot.elapsed_us))]
    if last is not None and last.time_to_zero_us is not None:
        figures.append(
            FigureView(caption=_("output at zero after"), value=short_time(last.time_to_zero_us))
        )
    channels = tuple(
        StepView(
            text=_("Channel {number}, highest level").format(number=channel.channel),
            icon="level",
            state=_("{current} mA").format(current=milliamps(channel.highest_ua)),
        )
        for channel in snapshot.channels
    )
    return MessageView(
        title=_("The session has ended"),
        icon="check",
        detail=because,
        figures=tuple(figures),
        steps=channels,
        keys=_keys(snapshot),
    )


def _keys(snapshot: Snapshot) -> tuple[KeyView, ...]:
    """Return how it goes on: to the close-out of a patient with the first of its answers."""
    close = KeyView(
        action="close_session", text=_("Close the session"), icon="check", look=KeyLook.LEAD
    )
    if snapshot.close_out is None:
        return (close,)
    off = KeyView(
        action="pads_off",
        text=_("Every pad is off"),
        note=_("then the skin"),
        icon="check",
        look=KeyLook.LEAD,
    )
    return replace(close, text=_("Not yet"), icon="", look=KeyLook.OUTLINED), off
