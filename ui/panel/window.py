"""The window of the panel: shows pictures, reads the mouse."""

from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget
from PIL import Image

from ui.panel.board_talk import BoardTalk
from ui.panel.layout import Box, PanelKey, PanelText, PanelView, view_of
from ui.panel.oscillogram import oscillogram
from ui.panel.picture import draw_panel, draw_scope, draw_sounds
from ui.panel.state import Panel

TITLE = "Virtual board"
SHORTEST_HOLD_S = 0.3
"""A click on a held key holds it for this long: a squeeze shorter than 50 ms proves nothing."""


class PanelWindow(App):
    """Owns the panel's state; everything here runs in the thread of the window."""

    title = TITLE

    def __init__(self, panel: Panel, connect: Callable[[Any, Any], BoardTalk]) -> None:
        super().__init__()
        self.panel = panel
        trigger = Clock.create_trigger(lambda _: self._attend())
        gone = Clock.create_trigger(lambda _: self.stop())
        self._talk = connect(trigger, gone)
        self._sent = 0
        self._held: tuple[PanelKey, float] | None = None
        self._view: PanelView | None = None
        self._pictures: dict[str, Rectangle] = {}
        self._textures: dict[str, Texture] = {}

    def build(self) -> Widget:
        """Make the window."""
        widget = Widget()
        with widget.canvas:
            Color(1, 1, 1, 1)
            self._pictures = {name: Rectangle() for name in ("panel", "scope", "sounds")}
        Window.bind(on_touch_down=self._down, on_touch_up=self._up, on_key_down=self._typed)
        self._present()
        return widget

    def on_start(self) -> None:
        """Begin to look at the board."""
        self._talk.start()

    def on_stop(self) -> None:
        """Let go of what is held; Kivy may call this twice."""
        if self._held is not None:
            key, self._held = self._held[0], None
            self._press(key.on_release)
        self._talk.close()

    def press(self, action: str) -> None:
        """Do what a key asks for."""
        self._press(action)

    # --- what happens ----------------------------------------------------------------------------

    def _attend(self) -> None:
        news = self._talk.newest()
        if news is None:
            return
        if news.done >= self._sent:  # else it does not know yet what was pressed
            self.panel = self.panel.looked(news.seen)
        self._present()

    def _press(self, action: str) -> None:
        self.panel, commands = self.panel.pressed(action)
        self._sent += len(commands)
        self._talk.send(commands)
        self._present()

    def _down(self, _: object, touch: Any) -> bool:
        if self._view is None:
            return True
        x, y = touch.pos
        key = self._view.key_at(x, Window.height - 1 - y)
        if key is not None and self._held is None:
            if key.on_release:
                self._held = key, Clock.get_time()
            self._press(key.action)
        return True

    def _up(self, _: object, __: Any) -> bool:
        if self._held is not None:
            key, since_s = self._held
            left_s = max(since_s + SHORTEST_HOLD_S - Clock.get_time(), 0)
            self._held = None
            Clock.schedule_once(lambda _: self._press(key.on_release), left_s)
        return True

    def _typed(self, *arguments: Any) -> bool:
        if arguments[3] in ("r", "R"):
            self._press("good")
        return True

    # --- drawing ---------------------------------------------------------------------------------

    def _present(self) -> None:
        view = view_of(self.panel)
        shown = oscillogram(self.panel.seen, view.scope)
        caption = PanelText(
            Box(view.scope.x, view.scope.y - 26, view.scope.w, 26), shown.caption, align="right"
        )
        view = view._replace(texts=(*view.texts, caption))
        if view != self._view:
            if self._view is None or view.size != self._view.size:
                Window.size = view.size
            self._view = view
            self._show("panel", draw_panel(view), Box(0, 0, *view.size))
        self._show("scope", draw_scope(shown, view.scope[2:]), view.scope)
        self._show("sounds", draw_sounds(self.panel.seen, view.sounds[2:]), view.sounds)

    def _show(self, name: str, picture: Image.Image, box: Box) -> None:
        """Show a picture; its texture is used again, for a new one each time is never freed."""
        if not self._pictures or self._view is None:
            return
        drawn = self._pictures[name]
        turned = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        texture = self._textures.get(name)
        if texture is None or texture.size != turned.size:
            texture = self._textures[name] = Texture.create(size=turned.size, colorfmt="rgba")
        texture.blit_buffer(turned.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
        drawn.texture = texture
        drawn.pos = (box.x, self._view.size[1] - box.y - box.h)
        drawn.size = (box.w, box.h)
        Window.canvas.ask_update()
