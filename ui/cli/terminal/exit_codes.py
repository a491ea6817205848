"""What a command's exit code tells a script. The numbers are documented and never change."""

from enum import IntEnum


class ExitCode(IntEnum):
    """One number for each kind of ending."""

    OK = 0
    CHECK_FAILED = 1
    """A check ran to its end and found something wrong."""
    USAGE = 2
    """The command line was wrong (click's own number)."""
    UNREACHABLE = 3
    """No engine or board answers."""
    REFUSED = 4
    """A limit or the safety state forbids it."""
    HARDWARE_FAULT = 5
    """The hardware, or the program itself, did not do what it must."""
    NOT_PERMITTED = 6
    """This user may not."""
    DATA_INTEGRITY = 7
    """A record or a file is not what was written."""
    BUSY = 75
    """Somebody else holds it; try again later (EX_TEMPFAIL)."""
    INTERRUPTED = 130
    """Ctrl-C (128 + SIGINT)."""
