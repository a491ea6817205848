"""Words: text of one style in a box, wrapped between words, never smaller than its style."""

from typing import Literal

from kivy.graphics import Color, Rectangle

from ui.kiosk.theme.regions import Rect
from ui.kiosk.theme.typesetting import Setting, set_text
from ui.kiosk.widgets.part import Part
from ui.kiosk.widgets.stage import Stage

SPARE = 0.3
"""Empty room above and below the letters of a line, in sizes: it may lie outside of the box."""
Align = Literal["left", "centre", "right"]
VAlign = Literal["top", "middle", "bottom"]


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
        self._style, self._align, self._valign, self._bold = style, align, valign, bold
        self.text = ""
        self.is_cut = False
        self.drawn_width = 0.0
        """How wide the text is drawn, in px."""
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
        setting, align = self._setting(), self._align
        done = set_text(text, setting, int(self.width))
        texture = self.stage.textures.words(done, setting, align)
        high = self.height + setting.px * SPARE
        self.is_cut = done.is_broken or done.height > high or done.width > self.width + 2
        self._drawn.texture, self._drawn.size = texture, texture.size
        self._drawn.pos = self._corner(*texture.size)
        self.drawn_width = done.width

    @property
    def style_px(self) -> int:
        """Return the size of its type at the reference display."""
        return self.stage.theme.style(self._style).px

    def move(self, rect: Rect) -> None:
        """Draw it at another place of its own size."""
        left, bottom, width, height = self.stage.place(rect)
        self.pos, self.size = (left, bottom), (width, height)
        self._drawn.pos = self._corner(*self._drawn.size)

    def _setting(self) -> Setting:
        style = self.stage.theme.style(self._style)
        bold = style.is_bold if self._bold is None else self._bold
        return Setting(self.stage.px(style.px), bold, style.line)

    def _corner(self, width: float, height: float) -> tuple[float, float]:
        across = {"left": 0.0, "centre": (self.width - width) / 2, "right": self.width - width}
        up = {"top": self.height - height, "middle": (self.height - height) / 2, "bottom": 0.0}
        return round(self.x + across[self._align]), round(self.y + up[self._valign])
