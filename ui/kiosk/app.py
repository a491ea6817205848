"""The kiosk's process: window, link and journey put together.

Kivy takes touches from one provider only and reads no configuration of the machine.
"""

import ctypes
import logging
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TypeAlias

from ui.kiosk.options import KioskOptions

Ending: TypeAlias = Callable[[Callable[[], None]], AbstractContextManager[None]]
MOST_FPS = "22"
"""Kivy's clock makes 29 of it, which is also how often a touch is looked for: each 34 ms."""

TRIM_BYTES, MMAP_BYTES = (-1, 128 * 1024), (-3, 64 * 1024)
"""Numbers of glibc's `mallopt` (malloc.h) and from which size on memory goes back at once (D)."""


def return_memory() -> None:
    """Let pictures that were dropped go back to the system; elsewhere than in glibc do nothing.

    Thousands of pictures of all sizes come and go in a day. Without this the process is a third
    larger for the holes that they leave, up and down by 40 MB.
    """
    with suppress(AttributeError, OSError):
        set_option = ctypes.CDLL(None).mallopt
        for option, value in (TRIM_BYTES, MMAP_BYTES):
            set_option(option, value)


TOUCH_ENVIRONMENT = {"SDL_TOUCH_MOUSE_EVENTS": "0", "SDL_MOUSE_TOUCH_EVENTS": "0"}
"""SDL makes no mouse of a finger and no finger of a mouse: one contact is one touch."""


class NoWindow(Exception):
    """No window can be opened; the text says why."""


def prepare_kivy(options: KioskOptions) -> None:
    """Set what Kivy reads when it is imported; call it before anything imports Kivy."""
    return_memory()
    options.home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_HOME=str(options.home),
        KIVY_METRICS_DENSITY="1",
        KIVY_DPI="96",
        KIVY_LOG_MODE="PYTHON",
        **TOUCH_ENVIRONMENT,
        KIVY_WINDOW="sdl2",
    )
    # Without libmtdev, which is not used, Kivy logs a traceback while it is imported.
    logging.getLogger("kivy").addFilter(lambda record: "MTDev" not in str(record.msg))
    from kivy.config import Config

    width, height = options.theme.profile.px
    for section, name, value in (
        ("graphics", "multisamples", "0"),
        ("graphics", "width", str(width)),
        ("graphics", "height", str(height)),
        ("graphics", "maxfps", MOST_FPS),
        ("graphics", "resizable", "0"),
        ("graphics", "fullscreen", str(int(options.full_screen))),
        # The screen never blanks: SDL asks the compositor (or X) to keep it on while it is open.
        ("graphics", "allow_screensaver", "0"),
        ("kivy", "exit_on_escape", "0"),
    ):
        Config.set(section, name, value)
    if options.left is not None:
        for name, value in (("position", "custom"), ("left", str(options.left)), ("top", "40")):
            Config.set("graphics", name, value)
    for name in list(Config.options("input")):
        Config.remove_option("input", name)


def run_kiosk(options: KioskOptions, ending: Ending = lambda _: nullcontext()) -> None:
    """Open the window and run until it is closed; raises `FontsMissing` or `NoWindow`.

    `ending` gets what closes the window, and returns the context in which a signal does that.
    """
    prepare_kivy(options)
    check_window()
    from ui.kiosk.session import KioskSession

    session = KioskSession(options)
    with ending(session.stop):
        session.run()


def check_window() -> None:
    """Raise `NoWindow` with the reason if Kivy can open none; otherwise it is open afterwards."""
    reasons: list[str] = []
    log = logging.getLogger("kivy")

    def keep(record: logging.LogRecord) -> bool:
        reasons.extend(line for line in record.getMessage().splitlines() if "Error: " in line)
        return False

    log.addFilter(keep)
    try:
        from kivy.core.window import Window
    except ImportError as error:
        raise NoWindow(f"a library of the window is missing ({error}); run `make setup`") from error
    finally:
        log.removeFilter(keep)
    if Window is None:
        why = f" ({reasons[-1].strip()})" if reasons else ""
        raise NoWindow(f"no window can be opened here{why}")
