"""The treatment screen from a snapshot: channels, the strip of the last 30 s, the contraction."""

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
    clock_text,
    milliamps,
)
from ui.kiosk.view_models.contact import gets_worse, is_lowered, lowered_text
from ui.kiosk.view_models.sheets import marks_key, presence_words, sheet_blocks

BARS = 60
"""Half a second each: 30 s."""
FULL_SCALE_UA = 1_000
"""The least that a bar of full height stands for: at level zero the rest of the measurement stays
small."""
S_US = 1_000_000
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
        phase=_with_presence(_phase(snapshot), snapshot),
        marks=marks_key(kiosk),
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
    return panels, lower, view.marks, view.sheet


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
    plus_note = "" if snapshot is None else plus_off(snapshot, known=known)
    if not plus_note and snapshot is not None and is_lowered(snapshot, channel):
        plus_note = _("Plus waits\nfor good\ncontact")
    return ChannelPanelView(
        channel=channel.channel,
        site=site_text(snapshot, channel.channel),
        where="",
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
        plus_on=not plus_note,
        plus_note=plus_note,
        window=None if snapshot is None else _window(snapshot.contraction),
        window_per_s=1 / WINDOW_S,
    )


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


def plus_off(snapshot: Snapshot, *, known: bool) -> str:
    """Return why plus is off now, "" where it counts."""
    if not known:
        return _("no engine,\nno plus")
    if snapshot.pin_needed:
        return _("Plus needs\nthe PIN")
    if snapshot.state is StateName.RESTING:
        return _("Plus waits\nfor pulses")
    if snapshot.state not in _RISING:
        return _("Plus is off")
    contraction = snapshot.contraction
    if contraction is not None and contraction.rises_in_us != 0:
        return _("Plus waits\nfor the plateau")
    return ""


def _window(contraction: ContractionView | None) -> float | None:
    """Return the share of the time left in which a rise counts; 5 s fill the bar."""
    if contraction is None or contraction.rises_in_us != 0:
        return None
    return min(contraction.rises_for_us / (WINDOW_S * S_US), 1.0)


def _phase(snapshot: Snapshot | None) -> PhaseView:
    if snapshot is None:
        return PhaseView(title="–")
    contraction = snapshot.contraction
    whole = snapshot.elapsed_us + snapshot.remaining_us
    if contraction is None:
        done = snapshot.elapsed_us / whole if whole else 0.0
        given = _("{given} of {whole} given").format(
            given=clock_text(snapshot.elapsed_us), whole=clock_text(whole)
        )
        return PhaseView(title=_("Continuous pulses"), line=given, done=done)
    return _contraction(contraction)


def _contraction(contraction: ContractionView) -> PhaseView:
    line = _("Contraction {number} of {of}").format(number=contraction.number, of=contraction.of)
    period_us, on_us = max(contraction.period_us, 1), contraction.on_us
    falls_us = on_us - contraction.ramp_down_us
    cursor = _cursor(contraction, period_us)
    return PhaseView(
        title=_part(contraction, falls_us),
        line=line,
        side_text=_("rest {seconds} s").format(seconds=_seconds(period_us - on_us)),
        ramp=(contraction.ramp_up_us / period_us, falls_us / period_us, on_us / period_us),
        cursor=cursor,
        cursor_per_s=0.0 if cursor is None else S_US / period_us,
    )


def _cursor(contraction: ContractionView, period_us: int) -> float | None:
    """Return where a contraction and its rest stand, 0 to 1; None while that is not known."""
    if contraction.playing:
        return min(contraction.into_us / period_us, 1.0)
    if contraction.next_on_in_us is None:
        return None
    return max(1 - contraction.next_on_in_us / period_us, contraction.on_us / period_us)


def _part(contraction: ContractionView, falls_us: int) -> str:
    into_us = contraction.into_us
    if not contraction.playing:
        if contraction.next_on_in_us is None:
            return _("Next in – s")
        return _("Next in {seconds} s").format(seconds=_seconds(contraction.next_on_in_us))
    if into_us < contraction.ramp_up_us:
        return _("Contraction rises")
    if into_us >= falls_us:
        return _("Contraction falls")
    return _("Holding · {seconds} s left").format(seconds=_seconds(falls_us - into_us))


def _seconds(us: int) -> int:
    """Return whole seconds, rounded up."""
    return -(-us // S_US)
