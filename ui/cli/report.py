"""How commands speak: results on standard output, one line of trouble on standard error."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn, TextIO

from ui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 160
"""Columns for tables where no terminal says how many there are."""


def console(stream: TextIO | None = None) -> "Console":
    """Return a console for `stream` (standard output unless told).

    Rich itself honours NO_COLOR and leaves out colour where nobody looks. Highlighting of numbers
    is off: a colour has a meaning here. So is markup: words in brackets are words. A pipe gets
    whole lines, and tables as wide as they need.
    """
    from rich.console import Console

    class Quiet(Console):
        """A console whose reader may leave; rich itself would end the command with 1."""

        def on_broken_pipe(self) -> None:
            self.quiet = True
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())

    stream = stream or sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    soft_wrap = not stream.isatty()
    return Quiet(file=stream, highlight=False, markup=False, width=width, soft_wrap=soft_wrap)


def warn(message: str) -> None:
    """Print one line to standard error; where nobody can read it, the exit code still counts."""
    line = " ".join(message.split())
    with suppress(OSError):
        print(f"stimkiosk: {line}", file=sys.stderr)  # noqa: T201 - where lines are printed


def fail(message: str, code: ExitCode = ExitCode.CHECK_FAILED) -> NoReturn:
    """Print one line to standard error and end with `code`."""
    warn(message)
    raise SystemExit(int(code))
