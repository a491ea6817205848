"""A kiosk that counts its frames and says when a touch came and when it was drawn.

    python -m tests.campaigns.bench.kiosk_process LINK CONTROL PROFILE THEME

It is the kiosk of the tests (`tests.support.kiosk.run_touched`) with two more requests:
{"do": "counts"} answers with frames, processor time of all threads and memory; {"do": "feel", "at":
[x, y]} puts a finger down as an input driver does, between two frames, and answers once the next
frame was drawn, with the monotonic time of the touch and of the frame. The finger then slides off
the key, so that nothing but the feedback happens; with "stay" it stays and is lifted. After
{"do": "watch", "screen": name} {"do": "watched"} answers with the time of the first frame that
showed that screen.
"""

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from tests.campaigns.bench.engine_process import resident_kb
from tests.support.kiosk.run_touched import Hands, main, motion_event

WAIT_S = 5.0
CORNER = (2.0, 2.0)
"""Where no key is."""


class MeasuredHands(Hands):
    """Fingers that come between two frames, as those of an input driver of Kivy do."""

    def __init__(self, session: Any, path: str) -> None:
        super().__init__(session, path)
        self._queue: deque[tuple[str, Any]] = deque()
        self._drawn = threading.Event()
        self._is_awaited = False
        self._flips = 0
        self._flip_ns = 0
        self._watched = ""
        self._watched_ns: int | None = None

    def begin(self) -> None:
        """Count frames and offer touches to Kivy; in the thread of the screen."""
        from kivy.base import EventLoop
        from kivy.core.window import Window

        Window.bind(on_flip=self._flipped)
        EventLoop.add_input_provider(self)

    def start(self) -> None:
        """Begin to read; Kivy calls it a second time, as it does with every provider."""
        if not self._thread.is_alive():
            self.begin()
            super().start()

    def stop(self) -> None:
        """Nothing to end: the thread ends with the process."""

    def update(self, dispatch_fn: Callable[[str, Any], None]) -> None:
        """Hand over what came since the last frame."""
        while self._queue:
            dispatch_fn(*self._queue.popleft())
            self._is_awaited = True

    def _flipped(self, _: object) -> None:
        self._flips += 1
        if self._watched and self._session.screen.describe()[0] == self._watched:
            self._watched, self._watched_ns = "", time.monotonic_ns()
        if self._is_awaited:
            self._is_awaited, self._flip_ns = False, time.monotonic_ns()
            self._drawn.set()

    def _in_screen(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["do"] == "counts":
            used_s, kb = time.process_time(), resident_kb()
            return {"flips": self._flips, "cpu_s": used_s, "rss_kb": kb}
        if asked["do"] == "feel":
            return self._feel(tuple(asked["at"]), stays=asked.get("stay", False))
        if asked["do"] == "watch":
            self._watched_ns, self._watched = None, asked["screen"]
            return {}
        if asked["do"] == "watched":
            return {"drawn_ns": self._watched_ns}
        return super()._in_screen(asked)

    def _feel(self, at: tuple[float, float], *, stays: bool) -> dict[str, Any]:
        touch = motion_event(time.monotonic_ns())
        self._place(touch, at)
        self._drawn.clear()
        touched_ns = time.monotonic_ns()
        self._queue.append(("begin", touch))
        is_drawn = self._drawn.wait(WAIT_S)
        drawn_ns = self._flip_ns
        if not stays:
            self._place(touch, CORNER)
            self._queue.append(("update", touch))
        self._queue.append(("end", touch))
        return {"touched_ns": touched_ns, "drawn_ns": drawn_ns if is_drawn else None}

    @staticmethod
    def _place(touch: Any, at: tuple[float, float]) -> None:
        from kivy.core.window import Window

        width, height = Window.size
        touch.move([at[0] / (width - 1), 1 - at[1] / (height - 1)])


if __name__ == "__main__":
    main(*sys.argv[1:6], hands=MeasuredHands)
