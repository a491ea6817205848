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
"""Columns for tables if the output is not a terminal."""


def console(stream: TextIO | None = None) -> "Console":
    """Return a console for `stream` (default: standard output).

    Rich leaves out colour if the output is not a terminal. With NO_COLOR rich would still send
    bold; here no style is left at all. Highlighting of numbers is off, because colours have a
    meaning here, and so is markup: text in brackets is printed as it is. A pipe gets lines without
    breaks, and tables as wide as they need.
    """
    from rich.console import Console
    from rich.segment import Segment

    class Quiet(Console):
        """A console that prints no control characters and accepts that its reader leaves.

        Rich itself would then end the command with exit code 1.
        """

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
    """Tell whether NO_COLOR is set: no colour and no style; the live progress is still shown."""
    return bool(os.environ.get("NO_COLOR"))


def warn(message: str) -> None:
    """Print one line to standard error; if that is closed, only the exit code reports the error."""
    with suppress(OSError):
        print(f"stimkiosk: {one_line(message)}", file=sys.stderr)  # noqa: T201 - where lines are printed


def say(text: str, *, err: bool = False) -> None:
    """Print lines of plain text to standard output, or with `err` to standard error."""
    print(plain(text), file=sys.stderr if err else sys.stdout)


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print a value as JSON in ASCII, so that control characters are escaped."""
    import msgspec

    say(json.dumps(msgspec.to_builtins(value), indent=indent))


def fail(message: str, code: ExitCode = ExitCode.CHECK_FAILED) -> NoReturn:
    """Print one line to standard error and end with `code`."""
    warn(message)
    raise SystemExit(int(code))


def declined(what: str) -> NoReturn:
    """End with exit code 1 because a person answered no; `what` says what was not done."""
    fail(what, ExitCode.CHECK_FAILED)
