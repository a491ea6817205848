"""Writes a file whole or not at all, also when the power fails meanwhile."""

import os
from contextlib import suppress
from pathlib import Path

from appliance.errors import JournalError
from drivers.host.regular_files import open_regular

TEMPORARY = ".tmp"


def write_whole(path: Path, data: bytes) -> None:
    """Write a new file and sync it; raises `JournalError` and leaves nothing then.

    Written under a temporary name, synced, renamed, then the folder synced: a power cut leaves the
    whole file or none (and perhaps one that ends in `.tmp`). Never overwrites.
    """
    beside = path.with_name(path.name + TEMPORARY)
    try:
        if os.path.lexists(path):
            raise FileExistsError(0, "it exists already")
        _fill(beside, data)
        beside.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise JournalError(f"{path} cannot be written: {error.strerror}") from error


def sync_folder(folder: Path) -> None:
    """Sync a folder's list of files to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def erase_file(path: Path) -> None:
    """Overwrite a file with zeros and delete it; ignored if it does not exist.

    A memory card may keep old blocks that no program can reach. Raises `JournalError`.
    """
    try:
        with os.fdopen(open_regular(path, os.O_RDWR), "r+b") as file:
            file.write(bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise JournalError(f"{path} cannot be erased: {error.strerror}") from error


def _fill(path: Path, data: bytes) -> None:
    descriptor = open_regular(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
