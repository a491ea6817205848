"""A part of a screen: something with a place, drawn once; and the layers that hold parts."""

from typing import Any

from kivy.graphics import Callback, Canvas, ClearBuffers, ClearColor, Color, Fbo, Rectangle, opengl
from kivy.uix.widget import Widget

from ui.kiosk.theme.regions import Rect
from ui.kiosk.widgets.stage import Stage


class Part(Widget):
    """A widget at a fixed place. `role` and `text` describe it to a test or a screen reader."""

    role = ""

    def __init__(self, stage: Stage, rect: Rect) -> None:
        left, bottom, width, height = stage.place(rect)
        super().__init__(pos=(left, bottom), size=(width, height), size_hint=(None, None))
        self.stage = stage
        self.rect = rect

    @property
    def is_enabled(self) -> bool:
        """Return whether a touch does something; a part that is no key takes none."""
        return True

    @property
    def described(self) -> str:
        """Return what a screen reader would say, "" for decoration."""
        return ""


class Layer(Widget):
    """Parts that may change at any time: each frame draws them."""

    def clear(self) -> None:
        """Remove every part."""
        self.clear_widgets()


def _keep_opaque(_: object) -> None:
    """Blend colours as usual but keep the ground opaque; edges of letters would become thin."""
    opengl.glBlendFuncSeparate(
        opengl.GL_SRC_ALPHA,
        opengl.GL_ONE_MINUS_SRC_ALPHA,
        opengl.GL_ONE,
        opengl.GL_ONE_MINUS_SRC_ALPHA,
    )


class StillLayer(Widget):
    """Parts that do not change while the screen stays: drawn once into a picture.

    With software rendering this takes the processor from a third of a core to an eighth. Anything
    that changes by itself belongs in a `Layer` above it.
    """

    def __init__(self, stage: Stage, **more: Any) -> None:
        self.canvas = Canvas()
        with self.canvas:
            self.fbo = Fbo(size=stage.theme.profile.px)
            Color(1, 1, 1, 1)
            Rectangle(size=stage.theme.profile.px, texture=self.fbo.texture)
        self.fbo.texture.mag_filter = self.fbo.texture.min_filter = "nearest"
        with self.fbo:
            ClearColor(*stage.colour("ground"))
            ClearBuffers()
            Callback(_keep_opaque)
        super().__init__(size=stage.theme.profile.px, size_hint=(None, None), **more)

    def add_widget(self, widget: Widget, *arguments: Any, **more: Any) -> None:
        """Add a part to the picture."""
        canvas, self.canvas = self.canvas, self.fbo
        super().add_widget(widget, *arguments, **more)
        self.canvas = canvas

    def remove_widget(self, widget: Widget, *arguments: Any, **more: Any) -> None:
        """Remove a part from the picture."""
        canvas, self.canvas = self.canvas, self.fbo
        super().remove_widget(widget, *arguments, **more)
        self.canvas = canvas

    def clear(self) -> None:
        """Remove every part."""
        self.clear_widgets()
