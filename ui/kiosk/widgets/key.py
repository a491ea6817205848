"""Keys: what a finger may press. They show that they are pressed; the guard says when."""

import math
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
    inset: float = 6


USUAL = KeyArrangement()
ROOMY = 56
"""In a lower key words come closer to its edge."""
MARGIN = 8
"""Words keep that far from the sides of a key, beside what it is inset, if they can."""
BESIDE, BESIDE_LEAST, APART, NARROW = 22, 12, 6, 100
"""Room beside an icon, usual and least; before its words; a narrow key."""
ORPHAN = 2
"""So few letters alone on the last line look lost."""
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
        self._inside = stage.mirrored(rect)
        inner = rect.inset(how.inset, 6 if rect.h >= ROOMY else 3)
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

    def copied(self) -> "Key":
        """Return the same key once more, to be shown as pressed above this one."""
        return type(self)(self.stage, self.rect, self.view, self.how)

    def press(self) -> None:
        """Show that a finger is on it."""
        look = self._look
        self.box.show("pressed" if look.fill == "raised" else look.fill, look.edge or "edge")

    def _stacked(self, inner: Rect, how: KeyArrangement) -> None:
        stage, view, look = self._inside, self.view, self._look
        style = stage.theme.style(how.style)
        lines = view.text.count("\n") + 1 if view.text else 0
        high = lines * style.px * style.line
        set_high = self._high(view.text, how.style, inner.w)
        high = max(high, min(set_high, inner.h)) if set_high != math.inf else high
        words_high = high + (20 if view.note else 0)
        whole = words_high + (how.icon_size + 4 if view.icon else 0)
        top = inner.y + max((inner.h - whole) / 2, 0)
        if view.icon:
            place = Rect(inner.x, top, inner.w, how.icon_size)
            self.add_widget(Icon(stage, place, view.icon, look.text, how.icon_size))
            top += how.icon_size + 4
        if view.text:
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

    def _high(self, text: str, name: str, width: float) -> float:
        """Return how high a text is at a width, infinite where a word is wider."""
        style = self.stage.theme.style(name)
        setting = Setting(self.stage.px(style.px), style.is_bold, style.line)
        done = set_text(text, setting, self.stage.px(width))
        if done.is_broken or done.width > self.stage.px(width) + 2:
            return math.inf
        return done.height / self.stage.theme.profile.scale if text else 0.0

    def _beside(self, inner: Rect, how: KeyArrangement) -> float | None:
        """Return the room for the icon beside which the words fit, None if there is none."""
        rooms = [how.icon_size + BESIDE, how.icon_size + BESIDE_LEAST]
        if inner.w <= NARROW and self.view.look in (KeyLook.CHOSEN, KeyLook.CONSEQUENCE):
            rooms = rooms[1:]  # the mark of an answer pushes no word to the edge
        return next((room for room in rooms if self._fits(inner, how, room)), None)

    def _fits(self, inner: Rect, how: KeyArrangement, room: float) -> bool:
        """Return whether the words fit beside an icon that takes so much room."""
        width = inner.w - room
        text = self._high(self.view.text, how.style, width)
        note = self._high(self.view.note, "caption", width)
        if text == math.inf or text + note > inner.h + 8:
            return False
        return not self._leaves_a_letter(width, inner.w, how.style)

    def _away_from_edges(self, inner: Rect, name: str, *, both: bool) -> Rect:
        """Return less room to the sides where the words have enough in it, in another line."""
        narrow = inner.before(MARGIN)
        if both:
            narrow = narrow.after(MARGIN)
        text = self._high(self.view.text, name, narrow.w)
        note = self._high(self.view.note, "caption", narrow.w)
        if text + note > inner.h or self._leaves_a_letter(narrow.w, inner.w, name):
            return inner
        return narrow

    def _leaves_a_letter(self, beside: float, alone: float, name: str) -> bool:
        """Return whether an icon would push the last letter of a line, as a grade, to the next."""
        style = self.stage.theme.style(name)
        setting = Setting(self.stage.px(style.px), style.is_bold, style.line)
        narrow, whole = (
            set_text(self.view.text, setting, self.stage.px(width)).lines
            for width in (beside, alone)
        )
        return len(whole) < len(narrow) and len(narrow[-1]) <= ORPHAN

    def _in_line(self, inner: Rect, how: KeyArrangement) -> None:
        stage, view, look = self._inside, self.view, self._look
        align = how.align
        if view.icon and not view.text:
            self.add_widget(Icon(stage, inner, view.icon, look.text, how.icon_size))
            return
        room = self._beside(inner, how) if view.icon else None
        if room is not None:
            wide = room - APART
            self.add_widget(Icon(stage, inner.left(wide), view.icon, look.text, how.icon_size))
            inner = inner.after(wide, APART)
            align = "left" if align == "centre" and how.icon_size >= SMALL_ICON else align
        inner = self._away_from_edges(inner, how.style, both=align == "centre")
        if not view.note:
            self.add_widget(Words(stage, inner, view.text, how.style, look.text, align=align))
            return
        style = stage.theme.style(how.style)
        note = stage.theme.style("caption")
        below = min(self._high(view.note, "caption", inner.w), inner.h - style.px)
        below = max(below, note.px * note.line)
        high = min(self._high(view.text, how.style, inner.w), inner.h - below)
        high = max(high, style.px * style.line)
        top = inner.y + max((inner.h - high - below) / 2, 0)
        text_place = Rect(inner.x, top, inner.w, high)
        note_place = Rect(inner.x, top + high, inner.w, inner.bottom - top - high)
        self.add_widget(Words(stage, text_place, view.text, how.style, look.text, align=align))
        self.add_widget(
            Words(stage, note_place, view.note, "caption", look.note, align=align, valign="top")
        )
