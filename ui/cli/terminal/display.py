"""Whether a window can be opened here: an X or Wayland server that answers, and the fonts."""

import os
import re
import socket
from importlib.util import find_spec
from pathlib import Path

from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode

ANSWER_S = 2.0
X_PORT = 6_000
WITHOUT_SERVER = ("offscreen", "dummy", "kmsdrm")
"""Video drivers of SDL that need no server."""
_DISPLAY = re.compile(r"(?P<host>[^:]*):(?P<number>\d+)(\.\d+)?")


def display_problem() -> str | None:
    """Return why no window can be opened, None if one can."""
    if os.environ.get("SDL_VIDEODRIVER") in WITHOUT_SERVER:
        return None
    display, wayland = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    if not display and not wayland:
        return "no display: neither DISPLAY nor WAYLAND_DISPLAY is set"
    if wayland and _answers(socket.AF_UNIX, _wayland_socket(wayland)):
        return None
    if display and _x_answers(display):
        return None
    named = f"DISPLAY={display}" if display else f"WAYLAND_DISPLAY={wayland}"
    return f"no display answers at {named}"


def kiosk_problem() -> str | None:
    """Return why the kiosk cannot be opened, None if it should be possible."""
    from appliance.texts.fonts import LATIN, FontsMissing, font_file

    try:
        font_file(LATIN, bold=False)
    except FontsMissing as error:
        return str(error)
    if find_spec("kivy") is None:
        return "the library kivy is missing; run `make setup`"
    return display_problem()


def needs_display() -> None:
    """End the command if no window can be opened."""
    problem = display_problem()
    if problem is not None:
        fail(f"{problem}; run it where there is a screen", ExitCode.HARDWARE_FAULT)


def _wayland_socket(name: str) -> str:
    return str(Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / name)


def _x_answers(display: str) -> bool:
    match = _DISPLAY.fullmatch(display)
    if match is None:
        return False
    number = int(match["number"])
    if match["host"] in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X listens
        return _answers(socket.AF_UNIX, path) or _answers(socket.AF_UNIX, f"\0{path}")
    return _answers(socket.AF_INET, (match["host"], X_PORT + number))


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.settimeout(ANSWER_S)
        try:
            server.connect(address)
        except OSError:
            return False
    return True
