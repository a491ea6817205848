"""The pause: levels are zero; where raising back would end; what was felt; continue or end."""

from appliance.messages.snapshot import ChannelView
from ui.kiosk.journey.engine_places import AtPause
from ui.kiosk.journey.harm import was_harmed
from ui.kiosk.journey.place import Kiosk
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.blocks import (
    Block,
    ChannelCard,
    ChannelCards,
    Column,
    FormView,
    Heading,
    Keys,
)
from ui.kiosk.view_models.channels import milliamps
from ui.kiosk.view_models.harm import harm_keys
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.view_models.shell import paused_because, programme
from ui.kiosk.view_models.steps import problem_card


def pause_view(place: AtPause, kiosk: Kiosk) -> FormView:
    """Return the pause."""
    snapshot = kiosk.snapshot
    channels = () if snapshot is None else snapshot.channels
    offered = any(channel.raise_back_to_ua is not None for channel in channels)
    over = snapshot is not None and not snapshot.resumable  # the engine refuses to go on
    hurt = over or was_harmed(kiosk)  # then no key that leads to current stands out
    note = _("from 0.0 mA; plus raises")
    if offered:
        note = _("hold plus to climb")
    resume = KeyView(
        action="resume",
        text=_("Continue"),
        note=note,
        icon="raise_back" if offered else "play",
        look=KeyLook.OUTLINED if hurt else KeyLook.LEAD,
    )
    end = KeyView(
        action="end",
        text=_("End session"),
        icon="check",
        look=KeyLook.LEAD if hurt else KeyLook.OUTLINED,
    )
    cards = ChannelCards(height=150, cards=tuple(_card(channel) for channel in channels))
    asked = problem_card(kiosk, 110) or _asked(kiosk)
    ways = (end,) if over else (end, resume)
    keys = Keys(height=80, columns=len(ways), how="tile", keys=ways)
    line = paused_because(kiosk) or programme(kiosk)
    return FormView(line=line, columns=(Column(blocks=(cards, *asked, keys)),))


def _asked(kiosk: Kiosk) -> tuple[Block, ...]:
    keys = harm_keys(kiosk)
    if not keys:
        return ()
    return (
        Heading(height=28, text=_("Was anything felt?"), note=_("kept in the record")),
        Keys(columns=len(keys), columns_tall=3, how="stack", keys=keys),
    )


def _card(channel: ChannelView) -> ChannelCard:
    back = channel.raise_back_to_ua
    before = milliamps(channel.comfortable_ua) if channel.comfortable_ua else ""
    return ChannelCard(
        channel=channel.channel,
        title=_("Channel {number}").format(number=channel.channel),
        now_caption=_("Now"),
        now=milliamps(channel.level_ua),
        then_caption=_("Climbs to") if back is not None else "",
        then=milliamps(back) if back is not None else "",
        foot=_("held before: {level} mA").format(level=before) if before else "",
    )
