"""The only connection that writes the records, connections that only read, and the disk reserve.

SQLite before 3.51.3 can, rarely, corrupt a WAL database when one connection resets the log while
another writes (sqlite.org/wal.html#walresetbug); Debian's builds have no fix. Both need a
connection that may write. So there is exactly one: the engine's, under the lock of the folder,
which also does every checkpoint itself (wal_autocheckpoint=0). Everybody else opens the file
read-only; such a connection neither writes nor checkpoints, not even when it closes.

A full disk ends a treatment, and its last events (trip, stop, session closed) come after that; they
use the space of the reserve. Until that file exists again the records count as not kept, so that no
output can start without it.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import msgspec
from sqlite_utils import Database

from appliance.errors import ConfigError, JournalDamaged, JournalError, JournalFull
from appliance.records.storage.data_folder import DATABASE, has_records
from appliance.records.storage.migrations import migrate
from appliance.records.storage.sqlite_errors import journal_failure, no_room
from appliance.records.storage.statement import Statement
from drivers.host.regular_files import open_regular, require_regular

RESERVE = "records.reserve"
RESERVE_BYTES = 1024 * 1024
"""The end of a session needs some 50 KiB, including all entries of one second."""

BUSY_MS = 500
"""How long a write waits for the lock of another program before it fails."""
LOG_LIMIT_BYTES = 4 * 1024 * 1024
"""The write-ahead log is copied into the database once it is larger."""
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit is on the card before it counts
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else INSERT OR REPLACE deletes without a trigger
    "PRAGMA secure_delete = ON",  # what was erased is overwritten
    "PRAGMA wal_autocheckpoint = 0",
    f"PRAGMA busy_timeout = {BUSY_MS}",
)


class DiskReserve:
    """Disk space that is released when the disk is full, so that the end of a session is recorded.

    A file, and whether it is known to hold its space.
    """

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


class Store:
    """The database, open for writing. One thread at a time may call it."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._folder = folder
        self._log = folder / f"{DATABASE}-wal"
        self._reserve = DiskReserve(folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open or make the database and bring its schema forward; raises `JournalError`."""
        path = folder / DATABASE
        try:
            # Made by us first: SQLite would let the group read it, and its log inherits the mode.
            os.close(open_regular(path, os.O_RDWR | os.O_CREAT))
            _require_plain_files(path)
        except OSError as error:
            raise JournalError(f"records cannot be kept in {folder}: {error.strerror}") from error
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            migrate(connection, folder)
        except sqlite3.Error as error:
            connection.close()
            raise journal_failure(error, folder) from error
        except JournalError:
            connection.close()
            raise
        return cls(folder, connection)

    def write(self, statements: Sequence[Statement]) -> None:
        """Commit all statements or none; on return they are on the disk. Raises `JournalError`."""
        execute = self.connection.execute
        try:
            execute("BEGIN IMMEDIATE")
            for sql, values in statements:
                execute(sql, values)
            execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            failure = journal_failure(error, self._folder)
            if isinstance(failure, JournalFull):  # the next try uses the space of the reserve
                self._reserve.release()
            raise failure from error
        try:
            log_bytes = self._log.stat().st_size
        except OSError as error:  # SQLite would continue to write into a deleted file
            raise JournalError(f"the records in {self._folder} were taken away") from error
        if log_bytes > LOG_LIMIT_BYTES:
            self.checkpoint("PASSIVE")

    def keep_reserve(self) -> None:
        """Reserve disk space for the end of a session; raises `JournalFull` if there is none."""
        self._reserve.keep()

    def checkpoint(self, mode: str) -> None:
        """Copy the log into the database as far as readers allow; TRUNCATE empties it too.

        A failure loses nothing, because the log stays; the next write reports the error.
        """
        try:
            self.connection.execute(f"PRAGMA wal_checkpoint({mode})")
        except sqlite3.Error:
            return

    def close(self) -> None:
        """Copy the log into the database, empty it and close."""
        self.checkpoint("TRUNCATE")
        self.connection.close()

    def _roll_back(self) -> None:
        """End the transaction; on a full disk SQLite has ended it already."""
        if self.connection.in_transaction:
            try:
                self.connection.execute("ROLLBACK")
            except sqlite3.Error:
                return


@contextmanager
def open_read_only(folder: Path) -> Iterator[Database]:
    """Open the records read-only; SQLite's errors in the block are raised as `JournalError`.

    All reads in the block see the same state. Raises `ConfigError` if there are no records.
    """
    path = (folder / DATABASE).absolute()
    if not has_records(folder):
        raise ConfigError(f"there are no records in {folder}; give their folder with --data")
    try:
        _require_plain_files(path)
    except OSError as error:
        message = f"the records in {folder} cannot be read: {error.filename}: {error.strerror}"
        raise JournalError(message) from error
    try:
        connection = _connect_read_only(path)
        try:
            connection.execute("BEGIN")
            if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                raise ConfigError(f"the records in {folder} are empty: no engine ever ran there")
            yield Database(connection, execute_plugins=False)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise journal_failure(error, folder) from error
    except msgspec.DecodeError as error:
        raise JournalDamaged(f"the records in {folder} were altered: {error}") from error


def _require_plain_files(path: Path) -> None:
    """Raise `OSError` if a file is not regular: SQLite would hang on a named pipe."""
    for end in ("", "-wal", "-shm", "-journal"):
        require_regular(path.with_name(path.name + end))


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Connect without the right to write.

    In a folder that cannot be written (a mounted copy) SQLite cannot make its shared index. Nobody
    can write there either, so the file may be read as it is if its log is empty.
    """
    log = path.with_name(f"{DATABASE}-wal")
    try:
        folded = log.stat().st_size == 0
    except FileNotFoundError:  # an engine that ends deletes it
        folded = True
    mode = "immutable=1" if folded and not os.access(path.parent, os.W_OK) else "mode=ro"
    connection = sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA query_only = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
