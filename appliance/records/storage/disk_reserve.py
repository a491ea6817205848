"""Room on the disk that is given up when the disk is full, so that an end can still be recorded.

A disk that fills up ends a treatment, and the last words of it (trip, stop, session closed) come
after that. They find the room of this file. Until it is there again the records count as not kept,
so that nobody starts anew without it.
"""

import os
from contextlib import suppress
from pathlib import Path

from appliance.errors import JournalFull
from appliance.records.storage.sqlite_errors import no_room
from drivers.host.regular_files import open_regular

RESERVE = "records.reserve"
RESERVE_BYTES = 1024 * 1024
"""A session's end takes some 50 KiB with all that may wait in a second."""


class DiskReserve:
    """The file, and whether it is known to hold its room."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / RESERVE
        self._filled = False

    def keep(self) -> None:
        """Hold the room, or take it back; raises `JournalFull` where there is none."""
        if self._filled and self._path.exists():
            return
        try:
            self._fill()
        except OSError as error:
            self.release()
            raise JournalFull(no_room(self._folder)) from error
        self._filled = True

    def release(self) -> None:
        """Give the room up."""
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
