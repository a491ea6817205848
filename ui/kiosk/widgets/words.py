"""Words: text of one style in a box, wrapped between words, never smaller than its style."""

from collections.abc import Mapping
from typing import Literal

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import SetText, Setting, set_text
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Align, Stage

SPARE = 0.3
"""Empty room above and below the letters of a line, in sizes: it may lie outside of the box."""
__all__ = ["Align", "VAlign", "Words"]
VAlign = Literal["top", "middle", "bottom"]


SMALLER: Mapping[str, tuple[str, ...]] = {
    "state": ("title", "body_bold"),
    "digit_key": ("title", "body_bold"),
    "title": ("body_bold", "caption"),
    "body": ("caption",),
    "body_bold": ("caption",),
}
"""Types in which a text of a longer language is set where it does not fit in its own.

The smallest is 16 px. Shorter words are better: a translator is told of each such text.
"""


class Words(Part):
    """A text. What does not fit is drawn all the same and `is_cut` says so: a test looks for it."""

    role = "text"

    def __init__(
        self,
        stage: Stage,
        rect: Rect,
        text: str,
        style: str = "body",
        colour: str = "text",
        *,
        align: Align = "left",
        valign: VAlign = "middle",
        bold: bool | None = None,
    ) -> None:
        super().__init__(stage, rect)
        self._style, self._valign, self._bold = style, valign, bold
        self._align = stage.align(align)
        self.text = ""
        self.is_cut = False
        self.drawn_width = 0.0
        """How wide the text is drawn, in px."""
        self._placed = (0, 0, 0)
        with self.canvas:
            self._colour = Color(*stage.colour(colour))
            self._drawn = Rectangle(pos=self.pos, size=(0, 0))
        self.show(text)

    @property
    def described(self) -> str:
        """Return the text."""
        return self.text

    def show(self, text: str, colour: str = "") -> None:
        """Show another text."""
        if colour:
            self._colour.rgba = self.stage.colour(colour)
        if text == self.text and self._drawn.texture is not None:
            return
        self.text = text
        if not text:
            self._drawn.size, self.drawn_width = (0, 0), 0.0
            return
        setting, done = self._set(text)
        texture = self.stage.textures.words(done, setting, self._align)
        self._drawn.texture, self._drawn.size = texture, texture.size
        self._drawn.pos = self._corner(*texture.size)
        self.drawn_width = done.width
        self._placed = (done.width, done.height, setting.px)

    def letters(self) -> tuple[float, float, float, float]:
        """Return where the letters are: left, below, right, above, in px from the bottom left."""
        width, height, px = self._placed
        x, y = self._corner(width, height)
        return x, y + px * SPARE, x + width, y + height - px * SPARE

    def _set(self, text: str) -> tuple[Setting, SetText]:
        """Return a text in the largest type in which it fits, else in the smallest."""
        setting = self._setting(self._style)
        done = set_text(text, setting, int(self.width))
        for style in SMALLER.get(self._style, ()):
            if not self._is_cut(setting, done):
                break
            setting = self._setting(style)
            done = set_text(text, setting, int(self.width))
        self.is_cut = self._is_cut(setting, done)
        return setting, done

    def _is_cut(self, setting: Setting, done: SetText) -> bool:
        high = self.height + setting.px * SPARE
        return done.is_broken or done.height > high or done.width > self.width + 2

    @property
    def style_px(self) -> int:
        """Return the size of its type at the reference display."""
        return self.stage.theme.style(self._style).px

    def move(self, rect: Rect) -> None:
        """Draw it at another place of its own size."""
        self.put(rect)
        self._drawn.pos = self._corner(*self._drawn.size)

    def _setting(self, name: str) -> Setting:
        style, own = self.stage.theme.style(name), self.stage.theme.style(self._style)
        bold = own.is_bold if self._bold is None else self._bold
        return Setting(self.stage.px(style.px), bold, style.line)

    def _corner(self, width: float, height: float) -> tuple[float, float]:
        across = {"left": 0.0, "centre": (self.width - width) / 2, "right": self.width - width}
        up = {"top": self.height - height, "middle": (self.height - height) / 2, "bottom": 0.0}
        return round(self.x + across[self._align]), round(self.y + up[self._valign])
