"""The exit code and the error line of each error, the same for every command."""

import errno
import sqlite3
from collections.abc import Iterator

from appliance.core.prescription.prescription import PrescriptionError
from appliance.errors import (
    ApplianceError,
    ConfigError,
    EngineBusy,
    JournalDamaged,
    LinkError,
)
from drivers.errors import (
    BoardBusy,
    BoardFileError,
    BoardRefused,
    DaemonLost,
    DriverError,
    NotConnected,
    PortInUse,
    SliceRejected,
)
from ui.cli.terminal.exit_codes import ExitCode

NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
WRONG_PATH = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.ELOOP, errno.ENXIO)
"""The file or folder does not exist, or is of another kind."""
SQLITE_NOT_ALLOWED = (sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
"""`records.storage.store` has checked before that the file is a plain one."""
PRIMARY = 0xFF

EXIT_CODES: tuple[tuple[type[BaseException], ExitCode], ...] = (
    (NotConnected, ExitCode.UNREACHABLE),
    (DaemonLost, ExitCode.UNREACHABLE),
    (PortInUse, ExitCode.BUSY),
    (BoardBusy, ExitCode.BUSY),
    (BoardFileError, ExitCode.USAGE),
    (BoardRefused, ExitCode.USAGE),
    (SliceRejected, ExitCode.REFUSED),
    (DriverError, ExitCode.HARDWARE_FAULT),
    (PrescriptionError, ExitCode.REFUSED),
    (ConfigError, ExitCode.USAGE),
    (JournalDamaged, ExitCode.DATA_INTEGRITY),
    (LinkError, ExitCode.UNREACHABLE),
    (EngineBusy, ExitCode.BUSY),
    (ApplianceError, ExitCode.HARDWARE_FAULT),
    (ConnectionError, ExitCode.UNREACHABLE),
    (OSError, ExitCode.HARDWARE_FAULT),
)
"""The first match counts; an error without a match is a bug and ends with 1."""


def exit_code_of(error: BaseException) -> ExitCode:
    """Return the exit code for `error`.

    The operating system's error number, of `error` or of its cause, is looked at before the class
    of `error`; a wrong path counts only if `error` itself comes from the operating system.
    """
    causes = tuple(_causes(error))
    numbers = [cause.errno for cause in causes if isinstance(cause, OSError)]
    if any(number in NOT_ALLOWED for number in numbers) or any(map(_is_not_allowed, causes)):
        return ExitCode.NOT_PERMITTED
    if any(number in NO_ROOM for number in numbers):
        return ExitCode.HARDWARE_FAULT
    if type(error).__module__ == "builtins" and numbers and numbers[0] in WRONG_PATH:
        return ExitCode.USAGE
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), ExitCode(1))


def error_text(error: BaseException) -> str:
    """Return an error as one line: code or class and message, or file and system message."""
    if isinstance(error, OSError) and error.strerror and type(error).__module__ == "builtins":
        what = f"{error.filename}: " if error.filename is not None else ""
        return f"{what}{error.strerror}"
    return f"{getattr(error, 'code', type(error).__name__)}: {error}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _is_not_allowed(error: BaseException) -> bool:
    if isinstance(error, PermissionError):
        return True
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & PRIMARY in SQLITE_NOT_ALLOWED
