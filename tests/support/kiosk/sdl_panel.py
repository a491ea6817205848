"""A screen of the kiosk whose fingers come from SDL itself, as those of a panel do.

Run as a module: FOLDER. Each line of its input is a scenario: {"show": SAMPLE, "steps": [...]}.
A step is ["down" | "move" | "up", FINGER, PLACE] with a place that is the action of a key or [X, Y]
in px from the top left; the finger may be "mouse". Others are ["wait", S], ["show", SAMPLE],
["focus", 0 or 1] and ["together", STEP, ...] for what comes in one frame. The answer lists what was
heard; "providers" and "hints" say how input is set up.
"""

import ctypes
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ui.kiosk.app import check_window, prepare_kivy
from ui.kiosk.options import KioskOptions
from ui.kiosk.theme.tokens import ThemeName, load_tokens, theme_of

PROFILE = "7-800x480"
FINGER = {"down": 0x700, "up": 0x701, "move": 0x702}
BUTTON = {"down": 0x401, "up": 0x402}
MOTION = 0x400


class FingerEvent(ctypes.Structure):
    """SDL_TouchFingerEvent."""

    _fields_ = (
        ("type", ctypes.c_uint32),
        ("timestamp", ctypes.c_uint32),
        ("touch", ctypes.c_int64),
        ("finger", ctypes.c_int64),
        *((name, ctypes.c_float) for name in ("x", "y", "dx", "dy", "pressure")),
        ("window", ctypes.c_uint32),
        ("rest", ctypes.c_uint8 * 64),
    )


class ButtonEvent(ctypes.Structure):
    """SDL_MouseButtonEvent."""

    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("type", "timestamp", "window", "which")),
        *((name, ctypes.c_uint8) for name in ("button", "state", "clicks", "padding")),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("rest", ctypes.c_uint8 * 64),
    )


class MotionEvent(ctypes.Structure):
    """SDL_MouseMotionEvent."""

    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("type", "timestamp", "window", "which", "state")),
        *((name, ctypes.c_int32) for name in ("x", "y", "xrel", "yrel")),
        ("rest", ctypes.c_uint8 * 64),
    )


def sdl() -> ctypes.CDLL:
    """Return the SDL that Kivy has loaded."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return ctypes.CDLL(next(line.split()[-1] for line in maps if "/libSDL2-2" in line))


class Panel:
    """Sends events to SDL and notes what the screen makes of them."""

    def __init__(self, folder: Path) -> None:
        theme = theme_of(load_tokens(), PROFILE, ThemeName.DARK)
        prepare_kivy(KioskOptions(folder / "no-link", theme, folder / "kivy"))
        check_window()
        from ui.kiosk.touch_provider import use_one_provider
        from ui.kiosk.widgets.stage import Stage
        from ui.kiosk.window import ScreenWindow

        self._size = theme.profile.px
        self.heard: list[list[Any]] = []
        self._sdl = sdl()
        self.provider = use_one_provider()
        self.screen = ScreenWindow(Stage(theme, kept=folder / "kivy"), self._note)

    def _note(self, heard: Any) -> None:
        self.heard.append([heard.action, heard.pressed, heard.acts])

    def show(self, sample: str) -> None:
        from tests.support.kiosk.samples import SAMPLES
        from ui.kiosk.places import view_of

        self.screen.present(view_of(*SAMPLES[sample]()))

    def at(self, place: str | list[float]) -> tuple[float, float]:
        """Return a place in px from the top left: the middle of a key, or the place itself."""
        if not isinstance(place, str):
            return place[0], place[1]
        key = next(each for each in self.screen._keys() if each.view.action == place)
        return key.center_x, self._size[1] - key.center_y

    def send(self, kind: str, finger: int | str, x: float, y: float) -> None:
        """Put an event into SDL's queue."""
        event: ctypes.Structure
        if finger != "mouse":
            wide, high = self._size
            event = FingerEvent(FINGER[kind], 0, 1, int(finger), x / wide, y / high)
            event.pressure = 1.0
        elif kind == "move":
            event = MotionEvent(MOTION, 0, 0, 0, 1, int(x), int(y))
        else:
            event = ButtonEvent(BUTTON[kind], 0, 0, 0, 1, int(kind == "down"), 1, 0, int(x), int(y))
        assert self._sdl.SDL_PushEvent(ctypes.byref(event)) == 1

    def take(self, step: list[Any]) -> None:
        from kivy.core.window import Window

        match step:
            case ["show", sample]:
                self.show(sample)
            case ["focus", focus]:
                Window._focus = bool(focus)
            case ["together", *steps]:
                for each in steps:
                    self.take(each)
            case [kind, finger, place]:
                self.send(kind, finger, *self.at(place))
            case _:
                raise ValueError(f"no such step: {step}")

    def set_up(self) -> dict[str, Any]:
        from kivy.base import EventLoop
        from kivy.config import Config

        self._sdl.SDL_GetHint.restype = ctypes.c_char_p
        hints = ("SDL_TOUCH_MOUSE_EVENTS", "SDL_MOUSE_TOUCH_EVENTS")
        return {
            "providers": [type(each).__name__ for each in EventLoop.input_providers],
            "configured": list(Config.options("input")),
            "hints": [(self._sdl.SDL_GetHint(hint.encode()) or b"").decode() for hint in hints],
        }


class Scenarios:
    """Carries out the scenarios of standard input in the screen's thread."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        from kivy.app import App
        from kivy.clock import Clock

        for line in sys.stdin:
            asked = json.loads(line)
            self._in_screen(lambda asked=asked: self._begin(asked["show"]))
            time.sleep(0.3)  # touches right after a change of the screen are swallowed
            for step in asked["steps"]:
                if step[0] == "wait":
                    time.sleep(step[1])
                else:
                    self._in_screen(lambda step=step: self._panel.take(step))
            answer = {"heard": self._panel.heard, **self._panel.set_up()}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        Clock.schedule_once(lambda _: App.get_running_app().stop(), 0)

    def _begin(self, sample: str) -> None:
        self._panel.screen.forget_touches()
        self._panel.show("lock")
        self._panel.show(sample)
        self._panel.heard.clear()

    def _in_screen(self, act: Any) -> None:
        """Do it in the screen's thread, and wait until the frame after it has read its input."""
        from kivy.clock import Clock

        done = threading.Event()

        def first(_: float) -> None:
            act()
            Clock.schedule_once(lambda _: Clock.schedule_once(lambda _: done.set(), 0), 0)

        Clock.schedule_once(first, 0)
        assert done.wait(20)


def main(folder: str) -> None:
    panel = Panel(Path(folder))
    from kivy.app import App

    class Screen(App):  # type: ignore[misc] # Kivy has no types
        def build(self) -> Any:
            Scenarios(panel)
            return panel.screen

    Screen().run()


if __name__ == "__main__":
    main(*sys.argv[1:])
