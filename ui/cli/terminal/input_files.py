"""Files that a command reads: looked at before they are read, and never more than may be in one."""

from pathlib import Path

from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode


def read_at_most(path: Path, most: int) -> bytes:
    """Return a file of at most `most` bytes, or its beginning with one byte more.

    What is missing, a folder, a pipe or not readable ends the command with code 2.
    """
    try:
        if not path.is_file():
            fail(f"{path} is no file that can be read; give the name of one", ExitCode.USAGE)
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}", ExitCode.USAGE)
