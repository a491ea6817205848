"""One engine per data folder. The kernel drops the lock with the process, however it ends."""

import fcntl
import os
from pathlib import Path
from typing import Self

from appliance.errors import EngineBusy, JournalError

LOCK_FILE = "engine.lock"


class FolderLock:
    """The right to write into a data folder; held until `release`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, folder: Path) -> Self:
        """Take the lock at once; raises `EngineBusy` where another process has it."""
        path = folder / LOCK_FILE
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JournalError(f"records cannot be kept in {folder}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            os.close(descriptor)
            message = f"an engine (process {holder}) works on {folder}; use it or stop it first"
            raise EngineBusy(message) from error
        lock = cls(descriptor)
        lock._sign()
        return lock

    def release(self) -> None:
        """Let the folder go; harmless when done twice."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _sign(self) -> None:
        """Leave our process number for the message above; on a full disk it may stay unsaid."""
        if self._descriptor is None:
            return
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
        except OSError:
            return
