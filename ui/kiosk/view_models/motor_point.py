"""The search for a motor point: the figure with the pads, and where the held one is."""

from dataclasses import replace

from appliance.messages.snapshot import ChannelView
from appliance.messages.wire import ContactVerdict
from ui.kiosk.journey.engine_places import Searching
from ui.kiosk.journey.lowering import TAP_UA
from ui.kiosk.journey.lying import lying_placement
from ui.kiosk.journey.motor_point import (
    HeldPad,
    drawn,
    held_pad,
    kept_now,
    landmarks,
    outwards,
    points,
    searched_channel,
    side_of,
)
from ui.kiosk.journey.over import HELP
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.journey.sheets import PIN
from ui.kiosk.locale.words import _, language, say_row, sentence
from ui.kiosk.view_models.blocks import (
    Beside,
    Block,
    Card,
    Column,
    Figure,
    Heading,
    Keys,
    PointMark,
    Say,
    Steps,
)
from ui.kiosk.view_models.channels import ChannelPanelView, milliamps
from ui.kiosk.view_models.feeling import FeelingView
from ui.kiosk.view_models.help import SHUT
from ui.kiosk.view_models.message import StepView
from ui.kiosk.view_models.pads import found_marks, found_words, pad_mark, placement_figure
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.refusals import refusal_text
from ui.kiosk.view_models.sheets import pin_column
from ui.kiosk.view_models.treatment import panel_view


def search_view(place: Searching, kiosk: Kiosk) -> FeelingView:
    """Return the search, or the entry of where the pad is, above the channel that is raised."""
    del place
    channel = searched_channel(kiosk)
    return FeelingView(
        figure=_figure(kiosk, channel),
        column=_column(kiosk, channel),
        channel=None if channel is None else _panel(kiosk, channel),
    )


def _panel(kiosk: Kiosk, channel: ChannelView) -> ChannelPanelView:
    """Return the channel; what plus does has little room."""
    panel = panel_view(kiosk, channel, known=kiosk.has_engine)
    if channel.lifted and not channel.level_ua and channel.raise_back_to_ua is not None:
        note = _("hold: {level}").format(level=milliamps(channel.raise_back_to_ua))
    else:
        note = _("{current} mA").format(current=milliamps(TAP_UA))
    return replace(panel, tap_note=note)


def _figure(kiosk: Kiosk, channel: ChannelView | None) -> Figure | None:
    row, snapshot = lying_placement(kiosk), kiosk.snapshot
    if row is None or snapshot is None or snapshot.plan is None or channel is None:
        return None
    pad, region = held_pad(kiosk), snapshot.plan.region
    figure = placement_figure(row, region)
    looks = {True: "off" if pad is not None else "playing", False: "off"}
    pads = tuple(pad_mark(each, looks[each["channel"] == channel.channel]) for each in row["pads"])
    if pad is not None:
        marks = _entered(kiosk, pad)
    else:
        side = side_of(kiosk, channel.channel)
        marks = found_marks(points(kiosk, str(snapshot.patient), region, (side,))[:1])
    return replace(figure, pads=pads, points=marks)


def _entered(kiosk: Kiosk, pad: HeldPad) -> tuple[PointMark, ...]:
    """Return the landmark and the place as it is entered."""
    at = drawn(kiosk, pad)
    row = next((r for r in landmarks(kiosk, pad.channel) if r["landmark"] == pad.landmark), None)
    if at is None or row is None:
        return ()
    from_here = PointMark(text="", x=row["drawn"]["x"], y=row["drawn"]["y"], dot=True, hollow=True)
    return from_here, PointMark(text=_("here"), x=at[0], y=at[1], dot=True)


def _column(kiosk: Kiosk, channel: ChannelView | None) -> Column:
    if kiosk.sheet.name == PIN:
        return pin_column(kiosk)
    if kiosk.sheet.name == HELP:
        return _help()
    pad = held_pad(kiosk)
    if channel is None:
        return Column(blocks=())
    return Column(blocks=_search(kiosk, channel) if pad is None else _entry(kiosk, channel, pad))


def _search(kiosk: Kiosk, channel: ChannelView) -> tuple[Block, ...]:
    on = bool(channel.level_ua) and channel.contact is not ContactVerdict.OPEN
    twitch = KeyView(
        action="twitch" if on else "",
        text=_("Twitch seen"),
        note=_("then: where the pad is") if on else _("needs a level and contact"),
        icon="pulse",
        look=KeyLook.OUTLINED if on else KeyLook.OFF,
    )
    ways = _ways(kiosk, channel)
    title = _("Search for the motor point") if kept_now(kiosk) is None else _("Point kept")
    return (
        _heading(kiosk, title),
        _now(kiosk, channel, short=len(ways.keys) > 1),
        Keys(height=60, how="tile", keys=(twitch,)),
        ways,
    )


def _now(kiosk: Kiosk, channel: ChannelView, *, short: bool) -> Block:
    """Return what is to be done now; with two channels there is little room for it."""
    kept = kept_now(kiosk)
    if channel.lifted and not channel.level_ua:
        back = channel.raise_back_to_ua
        text = _("Put the pad back, then raise from zero.")
        if back is not None:
            text = _("Put the pad back, then hold plus: back to {level} mA.")
            text = text.format(level=milliamps(back))
        return Card(icon="c_off", look="warn", title=_("Open: output is zero"), text=text)
    if kept is not None:
        return Card(icon="check", look="good", text=found_words(kept))
    steps = (
        StepView(text=_("Hold one pad, with gel."), icon="pad"),
        StepView(text=_("Tap plus until it twitches."), icon="plus"),
        StepView(text=_("The place is then kept."), icon="save"),
    )
    if channel.level_ua:
        steps = (
            StepView(text=_("Slide the pad slowly."), icon="hand"),
            StepView(text=_("No twitch: one tap more."), icon="plus"),
            StepView(text=_("Lifted: output is zero."), icon="c_off"),
        )
    return Steps(steps=steps[:2] if short else steps)


def _ways(kiosk: Kiosk, channel: ChannelView) -> Keys:
    """Return the end of the search, and with two channels the other one and both down."""
    snapshot = kiosk.snapshot
    end = KeyView(action="end", text=_("End the search"), icon="check", look=KeyLook.OUTLINED)
    channels = () if snapshot is None else snapshot.channels
    other = next((each for each in channels if each.channel != channel.channel), None)
    if other is None:
        return Keys(height=50, keys=(end,))
    show = KeyView(
        action=f"pair:{other.channel}",
        text=_("Channel {number}").format(number=other.channel),
        look=KeyLook.OUTLINED,
    )
    down = KeyView(action="both_down", text=_("Both\ndown"), look=KeyLook.OUTLINED)
    keys = (show, down, replace(end, text=_("End"), icon=""))
    return Keys(height=80, columns=3, how="small", keys=keys)


def _entry(kiosk: Kiosk, channel: ChannelView, pad: HeldPad) -> tuple[Block, ...]:
    rows = landmarks(kiosk, pad.channel)
    row = next((each for each in rows if each["landmark"] == pad.landmark), None)
    landmark = KeyView(
        action="landmark",
        text="" if row is None else sentence(say_row(row["name"])),
        icon="next",
        look=KeyLook.OUTLINED,
    )
    keep = KeyView(
        action="keep" if channel.level_ua else "",
        text=_("Keep this place"),
        note=_("twitch at {level} mA").format(level=milliamps(channel.level_ua)),
        icon="save",
        look=KeyLook.LEAD if channel.level_ua else KeyLook.OFF,
    )
    back = KeyView(action="close", text=_("Back"), icon="back", look=KeyLook.OUTLINED)
    up = KeyView(action="along:1", text=_("Up"), look=KeyLook.OUTLINED)
    down = KeyView(action="along:-1", text=_("Down"), look=KeyLook.OUTLINED)
    left = KeyView(action="left", text=_("Left"), look=KeyLook.OUTLINED)
    right = KeyView(action="right", text=_("Right"), look=KeyLook.OUTLINED)
    across = pad.across_mm * outwards(side_of(kiosk, pad.channel))
    return (
        _heading(kiosk, _("Where is the held pad?")),
        Keys(height=50, keys=(landmark,)),
        _stepper(down, _along(pad.along_mm), up),
        _stepper(*_as_on_the_figure(left, right, _across(across))),
        Beside(height=56, shares=(100, 230), parts=(Keys(keys=(back,)), Keys(keys=(keep,)))),
    )


def _as_on_the_figure(left: KeyView, right: KeyView, text: str) -> tuple[KeyView, str, KeyView]:
    """Return the keys so that left is on the left: the figure is mirrored in no language."""
    return (right, text, left) if language().right_to_left else (left, text, right)


def _stepper(less: KeyView, text: str, more: KeyView) -> Beside:
    words = Say(text=text, align="centre", valign="middle")
    parts = (Keys(how="small", keys=(less,)), words, Keys(how="small", keys=(more,)))
    return Beside(height=50, shares=(92, 152, 92), parts=parts)


def _along(mm: int) -> str:
    text = _("{mm} mm above") if mm > 0 else _("{mm} mm below")
    return text.format(mm=abs(mm)) if mm else _("at its height")


def _across(mm: int) -> str:
    """Return how far to the side, as seen from behind: the patient's left is on the left."""
    text = _("{mm} mm to the right") if mm > 0 else _("{mm} mm to the left")
    return text.format(mm=abs(mm)) if mm else _("not to the side")


def _heading(kiosk: Kiosk, text: str) -> Block:
    """Return what this is, or in its place why the last touch was refused."""
    if kiosk.refused is None:
        return Heading(text=text)
    why = refusal_text(kiosk.refused)
    return Say(height=44, text=why, style="caption", role="alarm_high")


def _help() -> Column:
    texts = (
        _("Two pulses a second, 3 min at most. It is no session of the course."),
        _("Lifted, the output is zero at once. It comes back by a held plus only."),
        _("Twitch seen: say how far the pad is from a bone that can be felt."),
        _("The place and its level are shown when pads are placed next time."),
    )
    steps = Steps(steps=tuple(StepView(text=text, icon="info") for text in texts))
    return Column(blocks=(steps, Keys(height=52, how="digit", keys=(SHUT,))))
