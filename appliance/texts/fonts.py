"""The fonts of screens and sheets: packages fonts-noto-core and fonts-noto-ui-core (OFL-1.1)."""

from pathlib import Path

FOLDER = Path("/usr/share/fonts/truetype/noto")
LATIN, ARABIC = "kiosk-latin", "kiosk-arabic"
FILES = {
    LATIN: ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ARABIC: ("NotoSansArabicUI-Regular.ttf", "NotoSansArabicUI-Bold.ttf"),
}


class FontsMissing(Exception):
    """A font file is not there; the text says which package has it."""


def font_file(name: str, *, bold: bool) -> Path:
    """Return the file of a font; raises `FontsMissing`."""
    path = FOLDER / FILES[name][bold]
    if not path.is_file():
        package = "fonts-noto-core" if name == LATIN else "fonts-noto-ui-core"
        raise FontsMissing(f"the font {path.name} is missing: install the package {package}")
    return path
