"""The `stimkiosk` command: the table of sub-commands, and how errors become exit codes."""

import os
import select
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

import click

from ui.cli.terminal.console import fail, warn
from ui.cli.terminal.error_reports import error_text, exit_code_of
from ui.cli.terminal.exit_codes import ExitCode
from ui.cli.terminal.lazy_group import LazyCommand, LazyGroup
from ui.cli.terminal.usage import say

COMMANDS = {
    "demo": LazyCommand("ui.cli.commands.demo:demo", "Open the kiosk on a virtual board."),
    "board": LazyCommand(
        "ui.cli.commands.board:board", "Start a virtual board on the port of pigpiod."
    ),
    "fault": LazyCommand(
        "ui.cli.commands.fault:fault", "Inject or clear a fault of a running virtual board."
    ),
    "panel": LazyCommand(
        "ui.cli.commands.panel:panel", "Open the side panel of a running virtual board."
    ),
    "kiosk": LazyCommand("ui.cli.commands.kiosk:kiosk", "Open the bedside screen."),
    "engine": LazyCommand(
        "ui.cli.commands.engine:engine", "Start the engine, which controls the output."
    ),
    "treat": LazyCommand(
        "ui.cli.commands.treat:treat", "Give one treatment, on a virtual board or a dummy load."
    ),
    "drill": LazyCommand(
        "ui.cli.commands.drill:drill", "Do the regular safety drills, or list when each is due."
    ),
    "programmes": LazyCommand(
        "ui.cli.commands.programmes:programmes", "List and show the programmes."
    ),
    "patients": LazyCommand(
        "ui.cli.commands.patients:patients", "List patients and set their maximum level."
    ),
    "operators": LazyCommand(
        "ui.cli.commands.operators:operators", "List, enrol and retire operators, set PINs."
    ),
    "unit": LazyCommand(
        "ui.cli.commands.unit:unit", "Check the unit, care for it, take it out of use."
    ),
    "doctor": LazyCommand(
        "ui.cli.commands.doctor:doctor", "Look at machine, unit and records; say what is wrong."
    ),
    "status": LazyCommand("ui.cli.commands.status:status", "Show the state of a running engine."),
    "stop": LazyCommand("ui.cli.commands.stop:stop", "Stop a running treatment."),
    "acknowledge": LazyCommand("ui.cli.commands.acknowledge:acknowledge", "Acknowledge a trip."),
    "safe-levels": LazyCommand(
        "ui.cli.commands.safe_levels:safe_levels", "Bring the board to its safe levels."
    ),
    "silence": LazyCommand("ui.cli.commands.silence:silence", "Silence the buzzer for 120 s."),
    "trace": LazyCommand("ui.cli.commands.trace:trace", "Measure, check and draw a recording."),
    "sessions": LazyCommand(
        "ui.cli.commands.sessions:sessions", "List, show and verify recorded sessions."
    ),
}


class _Stimkiosk(LazyGroup):
    """The top-level group. Click itself would exit with 1 on any broken pipe, even the engine's."""

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """Parse the arguments; print the help if requested."""
        with _broken_pipes_distinguished():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> object:
        """Run the sub-command."""
        with _broken_pipes_distinguished():
            return super().invoke(ctx)


@contextmanager
def _broken_pipes_distinguished() -> Iterator[None]:
    """End with 0 if the reader of standard output left; else raise `ConnectionError`."""
    try:
        yield
    except BrokenPipeError as error:
        if _reader_has_left():
            raise click.exceptions.Exit(ExitCode.OK) from error
        raise ConnectionError("the connection broke while writing") from error


@click.group(
    cls=_Stimkiosk,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Set STIMKIOSK_DEBUG=1 for tracebacks, NO_COLOR=1 for plain text.",
)
@click.version_option(package_name="stimkiosk")
def stimkiosk() -> None:
    """Supervised electrical stimulation on a Raspberry Pi, or on a virtual board.

    An open reference design, not a cleared medical device.

    Example: stimkiosk demo
    """


def main() -> None:
    """Run the command line and end with a documented exit code."""
    _open_closed_streams()
    _replace_unencodable_characters()
    try:
        code = _run()
    finally:
        for stream in (sys.stdout, sys.stderr):
            _flush_or_discard(stream)
    sys.exit(code if isinstance(code, int) else ExitCode.OK)


def _run() -> object:
    try:
        code = stimkiosk.main(prog_name="stimkiosk", standalone_mode=False)
        sys.stdout.flush()  # here, so that a reader that has left is noticed
    except click.ClickException as error:
        say(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        fail("interrupted", ExitCode.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - only here is any failure turned into one line
        return _report(error)
    return code


def _open_closed_streams() -> None:
    """Open /dev/null for closed standard streams, before a socket gets their number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            null = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - until the end
            setattr(sys, name, null)


def _replace_unencodable_characters() -> None:
    """Print `?` for characters the terminal cannot encode: an Ω must not end a treatment."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _report(error: Exception) -> ExitCode:
    if isinstance(error, BrokenPipeError) and _reader_has_left():
        return ExitCode.OK
    if os.environ.get("STIMKIOSK_DEBUG"):
        traceback.print_exception(error)
    code = exit_code_of(error)
    hint = " (STIMKIOSK_DEBUG=1 shows where)" if code == ExitCode.CHECK_FAILED else ""
    warn(f"{error_text(error)}{hint}")
    return code


def _reader_has_left() -> bool:
    """Tell whether standard output is the broken pipe; if so, prevent an error at Python's exit.

    The same error from the engine's socket must be reported.
    """
    try:
        output = sys.stdout.fileno()
    except OSError:  # replaced by an object without a file
        return False
    watch = select.poll()
    watch.register(output, 0)  # a lost reader is always reported
    if not watch.poll(0):
        return False
    _redirect_to_null(output)
    return True


def _flush_or_discard(stream: TextIO) -> None:
    """Flush now, so that Python does not fail to at exit, which would change the exit code."""
    try:
        stream.flush()
    except OSError:
        _redirect_to_null(stream.fileno())


def _redirect_to_null(output: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), output)


if __name__ == "__main__":
    main()
