"""The process of the panel."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from drivers.host.signals import on_ending_signal
from ui.panel.board_talk import BoardTalk
from ui.panel.layout import WIDE, height_of
from ui.panel.state import Panel


def run_panel(
    control: Path, channels: int, note: str, left: int | None, on_ready: Callable[[], None]
) -> None:
    """Open the panel of a board on its control socket until the window or the board is gone.

    `left` is where the window is to stand, in px from the left. Raises `NotConnected`.
    """
    _prepare_kivy(height_of(channels), left)
    from ui.panel.window import PanelWindow

    window = PanelWindow(Panel(note=note), lambda news, end: BoardTalk(control, news, end))
    on_ready()
    with on_ending_signal(lambda _: window.stop()):
        window.run()


def _prepare_kivy(height: int, left: int | None) -> None:
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_METRICS_DENSITY="1",
        KIVY_DPI="96",
        KIVY_LOG_MODE="PYTHON",
    )
    logging.getLogger("kivy").addFilter(lambda record: "MTDev" not in str(record.msg))
    from kivy.config import Config

    settings = [
        ("multisamples", "0"),
        ("width", str(WIDE)),
        ("height", str(height)),
        ("maxfps", "20"),
        ("resizable", "0"),
    ]
    if left is not None:
        settings += [("position", "custom"), ("left", str(left)), ("top", "40")]
    for name, value in settings:
        Config.set("graphics", name, value)
    Config.set("kivy", "exit_on_escape", "0")
    for name in list(Config.options("input")):
        Config.remove_option("input", name)
    Config.set("input", "mouse", "mouse,disable_multitouch")
