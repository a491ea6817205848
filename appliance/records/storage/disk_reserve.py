"""Disk space that is released when the disk is full, so that the end of a session is recorded.

A full disk ends a treatment, and its last events (trip, stop, session closed) come after that; they
use the space of this file. Until the file exists again the records count as not kept, so that no
output can start without it.
"""

import os
from contextlib import suppress
from pathlib import Path

from appliance.errors import JournalFull
from appliance.records.storage.sqlite_errors import no_room
from drivers.host.regular_files import open_regular

RESERVE = "records.reserve"
RESERVE_BYTES = 1024 * 1024
"""The end of a session needs some 50 KiB, including all entries of one second."""


class DiskReserve:
    """The reserve file, and whether it is known to hold its space."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / RESERVE
        self._filled = False

    def keep(self) -> None:
        """Make the file if it is missing; raises `JournalFull` if there is no space."""
        if self._filled and self._path.exists():
            return
        try:
            self._fill()
        except OSError as error:
            self.release()
            raise JournalFull(no_room(self._folder)) from error
        self._filled = True

    def release(self) -> None:
        """Delete the file, so that its space is free."""
        self._filled = False
        with suppress(OSError):
            self._path.unlink()

    def _fill(self) -> None:
        descriptor = open_regular(self._path, os.O_WRONLY | os.O_CREAT)
        try:
            os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
            os.ftruncate(descriptor, RESERVE_BYTES)
        finally:
            os.close(descriptor)
