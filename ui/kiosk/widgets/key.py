"""Keys: what a finger may press. They show that they are pressed; the guard says when."""

from typing import NamedTuple

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, set_text
from ui.kiosk.view_models.parts import KeyLook, KeyView
from ui.kiosk.widgets.box import Box
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Align, Words


class _Look(NamedTuple):
    """Roles of a key's look."""

    fill: str
    edge: str
    text: str
    note: str
    edge_width: float = 2
    dashed: bool = False


LOOKS = {
    KeyLook.PLAIN: _Look("raised", "", "text", "text_soft"),
    KeyLook.OUTLINED: _Look("raised", "edge", "text", "text_soft"),
    KeyLook.LEAD: _Look("go", "", "go_text", "go_text"),
    KeyLook.START: _Look("start", "", "start_text", "start_text"),
    KeyLook.STOP: _Look("stop", "stop_edge", "stop_text", "stop_text", 3),
    KeyLook.CHOSEN: _Look("pressed", "go", "text", "text", 3),
    KeyLook.CONSEQUENCE: _Look("pressed", "warn", "text", "text", 3),
    KeyLook.OFF: _Look("", "edge", "text_off", "text_off", 2, dashed=True),
}


class KeyArrangement(NamedTuple):
    """How icon and words lie in a key."""

    stacked: bool = False
    """The icon above the words; beside them otherwise."""
    style: str = "body_bold"
    icon_size: float = 26
    align: Align = "centre"
    radius: float = 10


USUAL = KeyArrangement()
SMALL_ICON = 26
"""Beside an icon of this size or more, words begin at its side."""


class Key(Part):
    """A key with an icon, words and a note."""

    role = "key"

    def __init__(
        self, stage: Stage, rect: Rect, view: KeyView, how: KeyArrangement = USUAL
    ) -> None:
        super().__init__(stage, rect)
        self.view, self.how = view, how
        look = LOOKS[view.look]
        self._look = look
        self.box = Box(
            stage,
            rect,
            look.fill,
            radius=14 if view.look is KeyLook.STOP else how.radius,
            edge=look.edge,
            edge_width=look.edge_width,
            dashed=look.dashed,
        )
        self.add_widget(self.box)
        inner = rect.inset(6)
        if how.stacked:
            self._stacked(inner, how)
        else:
            self._in_line(inner, how)

    @property
    def is_enabled(self) -> bool:
        """Return whether a touch does something."""
        return self.view.is_enabled

    @property
    def described(self) -> str:
        """Return its words and note."""
        return " ".join(part for part in (self.view.text, self.view.note) if part)

    def press(self) -> None:
        """Show that a finger is on it."""
        look = self._look
        self.box.show("pressed" if look.fill == "raised" else look.fill, look.edge or "edge")

    def _stacked(self, inner: Rect, how: KeyArrangement) -> None:
        stage, view, look = self.stage, self.view, self._look
        style = stage.theme.style(how.style)
        lines = view.text.count("\n") + 1 if view.text else 0
        words_high = lines * style.px * style.line + (20 if view.note else 0)
        whole = words_high + (how.icon_size + 4 if view.icon else 0)
        top = inner.y + max((inner.h - whole) / 2, 0)
        if view.icon:
            place = Rect(inner.x, top, inner.w, how.icon_size)
            self.add_widget(Icon(stage, place, view.icon, look.text, how.icon_size))
            top += how.icon_size + 4
        if view.text:
            high = lines * style.px * style.line
            self.add_widget(
                Words(
                    stage,
                    Rect(inner.x, top, inner.w, high),
                    view.text,
                    how.style,
                    look.text,
                    align="centre",
                )
            )
            top += high
        if view.note:
            self.add_widget(
                Words(
                    stage,
                    Rect(inner.x, top, inner.w, inner.bottom - top),
                    view.note,
                    "caption",
                    look.note,
                    align="centre",
                    valign="top",
                )
            )

    def _fits(self, width: float, how: KeyArrangement) -> bool:
        """Return whether the words fit beside the icon; without room for them it is left out."""
        style = self.stage.theme.style(how.style)
        setting = Setting(self.stage.px(style.px), style.is_bold, style.line)
        done = set_text(self.view.text, setting, self.stage.px(width))
        return not done.is_broken and done.width <= self.stage.px(width) + 2

    def _in_line(self, inner: Rect, how: KeyArrangement) -> None:
        stage, view, look = self.stage, self.view, self._look
        align = how.align
        wide = how.icon_size + 16
        if view.icon and self._fits(inner.w - wide - 6, how):
            self.add_widget(Icon(stage, inner.left(wide), view.icon, look.text, how.icon_size))
            inner = inner.after(wide, 6)
            align = "left" if align == "centre" and how.icon_size >= SMALL_ICON else align
        if not view.note:
            self.add_widget(Words(stage, inner, view.text, how.style, look.text, align=align))
            return
        style = stage.theme.style(how.style)
        high = style.px * style.line
        note = stage.theme.style("caption")
        top = inner.y + max((inner.h - high - note.px * note.line) / 2, 0)
        text_place = Rect(inner.x, top, inner.w, high)
        note_place = Rect(inner.x, top + high, inner.w, inner.bottom - top - high)
        self.add_widget(Words(stage, text_place, view.text, how.style, look.text, align=align))
        self.add_widget(
            Words(stage, note_place, view.note, "caption", look.note, align=align, valign="top")
        )
