"""Commands printed for the user, complete so that they can be pasted into a shell."""

import os
import shlex
import shutil
import sys


def to_paste(*arguments: str) -> str:
    """Return a `stimkiosk` command for a shell, with a program name that this shell finds."""
    return shlex.join([*_program(), *arguments])


def _program() -> tuple[str, ...]:
    if shutil.which("stimkiosk") is not None:
        return ("stimkiosk",)
    started = sys.argv[0]
    if os.path.basename(started) == "stimkiosk" and os.access(started, os.X_OK):  # noqa: PTH119
        return (started,)
    return (sys.executable, "-m", "ui.cli.main")
