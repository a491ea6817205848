"""One channel as a low row: minus, level and measured current, plus."""

from ui.kiosk.theme.regions import Rect
from ui.kiosk.view_models.channels import ChannelPanelView, milliamps
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.channel_mark import ChannelMark
from ui.kiosk.widgets.channel_panel import FALL, KEY, RISE, Number
from ui.kiosk.widgets.gauge import Gauge
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.key import Key, KeyArrangement
from ui.kiosk.widgets.part import Layer
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

_NUMBER = KeyArrangement(stacked=True, style="caption", icon_size=52)
NOTE_WIDE, MARK = 96, 34
ROOMY = 300
"""From this width between the keys on, what plus does stands beside the level."""


class ChannelRow:
    """Draws the still pieces once; `show` changes level, measured current and gauge."""

    def __init__(
        self, stage: Stage, rect: Rect, view: ChannelPanelView, still: Layer, live: Layer
    ) -> None:
        colour = f"channel_{view.channel}"
        minus = KeyView(action=f"{FALL}:{view.channel}", icon="minus", look=KeyLook.OUTLINED)
        look = KeyLook.OUTLINED if view.plus_on else KeyLook.OFF
        plus = KeyView(action=f"{RISE}:{view.channel}", icon="plus", look=look)
        key = Key(stage, rect.end(KEY), plus, _NUMBER)
        still.add_widget(Key(stage, rect.left(KEY), minus, _NUMBER))
        still.add_widget(key)
        if view.plus_on:
            key.box.show("raised", colour)
        middle = rect.after(KEY, 8).before(KEY, 8)
        still.add_widget(Box(stage, middle, "panel"))
        still.add_widget(Field(stage, middle.left(5).inset(0, 10), colour))
        inner = middle.inset(12, 6)
        note = view.tap_note if view.plus_on else view.plus_note
        roomy = inner.w >= ROOMY
        if roomy:
            place = inner.end(NOTE_WIDE)
            still.add_widget(Words(stage, place, note, "caption", "text_soft", align="centre"))
            inner = inner.before(NOTE_WIDE, 8)
        self._still(stage, inner, view, still, roomy=roomy)
        well = inner.foot(8)
        numbers = inner.above(12).below(34)
        left, right = numbers.shares((0.56, 0.44), 4)
        self._set = Number(stage, left, "value_m", "value", "left", live)
        self._measured = Number(stage, right, "value_s", colour, "right", live)
        self._gauge = Gauge(stage, well, colour, still, live)

    def _still(
        self, stage: Stage, inner: Rect, view: ChannelPanelView, still: Layer, *, roomy: bool
    ) -> None:
        head = inner.top(MARK)
        still.add_widget(ChannelMark(stage, head.left(MARK), view.channel))
        words = head.after(MARK, 8)
        still.add_widget(Icon(stage, words.left(24), view.contact_icon, view.contact_role, 22))
        if roomy:
            contact = Words(stage, words.after(28), view.contact_text, "caption", view.contact_role)
            still.add_widget(contact)
            return
        note = view.tap_note if view.plus_on else view.plus_note
        line = " ".join(note.split())
        still.add_widget(Words(stage, words.after(28), line, "caption", "text_soft"))

    def show(self, view: ChannelPanelView) -> None:
        """Show the present level."""
        self._set.show(milliamps(view.set_ua))
        self._measured.show(milliamps(view.measured_ua))
        self._gauge.show((view.set_ua or 0) / max(view.ceiling_ua, 1), None)
