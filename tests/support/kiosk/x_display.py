"""A real window on a display of its own: Xvfb shows it, xdotool is the hand, the kiosk tells."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.hang import HANG_S
from tests.support.kiosk.hands import Shown
from tests.ui.cli.conftest import House, wait_until

needs_display = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None,
    reason="Xvfb and xdotool are not installed; deploy/setup-venv.sh --tests installs them",
)


@contextmanager
def an_x_display(width: int, height: int) -> Iterator[str]:
    """Open a display that is as large as the window, and return its name."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [
            *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"),
            # Without -noreset the server starts anew whenever the last program leaves it, and
            # drops one that is just opening its window: xdotool comes and goes.
            *("-nocursor", "-noreset", "-nolisten", "tcp"),
        ],
        pass_fds=(writing,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{int(told.readline())}"
    finally:
        process.terminate()
        process.wait(HANG_S)


def xdotool(display: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run xdotool on a display: a hand, or a question about its windows."""
    return subprocess.run(
        ["xdotool", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "DISPLAY": display},
        timeout=HANG_S,
    )


class XPerson:
    """Whoever uses the window as it is: finds keys by what is told, clicks at their pixels."""

    def __init__(self, display: str, path: Path) -> None:
        self._display, self._path = display, path
        self._client: socket.socket | None = None

    def told(self) -> dict[str, object]:
        """Return the whole answer to one line; a screen that is busy is asked again."""
        answers: list[dict[str, object]] = []

        def is_told() -> bool:
            answers.append(self._ask())
            return "problem" not in answers[-1]

        wait_until(is_told, "answer of the screen")
        return answers[-1]

    def _ask(self) -> dict[str, object]:
        if self._client is None:
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.settimeout(HANG_S)
            client.connect(str(self._path))
            self._client = client
        self._client.sendall(b"\n")
        with self._client.makefile("rb") as lines:
            answer: dict[str, object] = json.loads(lines.readline())
        return answer

    @property
    def screen(self) -> str:
        return str(self.told()["screen"])

    def parts(self) -> list[Shown]:
        widgets = self.told()["widgets"]
        assert isinstance(widgets, list)
        return [
            Shown(part["role"], part["text"], tuple(part["rect"]), part["enabled"])
            for part in widgets
        ]

    def key(self, text: str) -> Shown | None:
        return next((part for part in self.parts() if part.text.startswith(text)), None)

    def wait(self, screen: str) -> None:
        wait_until(lambda: self.screen == screen, f"screen {screen}")

    def click(self, text: str) -> None:
        """Click on the key with these words, once it is there and enabled."""
        wait_until(lambda: (key := self.key(text)) is not None and key.enabled, f"key {text}")
        time.sleep(0.3)  # a touch right after the screen has changed is swallowed
        key = self.key(text)
        assert key is not None
        x, y = key.middle
        self.do("mousemove", str(int(x)), str(int(y)), "click", "1")

    def do(self, *arguments: str) -> None:
        """Let xdotool do something."""
        assert xdotool(self._display, *arguments).returncode == 0

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


@contextmanager
def a_window(house: House, *options: str) -> Iterator[XPerson]:
    """Open the kiosk as a user starts it, in a window on a display of its own."""
    with an_x_display(800, 480) as display, tempfile.TemporaryDirectory(prefix="kx-") as folder:
        path = Path(folder) / "told"
        more = {"DISPLAY": display, "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": "x11"}
        process = house.start("kiosk", "--describe", str(path), *options, **more)
        gone: list[str] = []

        def opened() -> bool:
            if process.poll() is not None:
                gone.append(process.communicate()[1])
            assert not gone, gone[0][-2_000:]
            return path.exists()

        wait_until(opened, "window that tells what it shows")
        person = XPerson(display, path)
        try:
            yield person
        finally:
            person.close()
            process.terminate()
            process.wait(HANG_S)
