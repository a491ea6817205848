"""What warns while pulses play: the chip, the reason at plus, the line above it."""

from appliance.messages.snapshot import ChannelView, Snapshot
from appliance.messages.wire import ContactVerdict
from ui.kiosk.locale.words import _, text_of
from ui.kiosk.view_models.parts import ChipView

WORSE = (ContactVerdict.ACCEPTABLE, ContactVerdict.POOR)
SKIN = "W01"
"""The code of the caution that the phases begin to differ: it is about no contact."""
FELL = "W05"
"""The code of the caution that a contact fell: what joins the pads is dried, not pressed."""
LOWERS = frozenset({"W02", "W04"})
"""Codes of cautions for which the engine lowers the level and takes no rise."""


def gets_worse(channel: ChannelView) -> bool:
    """Return whether the contact of a channel is to be looked at now."""
    return channel.contact in WORSE


def is_lowered(snapshot: Snapshot, channel: ChannelView) -> bool:
    """Return whether the unit lowers the level of a channel by itself now."""
    return gets_worse(channel) and bool(_cautions(snapshot) & LOWERS)


def _cautions(snapshot: Snapshot) -> set[object]:
    return {note.values.get("code") for note in snapshot.notes if note.key == "caution.note"}


def warning_chip(snapshot: Snapshot) -> ChipView | None:
    """Return the first of what warns: the skin, then a contact."""
    if SKIN in _cautions(snapshot):
        return ChipView(text=text_of("choice.sound_name.skin"), icon="warn", role="on")
    return contact_chip(snapshot)


def contact_chip(snapshot: Snapshot) -> ChipView | None:
    """Return what to do about the first channel whose contact gets worse; both pads are named."""
    channel = next((each for each in snapshot.channels if gets_worse(each)), None)
    if channel is None:
        return None
    fell = FELL in _cautions(snapshot) and channel.contact is ContactVerdict.ACCEPTABLE
    text = (
        _("Pads {number}A, {number}B: dry the skin")
        if fell
        else _("Pads {number}A, {number}B: press both down")
    ).format(number=channel.channel)
    icon = "c_dry" if channel.contact is ContactVerdict.POOR else "c_lift"
    return ChipView(text=text, icon=icon, role="on")


def lowered_text(snapshot: Snapshot) -> str:
    """Return which level falls by itself, "" where none does."""
    lowered = next((each for each in snapshot.channels if is_lowered(snapshot, each)), None)
    if lowered is None:
        return ""
    return _("{number}: level falls by itself").format(number=lowered.channel)
