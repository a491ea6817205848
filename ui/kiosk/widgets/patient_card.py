"""The card that a patient reads: large icons and words, turned round for who sits across."""

from dataclasses import replace

from kivy.graphics import PopMatrix, PushMatrix, Rotate

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, set_text
from ui.kiosk.view_models.blocks import PatientBlock, PatientCard
from ui.kiosk.widgets.box import Box, Field
from ui.kiosk.widgets.icon import Icon
from ui.kiosk.widgets.part import Layer, Part
from ui.kiosk.widgets.stage import Stage
from ui.kiosk.widgets.words import Words

ICON, ICON_ROOM, END = 56, 92, 14
TITLE_HIGH, ROOM = 28, 10
"""Height of the title; room above and below the words of a block."""
STYLES = ("title", "body")
"""The largest that fits is taken."""


class _Card(Part):
    """The parts of the card, all turned together."""

    def __init__(self, stage: Stage, rect: Rect, block: PatientCard) -> None:
        super().__init__(stage, rect)
        # The card is in the patient's language, which may run another way than the screen's.
        self._card = replace(
            stage,
            right_to_left=block.right_to_left,
            mirror=rect if block.right_to_left else None,
        )
        if block.turned:
            with self.canvas.before:
                PushMatrix()
                Rotate(angle=180, origin=(self.center_x, self.center_y))
            with self.canvas.after:
                PopMatrix()
        stage = self._card
        self.add_widget(Box(stage, rect, "panel"))
        style, highs = self._set(block)
        spare = max(rect.h - sum(highs), 0) / max(len(highs), 1)
        top = rect.y
        for number, (told, high) in enumerate(zip(block.blocks, highs, strict=True)):
            row = Rect(rect.x, top, rect.w, high + spare)
            if number:
                self.add_widget(Field(stage, Rect(row.x + 12, row.y, row.w - 24, 1), "line"))
            self._told(row, told, style, spare / 2)
            top = row.bottom

    def _set(self, block: PatientCard) -> tuple[str, list[float]]:
        """Return the style of the sentences and how high each block is with it."""
        style, highs = STYLES[-1], [0.0]
        for style in STYLES:
            highs = [self._high(told.text, style) for told in block.blocks]
            if sum(highs) <= self.rect.h:
                break
        return style, highs

    def _high(self, text: str, name: str) -> float:
        stage, style = self.stage, self.stage.theme.style(name)
        setting = Setting(stage.px(style.px), False, style.line)
        done = set_text(text, setting, stage.px(self.rect.w - ICON_ROOM - END))
        return done.height / stage.theme.profile.scale + TITLE_HIGH + 2 * ROOM

    def _told(self, row: Rect, told: PatientBlock, style: str, spare: float) -> None:
        stage = self._card
        self.add_widget(Icon(stage, row.left(ICON_ROOM), told.icon, "text", ICON))
        words = row.after(ICON_ROOM).before(END).inset(0, ROOM + spare)
        self.add_widget(Words(stage, words.top(TITLE_HIGH), told.title, "title"))
        text = words.below(TITLE_HIGH)
        self.add_widget(Words(stage, text, told.text, style, valign="top", bold=False))


def draw_patient_card(stage: Stage, rect: Rect, block: PatientCard, still: Layer) -> None:
    """Draw the card."""
    still.add_widget(_Card(stage.straight(), stage.here(rect), block))
