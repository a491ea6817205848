"""A person at the kiosk of a test: finds what is shown, touches it at its pixels, waits for it."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.hang import HANG_S

RUN_TOUCHED = "tests.support.kiosk.run_touched"


class Shown(NamedTuple):
    """One part of the screen: its place in px from the top left."""

    role: str
    text: str
    rect: tuple[int, int, int, int]
    enabled: bool

    @property
    def middle(self) -> tuple[float, float]:
        x, y, wide, high = self.rect
        return x + wide / 2, y + high / 2


class KioskPerson:
    """Touches the screen of a kiosk that runs in a process of its own; counts the touches."""

    def __init__(self, process: "subprocess.Popen[bytes]", client: socket.socket) -> None:
        self.process = process
        self.touches = 0
        self.words: Callable[[str], str] = str
        """Makes the words of a key in the language of the screen from the English ones."""
        self._client = client
        self._lines = client.makefile("rb")
        self._fingers = 0

    @property
    def screen(self) -> str:
        """Return the name of the screen."""
        name: str = self.ask(do="describe")["screen"]
        return name

    def parts(self) -> list[Shown]:
        found = self.ask(do="describe")["widgets"]
        return [
            Shown(each["role"], each["text"], tuple(each["rect"]), each["enabled"])
            for each in found
        ]

    def texts(self) -> str:
        """Return every word on the screen."""
        return "\n".join(part.text for part in self.parts())

    def find(self, text: str, role: str = "key") -> Shown | None:
        """Return the part whose words begin with, else contain, the English text."""
        text = self.words(text)
        parts = [part for part in self.parts() if part.role == role]
        begins = [part for part in parts if part.text.startswith(text)]
        return next(iter(begins or [part for part in parts if text in part.text]), None)

    def wait(self, screen: str) -> None:
        """Wait for a screen."""
        self.until(lambda: self.screen == screen, screen)

    def until(self, condition: Any, what: str) -> None:
        until_s = time.monotonic() + HANG_S
        while not condition():
            if time.monotonic() > until_s:
                raise AssertionError(f"never: {what}; shown is {self.screen}: {self.texts()}")
            time.sleep(0.05)

    def touch(self, text: str) -> None:
        """Tap the key with these words, once it is there and enabled."""
        key = None
        while key is None:
            self.until(lambda: self._enabled_key(text) is not None, f"key {text}")
            time.sleep(0.3)  # a tap right after the screen has changed is swallowed
            key = self._enabled_key(text)  # it may have gone meanwhile, or moved
        self.tap(*key.middle)

    def touch_if_there(self, text: str) -> bool:
        """Tap the key if it is still there after the time in which taps are swallowed."""
        time.sleep(0.3)
        key = self._enabled_key(text)
        if key is not None:
            self.tap(*key.middle)
        return key is not None

    def _enabled_key(self, text: str) -> Shown | None:
        key = self.find(text)
        return key if key is not None and key.enabled else None

    def tap(self, x: float, y: float) -> None:
        finger = self.press(x, y)
        self.release(finger)

    def tap_twice(self, at: tuple[float, float], apart: float) -> None:
        """Tap twice within one frame, the second time so many px further right."""
        self._fingers += 2
        self.touches += 2
        first, second = self._fingers - 1, self._fingers
        places = ((first, at), (second, (at[0] + apart, at[1])))
        self.ask(
            do="touches",
            of=[
                {"do": what, "finger": finger, "at": place}
                for finger, place in places
                for what in ("down", "up")
            ],
        )

    def press(self, x: float, y: float) -> int:
        """Put a finger down; return its number."""
        self._fingers += 1
        self.touches += 1
        self.ask(do="down", finger=self._fingers, at=[x, y])
        return self._fingers

    def move(self, finger: int, x: float, y: float) -> None:
        self.ask(do="move", finger=finger, at=[x, y])

    def release(self, finger: int) -> None:
        self.ask(do="up", finger=finger)

    def picture(self, path: Path) -> Path:
        """Save a picture of the screen and return where it is."""
        return Path(self.ask(do="picture", path=str(path))["path"])

    def close(self) -> None:
        self._lines.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def ask(self, **asked: Any) -> dict[str, Any]:
        line = b""
        with suppress(BrokenPipeError):
            self._client.sendall(json.dumps(asked).encode() + b"\n")
            line = self._lines.readline()
        if not line:
            raise AssertionError(f"the kiosk has gone: {self._said()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _said(self) -> str:
        self.process.wait(10)
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()[-2_000:]


@contextmanager
def a_kiosk(
    link: Path,
    profile: str = "7-800x480",
    theme: str = "dark",
    module: str = RUN_TOUCHED,
    home: Path | None = None,
) -> Iterator[KioskPerson]:
    """Open a kiosk without a display; it is killed with the test."""
    with tempfile.TemporaryDirectory(prefix="kk-") as folder:
        control = str(Path(folder) / "control")
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(link), control, profile, theme, str(home or folder)],
            env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            with _connected(control, process) as client:
                person = KioskPerson(process, client)
                with closing(person):
                    yield person
        finally:
            process.kill()
            process.communicate()


def _connected(control: str, process: "subprocess.Popen[bytes]") -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(HANG_S)
    until_s = time.monotonic() + HANG_S
    while True:
        try:
            client.connect(control)
        except OSError:
            if process.poll() is not None or time.monotonic() > until_s:
                said = process.stderr.read().decode() if process.stderr else ""
                raise AssertionError(f"no kiosk: {said[-2_000:]}") from None
            time.sleep(0.05)
        else:
            return client
