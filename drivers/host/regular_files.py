"""Open a path that another user may have prepared: a regular file, or an error at once.

Opening a named pipe would wait for ever for its other end, opening a device may trigger an action,
and a link leads to another file. Every error is an `OSError` whose `strerror` fits after the file's
name.
"""

import errno
import os
import stat
from pathlib import Path
from typing import NoReturn

KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
PRIVATE = 0o600


def open_regular(path: Path, flags: int, *, follow: bool = False) -> int:
    """Open a regular file and return its descriptor; a new file is private to its owner.

    `flags` are those of `os.open`. A link is refused unless `follow` is set, which is for files
    that a person names. Raises `OSError`, never waits.
    """
    kept = os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    require_regular(path, follow=follow)
    # Truncate only after checking what was opened: the name may point elsewhere meanwhile.
    descriptor = os.open(path, (flags & ~os.O_TRUNC) | kept, PRIVATE)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            _refuse(path, mode)
        if flags & os.O_TRUNC:
            os.ftruncate(descriptor, 0)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def read_regular(path: Path, most: int, *, follow: bool = False) -> bytes:
    """Return the content of a regular file of at most `most` bytes; raises `OSError`."""
    with os.fdopen(open_regular(path, os.O_RDONLY, follow=follow), "rb") as file:
        if os.fstat(file.fileno()).st_size > most:
            raise OSError(errno.EINVAL, f"it is longer than {most} bytes", str(path))
        return file.read(most)


def require_regular(path: Path, *, follow: bool = False) -> None:
    """Raise `OSError` if something other than a regular file is at `path`; nothing there is fine.

    For files that a library opens by name.
    """
    try:
        mode = (path.stat() if follow else path.lstat()).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        _refuse(path, mode)


def _refuse(path: Path, mode: int) -> NoReturn:
    kind = next((words for is_kind, words in KINDS if is_kind(mode)), "something else")
    raise OSError(errno.EINVAL, f"it is {kind}, not a file", str(path))
