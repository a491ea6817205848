"""One engine per data folder. The kernel releases the lock when the process ends, however it ends.

The folder itself is locked, so that deleting a file cannot let a second engine in. The lock file in
it names the process that has the lock, and is locked too.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

from appliance.errors import EngineBusy, JournalError
from drivers.host.regular_files import open_regular

LOCK_FILE = "engine.lock"


class FolderLock:
    """The right to write into a data folder; held until `release`."""

    def __init__(self, descriptors: tuple[int, ...]) -> None:
        self._descriptors = descriptors

    @classmethod
    def acquire(cls, folder: Path) -> Self:
        """Lock without waiting; raises `EngineBusy` if another process has the lock."""
        opened: list[int] = []
        try:
            opened.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
            _check_owner(opened[0])
            opened.append(open_regular(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT))
            for descriptor in opened:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(opened[-1], 20, 0).decode(errors="replace").strip()
            _close(opened)
            named = f" (process {holder})" if holder.isdecimal() else ""
            message = f"an engine{named} works on {folder}; use it or stop it first"
            raise EngineBusy(message) from error
        except OSError as error:
            _close(opened)
            why = error.strerror if len(opened) == 1 else f"{LOCK_FILE}: {error.strerror}"
            raise JournalError(f"records cannot be kept in {folder}: {why}") from error
        _sign(opened[-1])
        return cls(tuple(opened))

    def release(self) -> None:
        """Unlock the folder; a second call does nothing."""
        _close(self._descriptors)
        self._descriptors = ()


def _check_owner(folder: int) -> None:
    """Raise `PermissionError` if other users could replace the files."""
    state = os.fstat(folder)
    if state.st_uid != os.geteuid():
        why = f"the folder belongs to another user ({state.st_uid})"
        raise PermissionError(errno.EPERM, why)
    if state.st_mode & stat.S_IWOTH:
        raise PermissionError(errno.EACCES, "everybody may write into it; take that right away")


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _sign(descriptor: int) -> None:
    """Write our process number for the message above; skipped on a full disk."""
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
