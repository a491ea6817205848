"""Converts SQLite's errors to ours: what is wrong with the records, and what to do."""

import sqlite3
from pathlib import Path

from appliance.errors import JournalDamaged, JournalError, JournalFull

_PRIMARY = 0xFF
"""Mask: the low byte of an extended result code is its primary code."""
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
"""A quota or a file size limit shows as a failed write, as does a failing card."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_READ_ONLY = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN)
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def no_room(folder: Path) -> str:
    """Return the English text for a full disk."""
    return f"no room for records in {folder} (or its disk fails): free space there and try again"


def journal_failure(error: sqlite3.Error, folder: Path) -> JournalError:
    """Return the error to raise instead of `error`."""
    extended = getattr(error, "sqlite_errorcode", 0)
    primary = extended & _PRIMARY
    if primary in _FULL or extended in _FULL:
        return JournalFull(no_room(folder))
    if primary in _DAMAGED or "malformed JSON" in str(error):
        return JournalDamaged(
            f"the records in {folder} are damaged ({error}): "
            "keep a copy of the folder, then restore a backup or begin in an empty one"
        )
    if primary in _READ_ONLY:
        return JournalError(f"the records in {folder} cannot be opened or written: {error}")
    if primary in _LOCKED:
        return JournalError(f"another program holds the records in {folder}: end it, try again")
    return JournalError(f"the records in {folder} cannot be used: {error}")
