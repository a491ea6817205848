"""Draws a screen and reads fingers: the only part that knows both Kivy and the journey.

Layers from below: the still picture with STOP drawn last, what changes by itself, and the key that
is pressed. Nothing that changes by itself is ever placed over STOP, and STOP is looked for first
at every touch, so that nothing takes its touch.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, runtime_checkable

from kivy.core.window import Window
from kivy.uix.widget import Widget

from ui.kiosk.touch.guard import Heard, KeyKind, Target, TouchGuard, kind_of
from ui.kiosk.view_models.parts import ShellView
from ui.kiosk.widgets.key import Key
from ui.kiosk.widgets.part import Layer, Part, StillLayer
from ui.kiosk.widgets.shell import STOP, LiveShell, frame_parts, shell_parts, still_of, stop_part
from ui.kiosk.widgets.stage import Stage


class BuiltScreen(Protocol):
    """A screen that was built for the still look of a view."""

    def show(self, view: Any) -> None:
        """Show the present numbers of a view with the same still look."""


@runtime_checkable
class MovingScreen(BuiltScreen, Protocol):
    """A screen with parts that move between two views."""

    def move(self, since_s: float) -> bool:
        """Draw them so long after the last view; return whether anything moves."""


class ScreenView(NamedTuple):
    """What is shown: the shell, the content, and what of the content never changes by itself.

    Two views with equal `still` and `name` are drawn by the same built screen. Another `turn` is
    another page of it: touches right after it are swallowed, as after a change of the screen.
    """

    name: str
    shell: ShellView
    content: Any
    still: object
    build: Callable[[Stage, Any, Layer, Layer], BuiltScreen]
    turn: str = ""


class ShownParts(NamedTuple):
    """One part as a test or a screen reader finds it; the rectangle in px from the top left."""

    role: str
    text: str
    rect: tuple[int, int, int, int]
    enabled: bool


class ScreenWindow(Widget):
    """The whole window. `heard` is told what a touch means."""

    def __init__(self, stage: Stage, heard: Callable[[Heard], None]) -> None:
        super().__init__(size=stage.theme.profile.px, size_hint=(None, None))
        self._stage, self._heard = stage, heard
        self._guard = TouchGuard()
        self._shown: ScreenView | None = None
        self._built: BuiltScreen | None = None
        self._moving: MovingScreen | None = None
        self._shell: LiveShell | None = None
        self._presented_s = 0.0
        self._make_layers()
        Window.bind(on_touch_down=self._down, on_touch_move=self._moved, on_touch_up=self._up)
        Window.bind(focus=self._focused, on_restore=self._woken, on_show=self._woken)
        Window.bind(on_hide=self._hidden, on_minimize=self._hidden)

    def use(self, stage: Stage) -> None:
        """Draw with another theme, size or language."""
        self._stage = stage
        self._shown = None
        self._make_layers()

    def present(self, view: ScreenView) -> bool:
        """Show a view; return whether its screen was built anew."""
        shown = self._shown
        same = shown is not None and _still(shown) == _still(view)
        ended: tuple[str, ...] = ()
        if not same:
            if shown is None or (shown.name, shown.turn) != (view.name, view.turn):
                ended = self._guard.changed(time.monotonic())
            self._build(view)
        elif self._built is not None and self._shell is not None:
            self._built.show(view.content)
            self._shell.show(view.shell)
        self._shown, self._presented_s = view, time.monotonic()
        self._release(ended)
        return not same

    def move(self) -> bool:
        """Draw what moves between two views; return whether anything does."""
        built = self._moving
        return built is not None and built.move(time.monotonic() - self._presented_s)

    def describe(self) -> tuple[str, tuple[ShownParts, ...]]:
        """Return the name of the screen and its visible parts, from the top."""
        found: list[ShownParts] = []
        for layer in (self._top, self._live, self._still):
            for part in layer.walk():
                if part.role and part.role != "icon":
                    found.extend(self._described(part))
        return (self._shown.name if self._shown else ""), tuple(found)

    def fall_on(self) -> None:
        """Lower again where a key that lowers is held: both channels come down smoothly.

        Called many times a second, before touches are taken.
        """
        self._release(self._guard.ran(time.monotonic()))
        for action in self._guard.falling(time.monotonic()):
            self._heard(Heard(action, pressed=False, acts=True))

    def forget_touches(self) -> None:
        """Release everything, as when the window loses its input."""
        self._release(self._guard.forget())

    # --- drawing ---------------------------------------------------------------------------------

    def _make_layers(self) -> None:
        self.canvas.clear()
        self._still, self._live, self._top = StillLayer(self._stage), Layer(), Layer()
        for layer in (self._still, self._live, self._top):
            self.canvas.add(layer.canvas)

    def _build(self, view: ScreenView) -> None:
        stage = self._stage
        for layer in (self._still, self._live, self._top):
            layer.clear()
        for part in shell_parts(stage, view.shell):
            self._still.add_widget(part)
        self._built = view.build(stage, view.content, self._still, self._live)
        self._moving = self._built if isinstance(self._built, MovingScreen) else None
        self._shell = LiveShell(stage, view.shell, self._live)
        for part in frame_parts(stage, view.shell.output.frame):
            self._still.add_widget(part)
        self._still.add_widget(stop_part(stage, view.shell))

    def _described(self, part: Part) -> list[ShownParts]:
        text = part.described
        if not text and part.role != "key":
            return []
        height = self._stage.theme.profile.px[1]
        x, y = int(part.x), int(height - part.y - part.height)
        rect = (x, y, int(part.width), int(part.height))
        action = part.view.action if isinstance(part, Key) else ""
        return [ShownParts(part.role, text or action, rect, part.is_enabled)]

    # --- touches ---------------------------------------------------------------------------------

    def _keys(self) -> list[Key]:
        """Return the keys that take a touch, STOP first."""
        found = [
            part
            for layer in (self._live, self._still)
            for part in layer.walk()
            if isinstance(part, Key) and part.is_enabled and part.view.action
        ]
        return sorted(found, key=lambda key: key.view.action != STOP)

    def _key_at(self, x: float, y: float) -> Key | None:
        return next((key for key in self._keys() if key.holds(x, y)), None)

    def _down(self, _: object, touch: Any) -> bool:
        key = self._key_at(*touch.pos)
        target = None if key is None else Target(key.view.action, kind_of(key.view.action))
        if target is not None and target.action == STOP:
            target = Target(STOP, KeyKind.STOP)
        self._say(self._guard.down(touch.uid, target, touch.pos, time.monotonic()))
        return True

    def _moved(self, _: object, touch: Any) -> bool:
        key = self._key_at(*touch.pos)
        self._say(self._guard.moved(touch.uid, None if key is None else key.view.action))
        return True

    def _up(self, _: object, touch: Any) -> bool:
        self._say(self._guard.up(touch.uid))
        return True

    def _focused(self, _: object, focus: bool) -> None:
        """Release every finger that can no longer be followed; the first tap back only wakes."""
        if not focus:
            self.forget_touches()
        self._woken()

    def _hidden(self, *_: object) -> None:
        """Release every finger: their ends may go elsewhere."""
        self.forget_touches()

    def _woken(self, *_: object) -> None:
        self._release(self._guard.changed(time.monotonic()))

    def _release(self, held: tuple[str, ...]) -> None:
        """Let go of keys that were held; their fingers may still be down."""
        for action in held:
            self._say(Heard(action, pressed=False, acts=True))

    def _say(self, heard: Heard | None) -> None:
        if heard is None:
            return
        self._show_press(heard)
        self._heard(heard)

    def _show_press(self, heard: Heard) -> None:
        """Draw a pressed key above the still picture, which would have to be drawn anew."""
        self._top.clear()
        if not heard.pressed:
            return
        pressed = next((key for key in self._keys() if key.view.action == heard.action), None)
        if pressed is not None:
            copy = pressed.copied()
            copy.press()
            self._top.add_widget(copy)


def _still(view: ScreenView) -> object:
    return view.name, still_of(view.shell), view.still
