"""The panel of one channel: mark, site, contact, set, measured, gauge, minus, plus."""

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
_NUMBER = KeyArrangement(stacked=True, style="caption", icon_size=52)


class _Places:
    """Where the pieces of a panel lie, side by side (wide) or the numbers in the middle (tall)."""

    def __init__(self, rect: Rect, *, tall: bool) -> None:
        self.edge = Rect(rect.x, rect.y + 10, 5, rect.h - 20)
        inner = Rect(rect.x + 14, rect.y + 8, rect.w - 26, rect.h - 16)
        self.mark = Rect(inner.x, inner.y, 34, 34)
        self.site = Rect(inner.x + 46, inner.y - 4, 90, 24)
        self.where = Rect(inner.x + 46, inner.y + 17, 90, 20)
        self.contact = Rect(inner.x + 118, inner.y, inner.w - 118, 34)
        foot = rect.foot(KEY + 8)
        self.minus = Rect(inner.x - 2, foot.y, KEY, KEY)
        self.plus = Rect(inner.right - KEY, foot.y, KEY, KEY)
        self.between = Rect(self.minus.right + 4, foot.y, self.plus.x - self.minus.right - 8, KEY)
        if tall:
            self._tall(rect, inner)
        else:
            self._wide(inner, foot)

    def _wide(self, inner: Rect, foot: Rect) -> None:
        top = inner.y + 38
        self.set_word = Rect(inner.x, top, inner.w / 2, 22)
        self.measured_word = Rect(inner.x + inner.w / 2, top, inner.w / 2, 22)
        room = foot.y - top - 22 - 28
        self.set = Rect(inner.x, top + 18, inner.w * 0.56, max(room, 62))
        self.measured = Rect(inner.x + inner.w / 2, self.set.bottom - 46, inner.w / 2, 44)
        gauge_y = foot.y - 24
        self.gauge = Rect(inner.x, gauge_y, inner.w - 64, 8)
        self.most = Rect(inner.right - 62, gauge_y - 8, 62, 24)
        self.measured_before_unit = ""
        self.note = self.between

    def _tall(self, rect: Rect, inner: Rect) -> None:
        middle = Rect(self.minus.right + 8, inner.y, self.plus.x - self.minus.right - 16, inner.h)
        top = inner.y + 40
        self.set_word = Rect(middle.x, top, middle.w, 22)
        self.set = Rect(middle.x, top + 16, middle.w, 62)
        self.measured_word = Rect(middle.x, 0, 0, 0)
        self.measured = Rect(middle.x, self.set.bottom - 4, middle.w, 34)
        self.gauge = Rect(middle.x, rect.bottom - 16, middle.w, 8)
        self.most = Rect(middle.x, rect.bottom - 40, 0, 0)
        self.measured_before_unit = "measured "
        self.note = Rect(0, 0, 0, 0)


class ChannelPanel:
    """Draws the still pieces once; `show` changes numbers, gauge and the bar in plus."""

    def __init__(
        self, stage: Stage, rect: Rect, view: ChannelPanelView, still: Layer, live: Layer
    ) -> None:
        self._stage, self._live = stage, live
        tall = stage.theme.profile.layout is LayoutName.TALL
        places = self._places = _Places(rect, tall=tall)
        self._colour = f"channel_{view.channel}"
        edge = "warn" if view.warns else ""
        still.add_widget(Box(stage, rect, "panel", edge=edge, edge_width=3))
        still.add_widget(Field(stage, places.edge, self._colour))
        still.add_widget(ChannelMark(stage, places.mark, view.channel))
        still.add_widget(Words(stage, places.site, view.site, "body_bold"))
        still.add_widget(Words(stage, places.where, view.where, "caption", "text_soft"))
        self._contact(still, view)
        self._numbers(still, live, view)
        self._keys(still, live, view)

    def _contact(self, still: Layer, view: ChannelPanelView) -> None:
        stage, place = self._stage, self._places.contact
        icon, role = view.contact_icon, view.contact_role
        ohm = kiloohms(view.contact_ohm)
        wide = stage.theme.profile.layout is not LayoutName.WIDE
        if ohm and wide:
            still.add_widget(
                Words(stage, place.end(62), ohm, "caption", "text_soft", align="right")
            )
            place = place.before(62, 6)
        words = Words(
            stage, place.after(30, 0), view.contact_text, "body_bold", role, align="right"
        )
        still.add_widget(words)
        drawn = words.drawn_width / stage.theme.profile.scale
        still.add_widget(
            Icon(stage, Rect(place.right - drawn - 34, place.y, 28, place.h), icon, role, 26)
        )

    def _numbers(self, still: Layer, live: Layer, view: ChannelPanelView) -> None:
        stage, places = self._stage, self._places
        tall = bool(places.measured_before_unit)
        align: Align = "centre" if tall else "left"
        still.add_widget(Words(stage, places.set_word, "Set", "caption", "text_soft", align=align))
        if not tall:
            still.add_widget(
                Words(
                    stage, places.measured_word, "Measured", "caption", "text_soft", align="right"
                )
            )
            still.add_widget(
                Words(
                    stage,
                    places.most,
                    f"max {view.ceiling_ua // 1_000}",
                    "caption",
                    "text_soft",
                    align="right",
                )
            )
        big = stage.theme.profile.layout is LayoutName.WIDE_PLUS
        self._set = Number(
            stage, places.set, "value_xl" if big else "value_l", "value", align, live
        )
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

    def _keys(self, still: Layer, live: Layer, view: ChannelPanelView) -> None:
        stage, places = self._stage, self._places
        minus = KeyView(action=f"{FALL}:{view.channel}", icon="minus", look=KeyLook.OUTLINED)
        self.minus = Key(stage, places.minus, minus, _NUMBER)
        look = KeyLook.OUTLINED if view.plus_on else KeyLook.OFF
        plus = KeyView(action=f"{RISE}:{view.channel}", icon="plus", look=look)
        self.plus = Key(stage, places.plus, plus, _NUMBER)
        still.add_widget(self.minus)
        still.add_widget(self.plus)
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

    def show(self, view: ChannelPanelView) -> None:
        """Show the present numbers."""
        self._set.show(milliamps(view.set_ua))
        self._measured.show(milliamps(view.measured_ua))
        most = max(view.ceiling_ua, 1)
        tick = None if view.tolerated_ua is None else view.tolerated_ua / most
        self._gauge.show((view.set_ua or 0) / most, tick)
        share = view.window if view.plus_on and view.window is not None else 0.0
        self._window.show(self._window_place.left(self._window_place.w * share))


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
            self._word.move(Rect(start, rect.y, word, rect.h - 3))
        self._value.move(Rect(start + word, rect.y, wide, rect.h))
        drop = self._value.style_px / 15
        self._unit.move(Rect(start + word + wide + 6, rect.y, unit, rect.h - drop))
