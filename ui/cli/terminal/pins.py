"""PINs are asked for without echo, or read from standard input; never taken as an argument.

What stands on a command line is shown to every user of the machine.
"""

import getpass
import sys

from ui.cli.terminal.console import fail
from ui.cli.terminal.exit_codes import ExitCode


def ask_pin(whose: str) -> str:
    """Return a PIN: typed at a terminal, or else the next line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(f"PIN of {whose}: ")
    line = sys.stdin.readline()
    if not line.strip():
        fail(f"no PIN of {whose}: give one PIN a line on standard input", ExitCode.USAGE)
    return line.strip()


def ask_new_pin(whose: str) -> str:
    """Return a new PIN; at a terminal it is typed twice."""
    pin = ask_pin(f"{whose} (new)")
    if sys.stdin.isatty() and getpass.getpass("the same again: ") != pin:
        fail("the two PINs differ; nothing was changed", ExitCode.USAGE)
    return pin
