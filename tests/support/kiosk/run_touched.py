"""The kiosk as `stimkiosk kiosk` runs it, with a socket that presses pixels as a finger would.

Run as a module: LINK CONTROL PROFILE THEME HOME. Each line on the control socket is a JSON object:
{"do": "down", "finger": 1, "at": [x, y]}, {"do": "move", ...}, {"do": "up", "finger": 1},
{"do": "describe"}, {"do": "picture", "path": ...}, {"do": "hide"} for a window that is covered, and
{"do": "touches", "of": [...]} for several down, move and up in one frame. The answer comes once a
frame was drawn.
"""

import json
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from ui.kiosk.app import prepare_kivy
from ui.kiosk.options import KioskOptions
from ui.kiosk.theme.tokens import ThemeName, load_tokens, theme_of


def main(*arguments: str, hands: "type[Hands] | None" = None) -> None:
    """Run until it is killed; `hands` is another kind of hands than the usual."""
    link, control, profile, theme, home = arguments
    look = theme_of(load_tokens(), profile, ThemeName(theme))
    options = KioskOptions(Path(link), look, Path(home) / "kivy")
    prepare_kivy(options)
    from ui.kiosk.session import KioskSession

    session = KioskSession(options)
    (hands or Hands)(session, control).start()
    session.run()


class Hands:
    """Reads what a test's fingers do and carries it out in the screen's thread."""

    def __init__(self, session: Any, path: str) -> None:
        self._session = session
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(path)
        self._server.listen(1)
        self._fingers: dict[int, Any] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        client, _ = self._server.accept()
        with client, client.makefile("rb") as lines:
            for line in lines:
                client.sendall(json.dumps(self._in_screen(json.loads(line))).encode() + b"\n")

    def _in_screen(self, asked: dict[str, Any]) -> dict[str, Any]:
        from kivy.clock import Clock

        done = threading.Event()
        answer: dict[str, Any] = {}

        def act(_: float) -> None:
            answer.update(self._do(asked))
            Clock.schedule_once(lambda _: done.set(), 0)

        Clock.schedule_once(act, 0)
        done.wait(60)
        return answer

    def _do(self, asked: dict[str, Any]) -> dict[str, Any]:
        match asked["do"]:
            case "down" | "move" | "up" as what:
                self._touch(what, asked)
            case "touches":
                for each in asked["of"]:
                    self._touch(each["do"], each)
            case "describe":
                name, parts = self._session.screen.describe()
                widgets = [part._asdict() for part in parts]
                return {"screen": name, "widgets": widgets, "drawn": self._session.drawn}
            case "picture":
                from kivy.core.window import Window

                return {"path": Window.screenshot(name=asked["path"])}
            case "hide":
                from kivy.core.window import Window

                Window.dispatch("on_hide")
            case _:
                raise ValueError(f"no such thing to do: {asked}")
        return {}

    def _touch(self, what: str, asked: dict[str, Any]) -> None:
        from kivy.base import EventLoop
        from kivy.core.window import Window

        finger = asked["finger"]
        if what == "down":
            self._fingers[finger] = motion_event(finger)
        touch = self._fingers[finger]
        if "at" in asked:
            x, y = asked["at"]
            width, height = Window.size
            touch.move([x / (width - 1), 1 - y / (height - 1)])
        kind = {"down": "begin", "move": "update", "up": "end"}[what]
        EventLoop.post_dispatch_input(kind, touch)
        if what == "up":
            del self._fingers[finger]


def motion_event(finger: int) -> Any:
    from kivy.input.motionevent import MotionEvent

    class Finger(MotionEvent):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__("test", finger, [0, 0], is_touch=True, type_id="touch")

        def depack(self, args: Any) -> None:
            self.sx, self.sy = args
            self.profile = ["pos"]
            super().depack(args)

    return Finger()


if __name__ == "__main__":
    main(*sys.argv[1:])
