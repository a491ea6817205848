"""The kiosk's process: window, link and journey put together.

Kivy takes touches from one provider only and reads no configuration of the machine.
"""

import logging
import os

from ui.kiosk.options import KioskOptions


def prepare_kivy(options: KioskOptions) -> None:
    """Set what Kivy reads when it is imported; call it before anything imports Kivy."""
    options.home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_HOME=str(options.home),
        KIVY_METRICS_DENSITY="1",
        KIVY_DPI="96",
        KIVY_LOG_MODE="PYTHON",
    )
    # Without libmtdev, which is not used, Kivy logs a traceback while it is imported.
    logging.getLogger("kivy").addFilter(lambda record: "MTDev" not in str(record.msg))
    from kivy.config import Config

    width, height = options.theme.profile.px
    for section, name, value in (
        ("graphics", "multisamples", "0"),
        ("graphics", "width", str(width)),
        ("graphics", "height", str(height)),
        ("graphics", "maxfps", "40"),
        ("graphics", "resizable", "0"),
        ("kivy", "exit_on_escape", "0"),
    ):
        Config.set(section, name, value)
    for name in list(Config.options("input")):
        Config.remove_option("input", name)
    Config.set("input", "mouse", "mouse,disable_multitouch")


def run_kiosk(options: KioskOptions) -> None:
    """Open the window and run until it is closed; raises `FontsMissing`."""
    prepare_kivy(options)
    from ui.kiosk.session import KioskSession

    KioskSession(options).run()
