"""Where sheets are kept, and how one gets onto a USB stick: written whole, then read back."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from appliance.core.refusal import Refusal
from appliance.errors import JournalError
from appliance.records.sheets import FOLDER, sheet_name
from appliance.records.storage.atomic_files import erase_file, write_whole
from appliance.records.storage.data_folder import FOLDER_MODE
from appliance.sheet.content import RULE
from appliance.texts.text import text

MOUNTS = Path("/media")
"""Where sticks are mounted, directly or in a folder of a user."""
ON_STICK = "stimkiosk-{session}-{language}{again}.pdf"
MOST_NAMES = 99


def keep(folder: Path, session: str, language: str, content: bytes) -> Path:
    """Keep a sheet with its session in the data folder, in place of the one before it.

    Raises `JournalError`. A power cut between leaves none: it is made again from the records.
    """
    kept = folder / FOLDER / sheet_name(session, language)
    with suppress(OSError):
        if kept.is_file() and kept.read_bytes() == content:
            return kept
    try:
        kept.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise JournalError(f"{kept.parent} cannot be made: {error.strerror}") from error
    erase_file(kept)
    write_whole(kept, content)
    return kept


def sticks(mounts: Path, is_mount: Callable[[Path], bool] = os.path.ismount) -> tuple[Path, ...]:
    """Return the folders of sticks below a mount folder; links are never followed."""
    found: list[Path] = []
    for entry in _folders(mounts):
        if is_mount(entry):
            found.append(entry)
        else:
            found += [inner for inner in _folders(entry) if is_mount(inner)]
    return tuple(found)


def _folders(folder: Path) -> tuple[Path, ...]:
    try:
        with os.scandir(folder) as entries:
            return tuple(
                sorted(folder / each.name for each in entries if each.is_dir(follow_symlinks=False))
            )
    except OSError:
        return ()


def export(
    content: bytes,
    session: str,
    language: str,
    mounts: Path = MOUNTS,
    is_mount: Callable[[Path], bool] = os.path.ismount,
) -> Path | Refusal:
    """Write a sheet to the only stick there is and read it back; return where it is.

    What is on the stick is never overwritten, and nothing is read from it but this file.
    """
    there = sticks(mounts, is_mount)
    one = text("sheet.one_stick")
    if not there:
        return Refusal(RULE, text("sheet.no_stick"), one, text("sheet.put_in"))
    if len(there) > 1:
        several = text("sheet.several", count=len(there))
        return Refusal(RULE, several, one, text("sheet.leave_one"))
    try:
        return _write(there[0], content, session, language)
    except OSError as error:
        why = text("sheet.not_written", why=error.strerror or str(error))
        return Refusal(RULE, why, one, text("sheet.another_stick"))


def _write(stick: Path, content: bytes, session: str, language: str) -> Path:
    root = os.open(stick, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        name, descriptor = _created(root, session, language)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            with suppress(OSError):  # not every file system of a stick syncs a folder
                os.fsync(root)
            _read_back(root, name, content)
        except OSError:
            with suppress(OSError):
                os.unlink(name, dir_fd=root)
            raise
        return stick / name
    finally:
        os.close(root)


def _created(root: int, session: str, language: str) -> tuple[str, int]:
    """Create a file under a name that the stick does not have yet."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    for number in range(1, MOST_NAMES + 1):
        again = "" if number == 1 else f"-{number}"
        name = ON_STICK.format(session=session, language=language, again=again)
        with suppress(FileExistsError):
            return name, os.open(name, flags, 0o644, dir_fd=root)
    raise OSError(0, "it has this sheet too often")


def _read_back(root: int, name: str, content: bytes) -> None:
    """Read the file from the stick itself, not from memory; raises `OSError`."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=root)
    with os.fdopen(descriptor, "rb") as file:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        if file.read() != content:
            raise OSError(0, "it reads back otherwise")
