"""What the command line chose for the kiosk."""

from pathlib import Path
from typing import NamedTuple

from ui.kiosk.theme.tokens import Theme


class KioskOptions(NamedTuple):
    """What the command line chose: the engine's socket, the look, a folder for Kivy.

    `describe` is where to tell what is shown, None for nowhere. `full_screen` takes the display;
    `left` is where the window is to stand, in px from the left, None where the desktop puts it.
    `language` "" is that of the unit. `home` has what was begun on this unit; `pictures` is where
    pictures that take long to draw are kept, None for there too; `bake` is the command that draws
    them ahead and ends when its standard input closes, () for none.
    """

    link: Path
    theme: Theme
    home: Path
    describe: Path | None = None
    full_screen: bool = False
    language: str = ""
    left: int | None = None
    pictures: Path | None = None
    bake: tuple[str, ...] = ()
