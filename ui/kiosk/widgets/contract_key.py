"""The key of contractions on call, with a line that counts down, and the panel beside it."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.channels import CallView, TreatmentView
from ui.kiosk.view_models.parts import KeyLook
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.strip import Bars
from ui.kiosk.widgets.words import Words

LINE = 44
"""Room for two lines below the word of the key."""
LOW = 110
"""In a lower panel how many were given has no line."""
_HELD = KeyArrangement(stacked=True, icon_size=40)


class HeldKey(Key):
    """A key whose word leaves room below it."""

    def _stacked(self, inner: Rect, how: KeyArrangement) -> None:
        super()._stacked(inner.above(LINE), how)


class ContractKey:
    """The key; `show` changes its line."""

    def __init__(self, stage: Stage, rect: Rect, view: CallView, still: Layer, live: Layer) -> None:
        still.add_widget(HeldKey(stage, rect, view.key, _HELD))
        colour = "text_off" if view.key.look is KeyLook.OFF else "text_soft"
        place = rect.inset(6, 4).foot(LINE)
        self._line = Words(
            stage.mirrored(rect), place, view.line, "caption", colour, align="centre"
        )
        live.add_widget(self._line)

    def show(self, view: CallView) -> None:
        """Show what it waits for now."""
        self._line.show(view.line)


class CallPanel:
    """What plays, the measured peaks against set, and who is there, where there is little room."""

    def __init__(
        self, stage: Stage, rect: Rect, view: TreatmentView, still: Layer, live: Layer
    ) -> None:
        words = stage.mirrored(rect)
        still.add_widget(Box(stage, rect, "panel"))
        inner = rect.inset(8, 6)
        self._warns = view.strip.warns
        ink = "warn" if self._warns else "text"
        self._title = Words(words, inner.top(24), "", "body_bold", ink)
        low = inner.h < LOW
        foot = inner.foot(24)
        well = inner.below(24, 4).above(24, 4)
        self._line = Words(words, well.foot(22), "", "caption", "text_soft")
        if not low:
            live.add_widget(self._line)
            well = well.above(22, 2)
        still.add_widget(Box(stage, well, "sunken", radius=5))
        self._bars = []
        rows = well.inset(0, 3).rows(max(len(view.strip.channels), 1), 3)
        for channel, row in zip(view.strip.channels, rows, strict=False):
            mark = min(22, row.h)
            middle = row.y + (row.h - mark) / 2
            place = Rect(row.x + 5, middle, mark, mark)
            still.add_widget(ChannelMark(stage, place, channel, "caption"))
            bars = Bars(stage, Rect(row.x + 30, row.y + 1, row.w - 36, row.h - 2), channel)
            self._bars.append(bars)
            live.add_widget(bars)
        phase = view.phase
        self._icon = Icon(words, foot.left(20), phase.presence_icon, phase.presence_role, 20)
        self._who = Words(words, foot.after(20, 4), "", "caption")
        for part in (self._title, self._icon, self._who):
            live.add_widget(part)

    def show(self, view: TreatmentView) -> None:
        """Show where it stands now; a warning of the contact takes the place of the title."""
        phase, strip = view.phase, view.strip
        self._title.show(strip.title if self._warns else phase.title)
        self._line.show(phase.line)
        self._icon.show(phase.presence_icon, phase.presence_role)
        self._who.show(phase.presence_note or phase.presence)
        for bars, shares, level in zip(self._bars, strip.bars, strip.set_share, strict=True):
            bars.show(shares, level)
