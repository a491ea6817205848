"""Fingers and the mouse of the window as touches: the only input provider of the kiosk.

SDL reports each finger of a panel by itself and the mouse by itself, but Kivy passes fingers on
for phones only: on Linux it would use the mouse that SDL makes of the first finger, and a resting
palm would keep STOP from being felt. Here SDL makes no mouse of a finger (`ui/kiosk/app.py`), and
its fingers are taken where Kivy reads them (docs/decisions/0046-touch-provider.md).
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.input.motionevent import MotionEvent
from kivy.input.provider import MotionEventProvider

_KINDS = {"fingerdown": "begin", "fingermotion": "update", "fingerup": "end"}
OFF_SCREEN = (-1.0, -1.0)
_MOUSE = "mouse"
"""The name of the mouse among the fingers; those of a panel are numbers."""


class Touch(MotionEvent):
    """One finger, or the mouse while its left button is down; its place is 0 to 1 from below."""

    def __init__(self, number: int, place: tuple[float, float]) -> None:
        super().__init__("screen", number, place, is_touch=True, type_id="touch")
        self.profile = ("pos",)

    def depack(self, args: tuple[float, float]) -> None:
        """Take a place."""
        self.sx, self.sy = args
        super().depack(args)


class TouchProvider(MotionEventProvider):
    """Hands out what the window reports, once a frame and in its order."""

    def __init__(self) -> None:
        super().__init__("screen", "")
        self._waiting: deque[tuple[str, object, float, float]] = deque()
        self._down: dict[object, Touch] = {}
        self._count = 0

    def start(self) -> None:
        """Listen to the window."""
        Window.bind(
            on_mouse_down=self._mouse("begin"),
            on_mouse_move=self._mouse("update"),
            on_mouse_up=self._mouse("end"),
        )
        # The only place where Kivy 2.3.1 lets go of fingers without having dropped them.
        Window._win = _Tapped(Window._win, self.take)  # noqa: SLF001

    def stop(self) -> None:
        """Hand out nothing more."""
        self._waiting.clear()

    def take(self, event: object) -> None:
        """Take an event of the window; all but those of fingers are left to Kivy."""
        if isinstance(event, tuple) and event and event[0] in _KINDS:
            kind, finger, x, y, *_ = event
            self._waiting.append((_KINDS[kind], finger, x, 1 - y))

    def update(self, dispatch_fn: Callable[[str, Touch], None]) -> None:
        """Hand out what has come since the last frame."""
        while self._waiting:
            kind, finger, x, y = self._waiting.popleft()
            if kind == "begin" and finger in self._down:
                self._lose(finger, dispatch_fn)
            if kind == "begin":
                self._count += 1
                self._down[finger] = touch = Touch(self._count, (x, y))
                dispatch_fn("begin", touch)
            elif finger in self._down:
                self._down[finger].move((x, y))
                if kind == "update":
                    dispatch_fn("update", self._down[finger])
                else:
                    self._end(finger, dispatch_fn)

    def _lose(self, finger: object, dispatch_fn: Callable[[str, Touch], None]) -> None:
        """End a finger whose end was lost, off every key: nobody lifted it there just now."""
        self._down[finger].move(OFF_SCREEN)
        dispatch_fn("update", self._down[finger])
        self._end(finger, dispatch_fn)

    def _end(self, finger: object, dispatch_fn: Callable[[str, Touch], None]) -> None:
        touch = self._down.pop(finger)
        touch.update_time_end()
        dispatch_fn("end", touch)

    def _mouse(self, kind: str) -> Callable[..., None]:
        """Return what takes a report of the mouse: of its left button, in px from the top left."""

        def take(_: object, x: float, y: float, *more: Any) -> None:
            if kind == "update" or more[0] == "left":
                across, down = Window.to_normalized_pos(x, y)
                self._waiting.append((kind, _MOUSE, across, 1 - down))

        return take


class _Tapped:
    """The window's own window, with a look at every event that is read from it."""

    def __init__(self, window: Any, look: Callable[[object], None]) -> None:
        self._window, self._look = window, look

    def __getattr__(self, name: str) -> Any:
        return getattr(self._window, name)

    def poll(self) -> object:
        event = self._window.poll()
        self._look(event)
        return event


def use_one_provider() -> TouchProvider:
    """Make the kiosk's provider the only one; call it before the event loop is started."""
    for provider in list(EventLoop.input_providers):
        EventLoop.remove_input_provider(provider)
    provider = TouchProvider()
    EventLoop.add_input_provider(provider)
    return provider
