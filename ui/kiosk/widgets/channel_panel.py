"""The panel of one channel: mark, site, contact, set, measured, gauge, minus, plus."""

from ui.kiosk.locale.words import _
from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.tokens import LayoutName
from ui.kiosk.view_models.channels import (
    ChannelPanelView,
    kiloohms,
    milliamps,
)
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.gauge import Gauge
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Align, Words

RISE, FALL = "rise", "fall"
KEY = 104
SET_STYLES = {
    LayoutName.WIDE: "value_l",
    LayoutName.WIDE_PLUS: "value_xl",
    LayoutName.TALL: "value_l",
}
MEASURED_PX = 34
DESCENT = 0.293
"""What letters of Noto Sans need below their line, in sizes: words stand on the line of a value."""
DISC, SET_SHARE, MEASURED_SHARE = 24, 0.3, 0.22
"""Size of a disc of the help, and where it stands in the lines of set and measured."""
_WITH_REASON = KeyArrangement(stacked=True, style="caption", icon_size=30)
_NUMBER = KeyArrangement(stacked=True, style="caption", icon_size=52)


class _Places:
    """Where the pieces of a panel lie, side by side (wide) or the numbers in the middle (tall)."""

    def __init__(self, rect: Rect, *, tall: bool, set_px: int) -> None:
        self.edge = Rect(rect.x, rect.y + 10, 5, rect.h - 20)
        inner = Rect(rect.x + 14, rect.y + 8, rect.w - 26, rect.h - 16)
        self.mark = Rect(inner.x, inner.y, 34, 34)
        self.site = Rect(inner.x + 46, inner.y - 4, 90, 24)
        self.site_alone = Rect(inner.x + 46, inner.y, 90, 34)
        self.where = Rect(inner.x + 46, inner.y + 17, 90, 20)
        self.contact = Rect(inner.x + 118, inner.y, inner.w - 118, 34)
        foot = rect.foot(KEY + 8)
        self.minus = Rect(inner.x - 2, foot.y, KEY, KEY)
        self.plus = Rect(inner.right - KEY, foot.y, KEY, KEY)
        self.between = Rect(self.minus.right + 4, foot.y, self.plus.x - self.minus.right - 8, KEY)
        if tall:
            self._tall(rect, inner)
        else:
            self._wide(inner, foot, set_px)

    def _wide(self, inner: Rect, foot: Rect, set_px: int) -> None:
        top = inner.y + 38
        self.set_word = Rect(inner.x, top - 4, inner.w / 2, 22)
        self.measured_word = Rect(inner.x + inner.w / 2, top - 4, inner.w / 2, 22)
        room = foot.y - top - 22 - 28
        self.set = Rect(inner.x, top + 21, inner.w * 0.56, max(room, 62))
        on_line = self.set.bottom - DESCENT * (set_px - MEASURED_PX)
        self.measured = Rect(inner.x + inner.w / 2, on_line - 44, inner.w / 2, 44)
        gauge_y = foot.y - 24
        self.gauge = Rect(inner.x, gauge_y, inner.w - 64, 8)
        self.most = Rect(inner.right - 62, gauge_y - 8, 62, 24)
        self.measured_before_unit = ""
        self.note = self.between

    def _tall(self, rect: Rect, inner: Rect) -> None:
        middle = Rect(self.minus.right + 8, inner.y, self.plus.x - self.minus.right - 16, inner.h)
        top = inner.y + 40
        self.set_word = Rect(middle.x, top - 8, middle.w, 22)
        self.set = Rect(middle.x, top + 16, middle.w, 62)
        self.measured_word = Rect(middle.x, 0, 0, 0)
        self.measured = Rect(middle.x, self.set.bottom - 4, middle.w, 34)
        self.gauge = Rect(middle.x, rect.bottom - 16, middle.w, 8)
        self.most = Rect(middle.x, rect.bottom - 40, 0, 0)
        self.measured_before_unit = _("measured")
        self.note = Rect(0, 0, 0, 0)


class ChannelPanel:
    """Draws the still pieces once; `show` changes numbers, gauge and the bar in plus."""

    def __init__(
        self, stage: Stage, rect: Rect, view: ChannelPanelView, still: Layer, live: Layer
    ) -> None:
        self._stage, self._live, self._view = stage, live, view
        tall = stage.theme.profile.layout is LayoutName.TALL
        self._set_style = SET_STYLES[stage.theme.profile.layout]
        set_px = stage.theme.style(self._set_style).px
        places = self._places = _Places(rect, tall=tall, set_px=set_px)
        self._colour = f"channel_{view.channel}"
        edge = "warn" if view.warns else ""
        still.add_widget(Box(stage, rect, "panel", edge=edge, edge_width=3))
        still.add_widget(Field(stage, places.edge, self._colour))
        still.add_widget(ChannelMark(stage, places.mark, view.channel))
        site = places.site if view.where else places.site_alone
        still.add_widget(Words(stage, site, view.site, "body_bold"))
        still.add_widget(Words(stage, places.where, view.where, "caption", "text_soft"))
        self._ohm = self._contact(still, live, view)
        self._numbers(still, live, view)
        self._keys(still, live, view)

    def _contact(self, still: Layer, live: Layer, view: ChannelPanelView) -> Words | None:
        """Draw the verdict; return where its resistance stands, None where it has no room."""
        stage, place = self._stage, self._places.contact
        icon, role = view.contact_icon, view.contact_role
        ohm = None
        if view.contact_ohm is not None and stage.theme.profile.layout is not LayoutName.WIDE:
            ohm = Words(stage, place.end(62), "", "caption", "text_soft", align="right")
            live.add_widget(ohm)
            place = place.before(62, 6)
        words = Words(
            stage, place.after(30, 0), view.contact_text, "body_bold", role, align="right"
        )
        still.add_widget(words)
        drawn = words.drawn_width / stage.theme.profile.scale
        still.add_widget(
            Icon(stage, Rect(place.right - drawn - 34, place.y, 28, place.h), icon, role, 26)
        )
        return ohm

    def _numbers(self, still: Layer, live: Layer, view: ChannelPanelView) -> None:
        stage, places = self._stage, self._places
        tall = bool(places.measured_before_unit)
        align: Align = "centre" if tall else "left"
        self._captions(still, view, tall=tall)
        self._set = Number(stage, places.set, self._set_style, "value", align, live)
        self._measured = Number(
            stage,
            places.measured,
            "value_m",
            self._colour,
            "centre" if tall else "right",
            live,
            before=places.measured_before_unit,
        )
        self._gauge = Gauge(stage, places.gauge, self._colour, still, live)

    def _captions(self, still: Layer, view: ChannelPanelView, *, tall: bool) -> None:
        places = self._places
        most = _("max {level}").format(level=view.ceiling_ua // 1_000)
        captions: list[tuple[Rect, str, Align]] = [
            (places.set_word, view.set_word, "centre" if tall else "left")
        ]
        if not tall:
            captions += [
                (places.measured_word, _("Measured"), "right"),
                (places.most, most, "right"),
            ]
        for place, text, align in captions:
            still.add_widget(Words(self._stage, place, text, "caption", "text_soft", align=align))

    def _keys(self, still: Layer, live: Layer, view: ChannelPanelView) -> None:
        stage, places = self._stage, self._places
        minus = KeyView(action=f"{FALL}:{view.channel}", icon="minus", look=KeyLook.OUTLINED)
        self.minus = Key(stage, places.minus, minus, _NUMBER)
        look = KeyLook.OUTLINED if view.plus_on else KeyLook.OFF
        reason = "" if view.plus_on or places.note.w else view.plus_note
        plus = KeyView(action=f"{RISE}:{view.channel}", text=reason, icon="plus", look=look)
        self.plus = Key(stage, places.plus, plus, _WITH_REASON if reason else _NUMBER)
        still.add_widget(self.minus)
        still.add_widget(self.plus)
        if not view.plus_on and not reason:
            lock = places.plus.foot(36).above(10)
            still.add_widget(Icon(stage, lock, "lock", "text_off", 22))
        if view.plus_on:
            self.plus.box.show("raised", self._colour)
        note = view.tap_note if view.plus_on else view.plus_note
        if places.note.w:
            words = Words(stage, places.note, note, "caption", "text_soft", align="centre")
            still.add_widget(words)
        well = Rect(places.plus.x + 8, places.plus.bottom - 14, KEY - 16, 6)
        self._window_place = well
        if view.plus_on and view.window is not None:
            still.add_widget(Field(stage, well, "sunken"))
        self._window = Field(stage, well.left(0), self._colour)
        live.add_widget(self._window)

    def discs(self, view: ChannelPanelView) -> tuple[Rect, ...]:
        """Return where discs stand: beside set, measured, plus, the tick and minus, in order."""
        places, size = self._places, DISC
        tick = places.gauge.w * min((view.tolerated_ua or view.ceiling_ua) / view.ceiling_ua, 1)
        measured = places.measured_word if places.measured_word.w else places.measured
        spots = (
            (places.set_word.x + places.set_word.w * SET_SHARE, places.set_word.y),
            (measured.x + measured.w * MEASURED_SHARE, measured.y),
            (places.plus.right - size * 0.6, places.plus.y - size * 0.4),
            (places.gauge.x + tick - size / 2, places.gauge.bottom + 4),
            (places.minus.x - size * 0.4, places.minus.y - size * 0.4),
        )
        return tuple(Rect(x, y, size, size) for x, y in spots)

    def show(self, view: ChannelPanelView) -> None:
        """Show the present numbers."""
        self._set.show(milliamps(view.set_ua))
        self._measured.show(milliamps(view.measured_ua))
        if self._ohm is not None:
            self._ohm.show(kiloohms(view.contact_ohm))
        most = max(view.ceiling_ua, 1)
        tick = None if view.tolerated_ua is None else view.tolerated_ua / most
        self._gauge.show((view.set_ua or 0) / most, tick)
        self._view = view
        self.move(0.0)

    def move(self, since_s: float) -> bool:
        """Shorten the bar in plus as time goes; return whether it moves."""
        view = self._view
        open_now = view.plus_on and view.window is not None
        share = (view.window or 0.0) - view.window_per_s * since_s if open_now else 0.0
        well = self._window_place
        self._window.show(well.left(well.w * max(share, 0.0)))
        return share > 0


class Number:
    """A value and its unit behind it; the unit follows the width of the value."""

    def __init__(
        self,
        stage: Stage,
        rect: Rect,
        style: str,
        colour: str,
        align: Align,
        live: Layer,
        *,
        before: str = "",
    ) -> None:
        self._stage, self._rect, self._align, self._before = stage, rect, align, before
        self._value = Words(stage, rect, "", style, colour, align="left", valign="bottom")
        self._unit = Words(stage, rect, "mA", "caption", "text_soft", valign="bottom")
        self._lift = DESCENT * (self._value.style_px - self._unit.style_px)
        live.add_widget(self._value)
        live.add_widget(self._unit)
        self._word = None
        if before:
            self._word = Words(stage, rect, before, "caption", "text_soft", valign="bottom")
            live.add_widget(self._word)

    def show(self, value: str) -> None:
        """Show a value."""
        self._value.show(value)
        scale = self._stage.theme.profile.scale
        wide, unit = self._value.drawn_width / scale, self._unit.drawn_width / scale
        word = 0.0 if self._word is None else self._word.drawn_width / scale + 5
        whole = word + wide + 6 + unit
        rect = self._rect
        start = {
            "left": rect.x,
            "centre": rect.x + (rect.w - whole) / 2,
            "right": rect.right - whole,
        }[self._align]
        if self._word is not None:
            self._word.move(Rect(start, rect.y, word, rect.h - self._lift))
        self._value.move(Rect(start + word, rect.y, wide, rect.h))
        self._unit.move(Rect(start + word + wide + 6, rect.y, unit, rect.h - self._lift))
