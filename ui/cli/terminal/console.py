"""Output of commands: results on standard output, one error line on standard error.

All output goes through this module, so that text from a record, a file or another program cannot
control the terminal.
"""

import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from appliance.texts.untrusted import one_line, plain
from ui.cli.terminal.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment
    from rich.text import Text

PIPE_WIDTH = 160
"""Columns for tables where no terminal says how many there are."""


def console(stream: TextIO | None = None) -> "Console":
    """Return a console for `stream` (standard output unless told).

    Rich itself leaves out colour where nobody looks; with NO_COLOR it would still send bold, so
    there no style is left at all. Highlighting of numbers is off: a colour has a meaning here.
    So is markup: words in brackets are words. A pipe gets whole lines, and tables as wide as they
    need.
    """
    from rich.console import Console
    from rich.segment import Segment

    class Quiet(Console):
        """A console of plain text whose reader may leave; rich would end the command with 1."""

        def render_str(self, text: str, **more: Any) -> "Text":
            return super().render_str(plain(text), **more)

        def render(
            self, renderable: "RenderableType", options: "ConsoleOptions | None" = None
        ) -> "Iterable[Segment]":
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else plain(text), style, control)

        def on_broken_pipe(self) -> None:
            self.quiet = True
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())

    stream = stream or sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    soft_wrap = not stream.isatty()
    return Quiet(
        file=stream,
        highlight=False,
        markup=False,
        width=width,
        soft_wrap=soft_wrap,
        color_system=None if is_plain() else "auto",
    )


def is_plain() -> bool:
    """Say whether NO_COLOR asks for text without colour or style; live progress may still move."""
    return bool(os.environ.get("NO_COLOR"))


def warn(message: str) -> None:
    """Print one line to standard error; where nobody can read it, the exit code still counts."""
    with suppress(OSError):
        print(f"stimkiosk: {one_line(message)}", file=sys.stderr)  # noqa: T201 - where lines are printed


def say(text: str, *, err: bool = False) -> None:
    """Print lines of plain text to standard output, or beside a result to standard error."""
    print(plain(text), file=sys.stderr if err else sys.stdout)


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print a value as JSON in ASCII: what would steer a terminal is an escape there."""
    import msgspec

    say(json.dumps(msgspec.to_builtins(value), indent=indent))


def fail(message: str, code: ExitCode = ExitCode.CHECK_FAILED) -> NoReturn:
    """Print one line to standard error and end with `code`."""
    warn(message)
    raise SystemExit(int(code))


def declined(what: str) -> NoReturn:
    """End with 1 because a person answered no; `what` says what was not done."""
    fail(what, ExitCode.CHECK_FAILED)
