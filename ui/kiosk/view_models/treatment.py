"""The treatment screen from a snapshot: channels and the strip of the last 30 s."""

from collections.abc import Sequence
from dataclasses import replace

from appliance.messages.snapshot import ChannelView, ContractionView, Snapshot
from appliance.messages.wire import ContactVerdict, StateName
from ui.kiosk.journey.lowering import TAP_UA
from ui.kiosk.journey.over import HELP
from ui.kiosk.journey.place import Kiosk, Peaks
from ui.kiosk.locale.words import _
from ui.kiosk.view_models.channels import (
    ChannelPanelView,
    PhaseView,
    StripView,
    TreatmentView,
    milliamps,
)
from ui.kiosk.view_models.contact import gets_worse, is_lowered, lowered_text
from ui.kiosk.view_models.on_call import call_view, plus_on_call
from ui.kiosk.view_models.phase import contraction_of, phase_view
from ui.kiosk.view_models.sheets import marks_key, presence_words, sheet_blocks

BARS = 60
"""Half a second each: 30 s."""
FULL_SCALE_UA = 1_000
"""The least that a bar of full height stands for: at level zero the rest of the measurement stays
small."""
S_US = 1_000_000
WHOLE = 100
"""Percent of the set level."""
WINDOW_S = 5
"""What is left of the time in which a rise counts fills the bar in plus from here on."""
_RISING = (StateName.RAMP_UP, StateName.DELIVERING)
CONTACT_LOOKS = {
    ContactVerdict.GOOD: ("c_good", "good"),
    ContactVerdict.ACCEPTABLE: ("c_lift", "warn"),
    ContactVerdict.POOR: ("c_dry", "warn"),
    ContactVerdict.OPEN: ("c_off", "alarm_high"),
    ContactVerdict.SHORT: ("c_off", "alarm_high"),
    ContactVerdict.UNKNOWN: ("c_none", "text_soft"),
}
"""Icon and role of each verdict."""


def contact_text(verdict: ContactVerdict) -> str:
    """Return the words of a verdict: always of a pair of pads and its lead."""
    match verdict:
        case ContactVerdict.GOOD:
            return _("Contact good")
        case ContactVerdict.ACCEPTABLE:
            return _("Contact changes")
        case ContactVerdict.POOR:
            return _("Contact poor")
        case ContactVerdict.OPEN:
            return _("Pad or lead off")
        case ContactVerdict.SHORT:
            return _("Pads touch")
        case ContactVerdict.UNKNOWN:
            return _("Contact unknown")


def treatment_view(kiosk: Kiosk, peaks: Sequence[Peaks]) -> TreatmentView:
    """Return the screen; `peaks` are (measured, set) by channel, the newest half second last."""
    snapshot = kiosk.snapshot
    channels = () if snapshot is None else snapshot.channels
    known = kiosk.has_engine
    return TreatmentView(
        channels=tuple(panel_view(kiosk, channel, known=known) for channel in channels),
        strip=_strip(snapshot, channels, peaks),
        phase=_with_presence(phase_view(snapshot), snapshot),
        marks=marks_key(kiosk),
        call=call_view(snapshot, known=known),
        sheet=sheet_blocks(kiosk),
        sheet_tall=sheet_blocks(kiosk, tall=True),
        discs=kiosk.sheet.name == HELP,
    )


def _with_presence(phase: PhaseView, snapshot: Snapshot | None) -> PhaseView:
    if snapshot is None:
        return phase
    icon, words, note, role = presence_words(snapshot)
    return replace(
        phase, presence_icon=icon, presence=words, presence_note=note, presence_role=role
    )


def still_of(view: TreatmentView) -> object:
    """Return what of the screen never changes by itself."""
    panels = tuple(map(still_panel, view.channels))
    phase = view.phase
    lower = (view.strip.channels, view.strip.title, phase.ramp, phase.side_text)
    call = None if view.call is None else (view.call.key, view.call.by_cycle)
    return panels, lower, bool(phase.part), view.marks, call, view.sheet


def still_panel(panel: ChannelPanelView) -> ChannelPanelView:
    """Return a channel without its numbers; whether there is one at all may move other words."""
    return replace(
        panel,
        contact_ohm=None if panel.contact_ohm is None else 0,
        set_ua=None,
        measured_ua=None,
        window=None if panel.window is None else 0.0,
    )


def _strip(
    snapshot: Snapshot | None, channels: Sequence[ChannelView], peaks: Sequence[Peaks]
) -> StripView:
    """Return the strip; its title says which level the unit lowers."""
    strip = strip_view(channels, peaks)
    lowered = "" if snapshot is None else lowered_text(snapshot)
    return replace(strip, title=lowered, warns=True) if lowered else strip


def strip_view(channels: Sequence[ChannelView], peaks: Sequence[Peaks]) -> StripView:
    """Return bars as shares of each channel's highest set level of these 30 s."""
    numbers = tuple(channel.channel for channel in channels)
    newest = list(peaks)[-BARS:]
    blank = BARS - len(newest)
    bars, levels = [], []
    for number in numbers:
        highest = max((peak[number][1] for peak in newest if number in peak), default=0)
        most = max(highest, FULL_SCALE_UA)
        measured = [peak.get(number, (0, 0))[0] / most for peak in newest]
        level = [peak.get(number, (0, 0))[1] / most for peak in newest]
        bars.append((0.0,) * blank + tuple(measured))
        levels.append((0.0,) * blank + tuple(level))
    return StripView(
        title=_("Measured against set"),
        channels=numbers,
        bars=tuple(bars),
        set_share=tuple(levels),
        to_text=_("now"),
    )


def panel_view(kiosk: Kiosk, channel: ChannelView, *, known: bool) -> ChannelPanelView:
    """Return a channel; `known` says that the engine speaks."""
    snapshot = kiosk.snapshot
    contact = channel.contact if known else ContactVerdict.UNKNOWN
    icon, role = CONTACT_LOOKS[contact]
    plus_note = "" if snapshot is None else plus_off(snapshot, channel.channel, known=known)
    if not plus_note and snapshot is not None and is_lowered(snapshot, channel):
        plus_note = _("Plus waits\nfor good\ncontact")
    return ChannelPanelView(
        channel=channel.channel,
        site=site_text(snapshot, channel.channel),
        where=_turn(snapshot, channel.channel),
        contact=contact,
        contact_icon=icon,
        contact_role=role,
        contact_text=contact_text(contact),
        warns=known and gets_worse(channel),
        tolerated_ua=channel.comfortable_ua or None,
        contact_ohm=channel.contact_ohm if known else None,
        set_ua=channel.level_ua if known else None,
        measured_ua=channel.measured_ua if known else None,
        ceiling_ua=channel.ceiling_ua,
        tap_note=_tap_note(channel),
        set_word=_set_word(snapshot),
        plus_on=not plus_note,
        plus_note=plus_note,
        window=None if snapshot is None else _window(contraction_of(snapshot)),
        window_per_s=1 / WINDOW_S,
    )


def _set_word(snapshot: Snapshot | None) -> str:
    """Return the word of the level, with the share of it that plays where that is not all."""
    percent = WHOLE if snapshot is None or snapshot.plan is None else snapshot.plan.share_percent
    return _("Set") if percent == WHOLE else _("Set, now {percent} %").format(percent=percent)


def _tap_note(channel: ChannelView) -> str:
    """Return what plus does, or that there is no more: also while a finger stays on it."""
    if channel.level_ua + TAP_UA > channel.ceiling_ua:
        return _("max {level}").format(level=channel.ceiling_ua // 1_000)
    back = channel.raise_back_to_ua
    if back is not None and channel.level_ua < back:
        return _("hold: back\nto {level}").format(level=milliamps(back))
    return _("one tap\n0.5 mA")


def site_text(snapshot: Snapshot | None, channel: int) -> str:
    """Return the side that a channel treats, "" where that is not known."""
    side = "" if snapshot is None or snapshot.plan is None else snapshot.plan.side
    if side == "both":
        return _("Left") if channel % 2 else _("Right")
    return {"left": _("Left"), "right": _("Right")}.get(side, "")


def plus_off(snapshot: Snapshot, channel: int, *, known: bool) -> str:
    """Return why plus of a channel is off now, "" where it counts."""
    if not known:
        return _("no engine,\nno plus")
    if snapshot.pin_needed:
        return _("Plus needs\nthe PIN")
    if on_call := plus_on_call(snapshot):
        return on_call
    if snapshot.state is StateName.RESTING:
        return _("Plus waits\nfor pulses")
    if snapshot.state not in _RISING:
        return _("Plus is off")
    return _plus_in_contraction(snapshot, channel)


def _plus_in_contraction(snapshot: Snapshot, channel: int) -> str:
    """Return why plus of a channel is off while pulses play, "" where it counts."""
    contraction = contraction_of(snapshot)
    if snapshot.stage == "active_rest":
        return _("Plus off:\nactive rest")
    if contraction is None:
        return "" if snapshot.part is None or snapshot.stage == "on" else _("Plus is off")
    if contraction.playing and channel not in contraction.channels:
        return _("Plus waits\nfor its turn")
    return "" if contraction.rises_in_us == 0 else _("Plus waits\nfor plateau")


def _turn(snapshot: Snapshot | None, channel: int) -> str:
    """Return whether it is the turn of a channel, "" where all contract together."""
    contraction = None if snapshot is None else contraction_of(snapshot)
    if snapshot is None or contraction is None:
        return ""
    if {each.channel for each in snapshot.channels} == set(contraction.channels):
        return ""
    return _("its turn") if channel in contraction.channels else _("its rest")


def _window(contraction: ContractionView | None) -> float | None:
    """Return the share of the time left in which a rise counts; 5 s fill the bar."""
    if contraction is None or contraction.rises_in_us != 0:
        return None
    return min(contraction.rises_for_us / (WINDOW_S * S_US), 1.0)
