"""The first feeling: the figure with the pair that plays, and where it is felt on keys."""

from dataclasses import dataclass, replace

from appliance.messages.snapshot import ChannelView, Snapshot
from appliance.messages.wire import StateName
from ui.kiosk.journey.engine_places import Feeling
from ui.kiosk.journey.lying import lying_placement
from ui.kiosk.journey.over import HELP
from ui.kiosk.journey.place import Kiosk, Row
from ui.kiosk.journey.sheets import PIN
from ui.kiosk.locale.words import _, say, sentence
from ui.kiosk.view_models.blocks import Block, Card, Column, Figure, Gap, Heading, Keys, Say
from ui.kiosk.view_models.channels import ChannelPanelView, milliamps
from ui.kiosk.view_models.help import feeling_help
from ui.kiosk.view_models.pads import pad_mark, placement_figure
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.refusals import refusal_text
from ui.kiosk.view_models.sheets import pin_column
from ui.kiosk.view_models.steps import problem_card
from ui.kiosk.view_models.treatment import panel_view, still_panel


@dataclass(frozen=True, slots=True, kw_only=True)
class FeelingView:
    """The screen: the figure, the question, and the channel that plays; None after a wrong one."""

    figure: Figure | None
    column: Column
    channel: ChannelPanelView | None


def feeling_view(place: Feeling, kiosk: Kiosk) -> FeelingView:
    """Return what is felt where, and the level of the channel that plays alone."""
    del place
    snapshot = kiosk.snapshot
    feeling = None if snapshot is None else snapshot.first_feeling
    number = None if feeling is None else feeling.channel
    channels = () if snapshot is None else snapshot.channels
    channel = next((each for each in channels if each.channel == number), None)
    row = lying_placement(kiosk)
    return FeelingView(
        figure=_figure(row, snapshot, number),
        column=_column(kiosk, channel, row),
        channel=None if channel is None else _panel(kiosk, channel),
    )


def still_of(view: FeelingView) -> object:
    """Return what of the screen never changes by itself."""
    return view.figure, view.column, None if view.channel is None else still_panel(view.channel)


def _figure(row: Row | None, snapshot: Snapshot | None, playing: int | None) -> Figure | None:
    if row is None or snapshot is None or snapshot.plan is None:
        return None
    figure = placement_figure(row, snapshot.plan.region)
    pads = tuple(
        pad_mark(pad, "playing" if pad["channel"] == playing else "off") for pad in row["pads"]
    )
    return replace(figure, pads=pads)


def _column(kiosk: Kiosk, channel: ChannelView | None, row: Row | None) -> Column:
    if kiosk.sheet.name == PIN:
        return pin_column(kiosk)
    if kiosk.sheet.name == HELP:
        return feeling_help()
    return Column(blocks=_wrong(kiosk) if channel is None else _ask(kiosk, channel, row))


def _ask(kiosk: Kiosk, channel: ChannelView, row: Row | None) -> tuple[Block, ...]:
    number = channel.channel
    silent = channel.level_ua == 0
    heading = _("Raise channel {number} until it is felt") if silent else _("Where is it felt?")
    this = KeyView(
        action="felt:this_pair",
        text=_("At pair {number}").format(number=number),
        note=_("{number}A, {number}B or both").format(number=number),
        icon="pad",
    )
    others = [_key("nothing", _("Nothing yet")), _key("away_from_pads", _("Away from pads"))]
    channels = {pad["channel"] for pad in row["pads"]} if row is not None else {1, 2}
    for other in sorted(channels - {number}):
        text = _("At pair {number}").format(number=other)
        others.append(_key("other_pair", text))
    others += [
        _key("other_side", _("Other side")),
        _key("shooting", _("Shooting"), "flash"),
        _key("burning", _("Burning"), "burn"),
    ]
    look = KeyLook.OFF if silent else KeyLook.OUTLINED
    keys = tuple(replace(key, look=look) for key in others)
    return (
        _heading(kiosk, heading.format(number=number)),
        Keys(height=58, how="tile", keys=(replace(this, look=look),)),
        Keys(columns=2, keys=keys),
    )


def _heading(kiosk: Kiosk, text: str) -> Block:
    """Return the question, or in its place why the last touch was refused."""
    if kiosk.refused is None:
        return Heading(text=text)
    why = refusal_text(kiosk.refused)
    return Say(height=44, text=why, style="caption", role="alarm_high")


def _key(felt: str, text: str, icon: str = "") -> KeyView:
    return KeyView(action=f"felt:{felt}", text=text, icon=icon)


def _wrong(kiosk: Kiosk) -> tuple[Block, ...]:
    snapshot = kiosk.snapshot
    feeling = None if snapshot is None else snapshot.first_feeling
    text = "" if feeling is None else sentence(say(feeling.text))
    end = KeyView(action="end", text=_("End session"), icon="check", look=KeyLook.LEAD)
    falls = snapshot is not None and snapshot.state is StateName.RAMP_DOWN
    return (
        Heading(text=_("Not felt at its own pads")),
        Card(height=96, icon="warn", look="warn", text=text),
        Gap(),
        *problem_card(kiosk),
        Keys(height=72, how="tile", keys=() if falls else (end,)),
    )


def _panel(kiosk: Kiosk, channel: ChannelView) -> ChannelPanelView:
    panel = panel_view(kiosk, channel, known=kiosk.has_engine)
    feeling = None if kiosk.snapshot is None else kiosk.snapshot.first_feeling
    if panel.plus_on and feeling is not None and feeling.up_to_ua is not None:
        most = milliamps(feeling.up_to_ua)
        return replace(panel, tap_note=_("up to\n{most} mA").format(most=most))
    return panel
