"""What ended the output: each trip, the emergency stop, the hand switch; pause; no engine."""

from appliance.messages.snapshot import ChannelView, Snapshot, TripView
from appliance.messages.wire import StateName
from ui.kiosk.journey.engine_places import AtPause, AtTrip, NoEngine
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _, say
from ui.kiosk.view_models.blocks import Card, ChannelCard, ChannelCards, Column, FormView, Keys
from ui.kiosk.view_models.channels import milliamps
from ui.kiosk.view_models.message import FigureView, MessageView, StepView
from ui.kiosk.view_models.parts import KeyLook, KeyView

ESTOP, HAND_SWITCH = "T01", "T02"
MS_US, S_US = 1_000, 1_000_000
ICONS = {
    "T06": "c_off",
    "T07": "c_off",
    "T08": "c_lift",
    "T09": "c_dry",
    "T40": "c_off",
    "T41": "c_off",
    "T27": "screen_off",
    ESTOP: "estop",
    HAND_SWITCH: "switch",
}


def no_engine_view(place: NoEngine, kiosk: Kiosk) -> MessageView:
    """Return what is shown while the engine does not speak: nothing is known of the output."""
    return MessageView(
        title=_("The screen has no contact to the engine"),
        icon="screen_off",
        look="alarm",
        detail=_("Whether current flows is not known here. Nothing that is shown is up to date."),
        steps=(
            StepView(
                text=_("Is the yellow lamp on the unit lit? Press the red button on the unit."),
                icon="estop",
            ),
            StepView(
                text=_("Keys of this screen may not arrive. The unit ends its output by itself."),
                icon="info",
            ),
            StepView(text=_("The screen looks for the engine again by itself."), icon="clock"),
        ),
    )


def trip_view(place: AtTrip, kiosk: Kiosk) -> MessageView:
    """Return what happened, what to do, and when it may be acknowledged."""
    snapshot = kiosk.snapshot
    trip = snapshot.trip if snapshot is not None else None
    if snapshot is None or trip is None:
        return MessageView(title=_("Stopped"), icon="warn", look="alarm")
    return MessageView(
        title=say(trip.title),
        icon=ICONS.get(trip.code, "warn"),
        look="alarm",
        detail=_detail(trip),
        figures=_figures(trip),
        steps=_steps(snapshot, trip),
        keys=(_acknowledge(trip),),
    )


def _detail(trip: TripView) -> str:
    detail = "" if trip.detail is None else say(trip.detail)
    if trip.channel is None:
        return detail
    where = _("Channel {number}, its pads or lead").format(number=trip.channel)
    return f"{where}: {detail}" if detail else where


def _figures(trip: TripView) -> tuple[FigureView, ...]:
    figures = [
        FigureView(caption=_("happened"), value=_("{age} ago").format(age=_age(trip.ago_us)))
    ]
    if trip.time_to_zero_us is not None:
        figures.append(
            FigureView(caption=_("output at zero after"), value=short_time(trip.time_to_zero_us))
        )
    if trip.layer:
        figures.append(FigureView(caption=_("ended by"), value=_(trip.layer)))
    return tuple(figures)


def _steps(snapshot: Snapshot, trip: TripView) -> tuple[StepView, ...]:
    gone, role = _("cause is gone"), "good"
    if trip.cause_present:
        gone, role = _("still there"), "alarm_high"
    elif not trip.cause_watched:
        gone, role = _("shows with output on"), "text_soft"
    steps = [
        StepView(text=_("See to the patient. Ask what was felt."), icon="hand"),
        StepView(text=say(trip.instruction), icon="press", state=gone, state_role=role),
    ]
    steps += [
        StepView(text=say(latch.clear), icon="lock") for latch in snapshot.latches if latch.causes
    ]
    return tuple(steps[:3])


def _acknowledge(trip: TripView) -> KeyView:
    if trip.cause_present:
        note = _("possible once the cause is gone")
        return KeyView(action="", text=_("Acknowledge"), note=note, look=KeyLook.OFF)
    note = _("I have seen it; output stays off")
    return KeyView(action="acknowledge", text=_("Acknowledge"), note=note, look=KeyLook.LEAD)


def pause_view(place: AtPause, kiosk: Kiosk) -> FormView:
    """Return the pause: levels are zero; where raising back would end; go on or end."""
    snapshot = kiosk.snapshot
    channels = () if snapshot is None else snapshot.channels
    offered = any(channel.raise_back_to_ua is not None for channel in channels)
    text = _("Pulses begin at zero. Plus raises, one tap each.")
    if offered:
        text = _("Pulses begin at zero. Held plus climbs back to the level shown, and no further.")
    cards = tuple(_card(channel) for channel in channels)
    resume = KeyView(
        action="resume",
        text=_("Go on from zero"),
        note=_("the level starts at 0.0 mA"),
        icon="play",
        look=KeyLook.LEAD,
    )
    end = KeyView(action="end", text=_("End session"), icon="check", look=KeyLook.OUTLINED)
    blocks = (
        ChannelCards(height=190, cards=cards),
        Card(icon="raise_back" if offered else "info", text=text),
        Keys(height=84, columns=2, how="tile", keys=(resume, end)),
    )
    return FormView(columns=(Column(blocks=blocks),))


def _card(channel: ChannelView) -> ChannelCard:
    back = channel.raise_back_to_ua
    comfortable = milliamps(channel.comfortable_ua) if channel.comfortable_ua else ""
    return ChannelCard(
        channel=channel.channel,
        title=_("Channel {number}").format(number=channel.channel),
        now_caption=_("Now"),
        now=milliamps(channel.level_ua),
        then_caption=_("Raise back ends at") if back is not None else "",
        then=milliamps(back) if back is not None else "",
        foot=_("last comfortable {level} mA").format(level=comfortable) if comfortable else "",
    )


def short_time(time_us: int) -> str:
    """Return a time to zero: ms below a second, else seconds with two decimals."""
    if time_us < S_US:
        return _("{time} ms").format(time=-(-time_us // MS_US))
    return _("{time} s").format(time=f"{time_us / S_US:.2f}")


def _age(age_us: int) -> str:
    seconds = age_us // S_US
    return f"{seconds // 60}:{seconds % 60:02d}"


def is_estop(kiosk: Kiosk) -> bool:
    """Return whether the emergency stop is what stands."""
    snapshot = kiosk.snapshot
    return (
        snapshot is not None
        and snapshot.state is StateName.TRIPPED
        and snapshot.trip is not None
        and snapshot.trip.code == ESTOP
    )
