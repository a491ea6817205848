"""The screen never blanks: SDL itself says that the screen saver is kept off by the open window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import ctypes, re, sys
from pathlib import Path
from ui.kiosk.app import prepare_kivy
from ui.kiosk.options import KioskOptions
from ui.kiosk.theme.tokens import ThemeName, load_tokens, theme_of
look = theme_of(load_tokens(), "7-800x480", ThemeName.DARK)
prepare_kivy(KioskOptions(Path("none"), look, Path(sys.argv[1])))
from kivy.core.window import Window
Window.create_window()
mapped = Path("/proc/self/maps").read_text()
found = re.search(r"\\S*libSDL2-[^/\\s]*", mapped)
sdl = ctypes.CDLL(found[0])
print("saver", sdl.SDL_IsScreenSaverEnabled())
"""


@pytest.mark.slow
def test_the_open_window_keeps_the_screen_saver_off(tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path)],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "saver 0" in asked.stdout, asked.stderr[-2_000:]
