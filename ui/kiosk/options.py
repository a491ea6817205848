"""What the command line chose for the kiosk."""

from pathlib import Path
from typing import NamedTuple

from ui.kiosk.theme.tokens import Theme


class KioskOptions(NamedTuple):
    """What the command line chose: the engine's socket, the look, a folder for Kivy.

    `describe` is where to tell what is shown, None for nowhere.
    """

    link: Path
    theme: Theme
    home: Path
    describe: Path | None = None
