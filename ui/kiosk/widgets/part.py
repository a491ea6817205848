"""A part of a screen: something with a place, drawn once; and the layers that hold parts.

Parts are not widgets of Kivy: a widget takes a millisecond to make, because it watches twenty
properties that no part here needs, and a screen has two hundred parts.
"""

from collections.abc import Iterator

from kivy.graphics import (
    Callback,
    Canvas,
    ClearBuffers,
    ClearColor,
    Color,
    Fbo,
    InstructionGroup,
    Rectangle,
    opengl,
)

from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.stage import Stage


class Part:
    """A picture at a fixed place. `role` and `described` tell a test or a screen reader of it.

    `pos` is the lower left corner in px of the window, as Kivy counts.
    """

    role = ""

    def __init__(self, stage: Stage, rect: Rect) -> None:
        self.stage = stage
        self.rect = rect
        self.canvas = Canvas()
        self._parts: list[Part] = []
        self.put(rect)

    def put(self, rect: Rect) -> None:
        """Note another place; what is drawn already stays where it is."""
        left, bottom, width, height = self.stage.place(rect)
        self.x, self.y, self.width, self.height = left, bottom, width, height
        self.pos, self.size = (left, bottom), (width, height)
        self.right, self.center_x, self.center_y = (
            left + width,
            left + width / 2,
            bottom + height / 2,
        )

    def add_widget(self, part: "Part") -> None:
        """Draw a part above this one."""
        self._parts.append(part)
        self.canvas.add(part.canvas)

    def walk(self) -> "Iterator[Part]":
        """Yield this part and all that lie above it."""
        yield self
        for part in self._parts:
            yield from part.walk()

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point, in px as Kivy counts, is inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    @property
    def is_enabled(self) -> bool:
        """Return whether a touch does something; a part that is no key takes none."""
        return True

    @property
    def described(self) -> str:
        """Return what a screen reader would say, "" for decoration."""
        return ""


class Layer:
    """Parts that may change at any time: each frame draws them."""

    def __init__(self) -> None:
        self.canvas = Canvas()
        self._parts: list[Part] = []
        self._drawn_in: InstructionGroup = self.canvas

    def add_widget(self, part: Part) -> None:
        """Draw a part above the others."""
        self._parts.append(part)
        self._drawn_in.add(part.canvas)

    def clear(self) -> None:
        """Remove every part; what it drew is let go at once, not when garbage is collected."""
        for part in self.walk():
            part.canvas.clear()
        for part in self._parts:
            self._drawn_in.remove(part.canvas)
        self._parts.clear()

    def walk(self) -> Iterator[Part]:
        """Yield every part, the lowest first."""
        for part in self._parts:
            yield from part.walk()


def _keep_opaque(_: object) -> None:
    """Blend colours as usual but keep the ground opaque; edges of letters would become thin."""
    opengl.glBlendFuncSeparate(
        opengl.GL_SRC_ALPHA,
        opengl.GL_ONE_MINUS_SRC_ALPHA,
        opengl.GL_ONE,
        opengl.GL_ONE_MINUS_SRC_ALPHA,
    )


def _replace(_: object) -> None:
    """Draw over what was there without reading it; a third less work with software rendering."""
    opengl.glDisable(opengl.GL_BLEND)


def _blend(_: object) -> None:
    """Blend as Kivy does everywhere else."""
    opengl.glEnable(opengl.GL_BLEND)


class StillLayer(Layer):
    """Parts that do not change while the screen stays: drawn once into a picture.

    With software rendering this takes the processor from a third of a core to an eighth. Anything
    that changes by itself belongs in a `Layer` above it. The picture is opaque.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        size = stage.theme.profile.px
        with self.canvas:
            fbo = Fbo(size=size)
            Color(1, 1, 1, 1)
            Callback(_replace)
            Rectangle(size=size, texture=fbo.texture)
            Callback(_blend)
        fbo.texture.mag_filter = fbo.texture.min_filter = "nearest"
        with fbo:
            ClearColor(*stage.colour("ground"))
            ClearBuffers()
            Callback(_keep_opaque)
        self._drawn_in = fbo
