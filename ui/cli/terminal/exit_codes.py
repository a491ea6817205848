"""Exit codes of the command line. The numbers are documented and never change."""

from enum import IntEnum


class ExitCode(IntEnum):
    """One number for each way a command can end."""

    OK = 0
    CHECK_FAILED = 1
    """A check was completed and found a fault, or a person answered no."""
    USAGE = 2
    """The command line was wrong (click's own number)."""
    UNREACHABLE = 3
    """No engine or board answers."""
    REFUSED = 4
    """A limit or the safety state forbids it."""
    HARDWARE_FAULT = 5
    """The hardware, the disk or the program failed."""
    NOT_PERMITTED = 6
    """This user has no permission."""
    DATA_INTEGRITY = 7
    """A record or a file is damaged or was altered."""
    BUSY = 75
    """In use by another process or person; try again later (EX_TEMPFAIL)."""
    INTERRUPTED = 130
    """Ctrl-C (128 + SIGINT)."""
