"""The folder for what can be made again at any time: pictures of the kiosk."""

import os
import tempfile
from importlib.metadata import version
from pathlib import Path

PACKAGE = "stimkiosk"


def cache_folder() -> Path:
    """Return this user's folder for this version; where it cannot be made, a new one in /tmp."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / PACKAGE / version(PACKAGE)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="stimkiosk-cache-"))
    usable = os.access(folder, os.W_OK | os.X_OK)
    return folder if usable else Path(tempfile.mkdtemp(prefix="stimkiosk-cache-"))
